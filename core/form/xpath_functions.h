/*
 * The table of functions a form may call, each with its arguments and result.
 *
 * Adding one is a line in xpath_functions.c and its body in the xpath_*.c file of its kind.
 */
#ifndef TP_FORM_XPATH_FUNCTIONS_H
#define TP_FORM_XPATH_FUNCTIONS_H

#include <libxml/xpath.h>
#include <libxml/xpathInternals.h>
#include <stddef.h>
#include <stdint.h>

#include "form/xpath.h"

enum {
    TP_FN_CHANGES = 1,  /* another result each time: the clock, chance */
    TP_FN_POSITION = 2, /* depends on where its node stands in a repeat */
    TP_FN_NODES = 4,    /* the first argument must be a path */
    TP_FN_PAIRS = 8,    /* arguments after the first come in pairs */
    TP_FN_EVEN = 16,    /* an even number of arguments */
};

struct tp_xpath_function {
    const char *name;  /* as forms write it */
    const char *inner; /* for libxml2; NULL: the same */
    int8_t min;
    int8_t max;   /* -1: any number */
    uint8_t type; /* enum tp_xpath_type */
    uint8_t flags;
    xmlXPathFunction call; /* NULL: libxml2's own */
};

/* The function of this name (`length` bytes), or NULL. */
const struct tp_xpath_function *tp_xpath_function_find(const char *name, size_t length);

/* The nearest name to a misspelt one, or NULL. */
const char *tp_xpath_function_suggest(const char *name, size_t length);

/* libxml2's lookup: by the inner name. */
xmlXPathFunction tp_xpath_function_lookup(void *context, const xmlChar *name, const xmlChar *ns);

/* operators (xpath_operators.c) */
void tp_xpath_eq(xmlXPathParserContextPtr parser, int count);
void tp_xpath_ne(xmlXPathParserContextPtr parser, int count);
void tp_xpath_lt(xmlXPathParserContextPtr parser, int count);
void tp_xpath_le(xmlXPathParserContextPtr parser, int count);
void tp_xpath_gt(xmlXPathParserContextPtr parser, int count);
void tp_xpath_ge(xmlXPathParserContextPtr parser, int count);
void tp_xpath_add(xmlXPathParserContextPtr parser, int count);
void tp_xpath_sub(xmlXPathParserContextPtr parser, int count);
void tp_xpath_mul(xmlXPathParserContextPtr parser, int count);
void tp_xpath_div(xmlXPathParserContextPtr parser, int count);
void tp_xpath_mod(xmlXPathParserContextPtr parser, int count);
void tp_xpath_neg(xmlXPathParserContextPtr parser, int count);
void tp_xpath_bool(xmlXPathParserContextPtr parser, int count);
void tp_xpath_lookup(xmlXPathParserContextPtr parser, int count);
void tp_xpath_nodes(xmlXPathParserContextPtr parser, int count);
void tp_xpath_relevant(xmlXPathParserContextPtr parser, int count);
void tp_xpath_unknown(xmlXPathParserContextPtr parser, int count);

/* text (xpath_text.c) */
void tp_fn_string(xmlXPathParserContextPtr parser, int count);
void tp_fn_concat(xmlXPathParserContextPtr parser, int count);
void tp_fn_join(xmlXPathParserContextPtr parser, int count);
void tp_fn_substr(xmlXPathParserContextPtr parser, int count);
void tp_fn_substring(xmlXPathParserContextPtr parser, int count);
void tp_fn_substring_before(xmlXPathParserContextPtr parser, int count);
void tp_fn_substring_after(xmlXPathParserContextPtr parser, int count);
void tp_fn_translate(xmlXPathParserContextPtr parser, int count);
void tp_fn_string_length(xmlXPathParserContextPtr parser, int count);
void tp_fn_normalize_space(xmlXPathParserContextPtr parser, int count);
void tp_fn_contains(xmlXPathParserContextPtr parser, int count);
void tp_fn_starts_with(xmlXPathParserContextPtr parser, int count);
void tp_fn_ends_with(xmlXPathParserContextPtr parser, int count);
void tp_fn_regex(xmlXPathParserContextPtr parser, int count);
/* Whether regex() can work with this pattern. */
bool tp_xpath_is_pattern(const char *text, size_t length);
void tp_fn_uuid(xmlXPathParserContextPtr parser, int count);
void tp_fn_digest(xmlXPathParserContextPtr parser, int count);
void tp_fn_base64_decode(xmlXPathParserContextPtr parser, int count);
void tp_fn_extract_signed(xmlXPathParserContextPtr parser, int count);

