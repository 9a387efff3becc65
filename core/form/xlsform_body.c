/* <h:body>: what is shown. */
#include <stdlib.h>
#include <string.h>

#include "form/xlsform_parts.h"

/* ---- labels and hints ---- */

static void put_text(struct tp_xf *xf, struct tp_buf *out, struct tp_xf_element *element,
                     unsigned depth, const char *tag, const struct tp_xf_text *text, bool itext)
{
    tp_xf_line(out, depth);
    (void)tp_buf_printf(out, "<%s", tag);
    if (itext)
        tp_xf_put_attribute(
            out, "ref",
            tp_xf_printf(&xf->arena, "jr:itext('%s:%s')", tp_xf_path(xf, element), tag));
    if (itext || !text->plain) {
        (void)tp_buf_puts(out, "/>");
        return;
    }
    (void)tp_buf_putc(out, '>');
    tp_xf_put_label(xf, out, text->plain, element);
    (void)tp_buf_printf(out, "</%s>", tag);
}

static void put_label_and_hint(struct tp_xf *xf, struct tp_buf *out, struct tp_xf_element *element,
                               unsigned depth)
{
    put_text(xf, out, element, depth, "label", &element->label, tp_xf_label_needs_itext(element));
    if (tp_xf_has_text(&element->hint) || tp_xf_has_text(&element->guidance))
        put_text(xf, out, element, depth, "hint", &element->hint, tp_xf_hint_needs_itext(element));
}

/* ---- choices ---- */

static const char *replace_all(struct tp_xf *xf, const char *text, const char *old,
                               const char *fresh)
{
    size_t length = strlen(old);
    const char *out = "";
    const char *found;

    while (length && !xf->arena.failed && (found = strstr(text, old))) {
        out = tp_xf_printf(&xf->arena, "%s%.*s%s", out, (int)(found - text), text, fresh);
        text = found + length;
    }
    return tp_xf_printf(&xf->arena, "%s%s", out, text);
}

struct itemset {
    const char *nodeset;
    const char *value;
    const char *label;
    const char *filter;
};

static struct itemset of_file(struct tp_xf *xf, const struct tp_xf_element *element,
                              const char *dot)
{
    bool geojson = strcmp(dot, ".geojson") == 0;
    const char *value = tp_xf_attribute(&element->parameters, "value");
    const char *label = tp_xf_attribute(&element->parameters, "label");

    return (struct itemset){.nodeset =
                                tp_xf_printf(&xf->arena, "instance('%.*s')/root/item",
                                             (int)(dot - element->itemset), element->itemset),
                            .value = value     ? value
                                     : geojson ? "id"
                                               : "name",
                            .label = label     ? label
                                     : geojson ? "title"
                                               : "label"};
}

/* select_one ${name}: the answers given to a question in the turns of a repeat. */
static struct itemset of_answers(struct tp_xf *xf, const struct tp_xf_element *element)
{
    const char *path = tp_xf_expand(xf, element->itemset, element, TP_XF_REFERENCE_PARENT);
    const char *last;
    const char *name;

    path += strspn(path, " ");
    path = tp_xf_copy(&xf->arena, path, strcspn(path, " "));
    last = strrchr(path, '/');
    name = last ? last + 1 : path;
    return (struct itemset){.nodeset =
                                tp_xf_copy(&xf->arena, path, last ? (size_t)(last - path) : 0),
                            .value = name,
                            .label = name,
                            .filter = tp_xf_printf(&xf->arena, "./%s != ''", name)};
}

static struct itemset of_list(struct tp_xf *xf, const struct tp_xf_element *element)
{
    const struct tp_xf_list *list = tp_xf_list(xf, element->itemset, element->external);

    return (struct itemset){.nodeset = tp_xf_printf(&xf->arena, "instance('%s')/root/item",
                                                    list ? list->id : element->itemset),
                            .value = "name",
                            .label = list && list->needs_itext ? "jr:itext(itextId)" : "label"};
}

static void add_filter(struct tp_xf *xf, const struct tp_xf_element *element,
                       struct itemset *itemset, bool answers)
{
    if (element->choice_filter) {
        itemset->filter = tp_xf_expand(xf, element->choice_filter, element,
                                       TP_XF_USE_CURRENT | (answers ? TP_XF_REFERENCE_PARENT : 0u));
        if (answers) {
            itemset->filter =
                replace_all(xf, itemset->filter,
                            tp_xf_printf(&xf->arena, "current()/%s", itemset->nodeset), ".");
            itemset->filter = replace_all(xf, itemset->filter, itemset->nodeset, ".");
        }
    }
    if (itemset->filter)
        itemset->nodeset = tp_xf_printf(&xf->arena, "%s[%s]", itemset->nodeset, itemset->filter);
}

