#include "tool/package_odk.h"

#include <string.h>

#include "base/buf.h"
#include "base/mem.h"

#define FACTS "consultation.json"

static bool is_named(const struct tp_xlsform *form, const char *name)
{
    char *path = tp_asprintf("/%s<", name);
    bool named = path && strstr(form->xml, path);

    tp_free(path);
    return named;
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
