#include "form/xpath_value.h"

#include <ctype.h>
#include <libxml/xpathInternals.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DAY_SECONDS 86400.0
#define TOLERANCE 1e-12

/* ---- numbers ---- */

/* The digits "125" times 10^-7 (of the first digit) as "0.000000125". */
static void plain_decimal(const char *digits, int exponent, char *text)
{
    if (exponent < 0) {
        *text++ = '0';
        *text++ = '.';
        for (int i = -1; i > exponent; i--)
            *text++ = '0';
    }
    for (int i = 0; *digits || i <= exponent; i++) {
        if (i == exponent + 1 && exponent >= 0)
            *text++ = '.';
        *text++ = *digits ? *digits++ : '0';
    }
    *text = '\0';
}

void tp_number_text(double number, char text[TP_NUMBER_TEXT_MAX])
{
    char short_form[40];
    char digits[40];
    char *exponent;
    size_t count = 0;
    double magnitude = fabs(number);

    if (isnan(number)) {
        (void)snprintf(text, TP_NUMBER_TEXT_MAX, "NaN");
        return;
    }
    if (isinf(number)) {
        (void)snprintf(text, TP_NUMBER_TEXT_MAX, number < 0 ? "-Infinity" : "Infinity");
        return;
    }
    if (magnitude == floor(magnitude) && magnitude < 1e15) {
        (void)snprintf(text, TP_NUMBER_TEXT_MAX, "%.0f", magnitude == 0 ? 0.0 : number);
        return;
    }
    for (int precision = 14; precision <= 16; precision++) {
        (void)snprintf(short_form, sizeof(short_form), "%.*e", precision, magnitude);
        if (strtod(short_form, NULL) == magnitude)
            break;
    }
    exponent = strchr(short_form, 'e');
    for (const char *p = short_form; p < exponent; p++)
        if (isdigit((unsigned char)*p))
            digits[count++] = *p;
    while (count > 1 && digits[count - 1] == '0')
        count--;
    digits[count] = '\0';
    if (number < 0)
        *text++ = '-';
    plain_decimal(digits, (int)strtol(exponent + 1, NULL, 10), text);
}

/* XPath 1.0, 4.4: white space, minus, digits and point. One comma is taken for the point, as people
 * in many countries write it and JavaRosa reads it. */
static bool read_number(const char *text, double *number)
{
    char plain[TP_NUMBER_TEXT_MAX];
    size_t length = 0;
    bool digits = false;
    bool point = false;

    while (isspace((unsigned char)*text))
        text++;
    if (*text == '-')
        plain[length++] = *text++;
    for (; isdigit((unsigned char)*text) || (!point && (*text == '.' || *text == ',')); text++) {
        bool digit = isdigit((unsigned char)*text);

        digits |= digit;
        point |= !digit;
        if (length + 1 == sizeof(plain))
            return false;
        plain[length++] = digit ? *text : '.';
    }
    while (isspace((unsigned char)*text))
        text++;
    if (!digits || *text)
        return false;
    plain[length] = '\0';
    *number = strtod(plain, NULL);
    return true;
}

double tp_datetime_days(const struct tp_xpath_env *env, const struct tp_datetime *value)
{
    struct tp_datetime local = *value;

    if (value->has_time && value->has_offset)
        tp_datetime_from_ms(tp_datetime_to_ms(value, env->zone, 0), env->zone, &local);
    return (double)tp_day_number(local.year, local.month, local.day) +
           ((local.hour * 60 + local.minute) * 60.0 + local.second + local.ms / 1000.0) /
               DAY_SECONDS;
}

/* As a day is stored: 2026-11-26, and the time behind a T. Other spellings are text, not numbers.
 */
static bool is_day(const char *text)
{
    static const char behind_year[] = "-00-00";
    size_t digits;

    text += *text == '-';
    digits = strspn(text, "0123456789");
    text += digits;
    for (const char *p = behind_year; *p; p++, text++)
        if (*p == '-' ? *text != '-' : !isdigit((unsigned char)*text))
            return false;
    return digits >= 4 && (*text == '\0' || *text == 'T');
}

double tp_text_number(const struct tp_xpath_env *env, const char *text)
{
    struct tp_datetime value;
    double number;

    if (read_number(text, &number))
        return number;
    if (is_day(text) && tp_datetime_parse(text, &value))
        return tp_datetime_days(env, &value);
    return NAN;
}

