#include "form/consultation.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"
#include "form/consultation_facts.h"

/* BCP 47 tags in use are far shorter. */
#define TAG_MAX 64u

struct tp_consultation {
    json_t *facts; /* checked: objects of strings; owned */
    enum tp_consultation_kind kind;
    int minutes;
    struct tp_day opens;
    struct tp_day closes;
};

static const char *const kind_names[] = {
    [TP_KIND_CONSULTATION] = "consultation",
    [TP_KIND_EQUALITY] = "equality",
    [TP_KIND_FORMAT_REQUEST] = "format_request",
    [TP_KIND_COMMENTS] = "comments",
};

const char *tp_consultation_kind_name(enum tp_consultation_kind kind)
{
    return kind_names[kind];
}

static bool find_kind(const char *text, enum tp_consultation_kind *kind)
{
    for (unsigned i = 0; i < sizeof(kind_names) / sizeof(kind_names[0]); i++) {
        if (strcmp(kind_names[i], text) == 0) {
            *kind = (enum tp_consultation_kind)i;
            return true;
        }
    }
    return false;
}

bool tp_consultation_kind_is(const char *text)
{
    enum tp_consultation_kind kind;

    return find_kind(text, &kind);
}

/* ---- reading ---- */

static bool check_shape(json_t *facts, struct tp_error *error)
{
    const char *name;
    const char *tag;
    json_t *texts;
    json_t *text;

    if (!json_is_object(facts))
        return tp_fail(error, TP_ERR_INVALID, "consultation.json is not an object of facts");
    json_object_foreach(facts, name, texts)
    {
        if (!json_is_object(texts))
            return tp_fail(error, TP_ERR_INVALID,
                           "consultation.json: '%.60s' is not an object of texts by language",
                           name);
        json_object_foreach(texts, tag, text)
        {
            if (!json_is_string(text))
                return tp_fail(error, TP_ERR_INVALID,
                               "consultation.json: '%.60s' in '%.60s' is not a text", name, tag);
        }
    }
    return true;
}

static const char *exact(const struct tp_consultation *consultation, const char *name,
                         const char *tag)
{
    return json_string_value(json_object_get(json_object_get(consultation->facts, name), tag));
}

static bool read_day(const struct tp_consultation *consultation, const char *name,
                     struct tp_day *day, struct tp_error *error)
{
    const char *text = exact(consultation, name, "default");

    if (!text || tp_day_parse(text, day))
        return true;
    return tp_fail(error, TP_ERR_INVALID,
                   "consultation.json: '%s' is '%.40s'; a day is written 2026-11-30", name, text);
}

static bool read_minutes(struct tp_consultation *consultation, struct tp_error *error)
{
    const char *text = exact(consultation, "minutes", "default");
    long minutes;
    char *end;

    if (!text)
        return true;
    minutes = strtol(text, &end, 10);
    if (end == text || *end || minutes < 1 || minutes > TP_CONSULTATION_MINUTES_MAX)
        return tp_fail(error, TP_ERR_INVALID,
                       "consultation.json: 'minutes' is '%.40s'; use a whole number from 1 to %d",
                       text, TP_CONSULTATION_MINUTES_MAX);
    consultation->minutes = (int)minutes;
    return true;
}

static bool read_facts(struct tp_consultation *consultation, struct tp_error *error)
{
    const char *kind = exact(consultation, "kind", "default");

    if (kind && !find_kind(kind, &consultation->kind))
        return tp_fail(error, TP_ERR_INVALID, "consultation.json: '%.40s' is not a known kind",
                       kind);
    if (!read_day(consultation, "opens", &consultation->opens, error) ||
        !read_day(consultation, "closes", &consultation->closes, error) ||
        !read_minutes(consultation, error))
        return false;
    if (consultation->opens.year && consultation->closes.year &&
        tp_day_compare(consultation->opens, consultation->closes) > 0)
        return tp_fail(error, TP_ERR_INVALID, "consultation.json: it closes before it opens");
    return true;
}

