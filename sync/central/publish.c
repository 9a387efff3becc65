#include "central/publish.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "central/http/exchange.h"
#include "central/publish_facts.h"
#include "form/form.h"
#include "form/lint.h"
#include "form/xlsform.h"

/* Of a package's form; of the upload's field. */
#define FORM_NAME "form.xml"
#define FILES_FIELD "files"

/* Where the files come from: a folder, or the parts of an upload. */
struct source {
    const char *folder;                 /* media; NULL for an upload */
    const struct tp_exchange *exchange; /* NULL for a folder */
};

void tp_publishing_init(struct tp_publishing *publishing)
{
    memset(publishing, 0, sizeof(*publishing));
    tp_package_init(&publishing->package);
    tp_problems_init(&publishing->problems);
}

void tp_publishing_finish(struct tp_publishing *publishing)
{
    tp_package_finish(&publishing->package);
    tp_problems_finish(&publishing->problems);
}

void tp_publish_conflict(const struct tp_package *package, char text[TP_ERROR_TEXT_MAX])
{
    (void)snprintf(text, TP_ERROR_TEXT_MAX,
                   "Version '%s' of '%s' is published already, with other questions. Answers are "
                   "read by their version, so give this one a new number: 'version' on the sheet "
                   "'settings', for example the day and a count, 2026112301.",
                   package->version, package->id);
}

/* ---- files ---- */

static bool is_media_name(const char *name)
{
    return *name && *name != '.' && !strchr(name, '/') && !strchr(name, '\\') &&
           tp_is_line(name, TP_MEDIA_NAME_MAX);
}

static const struct tp_part *uploaded(const struct tp_exchange *exchange, const char *name)
{
    for (size_t i = 0; i < exchange->part_count; i++) {
        const struct tp_part *part = &exchange->parts[i];

        if (strcmp(part->head.name, FILES_FIELD) == 0 && strcmp(part->head.filename, name) == 0)
            return part;
    }
    return NULL;
}

/* Adds a file of the source to the package; *found false where there is none of that name. */
static bool add_media(struct tp_publishing *publishing, const struct source *source,
                      const char *name, bool *found, struct tp_error *error)
{
    const struct tp_part *part = source->exchange ? uploaded(source->exchange, name) : NULL;
    struct tp_package_file *file;
    char *path = NULL;
    bool ok = false;

    *found = part != NULL;
    if (!source->exchange) {
        path = tp_asprintf("%s/%s", source->folder, name);
        if (!path)
            return tp_fail_memory(error);
        *found = access(path, R_OK) == 0;
    }
    if (!*found) {
        tp_free(path);
        return true;
    }
    file = tp_package_add(&publishing->package, name);
    if (!file)
        tp_fail(error, TP_ERR_LIMIT, "'%s': too many media files", publishing->package.id);
    else if (path)
        ok = tp_file_read(path, &file->bytes, error);
    else
        ok = tp_buf_add(&file->bytes, tp_buf_text(&part->bytes), part->bytes.length) ||
             tp_fail(error, TP_ERR_LIMIT, "'%s' is larger than %u MiB", name,
                     TP_MEDIA_MAX / 1024 / 1024);
    tp_free(path);
    return ok;
}

static bool add_facts(struct tp_publishing *publishing, const char *json, size_t length,
                      struct tp_error *error)
{
    struct tp_package_file *file = tp_package_add(&publishing->package, TP_FACTS_NAME);

    return (file && tp_buf_add(&file->bytes, json, length)) || tp_fail_memory(error);
}

/* ---- a workbook ---- */

static bool add_all_media(struct tp_publishing *publishing, const struct source *source,
                          const struct tp_xlsform *form, const char *file, struct tp_error *error)
{
    const struct tp_place place = {.file = file};

    for (size_t i = 0; i < form->media_count; i++) {
        bool found = false;

        if (strcmp(form->media[i], TP_FACTS_NAME) == 0)
            continue;
        if (is_media_name(form->media[i]) &&
            !add_media(publishing, source, form->media[i], &found, error))
            return false;
        if (!found)
            tp_problems_add(&publishing->problems, TP_SEVERITY_ERROR, &place, form->media[i],
                            "the workbook names this file, and it is not there; put it in the "
                            "folder 'media', or choose it together with the workbook");
    }
    return true;
}

