/* What the controls of the body hold: their texts, their choices, their bounds. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "form/form_internal.h"
#include "form/xml.h"

#define ROWS_MAX 20
#define ITEMS_MAX 200000u

/* ---- texts ---- */

/* "jr:itext('id')" -> id; NULL for anything else. In the arena. */
static const char *literal_itext(struct tp_form *form, const char *ref, bool *memory)
{
    const char *start;
    const char *end;
    char quote;

    *memory = true;
    ref += strspn(ref, " \t\r\n");
    if (strncmp(ref, "jr:itext(", 9) != 0)
        return NULL;
    start = ref + 9 + strspn(ref + 9, " \t\r\n");
    quote = *start;
    if (quote != '\'' && quote != '"')
        return NULL;
    end = strchr(++start, quote);
    if (!end || end[1 + strspn(end + 1, " \t\r\n")] != ')')
        return NULL;
    start = tp_arena_strndup(&form->arena, start, (size_t)(end - start));
    *memory = start != NULL;
    return start;
}

/* jr:itext(x): the label is the text with that id. Gives x. */
static const char *inside_itext(struct tp_form *form, const char *ref)
{
    size_t length;

    ref += strspn(ref, " \t\r\n");
    if (strncmp(ref, "jr:itext(", 9) != 0)
        return NULL;
    ref += 9;
    length = strlen(ref);
    while (length && isspace((unsigned char)ref[length - 1]))
        length--;
    if (!length || ref[length - 1] != ')')
        return NULL;
    return tp_arena_strndup(&form->arena, ref, length - 1);
}

bool tp_form_text_from_ref(struct tp_form *form, const xmlNode *at, const char *ref,
                           uint32_t context, struct tp_text_source *source, struct tp_error *error)
{
    bool memory;
    const char *id = literal_itext(form, ref, &memory);
    const char *inside;

    if (!memory)
        return tp_fail_memory(error);
    if (id) {
        source->itext = tp_itext_find(&form->itext, id);
        if (!source->itext && !form->lenient && !source->node && !source->literal)
            return tp_form_fail(form, at, error, TP_ERR_INVALID,
                                "refers to the text '%s', which <itext> does not have", id);
        return true;
    }
    inside = inside_itext(form, ref);
    source->expr_is_id = inside != NULL;
    return tp_form_compile(form, at, context, inside ? inside : ref, "text", &source->expr, error);
}

static bool text_source(struct tp_form *form, const xmlNode *element, uint32_t context,
                        struct tp_text_source *source, struct tp_error *error)
{
    const char *ref = tp_xml_attr(element, "ref", NULL);

    *source = (struct tp_text_source){.context = context, .present = true};
    if (element->children)
        source->node = element;
    return !ref || tp_form_text_from_ref(form, element, ref, context, source, error);
}

/* ---- choices ---- */

static const char *text_of(const xmlNode *element)
{
    return element->children && element->children->content
               ? (const char *)element->children->content
               : "";
}

/* White space around is the form writer's. */
static const char *trimmed(struct tp_form *form, const char *text)
{
    size_t length;

    text += strspn(text, " \t\r\n");
    length = strlen(text);
    while (length && isspace((unsigned char)text[length - 1]))
        length--;
    return text[length] ? tp_arena_strndup(&form->arena, text, length) : text;
}

static bool read_item(struct tp_form *form, const xmlNode *element, struct tp_body *entry,
                      struct tp_error *error)
{
    struct tp_item *item = &entry->items[entry->item_count];

    for (const xmlNode *node = tp_xml_first(element); node; node = tp_xml_next(node)) {
        if (tp_xml_is(node, "value", NULL)) {
            item->value = trimmed(form, text_of(node));
            if (!item->value)
                return tp_fail_memory(error);
        } else if (tp_xml_is(node, "exclusive", NULL)) {
            item->exclusive = true;
        } else if (tp_xml_is(node, "label", NULL) &&
                   !text_source(form, node, entry->model, &item->label, error)) {
            return false;
        }
    }
    if (!item->value)
        return tp_form_fail(form, element, error, TP_ERR_INVALID, "an <item> has no <value>");
    entry->item_count++;
    return true;
}

static bool read_items(struct tp_form *form, const xmlNode *element, struct tp_body *entry,
                       struct tp_error *error)
{
    size_t count = 0;

    for (const xmlNode *node = tp_xml_first(element); node; node = tp_xml_next(node))
        count += tp_xml_is(node, "item", NULL);
    if (!count)
        return true;
    if (count > ITEMS_MAX)
        return tp_form_fail(form, element, error, TP_ERR_LIMIT, "more than %u choices", ITEMS_MAX);
    entry->items = tp_arena_alloc(&form->arena, count, sizeof(*entry->items));
    if (!entry->items)
        return tp_fail_memory(error);
    for (const xmlNode *node = tp_xml_first(element); node; node = tp_xml_next(node)) {
        if (tp_xml_is(node, "itemset", NULL))
            entry->items_before = entry->item_count;
        if (tp_xml_is(node, "item", NULL) && !read_item(form, node, entry, error) &&
            !tp_form_note(form, error))
            return false;
    }
    return true;
}

