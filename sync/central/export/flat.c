#include "central/export/flat.h"

#include <string.h>

#include "base/mem.h"

#define VERSION 1
#define NUMBER_BYTES 10u

/* ---- writing ---- */

static void put_number(struct tp_buf *out, uint64_t number)
{
    unsigned char bytes[NUMBER_BYTES];
    size_t length = 0;

    do {
        bytes[length++] = (unsigned char)((number & 0x7f) | (number > 0x7f ? 0x80 : 0));
        number >>= 7;
    } while (number);
    (void)tp_buf_add(out, bytes, length);
}

static void put_text(struct tp_buf *out, const char *text, size_t length)
{
    put_number(out, length);
    (void)tp_buf_add(out, text, length);
    (void)tp_buf_putc(out, '\0');
}

bool tp_flat_begin(struct tp_flat_writer *writer, int64_t run)
{
    *writer = (struct tp_flat_writer){.first_seq = tp_run_first(run)};
    tp_buf_init(&writer->rows, TP_OPENING_PLAIN_MAX);
    if (!tp_answer_init(&writer->answer, &writer->paths))
        return false;
    tp_answer_learn(&writer->answer, &writer->paths);
    return true;
}

void tp_flat_finish(struct tp_flat_writer *writer)
{
    tp_answer_finish(&writer->answer);
    tp_schema_finish(&writer->paths);
    tp_buf_finish(&writer->rows);
}

/* The texts that are not empty, each after its index. */
static void put_texts(struct tp_buf *out, const struct tp_text *texts, size_t count)
{
    size_t full = 0;

    for (size_t i = 0; i < count; i++)
        full += texts[i].length > 0;
    put_number(out, full);
    for (size_t i = 0; i < count; i++) {
        if (texts[i].length == 0)
            continue;
        put_number(out, i);
        put_text(out, texts[i].text, texts[i].length);
    }
}

static void put_answer(const struct tp_flat_writer *writer, const struct tp_kept *kept,
                       struct tp_buf *row)
{
    const struct tp_answer *answer = &writer->answer;

    put_number(row, (uint64_t)(kept->seq - writer->first_seq));
    put_number(row, (uint64_t)kept->received_ms);
    put_number(row, 2u * (uint64_t)answer->problem + kept->late);
    put_text(row, kept->instance_id, strlen(kept->instance_id));
    put_text(row, kept->version, strlen(kept->version));
    put_text(row, kept->device, strlen(kept->device));
    put_texts(row, answer->facts, TP_FACT_COUNT);
    put_texts(row, answer->values, answer->count);
}

/* All under one key, so that an opening opens no answer that its key does not. */
static bool check_key(struct tp_flat_writer *writer, const struct tp_keys *keys,
                      const struct tp_kept *kept, struct tp_error *error)
{
    size_t which = 0;

    if (!tp_keys_which(keys, kept->sealed, kept->sealed_length, &which, error))
        return false;
    if (writer->count > 0 && which != writer->which)
        return tp_fail(error, TP_ERR_CRYPTO, "the answers are sealed to more than one key");
    writer->which = which;
    return true;
}

bool tp_flat_add(struct tp_flat_writer *writer, const struct tp_keys *keys,
                 const struct tp_kept *kept, struct tp_error *error)
{
    struct tp_buf row;
    bool ok;

    if (!check_key(writer, keys, kept, error) ||
        !tp_answer_read(&writer->answer, &writer->paths, keys, kept, error))
        return false;
    if (writer->answer.problem == TP_PROBLEM_NO_KEY)
        return tp_fail(error, TP_ERR_CRYPTO, "an answer was altered");
    tp_buf_init(&row, TP_OPENING_PLAIN_MAX);
    put_answer(writer, kept, &row);
    put_number(&writer->rows, row.length);
    (void)tp_buf_add(&writer->rows, tp_buf_text(&row), row.length);
    ok = tp_buf_ok(&row) && tp_buf_ok(&writer->rows);
    tp_buf_finish(&row);
    writer->count++;
    return ok || tp_fail(error, TP_ERR_LIMIT, "a run of answers is too large for an opening");
}

bool tp_flat_write(const struct tp_flat_writer *writer, struct tp_buf *out, struct tp_error *error)
{
    static const char zeros[TP_OPENING_PAD] = "";

    put_number(out, VERSION);
    put_number(out, writer->paths.count);
    for (size_t i = 0; i < writer->paths.count; i++) {
        const char *path = writer->paths.questions[i].path;

        put_text(out, path, strlen(path));
    }
    (void)tp_buf_add(out, tp_buf_text(&writer->rows), writer->rows.length);
    (void)tp_buf_add(out, zeros, TP_OPENING_PAD - out->length % TP_OPENING_PAD);
    return tp_buf_ok(out) ||
           tp_fail(error, TP_ERR_LIMIT, "a run of answers is too large for an opening");
}

/* ---- reading ---- */

/* Goes over the bytes, and never over their end: what is wrong is a number too large. */
struct cursor {
    const char *at;
    const char *end;
    bool failed;
};

static uint64_t take_number(struct cursor *cursor)
{
    uint64_t number = 0;

    for (unsigned shift = 0; cursor->at < cursor->end && shift < 64; shift += 7) {
        unsigned char byte = (unsigned char)*cursor->at++;

        number |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80)
            return number;
    }
    cursor->failed = true;
    return 0;
}

