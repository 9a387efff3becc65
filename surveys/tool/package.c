#include "tool/package.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "form/lint.h"
#include "form/xlsform.h"
#include "tool/commands.h"

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

bool tp_package_make(const char *workbook, const char *folder, struct tp_problems *problems,
                     struct tp_error *error)
{
    struct tp_xlsform form;
    bool made;

    error->code = TP_OK;
    if (!tp_xlsform_read(workbook, problems, &form))
        return false;
    check_media(workbook, &form, problems);
    made = !problems->errors && write_package(workbook, folder, &form, error);
    tp_xlsform_finish(&form);
    return made;
}

int tp_command_package(const struct tp_command *command, int argc, char **argv)
{
    struct tp_problems problems;
    struct tp_error error;
    int status = TP_EXIT_OK;

    if (argc == 2 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0))
        return tp_command_help(command);
    if (argc != 3 || *argv[1] == '-')
        return tp_command_misuse(command, "name a workbook and the folder to make");
    tp_problems_init(&problems);
    if (!tp_package_make(argv[1], argv[2], &problems, &error))
        status = error.code == TP_OK ? TP_EXIT_FAILURE : tp_command_fail(&error);
    tp_print_problems(&problems);
    tp_problems_finish(&problems);
    return status;
}
