/* xpath.jsonl and xpath-javarosa.jsonl: one expression each. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "conformance.h"
#include "form/eval.h"

/* The suites that record areas and distances compare two decimals. */
#define TWO_DECIMALS 0.00501

static const char *text_of(json_t *row, const char *name)
{
    const char *text = json_string_value(json_object_get(row, name));

    return text ? text : "";
}

static double expected_number(json_t *expected)
{
    const char *text = json_string_value(expected);

    if (!text)
        return json_number_value(expected);
    if (!strcmp(text, "NaN"))
        return NAN;
    return strtod(text, NULL);
}

static bool same_number(double a, double b, const char *expression)
{
    if (isnan(a) || isnan(b))
        return isnan(a) && isnan(b);
    if (a == b || fabs(a - b) <= 1e-9 * fmax(1, fabs(b)))
        return true;
    return (strstr(expression, "area(") || strstr(expression, "distance(")) &&
           fabs(a - b) <= TWO_DECIMALS;
}

/* "Thu Feb 29 00:00:00 GMT 1996", as Java prints a date, of "1996-02-29". */
static bool same_java_date(const char *text, const char *expected)
{
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    char month[4] = "";
    char wanted[64];
    const char *found;
    int day = 0;
    int year = 0;

    /* NOLINTNEXTLINE(cert-err34-c): a fixed format of our own data */
    if (sscanf(expected, "%*s %3s %d %*s %*s %d", month, &day, &year) != 3)
        return false;
    found = strstr(months, month);
    (void)snprintf(wanted, sizeof(wanted), "%04d-%02d-%02d", year,
                   found ? (int)(found - months) / 3 + 1 : 0, day);
    return !strncmp(text, wanted, 10);
}

static bool same_nodes(const struct tp_eval_result *result, json_t *expected)
{
    const char *line = tp_buf_text(&result->nodes);

    if (result->kind != TP_EVAL_NODES || result->node_count != json_array_size(expected))
        return false;
    for (size_t i = 0; i < json_array_size(expected); i++) {
        const char *path = json_string_value(json_array_get(expected, i));
        bool found = false;

        for (const char *p = line; *p && !found; p = strchr(p, '\n') + 1)
            found = !strncmp(p, path, strlen(path)) && p[strlen(path)] == '\t';
        if (!found)
            return false;
    }
    return true;
}

static bool is_expected(json_t *row, const struct tp_eval_result *result)
{
    const char *kind = text_of(row, "kind");
    json_t *expected = json_object_get(row, "expected");

    if (!strcmp(kind, "string"))
        return !strcmp(tp_buf_text(&result->text), text_of(row, "expected"));
    if (!strcmp(kind, "number"))
        return same_number(result->number, expected_number(expected), text_of(row, "expr"));
    if (!strcmp(kind, "boolean"))
        return result->boolean == json_is_true(expected);
    if (!strcmp(kind, "nodeset"))
        return same_nodes(result, expected);
    if (!strcmp(kind, "Date"))
        return same_java_date(tp_buf_text(&result->text), text_of(row, "expected"));
    return !strcmp(kind, "error") && result->failed;
}

static void one(json_t *row, struct tally *tally)
{
    struct tp_eval_request request = {.name = "case",
                                      .expression = text_of(row, "expr"),
                                      .language = json_string_value(json_object_get(row, "lang")),
                                      .context = text_of(row, "ctx"),
                                      .now_ms = json_integer_value(json_object_get(row, "now_ms"))};
    const char *zone_name = text_of(row, "tz");
    json_t *agree = json_object_get(row, "engines_agree");
    struct tp_eval_result result;
    struct tp_zone *zone = NULL;
    struct tp_error error = {0};
    char why[600];
    char *wanted = json_dumps(json_object_get(row, "expected"), JSON_ENCODE_ANY | JSON_COMPACT);

    request.xml = json_string_value(json_object_get(row, "xml"));
    request.length = request.xml ? strlen(request.xml) : 0;
    (void)tp_zone_load(*zone_name ? zone_name : NULL, &zone, NULL);
    request.zone = zone;
    if (tp_eval(&request, &result, &error)) {
        (void)snprintf(why, sizeof(why), "wanted %.200s (%s), got '%.200s'%s%.80s",
                       wanted ? wanted : "?", text_of(row, "kind"), tp_buf_text(&result.text),
                       result.failed ? ": " : "", result.failed ? result.failure : "");
        if (result.kind == TP_EVAL_NODES && !strcmp(text_of(row, "kind"), "nodeset"))
            (void)snprintf(why, sizeof(why), "wanted %.250s, got %.250s", wanted ? wanted : "?",
                           tp_buf_text(&result.nodes));
        tally_add(tally, !agree || json_is_true(agree), is_expected(row, &result),
                  json_object_get(row, "id"), request.expression, why);
        tp_eval_finish(&result);
    } else {
        (void)snprintf(why, sizeof(why), "wanted %.200s, got the error: %.300s",
                       wanted ? wanted : "?", error.text);
        tally_add(tally, !agree || json_is_true(agree), !strcmp(text_of(row, "kind"), "error"),
                  json_object_get(row, "id"), request.expression, why);
    }
    tp_zone_destroy(zone);
    free(wanted);
}

void run_xpath(const char *folder, struct tally *tally)
{
    (void)each_line(folder, "xpath.jsonl", one, tally);
    (void)each_line(folder, "xpath-javarosa.jsonl", one, tally);
}
