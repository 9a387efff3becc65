/* The operators as ODK means them: dates are numbers, numbers are equal to within 1e-12. */
#include <math.h>
#include <string.h>

#include "form/xpath_functions.h"
#include "form/xpath_value.h"

enum comparison { EQ, NE, LT, LE, GT, GE };

/* One side of a comparison: a value, or one node of a set. */
struct operand {
    enum { OPERAND_BOOLEAN, OPERAND_NUMBER, OPERAND_TEXT } kind;
    bool boolean;
    double number;
    const char *text;
    bool dated; /* text that a date function or a form's question gave */
};

static bool compare_numbers(enum comparison how, double a, double b)
{
    switch (how) {
    case EQ:
        return tp_numbers_equal(a, b);
    case NE:
        return !tp_numbers_equal(a, b);
    case LT:
        return a < b;
    case LE:
        return a <= b;
    case GT:
        return a > b;
    case GE:
        return a >= b;
    }
    return false;
}

/* A date-time equals the date of its day on the zone's clock, where it is more than text that
 * reads like one. */
static bool same_day(const struct tp_xpath_env *env, const struct operand *a,
                     const struct operand *b)
{
    struct tp_datetime first;
    struct tp_datetime second;

    if ((!a->dated && !b->dated) || !strchr(a->text, '-') || !strchr(b->text, '-'))
        return false;
    if (!tp_datetime_parse(a->text, &first) || !tp_datetime_parse(b->text, &second) ||
        !first.has_date || !second.has_date || first.has_time == second.has_time ||
        !(first.has_time ? a : b)->dated)
        return false;
    return floor(tp_datetime_days(env, &first)) == floor(tp_datetime_days(env, &second));
}

static double operand_number(const struct tp_xpath_env *env, const struct operand *operand)
{
    switch (operand->kind) {
    case OPERAND_BOOLEAN:
        return operand->boolean;
    case OPERAND_NUMBER:
        return operand->number;
    case OPERAND_TEXT:
        return tp_text_number(env, operand->text);
    }
    return NAN;
}

static bool operand_boolean(const struct operand *operand)
{
    switch (operand->kind) {
    case OPERAND_BOOLEAN:
        return operand->boolean;
    case OPERAND_NUMBER:
        return !isnan(operand->number) && operand->number != 0;
    case OPERAND_TEXT:
        return *operand->text != '\0';
    }
    return false;
}

static bool compare_operands(const struct tp_xpath_env *env, enum comparison how,
                             const struct operand *a, const struct operand *b)
{
    bool equal;

    if (how != EQ && how != NE)
        return compare_numbers(how, operand_number(env, a), operand_number(env, b));
    if (a->kind == OPERAND_BOOLEAN || b->kind == OPERAND_BOOLEAN)
        equal = operand_boolean(a) == operand_boolean(b);
    else if (a->kind == OPERAND_NUMBER || b->kind == OPERAND_NUMBER)
        equal = tp_numbers_equal(operand_number(env, a), operand_number(env, b));
    else
        equal = !strcmp(a->text, b->text) || same_day(env, a, b);
    return equal == (how == EQ);
}

static void operand_of(struct tp_xpath_args *args, int index, struct operand *operand)
{
    int64_t ms;

    switch (args->value[index]->type) {
    case XPATH_BOOLEAN:
        operand->kind = OPERAND_BOOLEAN;
        operand->boolean = args->value[index]->boolval != 0;
        break;
    case XPATH_NUMBER:
        operand->kind = OPERAND_NUMBER;
        operand->number = args->value[index]->floatval;
        break;
    default:
        operand->kind = OPERAND_TEXT;
        operand->text = tp_arg_text(args, index);
        operand->dated = tp_arg_date(args, index, &ms) != TP_DATE_NONE;
        break;
    }
}

/* A question of a number type is compared as a number, so that 7 = '7.0'. An unanswered one is
 * compared as text, so that = '' asks whether it is unanswered. */
static void operand_of_node(struct tp_xpath_env *env, xmlNodePtr node, struct operand *operand,
                            xmlChar **owned)
{
    operand->kind = OPERAND_TEXT;
    operand->text = tp_node_text(node, owned);
    operand->dated = env->in_form;
    if (!*operand->text || !env->hooks || !env->hooks->numeric || !env->hooks->numeric(env, node))
        return;
    operand->number = tp_text_number(env, operand->text);
    if (!isnan(operand->number))
        operand->kind = OPERAND_NUMBER;
}

static bool compare_with_nodes(struct tp_xpath_args *args, enum comparison how, int nodes,
                               const struct operand *other)
{
    size_t count = tp_arg_node_count(args, nodes);

    for (size_t i = 0; i < count; i++) {
        struct operand operand = {0};
        xmlChar *owned = NULL;
        bool holds;

        operand_of_node(args->env, tp_arg_node(args, nodes, i), &operand, &owned);
        holds = nodes == 0 ? compare_operands(args->env, how, &operand, other)
                           : compare_operands(args->env, how, other, &operand);
        xmlFree(owned);
        if (holds)
            return true;
    }
    return false;
}

