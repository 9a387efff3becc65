/* <instance> and <bind>: what is recorded, and the rules for it. */
#include <string.h>

#include "form/xlsform_parts.h"

/* ---- the primary instance ---- */

static void put_node(struct tp_xf *xf, struct tp_buf *out, const struct tp_xf_element *element,
                     unsigned depth, bool in_template, bool inside_turn);

static void put_attributes(struct tp_xf *xf, struct tp_buf *out,
                           const struct tp_xf_element *element)
{
    for (size_t i = 0; i < element->instance.count; i++)
        tp_xf_put_attribute(out, element->instance.items[i].name,
                            tp_xf_expand(xf, element->instance.items[i].value, element, 0));
}

static void put_children(struct tp_xf *xf, struct tp_buf *out, const struct tp_xf_element *element,
                         unsigned depth, bool inside_turn)
{
    for (size_t i = 0; i < element->child_count && tp_buf_ok(out); i++) {
        const struct tp_xf_element *child = element->children[i];

        if (child->kind == TP_XF_IS_INSTANCE)
            continue;
        /* A repeat is there twice: as the template of new turns, and as its first turn. Inside a
         * first turn the templates of inner repeats are not said again. */
        if (child->kind == TP_XF_IS_REPEAT && !inside_turn)
            put_node(xf, out, child, depth, true, false);
        put_node(xf, out, child, depth, false, inside_turn || child->kind == TP_XF_IS_REPEAT);
    }
}

/* Inside a template only templates of inner repeats stand. */
static void put_template_children(struct tp_xf *xf, struct tp_buf *out,
                                  const struct tp_xf_element *element, unsigned depth)
{
    for (size_t i = 0; i < element->child_count && tp_buf_ok(out); i++) {
        const struct tp_xf_element *child = element->children[i];

        if (child->kind != TP_XF_IS_INSTANCE)
            put_node(xf, out, child, depth, child->kind == TP_XF_IS_REPEAT, false);
    }
}

static void put_node(struct tp_xf *xf, struct tp_buf *out, const struct tp_xf_element *element,
                     unsigned depth, bool in_template, bool inside_turn)
{
    bool has_default =
        element->default_value && *element->default_value && !element->dynamic_default;

    tp_xf_line(out, depth);
    (void)tp_buf_printf(out, "<%s", element->name);
    if (in_template)
        tp_xf_put_attribute(out, "jr:template", "");
    else
        put_attributes(xf, out, element);
    if (element->kind == TP_XF_IS_QUESTION && has_default) {
        (void)tp_buf_putc(out, '>');
        (void)tp_xml_put_text(out, element->default_value, strlen(element->default_value));
        (void)tp_buf_printf(out, "</%s>", element->name);
        return;
    }
    if (!element->child_count) {
        (void)tp_buf_puts(out, "/>");
        return;
    }
    (void)tp_buf_putc(out, '>');
    if (in_template)
        put_template_children(xf, out, element, depth + 1);
    else
        put_children(xf, out, element, depth + 1, inside_turn);
    tp_xf_line(out, depth);
    (void)tp_buf_printf(out, "</%s>", element->name);
}

static void put_setting(struct tp_xf *xf, struct tp_buf *out, const char *setting,
                        const char *attribute)
{
    const char *value = tp_xf_setting(xf, setting);

    if (value && *value)
        tp_xf_put_attribute(out, attribute, value);
}

static void put_primary(struct tp_xf *xf, struct tp_buf *out)
{
    tp_xf_line(out, 3);
    (void)tp_buf_puts(out, "<instance>");
    tp_xf_line(out, 4);
    (void)tp_buf_printf(out, "<%s", xf->root->name);
    for (size_t i = 0; i < xf->root_attributes.count; i++) {
        const char *name = xf->root_attributes.items[i].name;

        /* The form's own attributes go before. */
        if (tp_xf_is_name(name) && strcmp(name, "id") != 0 && strcmp(name, "xmlns") != 0 &&
            (strcmp(name, "version") != 0 || !tp_xf_setting(xf, "version")))
            tp_xf_put_attribute(out, name, xf->root_attributes.items[i].value);
    }
    put_setting(xf, out, "id_string", "id");
    put_setting(xf, out, "instance_xmlns", "xmlns");
    put_setting(xf, out, "version", "version");
    put_setting(xf, out, "prefix", "odk:prefix");
    put_setting(xf, out, "delimiter", "odk:delimiter");
    (void)tp_buf_putc(out, '>');
    put_children(xf, out, xf->root, 5, false);
    tp_xf_line(out, 4);
    (void)tp_buf_printf(out, "</%s>", xf->root->name);
    tp_xf_line(out, 3);
    (void)tp_buf_puts(out, "</instance>");
}

/* ---- secondary instances ---- */

static void put_item(struct tp_buf *out, const char *name, const char *value)
{
    tp_xf_line(out, 6);
    (void)tp_buf_printf(out, "<%s>", name);
    (void)tp_xml_put_text(out, value, strlen(value));
    (void)tp_buf_printf(out, "</%s>", name);
}