static bool take_form(struct tp_publishing *publishing, const struct source *source,
                      const struct tp_xlsform *form, const char *file, struct tp_error *error)
{
    struct tp_package *package = &publishing->package;

    if (!tp_package_name(package, form->form_id, form->version, form->title, error))
        return false;
    if (!tp_buf_add(&package->xml, form->xml, form->xml_length))
        return tp_fail_memory(error);
    if (form->consultation &&
        !add_facts(publishing, form->consultation, strlen(form->consultation), error))
        return false;
    if (!add_all_media(publishing, source, form, file, error))
        return false;
    if (publishing->problems.errors)
        return tp_fail(error, TP_ERR_INVALID, "'%s' has errors", file);
    if (!form->consultation)
        return tp_fail(error, TP_ERR_INVALID,
                       "'%s' has no sheet 'consultation': who asks, why, and what happens with the "
                       "answers must be said before the first question",
                       file);
    return tp_package_read_facts(package, error) && tp_package_try(package, NULL, error);
}

static bool take_workbook(struct tp_publishing *publishing, const struct source *source,
                          const char *file, const void *bytes, size_t length,
                          struct tp_error *error)
{
    struct tp_workbook workbook = {.file = NULL};
    struct tp_xlsform form = {.xml = NULL};
    const struct tp_place place = {.file = file};
    bool ok;

    if (!tp_workbook_parse(file, bytes, length, &workbook, error)) {
        tp_problems_add(&publishing->problems, TP_SEVERITY_ERROR, &place, NULL, "%s", error->text);
        return false;
    }
    ok = tp_xlsform_convert(&workbook, &publishing->problems, &form);
    tp_lint(&workbook, NULL, &publishing->problems);
    ok = ok ? take_form(publishing, source, &form, file, error)
            : tp_fail(error, TP_ERR_INVALID, "'%s' has errors", file);
    tp_xlsform_finish(&form);
    tp_workbook_finish(&workbook);
    return ok;
}

/* ---- an XForm ---- */