bool tp_consultation_parse(const char *json, size_t length, struct tp_consultation **consultation,
                           struct tp_error *error)
{
    struct tp_consultation *fresh;
    json_error_t where;

    if (length > TP_CONSULTATION_BYTES_MAX)
        return tp_fail(error, TP_ERR_LIMIT, "consultation.json is larger than %u MB",
                       TP_CONSULTATION_BYTES_MAX / (1024 * 1024));
    fresh = tp_calloc(1, sizeof(*fresh));
    if (!fresh)
        return tp_fail_memory(error);
    fresh->facts = json_loadb(json, length, JSON_REJECT_DUPLICATES, &where);
    if (!fresh->facts) {
        (void)tp_fail(error, TP_ERR_INVALID, "consultation.json, line %d: %s", where.line,
                      where.text);
        goto destroy;
    }
    if (!check_shape(fresh->facts, error) || !read_facts(fresh, error))
        goto destroy;
    *consultation = fresh;
    return true;

destroy:
    tp_consultation_destroy(fresh);
    return false;
}

bool tp_consultation_read(const char *path, struct tp_consultation **consultation,
                          struct tp_error *error)
{
    struct tp_buf bytes;
    bool read;

    tp_buf_init(&bytes, TP_CONSULTATION_BYTES_MAX);
    read = tp_file_read(path, &bytes, error) &&
           tp_consultation_parse(tp_buf_text(&bytes), bytes.length, consultation, error);
    tp_buf_finish(&bytes);
    return read;
}

void tp_consultation_destroy(struct tp_consultation *consultation)
{
    if (!consultation)
        return;
    json_decref(consultation->facts);
    tp_free(consultation);
}

/* ---- asking ---- */

/* Tags compare without letter case (RFC 5646, 2.1.1). */
static const char *in_language(const struct tp_consultation *consultation, const char *name,
                               const char *tag)
{
    json_t *texts = json_object_get(consultation->facts, name);
    const char *key;
    json_t *text;

    json_object_foreach(texts, key, text)
    {
        if (strcasecmp(key, tag) == 0)
            return json_string_value(text);
    }
    return NULL;
}

/* The tag, then shorter ones: "pl-Latn-PL", "pl-Latn", "pl". */
static const char *lookup(const struct tp_consultation *consultation, const char *name,
                          const char *tag)
{
    char shorter[TAG_MAX];
    const char *text;
    char *dash;

    if (!tag || strlen(tag) >= sizeof(shorter))
        return NULL;
    (void)snprintf(shorter, sizeof(shorter), "%s", tag);
    for (;;) {
        text = in_language(consultation, name, shorter);
        if (text)
            return text;
        dash = strrchr(shorter, '-');
        if (!dash)
            return NULL;
        *dash = '\0';
    }
}

const char *tp_consultation_text(const struct tp_consultation *consultation, const char *name,
                                 const char *tag)
{
    const char *text = lookup(consultation, name, tag);

    return text ? text : exact(consultation, name, "default");
}

bool tp_consultation_has(const struct tp_consultation *consultation, const char *name,
                         const char *tag)
{
    return tag ? lookup(consultation, name, tag) : exact(consultation, name, "default");
}

enum tp_consultation_kind tp_consultation_kind(const struct tp_consultation *consultation)
{
    return consultation->kind;
}

int tp_consultation_minutes(const struct tp_consultation *consultation)
{
    return consultation->minutes;
}

struct tp_day tp_consultation_opens(const struct tp_consultation *consultation)
{
    return consultation->opens;
}

struct tp_day tp_consultation_closes(const struct tp_consultation *consultation)
{
    return consultation->closes;
}

enum tp_consultation_phase tp_consultation_phase(const struct tp_consultation *consultation,
                                                 struct tp_day today)
{
    if (consultation->opens.year && tp_day_compare(today, consultation->opens) < 0)
        return TP_PHASE_BEFORE;
    if (consultation->closes.year && tp_day_compare(today, consultation->closes) > 0)
        return TP_PHASE_AFTER;
    return TP_PHASE_OPEN;
}
