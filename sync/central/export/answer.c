#include "central/export/answer.h"

#include <string.h>

#include "base/mem.h"
#include "central/export/scan.h"
#include "central/export/tree.h"

#define CONTEXT_NAMESPACE "urn:talkpoint:context:1"
#define PATH_MAX_BYTES 1024u
/* More than any form asks: one answer cannot fill the memory with names. */
#define PATHS_MAX 20000u
/* Where a path ends that does not fit. */
#define TOO_LONG (PATH_MAX_BYTES - 1)

static const char *const fact_names[TP_FACT_COUNT] = {
    "venue", "event", "channel",     "language", "readingMode", "privacyVersion",
    "clock", "pace",  "receiptCode", "practice", "about"};

const char *tp_fact_name(enum tp_fact fact)
{
    return fact_names[fact];
}

const char *tp_problem_text(enum tp_problem problem)
{
    static const char *const texts[] = {
        [TP_PROBLEM_NONE] = "",
        [TP_PROBLEM_NOT_XML] = "what was sealed is not XML",
        [TP_PROBLEM_OTHER_ID] = "its instanceID is not the one it was sent under",
        [TP_PROBLEM_TOO_LONG] = "one of its values is too long and was left out",
        [TP_PROBLEM_NO_KEY] = "its seal cannot be opened with the keys that are here",
        [TP_PROBLEM_NO_FORM_KEY] = ("it is encrypted to its form's own key, which is not here: "
                                    "name the private key with --key"),
        [TP_PROBLEM_NOT_WHOLE] = "its encrypted file has not come: have it sent again",
    };

    return texts[problem];
}

static const struct tp_text nothing = {.text = "", .length = 0};

static void empty_read(struct tp_answer *answer)
{
    for (size_t i = 0; i < answer->count; i++)
        tp_buf_reset(&answer->read[i]);
    for (size_t i = 0; i < TP_FACT_COUNT; i++)
        tp_wipe(answer->read_facts[i], strlen(answer->read_facts[i]));
    answer->has_read = false;
}

void tp_answer_empty(struct tp_answer *answer)
{
    for (size_t i = 0; i < answer->count; i++)
        answer->values[i] = nothing;
    for (size_t i = 0; i < TP_FACT_COUNT; i++)
        answer->facts[i] = nothing;
    answer->problem = TP_PROBLEM_NONE;
    answer->failed = TP_OK;
    if (answer->has_read)
        empty_read(answer);
}

static void take_fact(struct tp_answer *answer, const char *name, const char *value, size_t length)
{
    for (size_t i = 0; i < TP_FACT_COUNT; i++) {
        if (fact_names[i][0] != name[0] || strcmp(fact_names[i], name) != 0)
            continue;
        if (length >= TP_CONTEXT_TEXT_MAX)
            length = TP_CONTEXT_TEXT_MAX - 1;
        memcpy(answer->read_facts[i], value, length);
        answer->read_facts[i][length] = '\0';
    }
}

/* ---- reading ---- */

/* Where one pass over an answer stands. */
struct reading {
    struct tp_answer *answer;
    const struct tp_schema *schema;
    const struct tp_kept *kept;
    size_t depth; /* 1: the root */
    size_t metas; /* how many, so far */
    bool in_meta;
    bool in_context;
    bool is_id; /* the element is the instanceID */
    char name[64];
    char path[PATH_MAX_BYTES];
    size_t ends[TP_TREE_DEPTH_MAX + 1]; /* where the path of each depth ends */
};

/* The first meta has the facts; of a second nothing is read. */
static void begin_in_meta(struct reading *reading, const char *name, const char *uri)
{
    size_t length = strnlen(name, sizeof(reading->name) - 1);

    memcpy(reading->name, name, length);
    reading->name[length] = '\0';
    reading->is_id = reading->depth == 3 && strcmp(name, "instanceID") == 0;
    if (reading->depth == 3)
        reading->in_context = strcmp(name, "context") == 0 && strcmp(uri, CONTEXT_NAMESPACE) == 0;
}

