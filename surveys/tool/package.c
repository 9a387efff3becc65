#include "tool/package.h"

#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "form/consultation.h"
#include "form/form.h"
#include "form/xlsform.h"
#include "tool/commands.h"
#include "tool/package_odk.h"

/* A picture or recording for a screen; larger ones are a mistake. */
#define MEDIA_MAX (64u * 1024u * 1024u)

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

/* The media file beside the workbook or in its folder `media`; NULL where there is none. */
static char *find_media(const char *workbook, const char *name)
{
    static const char *const folders[] = {"media/", ""};
    int length = (int)(base_name(workbook) - workbook);

    for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
        char *path = tp_asprintf("%.*s%s%s", length, workbook, folders[i], name);

        if (!path || access(path, R_OK) == 0)
            return path;
        tp_free(path);
    }
    return NULL;
}

char *tp_package_media_folder(const char *workbook)
{
    char *media = find_media(workbook, "");
    int length = (int)(base_name(workbook) - workbook);

    return media ? media : tp_asprintf("%.*s.", length, workbook);
}

static bool copy_file(const char *from, const char *folder, const char *name,
                      struct tp_error *error)
{
    char *to = tp_asprintf("%s/%s", folder, name);
    struct tp_buf bytes;
    bool copied;

    if (!to)
        return tp_fail_memory(error);
    tp_buf_init(&bytes, MEDIA_MAX);
    copied = tp_file_read(from, &bytes, error) &&
             tp_file_write_atomic(to, tp_buf_text(&bytes), bytes.length, 0644, error);
    tp_buf_finish(&bytes);
    tp_free(to);
    return copied;
}

static bool write_file(const char *folder, const char *name, const char *text, size_t length,
                       struct tp_error *error)
{
    char *path = tp_asprintf("%s/%s", folder, name);
    bool written;

    if (!path)
        return tp_fail_memory(error);
    written = tp_file_write_atomic(path, text, length, 0644, error);
    tp_free(path);
    return written;
}

static void check_media(const char *workbook, const struct tp_xlsform *form,
                        struct tp_problems *problems)
{
    struct tp_place place = {.file = base_name(workbook)};

    for (size_t i = 0; i < form->media_count; i++) {
        char *path = find_media(workbook, form->media[i]);

        if (!path)
            tp_problems_add(problems, TP_SEVERITY_ERROR, &place, form->media[i],
                            "the file '%s' is not there; put it beside the workbook, in a folder "
                            "named media",
                            form->media[i]);
        tp_free(path);
    }
}

static bool write_package(const char *workbook, const char *folder, const struct tp_xlsform *form,
                          struct tp_error *error)
{
    if (!tp_dir_make(folder, 0755, error) ||
        !write_file(folder, "form.xml", form->xml, form->xml_length, error))
        return false;
    if (form->consultation && !write_file(folder, "consultation.json", form->consultation,
                                          strlen(form->consultation), error))
        return false;
    for (size_t i = 0; i < form->media_count; i++) {
        char *path = find_media(workbook, form->media[i]);
        bool copied = path && copy_file(path, folder, form->media[i], error);

        tp_free(path);
        if (!copied)
            return false;
    }
    return true;
}

/* ---- from an XForm ---- */

static bool add_media(struct tp_xlsform *form, const char *name, size_t length)
{
    char *copy = tp_strndup(name, length);
    char **media;

    if (!copy)
        return false;
    for (size_t i = 0; i < form->media_count; i++) {
        if (strcmp(form->media[i], copy) == 0) {
            tp_free(copy);
            return true;
        }
    }
    media = tp_realloc(form->media, form->media_count + 1, sizeof(*media));
    if (!media) {
        tp_free(copy);
        return false;
    }
    form->media = media;
    form->media[form->media_count++] = copy;
    return true;
}

