/* Functions on numbers. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "form/xpath_functions.h"
#include "form/xpath_value.h"

void tp_fn_number(xmlXPathParserContextPtr parser, int count)
{
    struct tp_xpath_args args;
    xmlNodePtr node = parser->context->node;
    xmlChar *owned = NULL;

    if (!tp_args_take(&args, parser, count))
        return;
    if (count) {
        tp_give_number(&args, tp_arg_number(&args, 0));
        return;
    }
    if (!node)
        tp_xpath_fail(args.env, "there is no node to take the number of");
    tp_give_number(&args,
                   node ? tp_text_number(args.env, tp_node_text(node, &owned)) : (double)NAN);
    xmlFree(owned);
}

void tp_fn_random(xmlXPathParserContextPtr parser, int count)
{
    struct tp_xpath_args args;
    uint64_t bits;

    if (!tp_args_take(&args, parser, count))
        return;
    tp_random_fill(&args.env->random, &bits, sizeof(bits));
    tp_give_number(&args, (double)(bits >> 11) * 0x1p-53);
}

/* ---- sets ---- */

/* Calls `each` with every number among the arguments, a set's nodes one by one. */
static void each_number(struct tp_xpath_args *args, void (*each)(void *, double), void *state)
{
    for (int i = 0; i < args->count; i++) {
        size_t nodes;

        if (!tp_arg_is_nodes(args, i)) {
            each(state, tp_arg_number(args, i));
            continue;
        }
        nodes = tp_arg_node_count(args, i);
        for (size_t n = 0; n < nodes; n++) {
            xmlChar *owned;

            each(state, tp_text_number(args->env, tp_node_text(tp_arg_node(args, i, n), &owned)));
            xmlFree(owned);
        }
    }
}

/* Unanswered questions do not count, as in JavaRosa. */
static void add_to(void *state, double number)
{
    if (!isnan(number))
        *(double *)state += number;
}

static void raise(void *state, double number)
{
    double *most = state;

    if (!isnan(number) && !(*most >= number))
        *most = number;
}

static void lower(void *state, double number)
{
    double *least = state;

    if (!isnan(number) && !(*least <= number))
        *least = number;
}

static void fold(xmlXPathParserContextPtr parser, int count, void (*each)(void *, double),
                 double start)
{
    struct tp_xpath_args args;

    if (!tp_args_take(&args, parser, count))
        return;
    each_number(&args, each, &start);
    tp_give_number(&args, start);
}

void tp_fn_sum(xmlXPathParserContextPtr parser, int count)
{
    fold(parser, count, add_to, 0);
}

void tp_fn_max(xmlXPathParserContextPtr parser, int count)
{
    fold(parser, count, raise, NAN);
}

void tp_fn_min(xmlXPathParserContextPtr parser, int count)
{
    fold(parser, count, lower, NAN);
}

/* ---- rounding ---- */

/* Rounds the decimal writing of the number, so that 2.15 rounds to 2.2 although the double nearest
 * to it is less; halves go up, in XPath's way: -1.5 to -1. */
static double round_decimals(double number, int places)
{
    char digits[TP_NUMBER_TEXT_MAX];
    char rounded[TP_NUMBER_TEXT_MAX];
    char *point;
    const char *rest;
    int order;

    tp_number_text(fabs(number), digits);
    point = strchr(digits, '.');
    if (!point || strlen(point + 1) <= (size_t)places)
        return number;
    rest = point + 1 + places;
    order = strncmp(rest, "5", 1);
    if (!order && number < 0 && strspn(rest + 1, "0") == strlen(rest + 1))
        order = -1;
    (void)snprintf(rounded, sizeof(rounded), "%.*s", (int)(rest - digits), digits);
    if (order >= 0) {
        double up = strtod(rounded, NULL) + pow(10, -places);

        (void)snprintf(rounded, sizeof(rounded), "%.*f", places, up);
    }
    return copysign(strtod(rounded, NULL), number);
}

static double round_to(double number, double places)
{
    double scale;

    if (isnan(number) || isinf(number))
        return number;
    if (isnan(places) || fabs(places) > 30)
        return NAN;
    if (places >= 0)
        return round_decimals(number, (int)places);
    scale = pow(10, -trunc(places));
    return trunc(number / scale + 0.5) * scale;
}

void tp_fn_round(xmlXPathParserContextPtr parser, int count)
{
    struct tp_xpath_args args;

    if (!tp_args_take(&args, parser, count))
        return;
    tp_give_number(&args,
                   round_to(tp_arg_number(&args, 0), count == 2 ? tp_arg_number(&args, 1) : 0));
}

/* ---- one number in, one out ---- */

static void apply(xmlXPathParserContextPtr parser, int count, double (*function)(double))
{
    struct tp_xpath_args args;

    if (tp_args_take(&args, parser, count))
        tp_give_number(&args, function(tp_arg_number(&args, 0)));
}

static double power_of_ten(double number)
{
    return pow(10, number);
}

#define APPLY(name, function)                                                                      \
    void tp_fn_##name(xmlXPathParserContextPtr parser, int count)                                  \
    {                                                                                              \
        apply(parser, count, function);                                                            \
    }

APPLY(int, trunc)
APPLY(floor, floor)
APPLY(ceiling, ceil)
APPLY(log, log)
APPLY(log10, log10)
APPLY(abs, fabs)
APPLY(sin, sin)
APPLY(cos, cos)
APPLY(tan, tan)
APPLY(asin, asin)
APPLY(acos, acos)
APPLY(atan, atan)
APPLY(sqrt, sqrt)
APPLY(exp, exp)
APPLY(exp10, power_of_ten)

static void apply_two(xmlXPathParserContextPtr parser, int count,
                      double (*function)(double, double))
{
    struct tp_xpath_args args;

    if (tp_args_take(&args, parser, count))
        tp_give_number(&args, function(tp_arg_number(&args, 0), tp_arg_number(&args, 1)));
}

/* IEEE 754 lets 1 and -1 win over what is no number; Java and JavaScript do not. */
static double power(double base, double exponent)
{
    if (isnan(exponent) || (isinf(exponent) && fabs(base) == 1))
        return NAN;
    return pow(base, exponent);
}

void tp_fn_pow(xmlXPathParserContextPtr parser, int count)
{
    apply_two(parser, count, power);
}

void tp_fn_atan2(xmlXPathParserContextPtr parser, int count)
{
    apply_two(parser, count, atan2);
}

void tp_fn_pi(xmlXPathParserContextPtr parser, int count)
{
    struct tp_xpath_args args;

    if (tp_args_take(&args, parser, count))
        tp_give_number(&args, M_PI);
}
