#include "form/xpath_functions.h"

#include <string.h>

#define ANY TP_XPATH_TYPE_ANY
#define BOOLEAN TP_XPATH_TYPE_BOOLEAN
#define NUMBER TP_XPATH_TYPE_NUMBER
#define STRING TP_XPATH_TYPE_STRING
#define NODESET TP_XPATH_TYPE_NODESET

/* In order of the name; libxml2's own functions that ODK leaves as they are have no body. */
static const struct tp_xpath_function functions[] = {
    {"abs", NULL, 1, 1, NUMBER, 0, tp_fn_abs},
    {"acos", NULL, 1, 1, NUMBER, 0, tp_fn_acos},
    {"area", NULL, 1, 1, NUMBER, 0, tp_fn_area},
    {"asin", NULL, 1, 1, NUMBER, 0, tp_fn_asin},
    {"atan", NULL, 1, 1, NUMBER, 0, tp_fn_atan},
    {"atan2", NULL, 2, 2, NUMBER, 0, tp_fn_atan2},
    {"base64-decode", NULL, 1, 1, STRING, 0, tp_fn_base64_decode},
    {"boolean", NULL, 1, 1, BOOLEAN, 0, tp_fn_boolean},
    {"boolean-from-string", NULL, 1, 1, BOOLEAN, 0, tp_fn_boolean_from_string},
    {"ceiling", NULL, 1, 1, NUMBER, 0, tp_fn_ceiling},
    {"checklist", NULL, 2, -1, BOOLEAN, 0, tp_fn_checklist},
    {"coalesce", NULL, 2, 2, ANY, 0, tp_fn_coalesce},
    {"concat", NULL, 0, -1, STRING, 0, tp_fn_concat},
    {"contains", NULL, 2, 2, BOOLEAN, 0, tp_fn_contains},
    {"cos", NULL, 1, 1, NUMBER, 0, tp_fn_cos},
    {"count", NULL, 1, 1, NUMBER, TP_FN_NODES, tp_fn_count},
    {"count-non-empty", NULL, 1, 1, NUMBER, TP_FN_NODES, tp_fn_count_non_empty},
    {"count-selected", NULL, 1, 1, NUMBER, 0, tp_fn_count_selected},
    {"current", NULL, 0, 0, NODESET, 0, tp_fn_current},
    {"date", NULL, 1, 1, ANY, 0, tp_fn_date},
    {"date-time", NULL, 1, 1, ANY, 0, tp_fn_date_time},
    {"decimal-date-time", NULL, 1, 1, ANY, 0, tp_fn_decimal_date_time},
    {"decimal-time", NULL, 1, 1, ANY, 0, tp_fn_decimal_time},
    {"depend", NULL, 1, -1, ANY, 0, tp_fn_depend},
    {"digest", NULL, 2, 3, STRING, 0, tp_fn_digest},
    {"distance", NULL, 1, -1, NUMBER, 0, tp_fn_distance},
    {"enclosed-area", NULL, 1, 1, NUMBER, 0, tp_fn_area},
    {"ends-with", NULL, 2, 2, BOOLEAN, 0, tp_fn_ends_with},
    {"exp", NULL, 1, 1, NUMBER, 0, tp_fn_exp},
    {"exp10", NULL, 1, 1, NUMBER, 0, tp_fn_exp10},
    {"extract-signed", NULL, 2, 2, STRING, 0, tp_fn_extract_signed},
    {"false", NULL, 0, 0, BOOLEAN, 0, tp_fn_false},
    {"floor", NULL, 1, 1, NUMBER, 0, tp_fn_floor},
    {"format-date", NULL, 2, 2, STRING, 0, tp_fn_format_date},
    {"format-date-time", NULL, 2, 2, STRING, 0, tp_fn_format_date},
    {"geofence", NULL, 2, 2, BOOLEAN, 0, tp_fn_geofence},
    {"id", NULL, 1, 1, NODESET, 0, tp_fn_id},
    {"if", NULL, 3, 3, ANY, 0, tp_fn_if},
    {"indexed-repeat", NULL, 3, -1, ANY, TP_FN_NODES | TP_FN_PAIRS, tp_fn_indexed_repeat},
    {"instance", NULL, 1, 1, NODESET, 0, tp_fn_instance},
    {"int", NULL, 1, 1, NUMBER, 0, tp_fn_int},
    {"is-selected", NULL, 2, 2, BOOLEAN, 0, tp_fn_selected},
    {"join", NULL, 1, -1, STRING, 0, tp_fn_join},
    {"jr:choice-name", "_choice-name", 2, 2, STRING, 0, tp_fn_choice_name},
    {"jr:itext", "_itext", 1, 1, STRING, 0, tp_fn_itext},
    {"lang", NULL, 1, 1, BOOLEAN, 0, NULL},
    {"last", NULL, 0, 0, NUMBER, TP_FN_POSITION, tp_fn_last},
    {"local-name", NULL, 0, 1, STRING, TP_FN_NODES, NULL},
    {"log", NULL, 1, 1, NUMBER, 0, tp_fn_log},
    {"log10", NULL, 1, 1, NUMBER, 0, tp_fn_log10},
    {"max", NULL, 1, -1, NUMBER, 0, tp_fn_max},
    {"min", NULL, 1, -1, NUMBER, 0, tp_fn_min},
    {"name", NULL, 0, 1, STRING, TP_FN_NODES, NULL},
    {"namespace-uri", NULL, 0, 1, STRING, TP_FN_NODES, NULL},
    {"normalize-space", NULL, 0, 1, STRING, 0, tp_fn_normalize_space},
    {"not", NULL, 1, 1, BOOLEAN, 0, tp_fn_not},
    {"now", NULL, 0, 0, STRING, TP_FN_CHANGES, tp_fn_now},
    {"number", NULL, 0, 1, NUMBER, 0, tp_fn_number},
    {"once", NULL, 1, 1, ANY, 0, tp_fn_once},
    {"pi", NULL, 0, 0, NUMBER, 0, tp_fn_pi},
    {"position", NULL, 0, 1, NUMBER, TP_FN_POSITION | TP_FN_NODES, tp_fn_position},
    {"pow", NULL, 2, 2, NUMBER, 0, tp_fn_pow},
    {"property", NULL, 1, 1, STRING, 0, tp_fn_property},
    {"pulldata", NULL, 4, 4, STRING, 0, tp_fn_pulldata},
    {"random", NULL, 0, 0, NUMBER, TP_FN_CHANGES, tp_fn_random},
    {"randomize", NULL, 1, 2, NODESET, TP_FN_NODES, tp_fn_randomize},
    {"regex", NULL, 2, 2, BOOLEAN, 0, tp_fn_regex},
    {"round", NULL, 1, 2, NUMBER, 0, tp_fn_round},
    {"selected", NULL, 2, 2, BOOLEAN, 0, tp_fn_selected},
    {"selected-at", NULL, 2, 2, STRING, 0, tp_fn_selected_at},
    {"sin", NULL, 1, 1, NUMBER, 0, tp_fn_sin},
    {"sqrt", NULL, 1, 1, NUMBER, 0, tp_fn_sqrt},
    {"starts-with", NULL, 2, 2, BOOLEAN, 0, tp_fn_starts_with},
    {"string", NULL, 0, 1, STRING, 0, tp_fn_string},
    {"string-length", NULL, 0, 1, NUMBER, 0, tp_fn_string_length},
    {"substr", NULL, 2, 3, STRING, 0, tp_fn_substr},
    {"substring", NULL, 2, 3, STRING, 0, tp_fn_substring},
    {"substring-after", NULL, 2, 2, STRING, 0, tp_fn_substring_after},
    {"substring-before", NULL, 2, 2, STRING, 0, tp_fn_substring_before},
    {"sum", NULL, 1, 1, NUMBER, TP_FN_NODES, tp_fn_sum},
    {"tan", NULL, 1, 1, NUMBER, 0, tp_fn_tan},
    {"today", NULL, 0, 0, STRING, TP_FN_CHANGES, tp_fn_today},
    {"translate", NULL, 3, 3, STRING, 0, tp_fn_translate},
    {"true", NULL, 0, 0, BOOLEAN, 0, tp_fn_true},
    {"uuid", NULL, 0, 1, STRING, TP_FN_CHANGES, tp_fn_uuid},
    {"version", NULL, 0, 0, STRING, 0, tp_fn_version},
    {"weighted-checklist", NULL, 2, -1, BOOLEAN, TP_FN_EVEN, tp_fn_weighted_checklist},
};