bool tp_numbers_equal(double a, double b)
{
    return a == b || fabs(a - b) < TOLERANCE;
}

/* ---- nodes ---- */

const char *tp_node_text(const xmlNode *node, xmlChar **owned)
{
    const xmlNode *child;

    *owned = NULL;
    switch (node->type) {
    case XML_TEXT_NODE:
    case XML_CDATA_SECTION_NODE:
    case XML_COMMENT_NODE:
    case XML_PI_NODE:
        return node->content ? (const char *)node->content : "";
    case XML_ELEMENT_NODE:
    case XML_ATTRIBUTE_NODE:
        child = node->children;
        if (!child)
            return "";
        if (!child->next && child->type == XML_TEXT_NODE)
            return child->content ? (const char *)child->content : "";
        break;
    default:
        break;
    }
    *owned = xmlXPathCastNodeToString((xmlNodePtr)node);
    return *owned ? (const char *)*owned : "";
}

static xmlNodePtr first_node(const xmlXPathObject *value)
{
    const xmlNodeSet *nodes = value->nodesetval;

    if (!nodes || !nodes->nodeNr)
        return NULL;
    if (nodes->nodeNr > 1 && value->type == XPATH_NODESET)
        xmlXPathNodeSetSort(value->nodesetval);
    return nodes->nodeTab[0];
}

static bool is_nodes(const xmlXPathObject *value)
{
    return value->type == XPATH_NODESET || value->type == XPATH_XSLT_TREE;
}

/* ---- conversions ---- */

bool tp_xpath_to_boolean(struct tp_xpath_env *env, const xmlXPathObject *value)
{
    xmlChar *owned = NULL;
    const char *text;
    xmlNodePtr node;
    bool result;

    switch (value->type) {
    case XPATH_BOOLEAN:
        return value->boolval != 0;
    case XPATH_NUMBER:
        return !isnan(value->floatval) && fabs(value->floatval) > TOLERANCE;
    case XPATH_STRING:
        return value->stringval && *value->stringval;
    case XPATH_NODESET:
    case XPATH_XSLT_TREE:
        node = first_node(value);
        /* In a form a question counts as true when it has an answer, and not the number 0 or the
         * boolean false; not because it exists. */
        if (!node || !env->in_form)
            return node != NULL;
        text = tp_node_text(node, &owned);
        result =
            *text && !(env->hooks && env->hooks->says_no && env->hooks->says_no(env, node, text));
        xmlFree(owned);
        return result;
    default:
        return false;
    }
}

double tp_xpath_to_number(struct tp_xpath_env *env, const xmlXPathObject *value)
{
    xmlChar *owned = NULL;
    xmlNodePtr node;
    double number;

    switch (value->type) {
    case XPATH_BOOLEAN:
        return value->boolval ? 1 : 0;
    case XPATH_NUMBER:
        return value->floatval;
    case XPATH_STRING:
        return tp_text_number(env, value->stringval ? (const char *)value->stringval : "");
    case XPATH_NODESET:
    case XPATH_XSLT_TREE:
        node = first_node(value);
        if (!node)
            return NAN;
        number = tp_text_number(env, tp_node_text(node, &owned));
        xmlFree(owned);
        return number;
    default:
        return NAN;
    }
}

/* Text without a copy where there is one; *owned is to be freed. */
static const char *value_text(const xmlXPathObject *value, xmlChar **owned)
{
    char number[TP_NUMBER_TEXT_MAX];
    xmlNodePtr node;

    *owned = NULL;
    switch (value->type) {
    case XPATH_BOOLEAN:
        return value->boolval ? "true" : "false";
    case XPATH_STRING:
        return value->stringval ? (const char *)value->stringval : "";
    case XPATH_NUMBER:
        tp_number_text(value->floatval, number);
        *owned = xmlStrdup((const xmlChar *)number);
        return *owned ? (const char *)*owned : "";
    case XPATH_NODESET:
    case XPATH_XSLT_TREE:
        node = first_node(value);
        return node ? tp_node_text(node, owned) : "";
    default:
        return "";
    }
}

void tp_xpath_to_text(struct tp_xpath_env *env, const xmlXPathObject *value, struct tp_buf *out)
{
    xmlChar *owned;

    (void)env;
    (void)tp_buf_puts(out, value_text(value, &owned));
    xmlFree(owned);
}

