/* appearance="search('file', ...)": choices that are looked up in a CSV file. The one choice that
 * is written names the columns; it becomes an itemset on the file, in its place, and choices
 * with a number for a name stay as they are. Source: docs.getodk.org, "External datasets",
 * search(). */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "form/form_internal.h"
#include "form/xml.h"

#define ARGUMENTS_MAX 6
/* A search with all its parts. */
#define NODESET_MAX (2 * TP_FORM_EXPRESSION_MAX)
/* Columns that one label or one search may name. */
#define COLUMNS_MAX 8

struct search {
    struct tp_form *form;
    xmlNodePtr element; /* the select */
    struct tp_error *error;
    const char *path; /* of the question, for errors */
    const char *arguments[ARGUMENTS_MAX];
    size_t lengths[ARGUMENTS_MAX];
    size_t count;
};

static bool refuse(struct search *search, const char *what)
{
    return tp_form_fail(search->form, search->element, search->error, TP_ERR_INVALID,
                        "search() of %s: %s", search->path, what);
}

/* ---- its arguments ---- */

/* The end of the argument at `p`: a comma or the bracket that closes the call. */
static const char *argument_end(const char *p)
{
    unsigned depth = 0;
    char quote = '\0';

    for (; *p; p++) {
        if (quote) {
            quote = *p == quote ? '\0' : quote;
        } else if (*p == '\'' || *p == '"') {
            quote = *p;
        } else if (*p == '(' || *p == '[') {
            depth++;
        } else if (depth && (*p == ')' || *p == ']')) {
            depth--;
        } else if (!depth && (*p == ',' || *p == ')')) {
            return p;
        }
    }
    return NULL;
}

static void trim(const char **text, size_t *length)
{
    while (*length && isspace((unsigned char)**text)) {
        (*text)++;
        (*length)--;
    }
    while (*length && isspace((unsigned char)(*text)[*length - 1]))
        (*length)--;
}

static bool read_arguments(struct search *search, const char *call)
{
    const char *p = strchr(call, '(') + 1;

    for (;;) {
        const char *end = argument_end(p);

        if (!end)
            return refuse(search, "a bracket or a quotation mark is missing");
        if (search->count == ARGUMENTS_MAX)
            return refuse(search, "more than six parts");
        search->arguments[search->count] = p;
        search->lengths[search->count] = (size_t)(end - p);
        trim(&search->arguments[search->count], &search->lengths[search->count]);
        search->count++;
        if (*end == ')')
            break;
        p = end + 1;
    }
    if (search->count != 1 && search->count != 4 && search->count != 6)
        return refuse(search, "it has a file; or a file, a way, columns and a text; or two more, "
                              "a column and its value");
    return true;
}

/* The words of a literal; false where the argument is none. */
static bool literal(const struct search *search, size_t index, const char **text, size_t *length)
{
    const char *at = search->arguments[index];
    size_t n = search->lengths[index];

    if (n < 3 || (*at != '\'' && *at != '"') || at[n - 1] != *at)
        return false;
    *text = at + 1;
    *length = n - 2;
    return true;
}

static bool is_name(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)text[i];

        if (!isalnum(c) && c != '_' && c < 0x80 && (!i || (c != '-' && c != '.')))
            return false;
    }
    return length > 0 && !isdigit((unsigned char)*text);
}

/* The next of "a, b"; false at the end. */
static bool next_column(const char **list, const char *end, const char **name, size_t *length)
{
    const char *comma;

    if (*list >= end)
        return false;
    comma = memchr(*list, ',', (size_t)(end - *list));
    *name = *list;
    *length = (size_t)((comma ? comma : end) - *list);
    trim(name, length);
    *list = comma ? comma + 1 : end;
    return true;
}

/* ---- the nodeset ---- */

/* In a predicate "." is the row of the file: what starts from the question is said so. */
static void put_value(const struct search *search, size_t index, struct tp_buf *out)
{
    if (search->arguments[index][0] == '.')
        (void)tp_buf_puts(out, "current()/");
    (void)tp_buf_add(out, search->arguments[index], search->lengths[index]);
}

#define CAPITALS "'ABCDEFGHIJKLMNOPQRSTUVWXYZ','abcdefghijklmnopqrstuvwxyz'"

static void put_match(const struct search *search, const char *way, const char *column,
                      size_t length, struct tp_buf *out)
{
    if (!*way) {
        (void)tp_buf_printf(out, "%.*s = ", (int)length, column);
        put_value(search, 3, out);
        return;
    }
    (void)tp_buf_printf(out, "%s(translate(%.*s," CAPITALS "),translate(", way, (int)length,
                        column);
    put_value(search, 3, out);
    (void)tp_buf_puts(out, "," CAPITALS "))");
}