/* What the rewriter writes in place of operators. No form can: they are not in the table. */
static const struct tp_xpath_function operators[] = {
    {"_add", NULL, 2, 2, NUMBER, 0, tp_xpath_add},
    {"_bool", NULL, 1, 1, BOOLEAN, 0, tp_xpath_bool},
    {"_div", NULL, 2, 2, NUMBER, 0, tp_xpath_div},
    {"_eq", NULL, 2, 2, BOOLEAN, 0, tp_xpath_eq},
    {"_ge", NULL, 2, 2, BOOLEAN, 0, tp_xpath_ge},
    {"_gt", NULL, 2, 2, BOOLEAN, 0, tp_xpath_gt},
    {"_le", NULL, 2, 2, BOOLEAN, 0, tp_xpath_le},
    {"_lookup", NULL, 5, 5, NODESET, 0, tp_xpath_lookup},
    {"_lt", NULL, 2, 2, BOOLEAN, 0, tp_xpath_lt},
    {"_mod", NULL, 2, 2, NUMBER, 0, tp_xpath_mod},
    {"_mul", NULL, 2, 2, NUMBER, 0, tp_xpath_mul},
    {"_ne", NULL, 2, 2, BOOLEAN, 0, tp_xpath_ne},
    {"_neg", NULL, 1, 1, NUMBER, 0, tp_xpath_neg},
    {"_nodes", NULL, 1, 1, NODESET, 0, tp_xpath_nodes},
    {"_relevant", NULL, 1, 1, NODESET, 0, tp_xpath_relevant},
    {"_sub", NULL, 2, 2, NUMBER, 0, tp_xpath_sub},
    {"_unknown", NULL, 1, -1, ANY, 0, tp_xpath_unknown},
};

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static int compare(const char *name, size_t length, const char *entry)
{
    int order = strncmp(name, entry, length);

    return order ? order : -(entry[length] != '\0');
}