/* XPath 1.0, 3.4: two sets compare true when some pair of nodes does. */
static bool compare_sets(struct tp_xpath_args *args, enum comparison how)
{
    size_t count = tp_arg_node_count(args, 0);

    for (size_t i = 0; i < count; i++) {
        struct operand operand = {0};
        xmlChar *owned = NULL;
        bool holds;

        operand_of_node(args->env, tp_arg_node(args, 0, i), &operand, &owned);
        holds = compare_with_nodes(args, how, 1, &operand);
        xmlFree(owned);
        if (holds)
            return true;
    }
    return false;
}

/* In a form one question with no answer, or none relevant, is the empty text. */
static bool stands_for_nothing(struct tp_xpath_args *args, int index)
{
    return args->env->in_form && tp_arg_is_nodes(args, index) && !tp_arg_node_count(args, index);
}

static bool holds(struct tp_xpath_args *args, enum comparison how)
{
    bool first = tp_arg_is_nodes(args, 0) && !stands_for_nothing(args, 0);
    bool second = tp_arg_is_nodes(args, 1) && !stands_for_nothing(args, 1);
    struct operand a = {0};
    struct operand b = {0};
    bool whole;

    if (first && second)
        return compare_sets(args, how);
    if (!first)
        operand_of(args, 0, &a);
    if (!second)
        operand_of(args, 1, &b);
    /* XPath 1.0, 3.4: against a boolean the whole set counts. For < and > JavaRosa, Enketo and
     * web-forms take its values all the same. */
    whole = how == EQ || how == NE;
    if (first && b.kind == OPERAND_BOOLEAN && !second && whole) {
        a = (struct operand){.kind = OPERAND_BOOLEAN, .boolean = tp_arg_boolean(args, 0)};
        return compare_operands(args->env, how, &a, &b);
    }
    if (second && a.kind == OPERAND_BOOLEAN && !first && whole) {
        b = (struct operand){.kind = OPERAND_BOOLEAN, .boolean = tp_arg_boolean(args, 1)};
        return compare_operands(args->env, how, &a, &b);
    }
    if (first)
        return compare_with_nodes(args, how, 0, &b);
    if (second)
        return compare_with_nodes(args, how, 1, &a);
    return compare_operands(args->env, how, &a, &b);
}

static void compare(xmlXPathParserContextPtr parser, int count, enum comparison how)
{
    struct tp_xpath_args args;

    if (tp_args_take(&args, parser, count))
        tp_give_boolean(&args, holds(&args, how));
}

void tp_xpath_eq(xmlXPathParserContextPtr parser, int count)
{
    compare(parser, count, EQ);
}

void tp_xpath_ne(xmlXPathParserContextPtr parser, int count)
{
    compare(parser, count, NE);
}

void tp_xpath_lt(xmlXPathParserContextPtr parser, int count)
{
    compare(parser, count, LT);
}

void tp_xpath_le(xmlXPathParserContextPtr parser, int count)
{
    compare(parser, count, LE);
}

void tp_xpath_gt(xmlXPathParserContextPtr parser, int count)
{
    compare(parser, count, GT);
}

void tp_xpath_ge(xmlXPathParserContextPtr parser, int count)
{
    compare(parser, count, GE);
}

/* ---- arithmetic ---- */

/* Of as many arguments as there are, from the left. */
static void calculate(xmlXPathParserContextPtr parser, int count, double (*how)(double, double))
{
    struct tp_xpath_args args;
    double result;

    if (!tp_args_take(&args, parser, count))
        return;
    result = tp_arg_number(&args, 0);
    for (int i = 1; i < count; i++)
        result = how(result, tp_arg_number(&args, i));
    tp_give_number(&args, result);
}

static double add(double a, double b)
{
    return a + b;
}

static double subtract(double a, double b)
{
    return a - b;
}

static double multiply(double a, double b)
{
    return a * b;
}

static double divide(double a, double b)
{
    return a / b;
}

void tp_xpath_add(xmlXPathParserContextPtr parser, int count)
{
    calculate(parser, count, add);
}

void tp_xpath_sub(xmlXPathParserContextPtr parser, int count)
{
    calculate(parser, count, subtract);
}

void tp_xpath_mul(xmlXPathParserContextPtr parser, int count)
{
    calculate(parser, count, multiply);
}

void tp_xpath_div(xmlXPathParserContextPtr parser, int count)
{
    calculate(parser, count, divide);
}

void tp_xpath_mod(xmlXPathParserContextPtr parser, int count)
{
    calculate(parser, count, fmod);
}