static bool put_matches(struct search *search, struct tp_buf *out)
{
    static const char *const ways[][2] = {{"matches", ""},
                                          {"contains", "contains"},
                                          {"startswith", "starts-with"},
                                          {"endswith", "ends-with"}};
    const char *way = NULL;
    const char *text;
    const char *list;
    const char *name;
    size_t length;
    bool first = true;

    if (!literal(search, 1, &text, &length))
        return refuse(search, "its second part is 'contains', 'startswith', 'endswith' or "
                              "'matches'");
    for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
        if (strlen(ways[i][0]) == length && !strncmp(ways[i][0], text, length))
            way = ways[i][1];
    }
    if (!way)
        return refuse(search, "its second part is 'contains', 'startswith', 'endswith' or "
                              "'matches'");
    if (!literal(search, 2, &list, &length))
        return refuse(search, "its third part is a column of the file, in quotation marks");
    text = list + length;
    (void)tp_buf_puts(out, "[");
    while (next_column(&list, text, &name, &length)) {
        if (!is_name(name, length))
            return refuse(search, "its third part is a column of the file, in quotation marks");
        if (!first)
            (void)tp_buf_puts(out, " or ");
        put_match(search, way, name, length, out);
        first = false;
    }
    (void)tp_buf_puts(out, "]");
    return true;
}

static bool put_filter(struct search *search, struct tp_buf *out)
{
    const char *column;
    size_t length;

    if (!literal(search, 4, &column, &length) || !is_name(column, length))
        return refuse(search, "its fifth part is a column of the file, in quotation marks");
    (void)tp_buf_printf(out, "[%.*s = ", (int)length, column);
    put_value(search, 5, out);
    (void)tp_buf_puts(out, "]");
    return true;
}

/* ---- the form ---- */

static xmlNodePtr add_element(xmlNodePtr parent, const char *name)
{
    xmlNodePtr node = xmlNewDocNode(parent->doc, parent->ns, (const xmlChar *)name, NULL);

    if (node && !xmlAddChild(parent, node)) {
        xmlFreeNode(node);
        return NULL;
    }
    return node;
}

static bool set(xmlNodePtr node, const char *name, const char *value)
{
    return node && xmlNewProp(node, (const xmlChar *)name, (const xmlChar *)value);
}

/* The file as a secondary instance, unless the form has it already. */
static bool add_instance(xmlNodePtr model, const char *id)
{
    char src[512];
    xmlNodePtr node;

    for (node = tp_xml_first(model); node; node = tp_xml_next(node)) {
        const char *own = tp_xml_is(node, "instance", NULL) ? tp_xml_attr(node, "id", NULL) : NULL;

        if (own && !strcmp(own, id))
            return true;
    }
    (void)snprintf(src, sizeof(src), "jr://file-csv/%s.csv", id);
    node = add_element(model, "instance");
    return set(node, "id", id) && set(node, "src", src);
}

static const char *text_of(const xmlNode *element)
{
    return element && element->children && element->children->content
               ? (const char *)element->children->content
               : "";
}

static const xmlNode *child(const xmlNode *parent, const char *name)
{
    for (const xmlNode *node = tp_xml_first(parent); node; node = tp_xml_next(node)) {
        if (tp_xml_is(node, name, NULL))
            return node;
    }
    return NULL;
}

/* The choice that names the columns: the first whose name is no number. */
static xmlNodePtr columns_of(const xmlNode *select)
{
    for (xmlNodePtr node = tp_xml_first(select); node; node = tp_xml_next(node)) {
        const char *value;

        if (!tp_xml_is(node, "item", NULL))
            continue;
        value = text_of(child(node, "value"));
        value += strspn(value, " \t\r\n");
        if (value[strspn(value, "0123456789 \t\r\n")])
            return node;
    }
    return NULL;
}

/* Where the label is translated, the default language's words name the column. */
static const char *label_of(const struct search *search, const xmlNode *item)
{
    const xmlNode *label = child(item, "label");
    const char *ref = label ? tp_xml_attr(label, "ref", NULL) : NULL;
    const char *id = ref ? strchr(ref, '\'') : NULL;
    const struct tp_itext *itext = &search->form->itext;
    const xmlNode *text;
    uint32_t entry;
    char name[256];

    if (!id)
        return text_of(label);
    (void)snprintf(name, sizeof(name), "%.*s", (int)strcspn(id + 1, "'"), id + 1);
    entry = tp_itext_find(itext, name);
    text = entry ? itext->entries[entry].texts[itext->default_language] : NULL;
    for (xmlNodePtr node = text ? tp_xml_first(text) : NULL; node; node = tp_xml_next(node)) {
        if (!xmlHasProp(node, (const xmlChar *)"form"))
            return text_of(node);
    }
    return "";
}