/* ---- arguments ---- */

bool tp_args_take(struct tp_xpath_args *args, xmlXPathParserContextPtr parser, int count)
{
    args->parser = parser;
    args->env = parser->context->userData;
    args->count = 0;
    if (count > TP_XPATH_ARGS_MAX || parser->valueNr < count) {
        xmlXPathErr(parser, XPATH_INVALID_ARITY);
        return false;
    }
    args->count = count;
    for (int i = count - 1; i >= 0; i--) {
        args->value[i] = valuePop(parser);
        args->text[i] = NULL;
    }
    for (int i = 0; i < count; i++) {
        if (!args->value[i]) {
            tp_give_text(args, "");
            return false;
        }
    }
    return true;
}

static void drop(struct tp_xpath_args *args)
{
    for (int i = 0; i < args->count; i++) {
        if (args->value[i])
            xmlXPathFreeObject(args->value[i]);
        xmlFree(args->text[i]);
    }
    args->count = 0;
}

const char *tp_arg_text(struct tp_xpath_args *args, int index)
{
    if (args->text[index])
        return (const char *)args->text[index];
    return value_text(args->value[index], &args->text[index]);
}

double tp_arg_number(struct tp_xpath_args *args, int index)
{
    return tp_xpath_to_number(args->env, args->value[index]);
}

bool tp_arg_boolean(struct tp_xpath_args *args, int index)
{
    return tp_xpath_to_boolean(args->env, args->value[index]);
}

bool tp_arg_is_nodes(const struct tp_xpath_args *args, int index)
{
    return is_nodes(args->value[index]);
}

/* libxml2 does not use these two members of a text. */
enum tp_xpath_date tp_arg_date(const struct tp_xpath_args *args, int index, int64_t *ms)
{
    const xmlXPathObject *value = args->value[index];

    if (value->type != XPATH_STRING)
        return TP_DATE_NONE;
    *ms = (int64_t)value->floatval;
    return (enum tp_xpath_date)value->index;
}

size_t tp_arg_node_count(struct tp_xpath_args *args, int index)
{
    const xmlNodeSet *nodes = args->value[index]->nodesetval;

    if (!is_nodes(args->value[index])) {
        tp_xpath_fail(args->env, "argument %d must be a question or a set of nodes", index + 1);
        return 0;
    }
    return nodes ? (size_t)nodes->nodeNr : 0;
}

xmlNodePtr tp_arg_node(struct tp_xpath_args *args, int index, size_t node)
{
    return args->value[index]->nodesetval->nodeTab[node];
}

static void give(struct tp_xpath_args *args, xmlXPathObjectPtr result)
{
    xmlXPathParserContextPtr parser = args->parser;

    drop(args);
    if (!result || valuePush(parser, result) < 0)
        xmlXPathErr(parser, XPATH_MEMORY_ERROR);
}

void tp_give_text(struct tp_xpath_args *args, const char *text)
{
    give(args, xmlXPathNewString((const xmlChar *)text));
}

void tp_give_date(struct tp_xpath_args *args, const char *text, enum tp_xpath_date kind, int64_t ms)
{
    xmlXPathObjectPtr value = xmlXPathNewString((const xmlChar *)text);

    if (value) {
        value->index = (int)kind;
        value->floatval = (double)ms;
    }
    give(args, value);
}

void tp_give_buffer(struct tp_xpath_args *args, struct tp_buf *buf)
{
    if (!tp_buf_ok(buf))
        tp_xpath_fail(args->env, "the text is longer than %zu MiB", TP_XPATH_RESULT_MAX >> 20);
    tp_give_text(args, tp_buf_ok(buf) ? tp_buf_text(buf) : "");
    tp_buf_finish(buf);
}

void tp_give_number(struct tp_xpath_args *args, double number)
{
    give(args, xmlXPathNewFloat(number));
}

void tp_give_boolean(struct tp_xpath_args *args, bool boolean)
{
    give(args, xmlXPathNewBoolean(boolean));
}

void tp_give_nodes(struct tp_xpath_args *args, xmlXPathObjectPtr nodes)
{
    give(args, nodes);
}

void tp_give_arg(struct tp_xpath_args *args, int index)
{
    xmlXPathObjectPtr value = args->value[index];

    args->value[index] = NULL;
    give(args, value);
}