static const struct tp_xpath_function *find_in(const struct tp_xpath_function *table, size_t count,
                                               const char *name, size_t length)
{
    size_t low = 0;

    while (low < count) {
        size_t middle = low + (count - low) / 2;
        int order = compare(name, length, table[middle].name);

        if (!order)
            return &table[middle];
        if (order > 0)
            low = middle + 1;
        else
            count = middle;
    }
    return NULL;
}

const struct tp_xpath_function *tp_xpath_function_find(const char *name, size_t length)
{
    return find_in(functions, COUNT(functions), name, length);
}

xmlXPathFunction tp_xpath_function_lookup(void *context, const xmlChar *name, const xmlChar *ns)
{
    const char *text = (const char *)name;
    const struct tp_xpath_function *found;

    (void)context;
    if (ns)
        return NULL;
    found = find_in(functions, COUNT(functions), text, strlen(text));
    if (!found)
        found = find_in(operators, COUNT(operators), text, strlen(text));
    if (found)
        return found->call;
    for (size_t i = 0; *text == '_' && i < COUNT(functions); i++)
        if (functions[i].inner && !strcmp(functions[i].inner, text))
            return functions[i].call;
    return NULL;
}

/* ---- near misses ---- */

/* Letters to change, add or leave out; at most `most` + 1. */
static size_t distance(const char *a, size_t a_length, const char *b, size_t most)
{
    size_t row[64];
    size_t b_length = strlen(b);

    if (b_length >= COUNT(row) ||
        (a_length > b_length ? a_length - b_length : b_length - a_length) > most)
        return most + 1;
    for (size_t j = 0; j <= b_length; j++)
        row[j] = j;
    for (size_t i = 1; i <= a_length; i++) {
        size_t diagonal = row[0];

        row[0] = i;
        for (size_t j = 1; j <= b_length; j++) {
            size_t above = row[j];
            size_t change = diagonal + (a[i - 1] != b[j - 1]);

            if (row[j - 1] + 1 < change)
                change = row[j - 1] + 1;
            row[j] = above + 1 < change ? above + 1 : change;
            diagonal = above;
        }
    }
    return row[b_length];
}

const char *tp_xpath_function_suggest(const char *name, size_t length)
{
    size_t nearest = length > 4 ? 2 : 1;
    const char *suggestion = NULL;

    for (size_t i = 0; i < COUNT(functions); i++) {
        size_t far = distance(name, length, functions[i].name, nearest);

        if (far <= nearest) {
            suggestion = functions[i].name;
            if (!far)
                break;
            nearest = far - 1;
        }
    }
    return suggestion;
}
