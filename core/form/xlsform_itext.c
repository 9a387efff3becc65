/* <itext>: every text that has languages, media or guidance. A translation that is missing is left
 * out, so that the default language stands in for it (pyxform writes "-", which people would see).
 */
#include <string.h>

#include "form/xlsform_parts.h"

struct entry {
    const char *id;
    const struct tp_xf_element *context; /* for relative references; NULL in choices */
    const struct tp_xf_text *text;
    const struct tp_xf_text *guidance;
    const struct tp_xf_text *media; /* TP_XF_MEDIA_COUNT of them, or NULL */
};

struct writer {
    struct tp_xf *xf;
    struct tp_buf *out;
    const char *language;
    bool is_default;
};

static const char *in_language(const struct writer *writer, const struct tp_xf_text *text)
{
    if (!text)
        return NULL;
    if (text->plain)
        return writer->is_default ? text->plain : NULL;
    for (size_t i = 0; i < text->count; i++) {
        if (strcmp(text->items[i].language, writer->language) == 0)
            return text->items[i].text;
    }
    return NULL;
}

static bool any(const struct writer *writer, const struct entry *entry)
{
    if (in_language(writer, entry->text) || in_language(writer, entry->guidance))
        return true;
    for (unsigned m = 0; entry->media && m < TP_XF_MEDIA_COUNT; m++) {
        if (in_language(writer, &entry->media[m]))
            return true;
    }
    return false;
}

static void put_value(struct writer *writer, const struct tp_xf_element *context, const char *form,
                      const char *prefix, const char *text)
{
    tp_xf_line(writer->out, 6);
    (void)tp_buf_puts(writer->out, "<value");
    if (form)
        tp_xf_put_attribute(writer->out, "form", form);
    (void)tp_buf_putc(writer->out, '>');
    (void)tp_buf_puts(writer->out, prefix);
    tp_xf_put_label(writer->xf, writer->out, text, context);
    (void)tp_buf_puts(writer->out, "</value>");
}

static void put_words(struct writer *writer, const struct entry *entry, const char *form,
                      const struct tp_xf_text *words)
{
    const char *text = in_language(writer, words);

    if (text)
        put_value(writer, entry->context, form, "",
                  tp_xf_easy_read(writer->xf, writer->language, text));
}

static void put_media(struct writer *writer, const struct entry *entry)
{
    static const char *const prefixes[] = {"jr://images/", "jr://images/", "jr://audio/",
                                           "jr://video/", ""};

    for (unsigned m = 0; entry->media && m < TP_XF_MEDIA_COUNT; m++) {
        const char *text = in_language(writer, &entry->media[m]);

        if (text && strcmp(text, "-") != 0)
            put_value(writer, NULL, tp_xf_media_name(m), prefixes[m], text);
    }
}

static void put_entry(struct writer *writer, const struct entry *entry)
{
    if (!any(writer, entry))
        return;
    tp_xf_line(writer->out, 5);
    (void)tp_buf_puts(writer->out, "<text");
    tp_xf_put_attribute(writer->out, "id", entry->id);
    (void)tp_buf_putc(writer->out, '>');
    put_words(writer, entry, NULL, entry->text);
    put_words(writer, entry, "guidance", entry->guidance);
    put_media(writer, entry);
    tp_xf_line(writer->out, 5);
    (void)tp_buf_puts(writer->out, "</text>");
}

static void put_message(struct writer *writer, struct tp_xf_element *element,
                        const struct tp_xf_text *text, const char *name)
{
    if (tp_xf_message_needs_itext(text))
        put_entry(writer, &(struct entry){.id = tp_xf_printf(&writer->xf->arena, "%s:%s",
                                                             tp_xf_path(writer->xf, element), name),
                                          .context = element,
                                          .text = text});
}

static void put_element(struct writer *writer, struct tp_xf_element *element)
{
    struct tp_xf *xf = writer->xf;

    if (tp_xf_label_needs_itext(element))
        put_entry(writer, &(struct entry){
                              .id = tp_xf_printf(&xf->arena, "%s:label", tp_xf_path(xf, element)),
                              .context = element,
                              .text = &element->label,
                              .media = element->media});
    if (tp_xf_hint_needs_itext(element))
        put_entry(writer, &(struct entry){
                              .id = tp_xf_printf(&xf->arena, "%s:hint", tp_xf_path(xf, element)),
                              .context = element,
                              .text = &element->hint,
                              .guidance = &element->guidance});
    put_message(writer, element, &element->constraint_message, "jr:constraintMsg");
    put_message(writer, element, &element->required_message, "jr:requiredMsg");
    put_message(writer, element, &element->no_app_message, "jr:noAppErrorString");
    for (size_t i = 0; i < element->child_count && tp_buf_ok(writer->out); i++)
        put_element(writer, element->children[i]);
}

static void put_lists(struct writer *writer)
{
    struct tp_xf *xf = writer->xf;

    for (size_t i = 0; i < xf->list_count; i++) {
        const struct tp_xf_list *list = &xf->lists[i];

        if (!list->needs_itext || (list->external && !list->used))
            continue;
        for (size_t k = 0; k < list->count && tp_buf_ok(writer->out); k++)
            put_entry(writer,
                      &(struct entry){.id = tp_xf_printf(&xf->arena, "%s-%zu", list->name, k),
                                      .text = &list->choices[k].label,
                                      .media = list->choices[k].media});
    }
}

void tp_xf_write_itext(struct tp_xf *xf, struct tp_buf *out)
{
    if (!xf->language_count)
        return;
    tp_xf_line(out, 3);
    (void)tp_buf_puts(out, "<itext>");
    for (size_t i = 0; i < xf->language_count; i++) {
        struct writer writer = {.xf = xf, .out = out, .language = xf->languages[i]};

        writer.is_default = strcmp(writer.language, xf->default_language) == 0;
        tp_xf_line(out, 4);
        (void)tp_buf_puts(out, "<translation");
        tp_xf_put_attribute(out, "lang", writer.language);
        if (writer.is_default)
            tp_xf_put_attribute(out, "default", "true()");
        (void)tp_buf_putc(out, '>');
        put_element(&writer, xf->root);
        put_lists(&writer);
        tp_xf_line(out, 4);
        (void)tp_buf_puts(out, "</translation>");
    }
    tp_xf_line(out, 3);
    (void)tp_buf_puts(out, "</itext>");
}