static bool is_folder(const char *path)
{
    struct stat status;

    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

static bool add_folder(struct tp_publishing *publishing, const struct source *source,
                       struct tp_error *error)
{
    struct dirent **entries = NULL;
    int count = scandir(source->folder, &entries, NULL, alphasort);
    bool ok = true;

    for (int i = 0; i < count; i++) {
        const char *name = entries[i]->d_name;
        char *path = tp_asprintf("%s/%s", source->folder, name);
        bool found;

        if (ok && path && !is_folder(path) && is_media_name(name) &&
            strcmp(name, TP_FACTS_NAME) != 0 && strcmp(name, FORM_NAME) != 0)
            ok = add_media(publishing, source, name, &found, error);
        tp_free(path);
        free(entries[i]);
    }
    free(entries);
    return ok;
}

static bool add_parts(struct tp_publishing *publishing, const struct source *source,
                      const char *form, struct tp_error *error)
{
    bool found;

    for (size_t i = 0; i < source->exchange->part_count; i++) {
        const struct tp_part *part = &source->exchange->parts[i];
        const char *name = part->head.filename;

        if (strcmp(part->head.name, FILES_FIELD) == 0 && is_media_name(name) &&
            strcmp(name, TP_FACTS_NAME) != 0 && strcmp(name, form) != 0 &&
            !add_media(publishing, source, name, &found, error))
            return false;
    }
    return true;
}

/* Every file beside the form is of the package. */
static bool take_xform(struct tp_publishing *publishing, const struct source *source,
                       const char *file, const void *bytes, size_t length, struct tp_error *error)
{
    struct tp_package *package = &publishing->package;
    bool found = false;

    if (!tp_buf_add(&package->xml, bytes, length))
        return tp_fail(error, TP_ERR_LIMIT, "the form is too large");
    if (!add_media(publishing, source, TP_FACTS_NAME, &found, error))
        return false;
    if (!found)
        return tp_fail(error, TP_ERR_NOT_FOUND,
                       "there is no " TP_FACTS_NAME
                       " beside the form: who asks, why, and what happens "
                       "with the answers must be said before the first question");
    return (source->exchange ? add_parts(publishing, source, file, error)
                             : add_folder(publishing, source, error)) &&
           tp_package_try(package, &publishing->problems, error) &&
           tp_package_read_facts(package, error);
}

/* ---- from a folder ---- */

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

static bool take_file(struct tp_publishing *publishing, const char *path, struct tp_error *error)
{
    size_t slash = (size_t)(base_name(path) - path);
    char *folder = slash ? tp_strndup(path, slash - 1) : tp_strdup(".");
    char *media = folder ? tp_asprintf("%s/media", *folder ? folder : "/") : NULL;
    struct source source = {.folder = media && is_folder(media) ? media : folder};
    struct tp_buf bytes;
    bool ok = false;

    tp_buf_init(&bytes, TP_FORM_BYTES_MAX);
    if (!folder || !media)
        tp_fail_memory(error);
    else if (!tp_file_read(path, &bytes, error))
        ;
    else if (tp_workbook_is_source(base_name(path)))
        ok = take_workbook(publishing, &source, base_name(path), tp_buf_text(&bytes), bytes.length,
                           error);
    else {
        source.folder = folder;
        ok = take_xform(publishing, &source, base_name(path), tp_buf_text(&bytes), bytes.length,
                        error);
    }
    tp_buf_finish(&bytes);
    tp_free(media);
    tp_free(folder);
    return ok;
}

bool tp_publish_read_path(struct tp_publishing *publishing, const char *path,
                          struct tp_error *error)
{
    char *folder = tp_strdup(path);
    char *source = NULL;
    size_t length = folder ? strlen(folder) : 0;
    bool ok;

    if (!folder)
        return tp_fail_memory(error);
    while (length > 1 && folder[length - 1] == '/')
        folder[--length] = '\0';
    if (is_folder(folder)) {
        source = tp_workbook_find(folder);
        ok = source ? take_file(publishing, source, error)
                    : tp_fail(error, TP_ERR_NOT_FOUND, "'%s' holds no workbook and no form.xml",
                              folder);
    } else {
        ok = take_file(publishing, folder, error);
    }
    tp_free(source);
    tp_free(folder);
    return ok;
}

/* ---- from an upload ---- */

static bool is_workbook(const char *name)
{
    enum tp_workbook_format format = tp_workbook_format_of(name);

    /* .csv is a list beside the workbook; .xls is taken to be told how to save it. */
    return format != TP_WORKBOOK_CSV && (tp_workbook_is_source(name) || format == TP_WORKBOOK_XLS);
}

static bool is_xform(const char *name)
{
    size_t length = strlen(name);

    return length > 4 && strcasecmp(name + length - 4, ".xml") == 0;
}

/* The part that is the survey, of those that `is` takes; *count of how many. */
static const struct tp_part *survey_part(const struct tp_exchange *exchange,
                                         bool (*is)(const char *name), size_t *count)
{
    const struct tp_part *found = NULL;

    *count = 0;
    for (size_t i = 0; i < exchange->part_count; i++) {
        const struct tp_part *part = &exchange->parts[i];

        if (strcmp(part->head.name, FILES_FIELD) != 0 || !is(part->head.filename))
            continue;
        found = part;
        ++*count;
    }
    return found;
}

bool tp_publish_read_parts(struct tp_publishing *publishing, const struct tp_exchange *exchange,
                           struct tp_error *error)
{
    const struct source source = {.exchange = exchange};
    size_t count;
    const struct tp_part *part = survey_part(exchange, is_workbook, &count);

    if (count > 1)
        return tp_fail(error, TP_ERR_INVALID, "Choose one workbook at a time.");
    if (part)
        return take_workbook(publishing, &source, part->head.filename, tp_buf_text(&part->bytes),
                             part->bytes.length, error);
    part = survey_part(exchange, is_xform, &count);
    /* Lists of choices are .xml too. */
    if (count > 1 && !(part = uploaded(exchange, FORM_NAME)))
        return tp_fail(error, TP_ERR_INVALID,
                       "Of several .xml files the form is the one named " FORM_NAME
                       ". Name it so, and choose the files again.");
    if (part)
        return take_xform(publishing, &source, part->head.filename, tp_buf_text(&part->bytes),
                          part->bytes.length, error);
    return tp_fail(error, TP_ERR_INVALID,
                   "No survey was chosen. Choose a workbook (.xlsx or .md) or an XForm (.xml), "
                   "together with its pictures.");
}