static void put_choice(struct tp_xf *xf, struct tp_buf *out, const struct tp_xf_list *list,
                       size_t index)
{
    const struct tp_xf_choice *choice = &list->choices[index];

    tp_xf_line(out, 5);
    (void)tp_buf_puts(out, "<item>");
    if (list->needs_itext)
        put_item(out, "itextId", tp_xf_printf(&xf->arena, "%s-%zu", list->name, index));
    put_item(out, "name", choice->name);
    if (!list->needs_itext && choice->label.plain)
        put_item(out, "label", choice->label.plain);
    for (size_t i = 0; i < choice->extra.count; i++)
        put_item(out, choice->extra.items[i].name, choice->extra.items[i].value);
    tp_xf_line(out, 5);
    (void)tp_buf_puts(out, "</item>");
}

void tp_xf_write_instances(struct tp_xf *xf, struct tp_buf *out)
{
    put_primary(xf, out);
    for (size_t i = 0; i < xf->instance_count && tp_buf_ok(out); i++) {
        const struct tp_xf_instance *instance = &xf->instances[i];

        tp_xf_line(out, 3);
        (void)tp_buf_puts(out, "<instance");
        tp_xf_put_attribute(out, "id", instance->id);
        if (instance->src) {
            tp_xf_put_attribute(out, "src", instance->src);
            (void)tp_buf_puts(out, "/>");
            continue;
        }
        (void)tp_buf_putc(out, '>');
        tp_xf_line(out, 4);
        (void)tp_buf_puts(out, "<root>");
        for (size_t k = 0; k < instance->list->count && tp_buf_ok(out); k++)
            put_choice(xf, out, instance->list, k);
        tp_xf_line(out, 4);
        (void)tp_buf_puts(out, "</root>");
        tp_xf_line(out, 3);
        (void)tp_buf_puts(out, "</instance>");
    }
}

/* ---- binds ---- */

/* In these, "yes" and "no" are accepted for true() and false(). */
static const char *bind_value(const char *name, const char *value)
{
    static const char *const logical[] = {"readonly", "required", "relevant", "constraint",
                                          "calculate"};

    for (size_t i = 0; i < sizeof(logical) / sizeof(logical[0]); i++) {
        if (strcmp(name, logical[i]) == 0 && tp_xf_yes_no(value) >= 0)
            return tp_xf_yes_no(value) ? "true()" : "false()";
    }
    return value;
}

static void put_message(struct tp_xf *xf, struct tp_buf *out, struct tp_xf_element *element,
                        const struct tp_xf_text *text, const char *name)
{
    if (tp_xf_message_needs_itext(text))
        tp_xf_put_attribute(
            out, name,
            tp_xf_printf(&xf->arena, "jr:itext('%s:%s')", tp_xf_path(xf, element), name));
    else if (text->plain)
        tp_xf_put_attribute(out, name, text->plain);
}

static bool has_bind(const struct tp_xf_element *element)
{
    return element->bind.count || (element->type && element->type->bind) ||
           tp_xf_has_text(&element->constraint_message) ||
           tp_xf_has_text(&element->required_message) || tp_xf_has_text(&element->no_app_message);
}

static void put_bind(struct tp_xf *xf, struct tp_buf *out, struct tp_xf_element *element)
{
    const struct tp_xf_type *type = element->type;

    tp_xf_line(out, 3);
    (void)tp_buf_puts(out, "<bind");
    tp_xf_put_attribute(out, "nodeset", tp_xf_path(xf, element));
    if (type && type->bind && !tp_xf_attribute(&element->bind, "type"))
        tp_xf_put_attribute(out, "type", type->bind);
    if (type && type->preload && !tp_xf_attribute(&element->bind, "jr:preload"))
        tp_xf_put_attribute(out, "jr:preload", type->preload);
    if (type && type->preload && !tp_xf_attribute(&element->bind, "jr:preloadParams"))
        tp_xf_put_attribute(out, "jr:preloadParams", type->preload_params);
    for (size_t i = 0; i < element->bind.count; i++) {
        const char *name = element->bind.items[i].name;

        if (strcmp(name, "nodeset") == 0 || (element->trigger && strcmp(name, "calculate") == 0))
            continue;
        tp_xf_put_attribute(
            out, name,
            tp_xf_expand(xf, bind_value(name, element->bind.items[i].value), element, 0));
    }
    put_message(xf, out, element, &element->constraint_message, "jr:constraintMsg");
    put_message(xf, out, element, &element->required_message, "jr:requiredMsg");
    put_message(xf, out, element, &element->no_app_message, "jr:noAppErrorString");
    (void)tp_buf_puts(out, "/>");
}

static void put_binds(struct tp_xf *xf, struct tp_buf *out, struct tp_xf_element *element)
{
    if (element->kind == TP_XF_IS_INSTANCE)
        return;
    if (has_bind(element))
        put_bind(xf, out, element);
    if (element->dynamic_default)
        tp_xf_put_setvalue(xf, out, 3, element, "odk-instance-first-load",
                           tp_xf_expand(xf, element->default_value, element, 0));
    for (size_t i = 0; i < element->child_count && tp_buf_ok(out); i++)
        put_binds(xf, out, element->children[i]);
}

void tp_xf_write_binds(struct tp_xf *xf, struct tp_buf *out)
{
    put_binds(xf, out, xf->root);
}
