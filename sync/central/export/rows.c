#include "central/export/rows.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "central/export/csv.h"

#define EQUALITY_PREFIX "equality/"
#define HEADING_MAX 8192u

/* Goes from one blank-parted value to the next. */
static const char *next_value(const char *text, size_t *length)
{
    text += strspn(text, " |");
    *length = strcspn(text, " ");
    return *length ? text : NULL;
}

static bool has_value(const char *text, const char *wanted)
{
    size_t length;

    for (const char *value = next_value(text, &length); value;
         value = next_value(value + length, &length)) {
        if (strlen(wanted) == length && memcmp(value, wanted, length) == 0)
            return true;
    }
    return false;
}

/* Labels in place of codes, parted by "; ". */
static void put_labels(struct tp_buf *out, const struct tp_schema_question *question,
                       const char *text)
{
    size_t length;
    bool first = true;

    for (const char *value = next_value(text, &length); value;
         value = next_value(value + length, &length)) {
        const char *label = tp_schema_choice_label(question, value, length);

        if (!first)
            (void)tp_buf_puts(out, "; ");
        first = false;
        if (label)
            (void)tp_buf_puts(out, label);
        else
            (void)tp_buf_add(out, value, length);
    }
}

static bool is_select(const struct tp_schema_question *question)
{
    return question->kind == TP_COLUMN_SELECT_ONE || question->kind == TP_COLUMN_SELECT_MULTIPLE;
}

static bool is_split(const struct tp_schema_question *question)
{
    return question->kind == TP_COLUMN_SELECT_MULTIPLE && question->choice_count > 0 &&
           question->choice_count <= TP_SPLIT_CHOICES_MAX;
}

/* ---- CSV ---- */

static void csv_value(struct tp_buf *out, bool *first, const struct tp_schema_question *question,
                      const char *text, bool labels)
{
    struct tp_buf shown;

    if (question->kind == TP_COLUMN_NUMBER) {
        tp_csv_number(out, first, text);
        return;
    }
    if (!labels || !is_select(question)) {
        tp_csv_text(out, first, text);
        return;
    }
    tp_buf_init(&shown, TP_ANSWER_VALUE_MAX);
    put_labels(&shown, question, text);
    tp_csv_text(out, first, tp_buf_text(&shown));
    out->failed = out->failed || !tp_buf_ok(&shown);
    tp_buf_finish(&shown);
}

static void csv_values(struct tp_buf *out, bool *first, const struct tp_schema *schema,
                       const struct tp_answer *answer, bool labels)
{
    for (size_t i = 0; i < schema->count; i++) {
        const struct tp_schema_question *question = &schema->questions[i];
        const char *text = answer ? answer->values[i].text : "";

        csv_value(out, first, question, text, labels);
        for (size_t k = 0; is_split(question) && k < question->choice_count; k++) {
            const char *mark = has_value(text, question->choices[k].value) ? "1" : "0";

            /* Not asked is not the same as not chosen. */
            tp_csv_number(out, first, *text ? mark : "");
        }
    }
}

static void csv_headings(struct tp_buf *out, bool *first, const struct tp_schema *schema,
                         const char *prefix, bool labels)
{
    struct tp_buf heading;

    tp_buf_init(&heading, HEADING_MAX);
    for (size_t i = 0; i < schema->count; i++) {
        const struct tp_schema_question *question = &schema->questions[i];
        const char *name = labels ? question->label : question->path;

        tp_buf_reset(&heading);
        (void)tp_buf_printf(&heading, "%s%s", prefix, name);
        tp_csv_text(out, first, tp_buf_text(&heading));
        for (size_t k = 0; is_split(question) && k < question->choice_count; k++) {
            tp_buf_reset(&heading);
            (void)tp_buf_printf(&heading, labels ? "%s%s: %s" : "%s%s/%s", prefix, name,
                                labels ? question->choices[k].label : question->choices[k].value);
            tp_csv_text(out, first, tp_buf_text(&heading));
        }
    }
    tp_buf_finish(&heading);
}

void tp_rows_csv_header(struct tp_buf *out, const struct tp_row *row)
{
    static const char *const before[] = {"instanceID", "received", "version", "late", "screen"};
    bool first = true;

    for (size_t i = 0; i < sizeof(before) / sizeof(before[0]); i++)
        tp_csv_text(out, &first, before[i]);
    for (int fact = 0; fact < TP_FACT_COUNT; fact++)
        tp_csv_text(out, &first, tp_fact_name((enum tp_fact)fact));
    tp_csv_text(out, &first, "problem");
    csv_headings(out, &first, row->schema, "", row->labels);
    if (row->equality_schema)
        csv_headings(out, &first, row->equality_schema, EQUALITY_PREFIX, row->labels);
    tp_csv_end_row(out);
}

