#include "agent/do/stick_list.h"

#include <string.h>

#include "agent/do/download.h"
#include "agent/do/stick_surveys.h"
#include "base/mem.h"

#define FIELDS_MAX 5u
#define FORM_FIELDS 4u
#define FILE_FIELDS 5u

static bool bad(struct tp_error *error)
{
    return tp_fail(error, TP_ERR_INVALID, "not a list of surveys");
}

/* Cuts a line at its tabs; how many fields. */
static size_t cut(char *line, char *fields[FIELDS_MAX])
{
    size_t count = 0;

    while (line && count < FIELDS_MAX) {
        fields[count++] = line;
        line = strchr(line, '\t');
        if (line)
            *line++ = '\0';
    }
    return line ? 0 : count;
}

static bool is_md5(const char *text)
{
    return strlen(text) == TP_MD5_TEXT_MAX - 1 &&
           strspn(text, "0123456789abcdef") == TP_MD5_TEXT_MAX - 1;
}

static bool read_length(const char *text, uint64_t *length)
{
    size_t digits = strnlen(text, 12);

    if (digits == 0 || digits > 11 || strspn(text, "0123456789") != digits)
        return false;
    *length = 0;
    for (size_t i = 0; i < digits; i++)
        *length = *length * 10 + (uint64_t)(text[i] - '0');
    return *length <= TP_PACKAGE_BYTES_MAX;
}

/* Forms and their details grow together; TP_FORMS_MAX of them at most. */
static bool add_form(struct tp_stick_list *list, char *const *fields, struct tp_error *error)
{
    struct tp_listed_form *form;

    if (list->forms.count == TP_FORMS_MAX || !tp_name_is_form_id(fields[1]) || !is_md5(fields[3]))
        return bad(error);
    for (size_t i = 0; i < list->forms.count; i++)
        if (strcmp(list->forms.forms[i].id, fields[1]) == 0)
            return bad(error);
    form = &list->forms.forms[list->forms.count++];
    form->id = tp_strdup(fields[1]);
    form->version = tp_strdup(fields[2]);
    memcpy(form->md5, fields[3], TP_MD5_TEXT_MAX);
    return (form->id && form->version) || tp_fail_memory(error);
}

static bool add_media(struct tp_manifest *manifest, const char *name, const char *md5,
                      struct tp_error *error)
{
    struct tp_listed_media *more;

    if (manifest->count == TP_MEDIA_MAX || !tp_name_is_media(name))
        return bad(error);
    for (size_t i = 0; i < manifest->count; i++)
        if (strcmp(manifest->media[i].name, name) == 0)
            return bad(error);
    more = tp_realloc(manifest->media, manifest->count + 1, sizeof(*more));
    if (!more)
        return tp_fail_memory(error);
    manifest->media = more;
    more += manifest->count;
    *more = (struct tp_listed_media){.name = tp_strdup(name)};
    memcpy(more->md5, md5, TP_MD5_TEXT_MAX);
    if (!more->name)
        return tp_fail_memory(error);
    manifest->count++;
    return true;
}

static bool add_file(struct tp_stick_list *list, char *const *fields, struct tp_error *error)
{
    struct tp_stick_form *details;
    struct tp_stick_file *more;

    if (list->forms.count == 0 || !is_md5(fields[2]) || !tp_sha256_is_text(fields[3]))
        return bad(error);
    details = &list->details[list->forms.count - 1];
    if (details->file_count == 0) {
        if (strcmp(fields[1], "form.xml") != 0 ||
            strcmp(fields[2], list->forms.forms[list->forms.count - 1].md5) != 0)
            return bad(error);
    } else if (!add_media(&details->manifest, fields[1], fields[2], error)) {
        return false;
    }
    more = tp_realloc(details->files, details->file_count + 1, sizeof(*more));
    if (!more)
        return tp_fail_memory(error);
    details->files = more;
    more += details->file_count++;
    memcpy(more->sha256, fields[3], TP_SHA256_TEXT_MAX);
    return read_length(fields[4], &more->length) || bad(error);
}

static bool read_line(struct tp_stick_list *list, char *line, struct tp_error *error)
{
    char *fields[FIELDS_MAX];
    size_t count = cut(line, fields);

    if (count == FORM_FIELDS && strcmp(fields[0], "form") == 0)
        return add_form(list, fields, error);
    if (count == FILE_FIELDS && strcmp(fields[0], "file") == 0)
        return add_file(list, fields, error);
    return bad(error);
}

static bool read_lines(struct tp_stick_list *list, char *text, struct tp_error *error)
{
    char *end = strchr(text, '\n');

    if (!end)
        return bad(error);
    *end = '\0';
    if (strcmp(text, TP_SURVEY_LIST_MAGIC) != 0)
        return bad(error);
    for (text = end + 1; *text; text = end + 1) {
        end = strchr(text, '\n');
        if (!end)
            return bad(error);
        *end = '\0';
        if (!read_line(list, text, error))
            return false;
    }
    for (size_t i = 0; i < list->forms.count; i++)
        if (list->details[i].file_count == 0)
            return bad(error);
    return true;
}

bool tp_stick_list_read(const char *text, size_t count, struct tp_stick_list *list,
                        struct tp_error *error)
{
    struct tp_stick_list read = {
        .forms.forms = tp_calloc(TP_FORMS_MAX, sizeof(*read.forms.forms)),
        .details = tp_calloc(TP_FORMS_MAX, sizeof(*read.details)),
    };
    char *copy = tp_strndup(text, count);
    bool ok = read.forms.forms && read.details && copy;

    if (!ok)
        tp_fail_memory(error);
    else if (strlen(copy) != count)
        ok = bad(error);
    else
        ok = read_lines(&read, copy, error);
    tp_free(copy);
    if (ok)
        *list = read;
    else
        tp_stick_list_finish(&read);
    return ok;
}

void tp_stick_list_finish(struct tp_stick_list *list)
{
    for (size_t i = 0; list->details && i < list->forms.count; i++) {
        tp_manifest_finish(&list->details[i].manifest);
        tp_free(list->details[i].files);
    }
    tp_free(list->details);
    tp_form_list_finish(&list->forms);
    *list = (struct tp_stick_list){0};
}