void tp_xpath_neg(xmlXPathParserContextPtr parser, int count)
{
    struct tp_xpath_args args;

    if (tp_args_take(&args, parser, count))
        tp_give_number(&args, -tp_arg_number(&args, 0));
}

/* ---- what the rewriter adds ---- */

void tp_xpath_bool(xmlXPathParserContextPtr parser, int count)
{
    struct tp_xpath_args args;

    if (tp_args_take(&args, parser, count))
        tp_give_boolean(&args, tp_arg_boolean(&args, 0));
}

/* The nodes of a set that are relevant: what is not asked is not there to read. */
void tp_xpath_relevant(xmlXPathParserContextPtr parser, int count)
{
    struct tp_xpath_args args;
    xmlXPathObjectPtr kept;
    size_t nodes;

    if (!tp_args_take(&args, parser, count))
        return;
    if (!args.env->hooks || !args.env->hooks->relevant) {
        tp_give_arg(&args, 0);
        return;
    }
    kept = xmlXPathNewNodeSet(NULL);
    nodes = tp_arg_node_count(&args, 0);
    for (size_t i = 0; kept && i < nodes; i++) {
        xmlNodePtr node = tp_arg_node(&args, 0, i);

        if (args.env->hooks->relevant(args.env, node))
            (void)xmlXPathNodeSetAddUnique(kept->nodesetval, node);
    }
    tp_give_nodes(&args, kept);
}

/* The text an item's column must have, where comparing with the argument means just that: one
 * text, or one question's answer, that is no number and no date. */
static const char *plain_key(struct tp_xpath_args *args, int index)
{
    struct operand operand = {0};
    struct tp_datetime date;
    xmlChar *owned = NULL;
    const char *text;

    if (args->value[index]->type == XPATH_BOOLEAN || args->value[index]->type == XPATH_NUMBER)
        return NULL;
    if (tp_arg_is_nodes(args, index) && tp_arg_node_count(args, index) == 1) {
        operand_of_node(args->env, tp_arg_node(args, index, 0), &operand, &owned);
        xmlFree(owned);
        if (operand.kind == OPERAND_NUMBER)
            return NULL;
    } else if (tp_arg_is_nodes(args, index) && tp_arg_node_count(args, index) > 1) {
        return NULL;
    }
    text = tp_arg_text(args, index);
    return strchr(text, '-') && tp_datetime_parse(text, &date) ? NULL : text;
}

static bool item_matches(struct tp_xpath_args *args, const xmlNode *item, const char *column,
                         int index)
{
    struct operand operand = {.kind = OPERAND_TEXT};
    struct operand other = {0};

    for (const xmlNode *child = item->children; child; child = child->next) {
        xmlChar *owned = NULL;
        bool matches;

        if (child->type != XML_ELEMENT_NODE || strcmp((const char *)child->name, column) != 0)
            continue;
        operand.text = tp_node_text(child, &owned);
        if (tp_arg_is_nodes(args, index)) {
            matches = compare_with_nodes(args, EQ, index, &operand);
        } else {
            operand_of(args, index, &other);
            matches = compare_operands(args->env, EQ, &operand, &other);
        }
        xmlFree(owned);
        if (matches)
            return true;
    }
    return false;
}

/* _lookup(instance, root, item, column, key): the items whose column equals the key. */
void tp_xpath_lookup(xmlXPathParserContextPtr parser, int count)
{
    struct tp_xpath_args args;
    xmlXPathObjectPtr found;
    xmlXPathObjectPtr all;
    const char *text[4];
    const char *key;

    if (!tp_args_take(&args, parser, count))
        return;
    found = xmlXPathNewNodeSet(NULL);
    all = xmlXPathNewNodeSet(NULL);
    for (int i = 0; i < 4; i++)
        text[i] = tp_arg_text(&args, i);
    key = plain_key(&args, 4);
    if (found && all && args.env->hooks && args.env->hooks->lookup)
        args.env->hooks->lookup(args.env, text[0], text[1], text[2], text[3], key,
                                key ? found->nodesetval : all->nodesetval);
    for (int i = 0; found && all && i < all->nodesetval->nodeNr; i++)
        if (item_matches(&args, all->nodesetval->nodeTab[i], text[3], 4))
            (void)xmlXPathNodeSetAddUnique(found->nodesetval, all->nodesetval->nodeTab[i]);
    xmlXPathFreeObject(all);
    tp_give_nodes(&args, found);
}

/* A function that is not in the table, or not with these arguments, reached all the same. */
void tp_xpath_unknown(xmlXPathParserContextPtr parser, int count)
{
    struct tp_xpath_args args;

    if (!tp_args_take(&args, parser, count))
        return;
    tp_xpath_fail(args.env, "there is no function %s() with %d arguments", tp_arg_text(&args, 0),
                  count - 1);
    tp_give_text(&args, "");
}