void tp_rows_csv(struct tp_buf *out, const struct tp_row *row)
{
    char received[TP_TIME_TEXT_MAX];
    bool first = true;

    tp_time_utc(row->kept->received_ms, received);
    tp_csv_text(out, &first, row->kept->instance_id);
    tp_csv_text(out, &first, received);
    tp_csv_text(out, &first, row->kept->version);
    tp_csv_text(out, &first, row->kept->late ? "1" : "0");
    tp_csv_text(out, &first, row->kept->device_name);
    for (int fact = 0; fact < TP_FACT_COUNT; fact++)
        tp_csv_text(out, &first, row->answer->facts[fact].text);
    tp_csv_text(out, &first, tp_problem_text(row->answer->problem));
    csv_values(out, &first, row->schema, row->answer, row->labels);
    if (row->equality_schema)
        csv_values(out, &first, row->equality_schema, row->equality, row->labels);
    tp_csv_end_row(out);
}

/* ---- JSON ---- */

static json_t *json_many(const struct tp_schema_question *question, const char *text, bool labels)
{
    json_t *list = json_array();
    size_t length;

    for (const char *value = next_value(text, &length); value;
         value = next_value(value + length, &length)) {
        const char *label = labels ? tp_schema_choice_label(question, value, length) : NULL;

        (void)json_array_append_new(list, label ? json_string(label) : json_stringn(value, length));
    }
    return list;
}

/* A number goes as it was written where JSON can hold it exactly. */
static json_t *json_number(const char *text)
{
    if (!tp_is_plain_number(text) || strlen(text) > 15)
        return json_string(text);
    if (strchr(text, '.'))
        return json_real(strtod(text, NULL));
    return json_integer(strtoll(text, NULL, 10));
}

static json_t *json_value(const struct tp_schema_question *question, const char *text, bool labels)
{
    const char *label = NULL;

    if (question->kind == TP_COLUMN_NUMBER)
        return json_number(text);
    if (question->kind == TP_COLUMN_SELECT_MULTIPLE)
        return json_many(question, text, labels);
    if (labels && question->kind == TP_COLUMN_SELECT_ONE)
        label = tp_schema_choice_label(question, text, strlen(text));
    return json_string(label ? label : text);
}

static json_t *json_values(const struct tp_schema *schema, const struct tp_answer *answer,
                           bool labels)
{
    json_t *values = json_object();

    for (size_t i = 0; i < schema->count; i++) {
        const struct tp_schema_question *question = &schema->questions[i];
        const char *text = answer->values[i].text;

        if (*text)
            (void)json_object_set_new(values, question->path, json_value(question, text, labels));
    }
    return values;
}

static json_t *json_facts(const struct tp_answer *answer)
{
    json_t *facts = json_object();

    for (int fact = 0; fact < TP_FACT_COUNT; fact++) {
        if (answer->facts[fact].length)
            (void)json_object_set_new(facts, tp_fact_name((enum tp_fact)fact),
                                      json_string(answer->facts[fact].text));
    }
    return facts;
}

void tp_rows_json(struct tp_buf *out, const struct tp_row *row)
{
    char received[TP_TIME_TEXT_MAX];
    json_t *object;
    char *text;

    tp_time_utc(row->kept->received_ms, received);
    object = json_pack("{sssssssbssso}", "instanceID", row->kept->instance_id, "received", received,
                       "version", row->kept->version, "late", row->kept->late, "screen",
                       row->kept->device_name, "context", json_facts(row->answer));
    if (row->answer->problem)
        (void)json_object_set_new(object, "problem",
                                  json_string(tp_problem_text(row->answer->problem)));
    (void)json_object_set_new(object, "answers",
                              json_values(row->schema, row->answer, row->labels));
    if (row->equality)
        (void)json_object_set_new(object, "equality",
                                  json_values(row->equality_schema, row->equality, row->labels));
    text = object ? json_dumps(object, JSON_COMPACT) : NULL;
    if (text)
        (void)tp_buf_puts(out, text);
    else
        out->failed = true;
    tp_free_secret(text);
    json_decref(object);
}