/* A path that is too long is no question's. */
static void begin_value(struct reading *reading, const char *name)
{
    size_t before = reading->ends[reading->depth - 1];
    size_t from = before ? before + 1 : 0;
    size_t length = strlen(name);

    if (before == TOO_LONG || length >= TOO_LONG - from) {
        reading->ends[reading->depth] = TOO_LONG;
        return;
    }
    reading->path[before] = '/';
    memcpy(reading->path + from, name, length);
    reading->ends[reading->depth] = from + length;
}

static void begin(void *context, const char *name, const char *uri)
{
    struct reading *reading = context;

    reading->depth++;
    if (reading->depth == 2) {
        reading->in_meta = strcmp(name, "meta") == 0;
        reading->metas += reading->in_meta;
    }
    if (reading->in_meta)
        begin_in_meta(reading, name, uri);
    else if (reading->depth > 1)
        begin_value(reading, name);
}

/* The facts stand as elements or as attributes of tp:context. */
static void attribute(void *context, const char *name, const char *value, size_t length)
{
    struct reading *reading = context;

    if (reading->in_context && reading->depth == 3 && reading->metas == 1)
        take_fact(reading->answer, name, value, length);
}

/* The instances of a repeat go into one value, parted by " | ". */
static void add_value(struct tp_answer *answer, size_t index, const char *text)
{
    struct tp_buf *value = &answer->read[index];
    const char *before = value->length ? " | " : "";

    if (strlen(before) + strlen(text) > TP_ANSWER_VALUE_MAX - value->length)
        answer->problem = TP_PROBLEM_TOO_LONG;
    else if (!tp_buf_puts(value, before) || !tp_buf_puts(value, text))
        answer->failed = TP_ERR_MEMORY;
}

static bool make_places(struct tp_answer *answer, size_t count)
{
    struct tp_text *values = tp_realloc(answer->values, count + 1, sizeof(*values));
    struct tp_buf *read;

    if (!values)
        return false;
    answer->values = values;
    read = tp_realloc(answer->read, count + 1, sizeof(*read));
    if (!read)
        return false;
    answer->read = read;
    for (; answer->count < count; answer->count++) {
        values[answer->count] = nothing;
        tp_buf_init(&read[answer->count], TP_ANSWER_VALUE_MAX);
    }
    return true;
}

static long learn(struct tp_answer *answer, const char *path)
{
    long index = -1;

    if (answer->learns->count >= PATHS_MAX) {
        answer->failed = TP_ERR_LIMIT;
        return -1;
    }
    index = tp_schema_learn(answer->learns, path);
    if (index < 0 || !make_places(answer, answer->learns->count)) {
        answer->failed = TP_ERR_MEMORY;
        return -1;
    }
    return index;
}

static void end_in_meta(struct reading *reading, const char *text)
{
    if (reading->metas != 1 || !text)
        return;
    if (reading->in_context && reading->depth == 4)
        take_fact(reading->answer, reading->name, text, strlen(text));
    else if (reading->is_id && reading->depth == 3 && strcmp(text, reading->kept->instance_id) != 0)
        reading->answer->problem = TP_PROBLEM_OTHER_ID;
}

static void end(void *context, const char *text)
{
    struct reading *reading = context;
    long index = -1;

    if (reading->in_meta) {
        end_in_meta(reading, text);
    } else if (text && *text && reading->depth > 1 && reading->ends[reading->depth] != TOO_LONG) {
        reading->path[reading->ends[reading->depth]] = '\0';
        index = tp_schema_find(reading->schema, reading->path);
        if (index < 0 && reading->answer->learns)
            index = learn(reading->answer, reading->path);
    }
    if (index >= 0)
        add_value(reading->answer, (size_t)index, text);
    reading->depth--;
    reading->in_meta = reading->in_meta && reading->depth > 1;
    reading->in_context = reading->in_context && reading->depth > 2;
}

