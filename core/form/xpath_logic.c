/* Functions on truth, and those that choose between values. */
#include <math.h>
#include <string.h>
#include <strings.h>

#include "form/xml.h"
#include "form/xpath_functions.h"
#include "form/xpath_value.h"

void tp_fn_if(xmlXPathParserContextPtr parser, int count)
{
    struct tp_xpath_args args;

    if (tp_args_take(&args, parser, count))
        tp_give_arg(&args, tp_arg_boolean(&args, 0) ? 1 : 2);
}

static bool is_nothing(struct tp_xpath_args *args, int index)
{
    const xmlXPathObject *value = args->value[index];

    if (value->type == XPATH_NUMBER)
        return isnan(value->floatval);
    return value->type != XPATH_BOOLEAN && !*tp_arg_text(args, index);
}

void tp_fn_coalesce(xmlXPathParserContextPtr parser, int count)
{
    struct tp_xpath_args args;

    if (tp_args_take(&args, parser, count))
        tp_give_arg(&args, is_nothing(&args, 0) ? 1 : 0);
}

/* depend(value, question...): the value, counted again when a question changes. */
void tp_fn_depend(xmlXPathParserContextPtr parser, int count)
{
    struct tp_xpath_args args;

    if (tp_args_take(&args, parser, count))
        tp_give_arg(&args, 0);
}

/* The node's own value where it has one, else the argument. What has elements below it holds none.
 */
void tp_fn_once(xmlXPathParserContextPtr parser, int count)
{
    struct tp_xpath_args args;
    xmlChar *owned = NULL;
    const char *now;
    xmlNodePtr node;

    if (!tp_args_take(&args, parser, count))
        return;
    node = args.env->origin ? args.env->origin : parser->context->node;
    now = node && !tp_xml_first(node) ? tp_node_text(node, &owned) : "";
    if (*now)
        tp_give_text(&args, now);
    else
        tp_give_arg(&args, 0);
    xmlFree(owned);
}

static void give_constant(xmlXPathParserContextPtr parser, int count, bool value)
{
    struct tp_xpath_args args;

    if (tp_args_take(&args, parser, count))
        tp_give_boolean(&args, value);
}

void tp_fn_true(xmlXPathParserContextPtr parser, int count)
{
    give_constant(parser, count, true);
}

void tp_fn_false(xmlXPathParserContextPtr parser, int count)
{
    give_constant(parser, count, false);
}

void tp_fn_boolean(xmlXPathParserContextPtr parser, int count)
{
    tp_xpath_bool(parser, count);
}

void tp_fn_boolean_from_string(xmlXPathParserContextPtr parser, int count)
{
    struct tp_xpath_args args;
    const char *text;

    if (!tp_args_take(&args, parser, count))
        return;
    text = tp_arg_text(&args, 0);
    tp_give_boolean(&args, !strcasecmp(text, "true") || !strcmp(text, "1"));
}

void tp_fn_not(xmlXPathParserContextPtr parser, int count)
{
    struct tp_xpath_args args;

    if (tp_args_take(&args, parser, count))
        tp_give_boolean(&args, !tp_arg_boolean(&args, 0));
}

/* ---- checklists ---- */

/* A factor's truth and its weight are given one by one, or as two sets of nodes. */
static bool node_is_true(xmlNodePtr node)
{
    xmlChar *owned;
    bool is_true = *tp_node_text(node, &owned) != '\0';

    xmlFree(owned);
    return is_true;
}

static double node_number(const struct tp_xpath_env *env, xmlNodePtr node)
{
    xmlChar *owned;
    double number = tp_text_number(env, tp_node_text(node, &owned));

    xmlFree(owned);
    return number;
}

void tp_fn_checklist(xmlXPathParserContextPtr parser, int count)
{
    struct tp_xpath_args args;
    double least;
    double most;
    double truths = 0;

    if (!tp_args_take(&args, parser, count))
        return;
    least = trunc(tp_arg_number(&args, 0));
    most = trunc(tp_arg_number(&args, 1));
    if (count == 3 && tp_arg_is_nodes(&args, 2)) {
        size_t nodes = tp_arg_node_count(&args, 2);

        for (size_t i = 0; i < nodes; i++)
            truths += node_is_true(tp_arg_node(&args, 2, i));
    } else {
        for (int i = 2; i < count; i++)
            truths += tp_arg_boolean(&args, i);
    }
    tp_give_boolean(&args, (least < 0 || truths >= least) && (most < 0 || truths <= most));
}

static double weight_of_sets(struct tp_xpath_args *args)
{
    size_t nodes = tp_arg_node_count(args, 2);
    double sum = 0;

    if (tp_arg_node_count(args, 3) != nodes) {
        tp_xpath_fail(args->env, "weighted-checklist() needs as many weights as values");
        return NAN;
    }
    for (size_t i = 0; i < nodes; i++)
        if (node_is_true(tp_arg_node(args, 2, i)))
            sum += node_number(args->env, tp_arg_node(args, 3, i));
    return sum;
}

void tp_fn_weighted_checklist(xmlXPathParserContextPtr parser, int count)
{
    struct tp_xpath_args args;
    double least;
    double most;
    double sum = 0;

    if (!tp_args_take(&args, parser, count))
        return;
    least = tp_arg_number(&args, 0);
    most = tp_arg_number(&args, 1);
    if (count == 4 && tp_arg_is_nodes(&args, 2) && tp_arg_is_nodes(&args, 3)) {
        sum = weight_of_sets(&args);
    } else {
        for (int i = 2; i + 1 < count; i += 2)
            if (tp_arg_boolean(&args, i))
                sum += tp_arg_number(&args, i + 1);
    }
    tp_give_boolean(&args, sum >= least && sum <= most);
}