static bool put_label(struct search *search, const char *list, struct tp_buf *out)
{
    const char *end = list + strlen(list);
    const char *name;
    size_t length;
    size_t count = 0;

    while (next_column(&list, end, &name, &length)) {
        if (!is_name(name, length) || count == COLUMNS_MAX)
            return refuse(search, "the label of its choice names columns of the file");
        (void)tp_buf_printf(out, "%s%.*s", count ? ",', '," : "concat(", (int)length, name);
        count++;
    }
    if (!count)
        return refuse(search, "its choice has no label; write the name of a column of the file");
    (void)tp_buf_puts(out, ")");
    return true;
}

/* In place of `item`. */
static bool put_itemset(struct search *search, xmlNodePtr item, const char *nodeset,
                        const char *value, const char *label)
{
    xmlNodePtr itemset = add_element(search->element, "itemset");
    xmlNodePtr part = itemset ? add_element(itemset, "value") : NULL;

    if (itemset)
        xmlFreeNode(xmlReplaceNode(item, itemset));

    if (!set(itemset, "nodeset", nodeset) || !set(itemset, TP_LOOKED_UP, "") ||
        !set(part, "ref", value))
        return false;
    part = add_element(itemset, "label");
    return set(part, "ref", label);
}

static bool write_itemset(struct search *search, xmlNodePtr item, struct tp_buf *nodeset,
                          struct tp_buf *label)
{
    const char *value;
    size_t length;

    value = text_of(child(item, "value"));
    length = strlen(value);
    trim(&value, &length);
    if (!is_name(value, length))
        return refuse(search, "the name of its choice is a column of the file");
    if (!put_label(search, label_of(search, item), label))
        return false;
    value = tp_arena_strndup(&search->form->arena, value, length);
    if (!value || !tp_buf_ok(nodeset) || !tp_buf_ok(label) ||
        !put_itemset(search, item, tp_buf_text(nodeset), value, tp_buf_text(label)))
        return tp_fail_memory(search->error);
    return true;
}

static bool expand(struct search *search, xmlNodePtr model, xmlNodePtr item, const char *call)
{
    struct tp_buf nodeset;
    struct tp_buf label;
    const char *file;
    size_t length;
    char id[256];
    bool ok;

    if (!read_arguments(search, call))
        return false;
    if (!literal(search, 0, &file, &length))
        return refuse(search, "its first part is the name of a file, in quotation marks");
    (void)snprintf(id, sizeof(id), "%.*s", (int)length, file);
    if (length > 4 && !strcmp(id + strlen(id) - 4, ".csv"))
        id[strlen(id) - 4] = '\0';
    if (!is_name(id, strlen(id)))
        return refuse(search, "its first part is the name of a file, in quotation marks");
    if (!add_instance(model, id))
        return tp_fail_memory(search->error);
    tp_buf_init(&nodeset, NODESET_MAX);
    tp_buf_init(&label, TP_FORM_TEXT_MAX);
    (void)tp_buf_printf(&nodeset, "instance('%s')/root/item", id);
    ok = (search->count < 6 || put_filter(search, &nodeset)) &&
         (search->count < 4 || put_matches(search, &nodeset)) &&
         write_itemset(search, item, &nodeset, &label);
    tp_buf_finish(&label);
    tp_buf_finish(&nodeset);
    return ok;
}

static bool in_element(struct tp_form *form, xmlNodePtr model, xmlNodePtr element,
                       struct tp_error *error)
{
    const char *appearance = tp_xml_attr(element, "appearance", NULL);
    const char *call = appearance ? strstr(appearance, "search(") : NULL;
    const char *ref = tp_xml_attr(element, "ref", NULL);
    struct search search = {
        .form = form, .element = element, .error = error, .path = ref ? ref : "a question"};

    xmlNodePtr item;

    if (!call || (call > appearance && call[-1] != ' ') ||
        (!tp_xml_is(element, "select", NULL) && !tp_xml_is(element, "select1", NULL) &&
         !tp_xml_is(element, "rank", NULL)))
        return true;
    item = columns_of(element);
    return !item || expand(&search, model, item, call);
}

bool tp_form_expand_searches(struct tp_form *form, xmlNodePtr model, xmlNodePtr body,
                             struct tp_error *error)
{
    for (xmlNodePtr node = tp_xml_first(body); node; node = tp_xml_next(node))
        if ((!in_element(form, model, node, error) && !tp_form_note(form, error)) ||
            !tp_form_expand_searches(form, model, node, error))
            return false;
    return true;
}