/* Files are named jr://images/NAME, jr://file-csv/NAME and the like. */
static bool list_media(struct tp_xlsform *form)
{
    static const char scheme[] = "jr://";

    for (const char *p = strstr(form->xml, scheme); p; p = strstr(p, scheme)) {
        size_t folder;
        size_t length;

        p += sizeof(scheme) - 1;
        folder = strcspn(p, "/\"'<> \n");
        if (p[folder] != '/')
            continue;
        p += folder + 1;
        length = strcspn(p, "/\"'<>\n");
        if (length && p[length] != '/' && *p != '.' && !add_media(form, p, length))
            return false;
    }
    return true;
}

static bool read_text(const char *path, size_t max, char **text, size_t *length,
                      struct tp_error *error)
{
    struct tp_buf bytes;
    bool read;

    tp_buf_init(&bytes, max);
    read = tp_file_read(path, &bytes, error);
    if (read) {
        *length = bytes.length;
        *text = tp_buf_take(&bytes);
        read = *text || tp_fail_memory(error);
    }
    tp_buf_finish(&bytes);
    return read;
}

/* consultation.json stands beside the form, or there is none. */
static bool read_facts(const char *path, struct tp_xlsform *form, struct tp_error *error)
{
    char *beside = tp_asprintf("%.*sconsultation.json", (int)(base_name(path) - path), path);
    struct tp_consultation *consultation = NULL;
    size_t length;
    bool read;

    if (!beside)
        return tp_fail_memory(error);
    read = tp_consultation_read(beside, &consultation, error);
    tp_consultation_destroy(consultation);
    if (read)
        read = read_text(beside, TP_CONSULTATION_BYTES_MAX, &form->consultation, &length, error);
    else
        read = error->code == TP_ERR_NOT_FOUND;
    tp_free(beside);
    return read;
}

/* Where the form has problems they say it all, and the error is TP_OK. */
static bool read_form(const char *path, struct tp_xlsform *form, struct tp_problems *problems,
                      struct tp_error *error)
{
    const struct tp_form_params params = {.problems = problems};
    struct tp_form *loaded;

    if (!tp_form_load_file(path, &params, &loaded, error)) {
        if (problems->errors)
            error->code = TP_OK;
        return false;
    }
    tp_form_destroy(loaded);
    if (read_text(path, TP_FORM_BYTES_MAX, &form->xml, &form->xml_length, error) &&
        read_facts(path, form, error) && (list_media(form) || tp_fail_memory(error)))
        return true;
    tp_xlsform_finish(form);
    return false;
}

bool tp_package_make(const char *workbook, const char *folder,
                     const struct tp_package_options *options, struct tp_problems *problems,
                     struct tp_error *error)
{
    size_t length = strlen(workbook);
    struct tp_xlsform form = {0};
    bool made;

    *error = (struct tp_error){.code = TP_OK};
    if (length > 4 && strcasecmp(workbook + length - 4, ".xml") == 0) {
        if (!read_form(workbook, &form, problems, error))
            return false;
    } else if (!tp_xlsform_read(workbook, problems, &form)) {
        return false;
    }
    check_media(workbook, &form, problems);
    error->code = TP_OK;
    made = !problems->errors && (!options->odk || tp_package_name_files(&form, error)) &&
           write_package(workbook, folder, &form, error);
    tp_xlsform_finish(&form);
    return made;
}

int tp_command_package(const struct tp_command *command, int argc, char **argv)
{
    struct tp_package_options options = {.odk = argc == 4 && strcmp(argv[1], "--odk") == 0};
    struct tp_problems problems;
    struct tp_error error;
    int status = TP_EXIT_OK;

    if (options.odk) {
        argv++;
        argc--;
    }
    if (argc == 2 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0))
        return tp_command_help(command);
    if (argc != 3 || *argv[1] == '-')
        return tp_command_misuse(command, "name a workbook and the folder to make");
    tp_problems_init(&problems);
    if (!tp_package_make(argv[1], argv[2], &options, &problems, &error))
        status = error.code == TP_OK ? TP_EXIT_FAILURE : tp_command_fail(&error);
    tp_print_problems(&problems);
    tp_problems_finish(&problems);
    return status;
}