static void add_randomize(struct tp_xf *xf, const struct tp_xf_element *element,
                          struct itemset *itemset)
{
    const char *randomize = tp_xf_attribute(&element->parameters, "randomize");
    const char *seed = tp_xf_attribute(&element->parameters, "seed");

    if (!randomize || strcmp(randomize, "true") != 0)
        return;
    if (!seed) {
        itemset->nodeset = tp_xf_printf(&xf->arena, "randomize(%s)", itemset->nodeset);
        return;
    }
    seed = tp_xf_expand(xf, seed, element, 0);
    seed += strspn(seed, " ");
    itemset->nodeset = tp_xf_printf(&xf->arena, "randomize(%s, %.*s)", itemset->nodeset,
                                    (int)strcspn(seed, " "), seed);
}

static void write_itemset(struct tp_xf *xf, struct tp_buf *out, struct tp_xf_element *element,
                          unsigned depth)
{
    const char *dot = strrchr(element->itemset, '.');
    bool answers = tp_xf_any_reference(element->itemset);
    bool file =
        !answers && dot &&
        (strcmp(dot, ".csv") == 0 || strcmp(dot, ".xml") == 0 || strcmp(dot, ".geojson") == 0);
    struct itemset itemset = answers ? of_answers(xf, element)
                             : file  ? of_file(xf, element, dot)
                                     : of_list(xf, element);

    add_filter(xf, element, &itemset, answers);
    add_randomize(xf, element, &itemset);
    tp_xf_line(out, depth);
    (void)tp_buf_puts(out, "<itemset");
    tp_xf_put_attribute(out, "nodeset", itemset.nodeset);
    (void)tp_buf_putc(out, '>');
    tp_xf_line(out, depth + 1);
    (void)tp_buf_puts(out, "<value");
    tp_xf_put_attribute(out, "ref", itemset.value);
    (void)tp_buf_puts(out, "/>");
    tp_xf_line(out, depth + 1);
    (void)tp_buf_puts(out, "<label");
    tp_xf_put_attribute(out, "ref", itemset.label);
    (void)tp_buf_puts(out, "/>");
    tp_xf_line(out, depth);
    (void)tp_buf_puts(out, "</itemset>");
}

/* Choices of a question that uses search(): written where the question stands. */
static void write_items(struct tp_xf *xf, struct tp_buf *out, const struct tp_xf_element *element,
                        unsigned depth)
{
    const struct tp_xf_list *list = tp_xf_list(xf, element->itemset, element->external);

    for (size_t i = 0; list && i < list->count && tp_buf_ok(out); i++) {
        const struct tp_xf_choice *choice = &list->choices[i];

        tp_xf_line(out, depth);
        (void)tp_buf_puts(out, "<item>");
        tp_xf_line(out, depth + 1);
        if (list->needs_itext) {
            (void)tp_buf_puts(out, "<label");
            tp_xf_put_attribute(out, "ref",
                                tp_xf_printf(&xf->arena, "jr:itext('%s-%zu')", list->name, i));
            (void)tp_buf_puts(out, "/>");
        } else {
            (void)tp_buf_puts(out, "<label>");
            tp_xf_put_label(xf, out, choice->label.plain ? choice->label.plain : "", NULL);
            (void)tp_buf_puts(out, "</label>");
        }
        tp_xf_line(out, depth + 1);
        (void)tp_buf_puts(out, "<value>");
        (void)tp_xml_put_text(out, choice->name, strlen(choice->name));
        (void)tp_buf_puts(out, "</value>");
        tp_xf_line(out, depth);
        (void)tp_buf_puts(out, "</item>");
    }
}

/* ---- controls ---- */

static void put_control_attributes(struct tp_xf *xf, struct tp_buf *out,
                                   const struct tp_xf_element *element)
{
    for (size_t i = 0; i < element->control.count; i++) {
        const char *name = element->control.items[i].name;

        if (strcmp(name, "ref") != 0 && strcmp(name, "nodeset") != 0 && strcmp(name, "tag") != 0)
            tp_xf_put_attribute(out, name,
                                tp_xf_expand(xf, element->control.items[i].value, element, 0));
    }
}

static int by_question(const void *a, const void *b)
{
    const struct tp_xf_action *x = a;
    const struct tp_xf_action *y = b;

    return (x->question > y->question) - (x->question < y->question);
}