static bool is_plain_name(const char *ref)
{
    if (!isalpha((unsigned char)*ref) && *ref != '_')
        return false;
    for (; *ref; ref++)
        if (!isalnum((unsigned char)*ref) && !strchr("_-.", *ref))
            return false;
    return true;
}

/* A value or label of an itemset: usually the name of the item's child, else any path from it. */
static bool read_item_ref(struct tp_form *form, const xmlNode *at, const struct tp_body *entry,
                          const char *ref, const char **name, struct tp_xpath_expr **expr,
                          struct tp_error *error)
{
    ref = trimmed(form, ref);
    if (!ref)
        return tp_fail_memory(error);
    if (is_plain_name(ref)) {
        *name = ref;
        return true;
    }
    return tp_form_compile_item(form, at, entry->model, ref, expr, error);
}

static bool read_item_part(struct tp_form *form, const xmlNode *node, const struct tp_body *entry,
                           struct tp_itemset *itemset, struct tp_error *error)
{
    const char *ref = tp_xml_attr(node, "ref", NULL);
    const char *inside;

    if (ref && tp_xml_is(node, "value", NULL))
        return read_item_ref(form, node, entry, ref, &itemset->value, &itemset->value_expr, error);
    if (!ref || !tp_xml_is(node, "label", NULL))
        return true;
    inside = inside_itext(form, ref);
    itemset->label_is_id = inside != NULL;
    return read_item_ref(form, node, entry, inside ? inside : ref, &itemset->label,
                         &itemset->label_expr, error);
}

static bool read_itemset(struct tp_form *form, const xmlNode *element, struct tp_body *entry,
                         struct tp_error *error)
{
    const char *nodeset = tp_xml_attr(element, "nodeset", NULL);
    struct tp_itemset *itemset = tp_arena_alloc(&form->arena, 1, sizeof(*itemset));

    if (!itemset)
        return tp_fail_memory(error);
    if (!nodeset)
        return tp_form_fail(form, element, error, TP_ERR_INVALID, "<itemset> has no nodeset");
    if (!tp_form_compile(form, element, entry->model, nodeset, "choices", &itemset->nodes, error))
        return false;
    for (const xmlNode *node = tp_xml_first(element); node; node = tp_xml_next(node))
        if (!read_item_part(form, node, entry, itemset, error))
            return false;
    if (!itemset->value && !itemset->value_expr)
        return tp_form_fail(form, element, error, TP_ERR_INVALID, "<itemset> has no <value>");
    itemset->looked_up = itemset->value && tp_xml_attr(element, TP_LOOKED_UP, NULL);
    entry->itemset = itemset;
    return true;
}

/* ---- what each kind has ---- */

static size_t rows_of(const xmlNode *element, const char *appearance)
{
    const char *text = tp_xml_attr(element, "rows", NULL);
    long rows = text ? strtol(text, NULL, 10) : 0;

    if (rows < 1)
        rows = tp_appearance_has(appearance, "multiline") ? 5 : 1;
    return rows > ROWS_MAX ? ROWS_MAX : (size_t)rows;
}

static bool is_true(const char *attribute)
{
    return attribute && !strncmp(attribute, "true", 4);
}

static bool read_count(struct tp_form *form, const xmlNode *element, struct tp_body *entry,
                       struct tp_error *error)
{
    const char *count = tp_xml_attr(element, "count", TP_NS_JAVAROSA);

    entry->fixed = is_true(tp_xml_attr(element, "noAddRemove", TP_NS_JAVAROSA));
    if (!count)
        return true;
    entry->fixed = true;
    return tp_form_compile(form, element, entry->model, count, "number of repeats", &entry->count,
                           error);
}

static bool read_part(struct tp_form *form, const xmlNode *node, struct tp_body *entry,
                      struct tp_error *error)
{
    if (tp_xml_is(node, "label", NULL))
        return text_source(form, node, entry->model, &entry->label, error);
    if (tp_xml_is(node, "hint", NULL))
        return text_source(form, node, entry->model, &entry->hint, error);
    return !tp_xml_is(node, "itemset", NULL) || read_itemset(form, node, entry, error);
}

static bool read_entry(struct tp_form *form, const xmlNode *element, struct tp_body *entry,
                       struct tp_error *error)
{
    for (const xmlNode *node = tp_xml_first(element); node; node = tp_xml_next(node))
        if (!read_part(form, node, entry, error) && !tp_form_note(form, error))
            return false;
    entry->range_start = tp_xml_attr(element, "start", NULL);
    entry->range_end = tp_xml_attr(element, "end", NULL);
    entry->range_step = tp_xml_attr(element, "step", NULL);
    entry->mediatype = tp_xml_attr(element, "mediatype", NULL);
    entry->rows = rows_of(element, entry->appearance);
    if (entry->kind == TP_BODY_REPEAT)
        return read_count(form, element, entry, error);
    return read_items(form, element, entry, error);
}

bool tp_form_compile_body(struct tp_form *form, struct tp_error *error)
{
    for (uint32_t i = 1; i < form->body_count; i++)
        if (!read_entry(form, form->body_sources[i], &form->body[i], error) &&
            !tp_form_note(form, error))
            return false;
    return true;
}
