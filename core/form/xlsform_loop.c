/* begin_loop over LIST: an old way to write the same group once for each choice of a list. In its
 * texts %(name)s and %(label)s stand for the choice. */
#include <string.h>

#include "form/xlsform_parts.h"

struct loop {
    struct tp_xf *xf;
    const struct tp_xf_choice *choice;
};

static const char *label_in(const struct loop *loop, const char *language)
{
    const struct tp_xf_text *label = &loop->choice->label;

    if (label->plain)
        return label->plain;
    for (size_t i = 0; language && i < label->count; i++) {
        if (strcmp(label->items[i].language, language) == 0)
            return label->items[i].text;
    }
    return label->count ? label->items[0].text : "";
}

static const char *fill(const struct loop *loop, const char *text, const char *language)
{
    static const char name[] = "%(name)s";
    static const char label[] = "%(label)s";
    struct tp_xf_arena *arena = &loop->xf->arena;
    const char *out = "";
    const char *p;

    if (!text || !strstr(text, "%("))
        return text;
    while ((p = strstr(text, "%(")) && !arena->failed) {
        bool is_name = strncmp(p, name, sizeof(name) - 1) == 0;
        bool is_label = strncmp(p, label, sizeof(label) - 1) == 0;
        const char *value = is_name    ? loop->choice->name
                            : is_label ? label_in(loop, language)
                                       : "%(";
        size_t length = is_name ? sizeof(name) - 1 : is_label ? sizeof(label) - 1 : 2;

        out = tp_xf_printf(arena, "%s%.*s%s", out, (int)(p - text), text, value);
        text = p + length;
    }
    return tp_xf_printf(arena, "%s%s", out, text);
}

static bool fill_text(const struct loop *loop, struct tp_xf_text *text)
{
    struct tp_xf_text fresh = {.plain = fill(loop, text->plain, NULL)};

    for (size_t i = 0; i < text->count; i++) {
        if (!tp_xf_set_text(loop->xf, &fresh, text->items[i].language,
                            fill(loop, text->items[i].text, text->items[i].language)))
            return false;
    }
    *text = fresh;
    return true;
}

static bool fill_attributes(const struct loop *loop, struct tp_xf_attributes *attributes)
{
    struct tp_xf_attributes fresh = {0};

    for (size_t i = 0; i < attributes->count; i++) {
        if (!tp_xf_set(loop->xf, &fresh, attributes->items[i].name,
                       fill(loop, attributes->items[i].value, NULL)))
            return false;
    }
    *attributes = fresh;
    return true;
}

static bool fill_element(const struct loop *loop, struct tp_xf_element *element)
{
    struct tp_xf_text *texts[] = {&element->label, &element->hint, &element->guidance,
                                  &element->constraint_message, &element->required_message};

    element->default_value = fill(loop, element->default_value, NULL);
    element->choice_filter = fill(loop, element->choice_filter, NULL);
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        if (!fill_text(loop, texts[i]))
            return false;
    }
    for (unsigned m = 0; m < TP_XF_MEDIA_COUNT; m++) {
        if (!fill_text(loop, &element->media[m]))
            return false;
    }
    return fill_attributes(loop, &element->bind) && fill_attributes(loop, &element->control);
}

/* Copies the element and all below it under `parent`; only the copy itself is filled in, as in
 * pyxform. */
static bool copy(const struct loop *loop, const struct tp_xf_element *from,
                 struct tp_xf_element *parent, bool filled)
{
    struct tp_xf_element *to =
        tp_xf_add_element(loop->xf, parent, from->kind, from->name, from->row);
    unsigned depth;

    if (!to)
        return false;
    depth = to->depth;
    *to = *from;
    to->parent = parent;
    to->depth = depth;
    to->children = NULL;
    to->child_count = 0;
    to->child_capacity = 0;
    if (filled && !fill_element(loop, to))
        return false;
    for (size_t i = 0; i < from->child_count; i++) {
        if (!copy(loop, from->children[i], to, false))
            return false;
    }
    return true;
}

/* Each choice of the list becomes a group, so its name must do for one. */
static bool is_group_name(const struct loop *loop)
{
    const struct tp_xf_table *table = &loop->xf->choices;
    const char *name = loop->choice->name;

    if (tp_xf_is_name(name))
        return true;
    tp_xf_error(loop->xf, table, loop->choice->row, tp_xf_header(table, "name", NULL), name,
                "'%.100s' cannot be the name of a group, which begin_loop makes of it; start with "
                "a letter and use letters, digits, '_', '-' and '.'",
                name);
    return false;
}

bool tp_xf_expand_loop(struct tp_xf *xf, struct tp_xf_element *element,
                       const struct tp_xf_list *list)
{
    struct tp_xf_element template = *element;

    element->children = NULL;
    element->child_count = 0;
    element->child_capacity = 0;
    for (size_t i = 0; i < list->count; i++) {
        struct loop loop = {.xf = xf, .choice = &list->choices[i]};
        struct tp_xf_element *group;

        if (strcmp(loop.choice->name, "none") == 0 || !is_group_name(&loop))
            continue;
        group = tp_xf_add_element(xf, element, TP_XF_IS_GROUP, loop.choice->name, 0);
        if (!group)
            return false;
        group->label = loop.choice->label;
        memcpy(group->media, loop.choice->media, sizeof(group->media));
        for (size_t k = 0; k < template.child_count; k++) {
            if (!copy(&loop, template.children[k], group, true))
                return false;
        }
    }
    return true;
}
