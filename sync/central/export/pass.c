#include "central/export/pass.h"

#include <stdatomic.h>

#include "base/mem.h"
#include "central/data/openings.h"

/* Rows in a piece: few enough that no thread waits long for the last one. */
#define PIECE_ROWS 32u
#define PIECES (TP_BATCH_ROWS / PIECE_ROWS)
/* What is written of one piece: some answers of the largest kind, and their quotes. */
#define PIECE_MAX (128u * 1024u * 1024u)
/* A piece that grew beyond this gives its memory back. */
#define PIECE_KEEP (256u * 1024u)
/* Asked for before it is known how large they are. */
#define FIRST_ROWS 64

struct piece {
    struct tp_buf out;
    bool failed;
};

struct tp_pass {
    struct tp_pass_plan plan;
    struct tp_crew *crew;
    struct tp_batch batches[2];
    struct tp_batch *ready; /* for the crew */
    struct tp_batch *next;  /* being read */
    int64_t after_seq;
    bool begun;
    bool all_read;
    _Atomic size_t taken; /* pieces */
    struct piece pieces[PIECES];
};

/* ---- the crew's side ---- */

static void write_piece(struct tp_pass *pass, size_t who, size_t index)
{
    struct piece *piece = &pass->pieces[index];
    size_t last = (index + 1) * PIECE_ROWS;

    if (last > pass->ready->row_count)
        last = pass->ready->row_count;
    for (size_t row = index * PIECE_ROWS; row < last && !piece->failed; row++)
        piece->failed = !pass->plan.write(pass->plan.context, who, pass->ready, row, &piece->out) ||
                        !tp_buf_ok(&piece->out);
}

static void work(void *context, size_t who)
{
    struct tp_pass *pass = context;
    size_t index;

    while ((index = atomic_fetch_add(&pass->taken, 1)) < PIECES)
        write_piece(pass, who, index);
}

/* ---- the reader's side ---- */

struct reading {
    struct tp_pass *pass;
    struct tp_sql *db;
    struct tp_error *error;
    bool seen;     /* a run */
    int64_t given; /* sealed rows of one question */
    bool ok;
};

static bool look(struct reading *reading, const char *instance_id)
{
    const struct tp_pass_plan *plan = &reading->pass->plan;

    return !plan->look ||
           plan->look(plan->context, reading->db, instance_id, reading->pass->next, reading->error);
}

static bool take_sealed(void *context, const struct tp_kept *kept)
{
    struct reading *reading = context;
    struct tp_pass *pass = reading->pass;

    reading->ok = (tp_batch_add_row(pass->next, kept) || tp_fail_memory(reading->error)) &&
                  look(reading, kept->instance_id);
    pass->after_seq = kept->seq;
    reading->given++;
    return reading->ok && !tp_batch_is_full(pass->next);
}

/* As many as fill a batch where they are as large as those before: a database may hand over all
 * that it is asked for at once. */
static int64_t to_ask(size_t count, size_t bytes, size_t most)
{
    size_t fit = bytes ? TP_BATCH_BYTES * count / bytes : FIRST_ROWS;

    return (int64_t)(fit < most ? fit + 1 : most);
}

/* The last run is read to its end. */
static int64_t answers_to_ask(const struct tp_batch *before)
{
    return to_ask(before->row_count, before->held, TP_BATCH_ROWS - TP_RUN_ANSWERS);
}

/* *whole: to the end of the run. */
static bool read_sealed(struct reading *reading, const struct tp_run *run, bool *whole)
{
    struct tp_pass *pass = reading->pass;
    int64_t asked = to_ask(pass->ready->sealed_count, pass->ready->bytes.length, TP_RUN_ANSWERS);
    int64_t from = tp_run_first(run->number);

    if (from <= pass->after_seq)
        from = pass->after_seq + 1;
    reading->given = 0;
    if (!tp_submissions_each(reading->db, run->form, from, tp_run_last(run->number), asked,
                             take_sealed, reading, reading->error))
        return false;
    *whole = reading->given < asked && !tp_batch_is_full(pass->next);
    return reading->ok;
}

static bool look_at(struct reading *reading, size_t run, int64_t seq)
{
    struct tp_kept kept;

    return !reading->pass->plan.look ||
           (tp_flat_get(&reading->pass->next->runs[run], seq, &kept, NULL) &&
            look(reading, kept.instance_id));
}

