/*
 * instance('towns')/root/item[county = E]: by far the most frequent filter, and the slowest where a
 * list has 40,000 items. Where E does not depend on the item it is evaluated once, and the items
 * are looked up in an index of the column: _lookup('towns', 'root', 'item', 'county', E).
 */
#include <string.h>

#include "form/xpath_writer.h"

/* Functions that without arguments speak of the context node, and those that always do. */
static bool call_depends(const struct tp_xpath_node *call)
{
    static const char *const own[] = {
        "position",   "last",          "string",        "number", "name",
        "local-name", "namespace-uri", "string-length", "once",   "normalize-space"};

    if (tp_xpath_is_call(call, "lang") || tp_xpath_is_call(call, "once"))
        return true;
    for (size_t i = 0; !call->first && i < sizeof(own) / sizeof(own[0]); i++)
        if (tp_xpath_is_call(call, own[i]))
            return true;
    return false;
}

/* Whether an expression may give another value for each item. */
static bool depends_on_item(const struct tp_xpath_node *node)
{
    if (node->kind == TP_XPATH_PATH) {
        if (node->start == TP_XPATH_RELATIVE)
            return true;
        return node->start == TP_XPATH_EXPR && depends_on_item(node->first);
    }
    if (node->kind == TP_XPATH_CALL && call_depends(node))
        return true;
    for (const struct tp_xpath_node *p = node->first; p; p = p->next)
        if (depends_on_item(p))
            return true;
    return false;
}

static bool is_child_step(const struct tp_xpath_node *step)
{
    return step && step->axis == TP_AXIS_CHILD && step->test == TP_TEST_NAME &&
           !memchr(step->text, ':', step->length);
}

/* A path that is one child's name, and nothing more. */
static bool is_column(const struct tp_xpath_node *node)
{
    return node->kind == TP_XPATH_PATH && node->start == TP_XPATH_RELATIVE &&
           is_child_step(node->first) && !node->first->first && !node->first->next;
}

static bool put_name(struct tp_writer *writer, const struct tp_xpath_node *step)
{
    return tp_write_put(writer, "'") && tp_write_bytes(writer, step->text, step->length) &&
           tp_write_put(writer, "',");
}

bool tp_write_lookup(struct tp_writer *writer, const struct tp_xpath_node *path,
                     const struct tp_place *place, const struct tp_xpath_node **rest,
                     const struct tp_xpath_node **predicates, bool *written)
{
    const struct tp_xpath_node *call = path->first;
    const struct tp_xpath_node *root = call->next;
    const struct tp_xpath_node *item = root ? root->next : NULL;
    const struct tp_xpath_node *test = item ? item->first : NULL;
    const struct tp_xpath_node *column;
    const struct tp_xpath_node *key;
    enum tp_xpath_type type;

    *written = false;
    if (!writer->scope->model || !tp_xpath_is_call(call, "instance") || !call->first ||
        call->first->kind != TP_XPATH_STRING || call->first->next)
        return true;
    if (!is_child_step(root) || root->first || !is_child_step(item) || !test ||
        test->kind != TP_XPATH_EQ)
        return true;
    column = is_column(test->first) ? test->first : test->first->next;
    key = column == test->first ? test->first->next : test->first;
    if (!is_column(column) || depends_on_item(key))
        return true;
    *written = true;
    *rest = item->next;
    *predicates = test->next;
    return tp_write_put(writer, "_lookup(") &&
           tp_write_bytes(writer, call->first->text - 1, (size_t)call->first->length + 2) &&
           tp_write_put(writer, ",") && put_name(writer, root) && put_name(writer, item) &&
           put_name(writer, column->first) && tp_write_value(writer, key, place, &type) &&
           tp_write_put(writer, ")");
}