/* What is worked out anew when this question's answer changes. */
static void put_actions(struct tp_xf *xf, struct tp_buf *out, struct tp_xf_element *element,
                        unsigned depth)
{
    struct tp_xf_action key = {.question = element};
    const struct tp_xf_action *action;
    const struct tp_xf_action *end;

    if (!xf->action_count)
        return;
    end = xf->actions + xf->action_count;
    action = bsearch(&key, xf->actions, xf->action_count, sizeof(*xf->actions), by_question);
    if (!action)
        return;
    while (action > xf->actions && action[-1].question == element)
        action--;
    for (; action < end && action->question == element; action++) {
        const char *value = tp_xf_attribute(&action->source->bind, "calculate");

        tp_xf_put_setvalue(xf, out, depth, action->source, "xforms-value-changed",
                           value ? tp_xf_expand(xf, value, element, 0) : NULL);
    }
}

static void put_question(struct tp_xf *xf, struct tp_buf *out, struct tp_xf_element *element,
                         unsigned depth)
{
    const char *tag;

    if (!tp_xf_is_shown(element))
        return;
    tag = element->type->tag;
    tp_xf_line(out, depth);
    (void)tp_buf_printf(out, "<%s", tag);
    tp_xf_put_attribute(out, "ref", tp_xf_path(xf, element));
    put_control_attributes(xf, out, element);
    (void)tp_buf_putc(out, '>');
    put_label_and_hint(xf, out, element, depth + 1);
    if (element->searches)
        write_items(xf, out, element, depth + 1);
    else if (element->itemset)
        write_itemset(xf, out, element, depth + 1);
    put_actions(xf, out, element, depth + 1);
    tp_xf_line(out, depth);
    (void)tp_buf_printf(out, "</%s>", tag);
}

static void put_children(struct tp_xf *xf, struct tp_buf *out, struct tp_xf_element *element,
                         unsigned depth);

static void put_group(struct tp_xf *xf, struct tp_buf *out, struct tp_xf_element *element,
                      unsigned depth)
{
    if (element->bodyless)
        return;
    tp_xf_line(out, depth);
    (void)tp_buf_puts(out, "<group");
    tp_xf_put_attribute(out, "ref", tp_xf_path(xf, element));
    put_control_attributes(xf, out, element);
    (void)tp_buf_putc(out, '>');
    if (tp_xf_has_text(&element->label))
        put_text(xf, out, element, depth + 1, "label", &element->label,
                 tp_xf_label_needs_itext(element));
    put_children(xf, out, element, depth + 1);
    tp_xf_line(out, depth);
    (void)tp_buf_puts(out, "</group>");
}

/* Defaults that are worked out anew for each new turn; inner repeats see to their own. */
static void put_new_turn(struct tp_xf *xf, struct tp_buf *out, struct tp_xf_element *element,
                         unsigned depth)
{
    for (size_t i = 0; i < element->child_count && tp_buf_ok(out); i++) {
        struct tp_xf_element *child = element->children[i];

        if (child->dynamic_default)
            tp_xf_put_setvalue(xf, out, depth, child, "odk-new-repeat",
                               tp_xf_expand(xf, child->default_value, child, 0));
        if (child->kind == TP_XF_IS_GROUP)
            put_new_turn(xf, out, child, depth);
    }
}

static void put_repeat(struct tp_xf *xf, struct tp_buf *out, struct tp_xf_element *element,
                       unsigned depth)
{
    tp_xf_line(out, depth);
    (void)tp_buf_puts(out, "<group");
    tp_xf_put_attribute(out, "ref", tp_xf_path(xf, element));
    (void)tp_buf_putc(out, '>');
    put_text(xf, out, element, depth + 1, "label", &element->label,
             tp_xf_label_needs_itext(element));
    tp_xf_line(out, depth + 1);
    (void)tp_buf_puts(out, "<repeat");
    tp_xf_put_attribute(out, "nodeset", tp_xf_path(xf, element));
    put_control_attributes(xf, out, element);
    (void)tp_buf_putc(out, '>');
    put_children(xf, out, element, depth + 2);
    put_new_turn(xf, out, element, depth + 2);
    tp_xf_line(out, depth + 1);
    (void)tp_buf_puts(out, "</repeat>");
    tp_xf_line(out, depth);
    (void)tp_buf_puts(out, "</group>");
}

static void put_children(struct tp_xf *xf, struct tp_buf *out, struct tp_xf_element *element,
                         unsigned depth)
{
    for (size_t i = 0; i < element->child_count && tp_buf_ok(out); i++) {
        struct tp_xf_element *child = element->children[i];

        switch (child->kind) {
        case TP_XF_IS_QUESTION:
            put_question(xf, out, child, depth);
            break;
        case TP_XF_IS_GROUP:
            put_group(xf, out, child, depth);
            break;
        case TP_XF_IS_REPEAT:
            put_repeat(xf, out, child, depth);
            break;
        case TP_XF_IS_INSTANCE:
            break;
        }
    }
}

void tp_xf_write_body(struct tp_xf *xf, struct tp_buf *out)
{
    put_children(xf, out, xf->root, 2);
}
