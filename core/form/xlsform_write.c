/* The XForm as text: the frame, and the helpers that keep it valid XML. */
#include <string.h>

#include "form/xlsform_parts.h"

void tp_xf_put_attribute(struct tp_buf *out, const char *name, const char *value)
{
    (void)tp_buf_printf(out, " %s=\"", name);
    (void)tp_xml_put_attr(out, value, strlen(value));
    (void)tp_buf_putc(out, '"');
}

void tp_xf_line(struct tp_buf *out, unsigned depth)
{
    (void)tp_buf_putc(out, '\n');
    for (unsigned i = 0; i < depth; i++)
        (void)tp_buf_puts(out, "  ");
}

static void put_output(struct tp_buf *out, const char *value)
{
    (void)tp_buf_puts(out, "<output");
    tp_xf_put_attribute(out, "value", value);
    (void)tp_buf_puts(out, "/>");
}

/* Text up to `end`, each ${name} as an output. */
static void put_references(struct tp_xf *xf, struct tp_buf *out, const char *text, const char *end,
                           const struct tp_xf_element *context)
{
    struct tp_xf_reference reference;

    /* The search must not run past `end` each time: a text may have a million expressions. */
    while (tp_buf_ok(out) && memmem(text, (size_t)(end - text), "${", 2) &&
           tp_xf_next_reference(text, &reference) && reference.start < end) {
        (void)tp_xml_put_text(out, text, (size_t)(reference.start - text));
        put_output(out, tp_xf_reference_path(xf, "", &reference, context, 0));
        text = reference.end;
    }
    (void)tp_xml_put_text(out, text, (size_t)(end - text));
}

void tp_xf_put_label(struct tp_xf *xf, struct tp_buf *out, const char *text,
                     const struct tp_xf_element *context)
{
    const char *start;
    const char *end;

    while (tp_buf_ok(out) && tp_xf_next_instance(text, &start, &end)) {
        put_references(xf, out, text, start, context);
        put_output(out, tp_xf_expand(xf, tp_xf_copy(&xf->arena, start, (size_t)(end - start)),
                                     context, 0));
        text = end;
    }
    put_references(xf, out, text, text + strlen(text), context);
}

void tp_xf_put_setvalue(struct tp_xf *xf, struct tp_buf *out, unsigned depth,
                        struct tp_xf_element *target, const char *event, const char *value)
{
    tp_xf_line(out, depth);
    (void)tp_buf_puts(out, "<setvalue");
    tp_xf_put_attribute(out, "ref", tp_xf_path(xf, target));
    tp_xf_put_attribute(out, "event", event);
    if (value && *value)
        tp_xf_put_attribute(out, "value", value);
    (void)tp_buf_puts(out, "/>");
}

bool tp_xf_label_needs_itext(const struct tp_xf_element *element)
{
    if (element->label.count)
        return true;
    for (unsigned m = 0; m < TP_XF_MEDIA_COUNT; m++) {
        if (tp_xf_has_text(&element->media[m]))
            return true;
    }
    return false;
}

bool tp_xf_hint_needs_itext(const struct tp_xf_element *element)
{
    return element->hint.count || tp_xf_has_text(&element->guidance);
}

bool tp_xf_message_needs_itext(const struct tp_xf_text *text)
{
    return text->count || tp_xf_any_reference(text->plain);
}

/* settings "namespaces": esri="http://..." more="..." */
static void put_namespaces(struct tp_xf *xf, struct tp_buf *out)
{
    static const struct tp_xf_attribute always[] = {
        {"xmlns", "http://www.w3.org/2002/xforms"},
        {"xmlns:h", "http://www.w3.org/1999/xhtml"},
        {"xmlns:ev", "http://www.w3.org/2001/xml-events"},
        {"xmlns:xsd", "http://www.w3.org/2001/XMLSchema"},
        {"xmlns:jr", "http://openrosa.org/javarosa"},
        {"xmlns:orx", "http://openrosa.org/xforms"},
        {"xmlns:odk", "http://www.opendatakit.org/xforms"},
    };
    struct tp_xf_attributes more = {0};
    const char *text = tp_xf_setting(xf, "namespaces");
    size_t length;

    for (size_t i = 0; i < sizeof(always) / sizeof(always[0]); i++)
        (void)tp_xf_set(xf, &more, always[i].name, always[i].value);
    for (const char *p = text ? text : ""; *p; p += length + strspn(p + length, " \n")) {
        const char *equals = memchr(p, '=', length = strcspn(p, " \n"));
        const char *value;
        const char *name;
        size_t end;

        if (!equals || equals == p)
            continue;
        value = equals + 1 + strspn(equals + 1, "\"'");
        end = strcspn(value, "\"' \n");
        name = tp_xf_printf(&xf->arena, "xmlns:%.*s", (int)(equals - p), p);
        if (tp_xf_is_name(name) && end && !tp_xf_attribute(&more, name))
            (void)tp_xf_set(xf, &more, name, tp_xf_copy(&xf->arena, value, end));
    }
    for (size_t i = 0; i < more.count; i++)
        tp_xf_put_attribute(out, more.items[i].name, more.items[i].value);
}

static void put_setting(struct tp_xf *xf, struct tp_buf *out, const char *setting,
                        const char *attribute)
{
    const char *value = tp_xf_setting(xf, setting);

    if (value)
        tp_xf_put_attribute(out, attribute, value);
}

static void put_submission(struct tp_xf *xf, struct tp_buf *out)
{
    const char *editable = tp_xf_setting(xf, "client_editable");
    bool edit = editable && tp_xf_yes_no(editable) == 1;

    if (!tp_xf_setting(xf, "submission_url") && !tp_xf_setting(xf, "public_key") &&
        !tp_xf_setting(xf, "auto_send") && !tp_xf_setting(xf, "auto_delete") && !edit)
        return;
    tp_xf_line(out, 3);
    (void)tp_buf_puts(out, "<submission");
    if (tp_xf_setting(xf, "submission_url")) {
        put_setting(xf, out, "submission_url", "action");
        tp_xf_put_attribute(out, "method", "post");
    }
    put_setting(xf, out, "public_key", "base64RsaPublicKey");
    put_setting(xf, out, "auto_send", "orx:auto-send");
    put_setting(xf, out, "auto_delete", "orx:auto-delete");
    if (edit)
        tp_xf_put_attribute(out, "odk:client-editable", "true");
    (void)tp_buf_puts(out, "/>");
}

void tp_xf_write(struct tp_xf *xf, struct tp_buf *out)
{
    const char *title = tp_xf_setting(xf, "title");

    (void)tp_buf_puts(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<h:html");
    put_namespaces(xf, out);
    (void)tp_buf_puts(out, ">\n  <h:head>\n    <h:title>");
    (void)tp_xml_put_text(out, title, strlen(title));
    (void)tp_buf_puts(out, "</h:title>\n    <model odk:xforms-version=\"1.0.0\">");
    put_submission(xf, out);
    tp_xf_write_itext(xf, out);
    tp_xf_write_instances(xf, out);
    tp_xf_write_binds(xf, out);
    (void)tp_buf_puts(out, "\n    </model>\n  </h:head>\n  <h:body");
    put_setting(xf, out, "style", "class");
    (void)tp_buf_putc(out, '>');
    tp_xf_write_body(xf, out);
    (void)tp_buf_puts(out, "\n  </h:body>\n</h:html>\n");
}