/* logic (xpath_logic.c) */
void tp_fn_if(xmlXPathParserContextPtr parser, int count);
void tp_fn_coalesce(xmlXPathParserContextPtr parser, int count);
void tp_fn_depend(xmlXPathParserContextPtr parser, int count);
void tp_fn_once(xmlXPathParserContextPtr parser, int count);
void tp_fn_true(xmlXPathParserContextPtr parser, int count);
void tp_fn_false(xmlXPathParserContextPtr parser, int count);
void tp_fn_boolean(xmlXPathParserContextPtr parser, int count);
void tp_fn_boolean_from_string(xmlXPathParserContextPtr parser, int count);
void tp_fn_not(xmlXPathParserContextPtr parser, int count);
void tp_fn_checklist(xmlXPathParserContextPtr parser, int count);
void tp_fn_weighted_checklist(xmlXPathParserContextPtr parser, int count);

/* numbers (xpath_number.c) */
void tp_fn_number(xmlXPathParserContextPtr parser, int count);
void tp_fn_random(xmlXPathParserContextPtr parser, int count);
void tp_fn_int(xmlXPathParserContextPtr parser, int count);
void tp_fn_sum(xmlXPathParserContextPtr parser, int count);
void tp_fn_max(xmlXPathParserContextPtr parser, int count);
void tp_fn_min(xmlXPathParserContextPtr parser, int count);
void tp_fn_round(xmlXPathParserContextPtr parser, int count);
void tp_fn_floor(xmlXPathParserContextPtr parser, int count);
void tp_fn_ceiling(xmlXPathParserContextPtr parser, int count);
void tp_fn_pow(xmlXPathParserContextPtr parser, int count);
void tp_fn_log(xmlXPathParserContextPtr parser, int count);
void tp_fn_log10(xmlXPathParserContextPtr parser, int count);
void tp_fn_abs(xmlXPathParserContextPtr parser, int count);
void tp_fn_sin(xmlXPathParserContextPtr parser, int count);
void tp_fn_cos(xmlXPathParserContextPtr parser, int count);
void tp_fn_tan(xmlXPathParserContextPtr parser, int count);
void tp_fn_asin(xmlXPathParserContextPtr parser, int count);
void tp_fn_acos(xmlXPathParserContextPtr parser, int count);
void tp_fn_atan(xmlXPathParserContextPtr parser, int count);
void tp_fn_atan2(xmlXPathParserContextPtr parser, int count);
void tp_fn_sqrt(xmlXPathParserContextPtr parser, int count);
void tp_fn_exp(xmlXPathParserContextPtr parser, int count);
void tp_fn_exp10(xmlXPathParserContextPtr parser, int count);
void tp_fn_pi(xmlXPathParserContextPtr parser, int count);

/* nodes (xpath_nodes.c) */
void tp_fn_count(xmlXPathParserContextPtr parser, int count);
void tp_fn_count_non_empty(xmlXPathParserContextPtr parser, int count);
void tp_fn_last(xmlXPathParserContextPtr parser, int count);
void tp_fn_position(xmlXPathParserContextPtr parser, int count);
void tp_fn_instance(xmlXPathParserContextPtr parser, int count);
void tp_fn_current(xmlXPathParserContextPtr parser, int count);
void tp_fn_randomize(xmlXPathParserContextPtr parser, int count);
void tp_fn_indexed_repeat(xmlXPathParserContextPtr parser, int count);
void tp_fn_id(xmlXPathParserContextPtr parser, int count);

/* dates (xpath_date.c) */
void tp_fn_today(xmlXPathParserContextPtr parser, int count);
void tp_fn_now(xmlXPathParserContextPtr parser, int count);
void tp_fn_date(xmlXPathParserContextPtr parser, int count);
void tp_fn_date_time(xmlXPathParserContextPtr parser, int count);
void tp_fn_decimal_date_time(xmlXPathParserContextPtr parser, int count);
void tp_fn_decimal_time(xmlXPathParserContextPtr parser, int count);
void tp_fn_format_date(xmlXPathParserContextPtr parser, int count);

/* choices, texts, places (xpath_choice.c, xpath_geo.c) */
void tp_fn_selected(xmlXPathParserContextPtr parser, int count);
void tp_fn_selected_at(xmlXPathParserContextPtr parser, int count);
void tp_fn_count_selected(xmlXPathParserContextPtr parser, int count);
void tp_fn_choice_name(xmlXPathParserContextPtr parser, int count);
void tp_fn_itext(xmlXPathParserContextPtr parser, int count);
void tp_fn_pulldata(xmlXPathParserContextPtr parser, int count);
void tp_fn_property(xmlXPathParserContextPtr parser, int count);
void tp_fn_version(xmlXPathParserContextPtr parser, int count);
void tp_fn_area(xmlXPathParserContextPtr parser, int count);
void tp_fn_distance(xmlXPathParserContextPtr parser, int count);
void tp_fn_geofence(xmlXPathParserContextPtr parser, int count);

#endif