static bool read_opened(struct reading *reading, const struct tp_run *run, size_t index)
{
    struct tp_batch *batch = reading->pass->next;

    for (int64_t seq = tp_run_first(run->number); seq <= tp_run_last(run->number); seq++) {
        if (!tp_flat_has(&batch->runs[index], seq))
            continue;
        if (!tp_batch_add_row_of(batch, index, seq))
            return tp_fail_memory(reading->error);
        if (!look_at(reading, index, seq))
            return false;
    }
    return true;
}

static bool take_run(void *context, const struct tp_run *run)
{
    struct reading *reading = context;
    struct tp_pass *pass = reading->pass;
    bool whole = true;
    size_t index;

    reading->seen = true;
    if (!tp_batch_has_room(pass->next))
        return false;
    if (tp_batch_take_run(pass->next, pass->plan.keys, run, pass->plan.schema, &index))
        reading->ok = read_opened(reading, run, index);
    else
        reading->ok = read_sealed(reading, run, &whole);
    if (reading->ok && whole)
        pass->after_seq = tp_run_last(run->number);
    return reading->ok && whole;
}

static bool read_next(struct tp_pass *pass, struct tp_sql *db, struct tp_error *error)
{
    struct reading reading = {.pass = pass, .db = db, .error = error, .ok = true};

    tp_batch_empty(pass->next);
    /* Those of a run may be gone by the time it is read. */
    while (!pass->all_read && pass->next->row_count == 0) {
        reading.seen = false;
        if (!tp_runs_each(db, pass->plan.form, pass->after_seq, answers_to_ask(pass->ready),
                          take_run, &reading, error) ||
            !reading.ok)
            return false;
        pass->all_read = !reading.seen;
    }
    return true;
}

static void turn(struct tp_pass *pass)
{
    struct tp_batch *ready = pass->ready;

    pass->ready = pass->next;
    pass->next = ready;
}

static bool put_together(struct tp_pass *pass, struct tp_buf *out)
{
    bool ok = true;

    for (size_t i = 0; i < PIECES; i++) {
        struct piece *piece = &pass->pieces[i];

        ok = ok && !piece->failed && tp_buf_add(out, tp_buf_text(&piece->out), piece->out.length);
        if (piece->out.capacity > PIECE_KEEP)
            tp_buf_finish(&piece->out);
        else
            tp_buf_reset(&piece->out);
    }
    return ok;
}

bool tp_pass_step(struct tp_pass *pass, struct tp_sql *db, struct tp_buf *out, bool *end,
                  struct tp_error *error)
{
    bool ok;

    if (!pass->begun) {
        pass->begun = true;
        if (!read_next(pass, db, error))
            return false;
        turn(pass);
    }
    atomic_store(&pass->taken, 0);
    tp_crew_start(pass->crew);
    ok = read_next(pass, db, error);
    tp_crew_wait(pass->crew);
    if (!ok)
        return false;
    if (!put_together(pass, out))
        return tp_fail_memory(error);
    turn(pass);
    *end = pass->all_read && pass->ready->row_count == 0;
    return true;
}

/* ---- the whole ---- */

bool tp_pass_create(const struct tp_pass_plan *plan, size_t workers, struct tp_pass **pass,
                    struct tp_error *error)
{
    struct tp_pass *made = tp_calloc(1, sizeof(*made));

    if (!made)
        return tp_fail_memory(error);
    made->plan = *plan;
    made->after_seq = -1;
    made->ready = &made->batches[0];
    made->next = &made->batches[1];
    tp_batch_init(made->ready);
    tp_batch_init(made->next);
    for (size_t i = 0; i < PIECES; i++)
        tp_buf_init(&made->pieces[i].out, PIECE_MAX);
    if (!tp_crew_create(workers, work, made, &made->crew, error)) {
        tp_pass_destroy(made);
        return false;
    }
    *pass = made;
    return true;
}

void tp_pass_destroy(struct tp_pass *pass)
{
    if (!pass)
        return;
    tp_crew_destroy(pass->crew);
    tp_batch_finish(&pass->batches[0]);
    tp_batch_finish(&pass->batches[1]);
    for (size_t i = 0; i < PIECES; i++)
        tp_buf_finish(&pass->pieces[i].out);
    tp_free(pass);
}
