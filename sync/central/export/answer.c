#include "central/export/answer.h"

#include <string.h>

#include "base/mem.h"
#include "central/export/scan.h"
#include "central/export/tree.h"

#define CONTEXT_NAMESPACE "urn:talkpoint:context:1"
#define PATH_MAX_BYTES 1024u
/* Where a path ends that does not fit. */
#define TOO_LONG (PATH_MAX_BYTES - 1)

static const char *const fact_names[TP_FACT_COUNT] = {
    "venue", "event", "channel",     "language", "readingMode", "privacyVersion",
    "clock", "pace",  "receiptCode", "practice", "about"};

const char *tp_fact_name(enum tp_fact fact)
{
    return fact_names[fact];
}

static void empty(struct tp_answer *answer)
{
    for (size_t i = 0; i < answer->count; i++)
        tp_buf_reset(&answer->values[i]);
    for (size_t i = 0; i < TP_FACT_COUNT; i++)
        tp_wipe(answer->facts[i], strlen(answer->facts[i]));
    answer->practice = false;
    answer->problem = NULL;
}

static void take_fact(struct tp_answer *answer, const char *name, const char *value, size_t length)
{
    for (size_t i = 0; i < TP_FACT_COUNT; i++) {
        if (fact_names[i][0] != name[0] || strcmp(fact_names[i], name) != 0)
            continue;
        if (length >= TP_CONTEXT_TEXT_MAX)
            length = TP_CONTEXT_TEXT_MAX - 1;
        memcpy(answer->facts[i], value, length);
        answer->facts[i][length] = '\0';
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

static bool is_practice(const struct tp_answer *answer)
{
    const char *said = answer->facts[TP_FACT_PRACTICE];

    return strcmp(answer->facts[TP_FACT_CHANNEL], "practice") == 0 || strcmp(said, "true") == 0 ||
           strcmp(said, "yes") == 0 || strcmp(said, "1") == 0;
}

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
static void add_value(struct tp_buf *value, const char *text)
{
    if (*text == '\0')
        return;
    if (value->length)
        (void)tp_buf_puts(value, " | ");
    (void)tp_buf_puts(value, text);
}

static void end_in_meta(struct reading *reading, const char *text)
{
    if (reading->metas != 1 || !text)
        return;
    if (reading->in_context && reading->depth == 4)
        take_fact(reading->answer, reading->name, text, strlen(text));
    else if (reading->is_id && reading->depth == 3 && strcmp(text, reading->kept->instance_id) != 0)
        reading->answer->problem = "its instanceID is not the one it was sent under";
}

static void end(void *context, const char *text)
{
    struct reading *reading = context;
    long index = -1;

    if (reading->in_meta) {
        end_in_meta(reading, text);
    } else if (text && reading->depth > 1 && reading->ends[reading->depth] != TOO_LONG) {
        reading->path[reading->ends[reading->depth]] = '\0';
        index = tp_schema_find(reading->schema, reading->path);
    }
    if (index >= 0)
        add_value(&reading->answer->values[index], text);
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
    if (!tp_scan_run(answer->scan, tp_buf_text(plain), plain->length, &reading)) {
        empty(answer);
        answer->problem = "what was sealed is not XML";
    }
    answer->practice = is_practice(answer);
}

bool tp_answer_init(struct tp_answer *answer, const struct tp_schema *schema)
{
    memset(answer, 0, sizeof(*answer));
    answer->scan = tp_scan_create(&events);
    answer->values = tp_calloc(schema->count, sizeof(*answer->values));
    if (!answer->values || !answer->scan) {
        tp_answer_finish(answer);
        return false;
    }
    answer->count = schema->count;
    for (size_t i = 0; i < answer->count; i++)
        tp_buf_init(&answer->values[i], TP_ANSWER_VALUE_MAX);
    return true;
}

void tp_answer_finish(struct tp_answer *answer)
{
    for (size_t i = 0; i < answer->count; i++)
        tp_buf_finish(&answer->values[i]);
    tp_free(answer->values);
    tp_scan_destroy(answer->scan);
    tp_wipe(answer, sizeof(*answer));
}

bool tp_answer_read(struct tp_answer *answer, const struct tp_schema *schema,
                    const struct tp_keys *keys, const struct tp_kept *kept, struct tp_error *error)
{
    struct tp_error why = {.code = TP_OK};
    struct tp_buf plain;
    bool enough = true;

    empty(answer);
    tp_buf_init(&plain, TP_SEAL_PLAIN_MAX + TP_SEAL_PAD);
    if (tp_opening_unseal(keys, kept->instance_id, kept->opening, kept->opening_length,
                          kept->sealed, kept->sealed_length, &plain, &why))
        read_instance(answer, schema, &plain, kept);
    else if (why.code == TP_ERR_MEMORY)
        enough = tp_fail_memory(error);
    else if (tp_odk_is(kept->sealed, kept->sealed_length))
        answer->problem = "it is encrypted to its form's own key, which is not here: name the "
                          "private key with --key";
    else
        answer->problem = "its seal cannot be opened with the keys that are here";
    tp_buf_finish(&plain);
    for (size_t i = 0; enough && i < answer->count; i++) {
        if (!tp_buf_ok(&answer->values[i]))
            enough = tp_fail_memory(error);
    }
    return enough;
}
