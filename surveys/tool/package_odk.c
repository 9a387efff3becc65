#include "tool/package_odk.h"

#include <string.h>

#include "base/buf.h"
#include "base/mem.h"

#define FACTS "consultation.json"

/* In a text or a default value (which '<' ends), or as the source of an instance ('"'). */
static bool has_path(const char *xml, const char *name, char end)
{
    char *path = tp_asprintf("/%s%c", name, end);
    bool has = path && strstr(xml, path);

    tp_free(path);
    return has;
}

/* Is it the file of a search('NAME') in an appearance? */
static bool is_searched(const char *xml, const char *name)
{
    static const char start[] = " appearance=\"";
    const char *dot = strrchr(name, '.');
    size_t length = dot && strcmp(dot, ".csv") == 0 ? (size_t)(dot - name) : 0;

    for (const char *at = strstr(xml, start); length && at; at = strstr(at + 1, start)) {
        const char *value = at + sizeof(start) - 1;
        const char *search = strstr(value, "search(");

        if (!search || search > value + strcspn(value, "\""))
            continue;
        search += strlen("search(");
        search += strspn(search, " '");
        if (strncmp(search, name, length) == 0 && strchr("'.", search[length]))
            return true;
    }
    return false;
}

/* ODK Central refuses a form that names a file twice as different kinds of thing. */
static bool is_named(const struct tp_xlsform *form, const char *name)
{
    return has_path(form->xml, name, '<') || has_path(form->xml, name, '"') ||
           is_searched(form->xml, name);
}

static void put_name(const struct tp_xlsform *form, const char *name, const char *kind,
                     struct tp_buf *out)
{
    if (!is_named(form, name))
        tp_buf_printf(out,
                      "<text id=\"talkpoint-file:%s\"><value form=\"%s\">jr://%s/%s</value></text>",
                      name, kind, strcmp(kind, "video") == 0 ? "video" : "images", name);
}

/* Where texts go: after the start of the first translation, else (with one made for them) before
 * the model's end. NULL where the form is written in a way that this does not know. */
static const char *find_place(const char *xml, bool *has_translation)
{
    const char *first = strstr(xml, "<translation");
    const char *end = first ? strchr(first, '>') : NULL;

    *has_translation = end;
    return end ? end + 1 : strstr(xml, "</model>");
}

bool tp_package_name_files(struct tp_xlsform *form, struct tp_error *error)
{
    struct tp_buf names;
    bool has_translation;
    const char *place = find_place(form->xml, &has_translation);
    char *xml = NULL;

    tp_buf_init(&names, TP_XLSFORM_XML_MAX);
    if (form->consultation)
        put_name(form, FACTS, "video", &names);
    for (size_t i = 0; i < form->media_count; i++)
        put_name(form, form->media[i], "image", &names);
    if (names.length == 0) {
        tp_buf_finish(&names);
        return true;
    }
    if (place)
        xml = tp_asprintf("%.*s%s%s%s%s", (int)(place - form->xml), form->xml,
                          has_translation ? "" : "<itext><translation lang=\"default\">",
                          tp_buf_text(&names), has_translation ? "" : "</translation></itext>",
                          place);
    tp_buf_finish(&names);
    if (!xml)
        return tp_fail(error, TP_ERR_UNSUPPORTED,
                       "the form's files cannot be named in it: its <model> is not found");
    tp_free(form->xml);
    form->xml = xml;
    form->xml_length = strlen(xml);
    return true;
}