static struct tp_text take_text(struct cursor *cursor)
{
    struct tp_text text = {.text = "", .length = 0};
    uint64_t length = take_number(cursor);

    if (cursor->failed || length >= (uint64_t)(cursor->end - cursor->at) ||
        cursor->at[length] != '\0') {
        cursor->failed = true;
        return text;
    }
    text = (struct tp_text){.text = cursor->at, .length = (size_t)length};
    cursor->at += length + 1;
    return text;
}

void tp_flat_init(struct tp_flat *flat)
{
    memset(flat, 0, sizeof(*flat));
    tp_buf_init(&flat->plain, TP_OPENING_PLAIN_MAX);
}

void tp_flat_close(struct tp_flat *flat)
{
    tp_buf_finish(&flat->plain);
    tp_free(flat->columns);
    tp_flat_init(flat);
}

static bool take_paths(struct cursor *cursor, struct tp_flat *flat, const struct tp_schema *schema)
{
    uint64_t count = take_number(cursor);
    long *columns;

    if (count > flat->plain.length)
        return false;
    columns = tp_realloc(flat->columns, (size_t)count + 1, sizeof(*columns));
    if (!columns)
        return false;
    flat->columns = columns;
    flat->path_count = (size_t)count;
    for (uint64_t i = 0; i < count; i++)
        columns[i] = tp_schema_find(schema, take_text(cursor).text);
    return !cursor->failed;
}

static void pass_texts(struct cursor *cursor)
{
    for (uint64_t i = take_number(cursor); i > 0 && !cursor->failed; i--) {
        (void)take_number(cursor);
        (void)take_text(cursor);
    }
}

/* One that begins with its number, which was read, and ends before `next`. */
static bool pass_answer(struct cursor *cursor, const char *next)
{
    (void)take_number(cursor);
    if (take_number(cursor) / 2 >= TP_PROBLEM_NO_KEY)
        return false;
    for (int i = 0; i < 3; i++)
        (void)take_text(cursor);
    pass_texts(cursor);
    pass_texts(cursor);
    return !cursor->failed && cursor->at == next;
}

/* Notes where each answer stands, and that it is whole. */
static bool take_places(struct cursor *cursor, struct tp_flat *flat)
{
    uint64_t length;

    while ((length = take_number(cursor)) > 0) {
        const char *next;
        const char *begin = cursor->at;
        uint64_t number;

        if (length > (uint64_t)(cursor->end - cursor->at))
            return false;
        next = cursor->at + length;
        number = take_number(cursor);
        if (number >= TP_RUN_ANSWERS || flat->at[number] || !pass_answer(cursor, next))
            return false;
        flat->at[number] = (uint32_t)(begin - flat->plain.data);
        flat->count++;
    }
    return !cursor->failed;
}

bool tp_flat_read(struct tp_flat *flat, const struct tp_keys *keys, const struct tp_run *run,
                  const struct tp_schema *schema)
{
    struct cursor cursor;

    flat->run = run->number;
    flat->schema = schema;
    flat->count = 0;
    memset(flat->at, 0, sizeof(flat->at));
    if (!tp_opening_read(keys, run, &flat->plain))
        return false;
    cursor = (struct cursor){.at = flat->plain.data, .end = flat->plain.data + flat->plain.length};
    return take_number(&cursor) == VERSION && take_paths(&cursor, flat, schema) &&
           take_places(&cursor, flat) && flat->count == run->answers;
}

static void take_answer(struct cursor *cursor, const struct tp_flat *flat, struct tp_answer *answer)
{
    for (uint64_t i = take_number(cursor); i > 0 && !cursor->failed; i--) {
        uint64_t fact = take_number(cursor);
        struct tp_text text = take_text(cursor);

        if (fact < TP_FACT_COUNT)
            answer->facts[fact] = text;
    }
    for (uint64_t i = take_number(cursor); i > 0 && !cursor->failed; i--) {
        uint64_t path = take_number(cursor);
        struct tp_text text = take_text(cursor);
        long column = path < flat->path_count ? flat->columns[path] : -1;

        if (column >= 0 && (size_t)column < answer->count)
            answer->values[column] = text;
    }
}

bool tp_flat_has(const struct tp_flat *flat, int64_t seq)
{
    return tp_run_of(seq) == flat->run && flat->at[seq % TP_RUN_ANSWERS];
}

bool tp_flat_get(const struct tp_flat *flat, int64_t seq, struct tp_kept *kept,
                 struct tp_answer *answer)
{
    struct cursor cursor;
    uint64_t marks;

    if (!tp_flat_has(flat, seq))
        return false;
    cursor = (struct cursor){.at = flat->plain.data + flat->at[seq % TP_RUN_ANSWERS],
                             .end = flat->plain.data + flat->plain.length};
    (void)take_number(&cursor);
    *kept = (struct tp_kept){.seq = seq, .received_ms = (int64_t)take_number(&cursor)};
    marks = take_number(&cursor);
    kept->late = marks & 1;
    kept->instance_id = take_text(&cursor).text;
    kept->version = take_text(&cursor).text;
    kept->device = take_text(&cursor).text;
    if (answer) {
        tp_answer_empty(answer);
        answer->problem = (enum tp_problem)(marks / 2);
        take_answer(&cursor, flat, answer);
    }
    return true;
}
