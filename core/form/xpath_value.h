/*
 * ODK's conversions between XPath's types, and the arguments of a function.
 *
 * They differ from XPath 1.0 in that text with a date in it is a number (days since 1970), and in
 * that numbers are compared to within 1e-12. Thread: that of the environment.
 */
#ifndef TP_FORM_XPATH_VALUE_H
#define TP_FORM_XPATH_VALUE_H

#include <libxml/xpath.h>
#include <stdbool.h>
#include <stddef.h>

#include "form/datetime.h"
#include "form/xpath.h"

/* Arguments of one call; the longest concat() of a real form has a few dozen. */
#define TP_XPATH_ARGS_MAX 250

/* Enough for 1.8e308 written out, and for 1e-308. */
#define TP_NUMBER_TEXT_MAX 400

/* The shortest decimal that reads back as the same number, never with an exponent (XPath 1.0,
 * 4.2). */
void tp_number_text(double number, char text[TP_NUMBER_TEXT_MAX]);

/* Text as a number: XPath's syntax, else a date or date-time as days since 1970, else NaN. */
double tp_text_number(const struct tp_xpath_env *env, const char *text);

/* Days since 1970 of a date (whole, whatever the zone) or date-time (by the zone's clock). */
double tp_datetime_days(const struct tp_xpath_env *env, const struct tp_datetime *value);

bool tp_numbers_equal(double a, double b);

/* A node's text; the pointer is into the tree or to *owned (xmlFree), which may come back NULL. */
const char *tp_node_text(const xmlNode *node, xmlChar **owned);

/* An element's place among the siblings of its name, from 1. */
double tp_node_place(const xmlNode *node);

/* What a value of date functions is, beside its text. Plain text that reads like a date is none. */
enum tp_xpath_date {
    TP_DATE_NONE,
    TP_DATE_TEXT,   /* the text says all */
    TP_DATE_MOMENT, /* the text is a date; the time of day that went with it is kept */
};

struct tp_xpath_args {
    xmlXPathParserContextPtr parser;
    struct tp_xpath_env *env;
    int count;
    xmlXPathObjectPtr value[TP_XPATH_ARGS_MAX];
    xmlChar *text[TP_XPATH_ARGS_MAX]; /* conversions, owned; only the first `count` are set */
};

/* Takes the arguments off libxml2's stack. False when there is no memory; then just return. */
bool tp_args_take(struct tp_xpath_args *args, xmlXPathParserContextPtr parser, int count);

/* The index-th argument as ODK converts it. */
const char *tp_arg_text(struct tp_xpath_args *args, int index);
double tp_arg_number(struct tp_xpath_args *args, int index);
bool tp_arg_boolean(struct tp_xpath_args *args, int index);
bool tp_arg_is_nodes(const struct tp_xpath_args *args, int index);
/* The nodes; none, and the environment failed, where it is something else. */
size_t tp_arg_node_count(struct tp_xpath_args *args, int index);
xmlNodePtr tp_arg_node(struct tp_xpath_args *args, int index, size_t node);

/* Whether the argument came from a date function; for a moment, milliseconds since 1970 UTC. */
enum tp_xpath_date tp_arg_date(const struct tp_xpath_args *args, int index, int64_t *ms);

/* Each gives the function's result and drops the arguments. */
void tp_give_text(struct tp_xpath_args *args, const char *text);
/* Text that tp_arg_date knows again; `ms` counts for a moment only. */
void tp_give_date(struct tp_xpath_args *args, const char *text, enum tp_xpath_date kind,
                  int64_t ms);
/* The longest text a function may build; an answer is far shorter. */
#define TP_XPATH_RESULT_MAX ((size_t)4 * 1024 * 1024)
/* Gives the buffer's text and finishes it. */
void tp_give_buffer(struct tp_xpath_args *args, struct tp_buf *buf);
void tp_give_number(struct tp_xpath_args *args, double number);
void tp_give_boolean(struct tp_xpath_args *args, bool boolean);
void tp_give_nodes(struct tp_xpath_args *args, xmlXPathObjectPtr nodes);
/* Gives an argument back as it is. */
void tp_give_arg(struct tp_xpath_args *args, int index);

#endif