static const struct tp_scan_events events = {begin, attribute, end};

static void read_instance(struct tp_answer *answer, const struct tp_schema *schema,
                          const struct tp_buf *plain, const struct tp_kept *kept)
{
    struct reading reading;

    reading.answer = answer;
    reading.schema = schema;
    reading.kept = kept;
    /* The path is written as it is read: it need not be emptied each time. */
    reading.depth = reading.metas = 0;
    reading.in_meta = reading.in_context = reading.is_id = false;
    reading.ends[0] = reading.ends[1] = 0;
    answer->has_read = true;
    if (!tp_scan_run(answer->scan, tp_buf_text(plain), plain->length, &reading)) {
        empty_read(answer);
        answer->problem = TP_PROBLEM_NOT_XML;
    }
    for (size_t i = 0; i < answer->count; i++)
        answer->values[i] = (struct tp_text){tp_buf_text(&answer->read[i]), answer->read[i].length};
    for (size_t i = 0; i < TP_FACT_COUNT; i++)
        answer->facts[i] = (struct tp_text){answer->read_facts[i], strlen(answer->read_facts[i])};
}

bool tp_answer_init(struct tp_answer *answer, const struct tp_schema *schema)
{
    memset(answer, 0, sizeof(*answer));
    answer->scan = tp_scan_create(&events);
    if (!answer->scan || !make_places(answer, schema->count)) {
        tp_answer_finish(answer);
        return false;
    }
    tp_answer_empty(answer);
    return true;
}

void tp_answer_finish(struct tp_answer *answer)
{
    for (size_t i = 0; i < answer->count; i++)
        tp_buf_finish(&answer->read[i]);
    tp_free(answer->read);
    tp_free(answer->values);
    tp_scan_destroy(answer->scan);
    tp_wipe(answer, sizeof(*answer));
}

void tp_answer_learn(struct tp_answer *answer, struct tp_schema *schema)
{
    answer->learns = schema;
}

/* Why a seal could not be opened. */
static enum tp_problem problem_of(const struct tp_kept *kept)
{
    struct tp_odk_parts parts;

    if (!tp_odk_is(kept->sealed, kept->sealed_length))
        return TP_PROBLEM_NO_KEY;
    return tp_odk_split(kept->sealed, kept->sealed_length, &parts, NULL) ? TP_PROBLEM_NO_FORM_KEY
                                                                         : TP_PROBLEM_NOT_WHOLE;
}

bool tp_answer_read(struct tp_answer *answer, const struct tp_schema *schema,
                    const struct tp_keys *keys, const struct tp_kept *kept, struct tp_error *error)
{
    struct tp_error why = {.code = TP_OK};
    struct tp_buf plain;

    tp_answer_empty(answer);
    tp_buf_init(&plain, TP_SEAL_PLAIN_MAX + TP_SEAL_PAD);
    if (tp_keys_unseal(keys, kept->sealed, kept->sealed_length, &plain, &why))
        read_instance(answer, schema, &plain, kept);
    else if (why.code == TP_ERR_MEMORY)
        answer->failed = TP_ERR_MEMORY;
    else
        answer->problem = problem_of(kept);
    tp_buf_finish(&plain);
    if (answer->failed == TP_ERR_LIMIT)
        return tp_fail(error, TP_ERR_LIMIT, "an answer has more than %u paths", PATHS_MAX);
    return answer->failed == TP_OK || tp_fail_memory(error);
}

bool tp_answer_is_practice(const struct tp_answer *answer)
{
    const char *said = answer->facts[TP_FACT_PRACTICE].text;

    return strcmp(answer->facts[TP_FACT_CHANNEL].text, "practice") == 0 ||
           strcmp(said, "true") == 0 || strcmp(said, "yes") == 0 || strcmp(said, "1") == 0;
}
