#include "central/export/batch.h"

#include <string.h>

#include "base/mem.h"

/* Two answers of the largest kind, and what stands around them. */
#define BYTES_MAX (64u * 1024u * 1024u)
/* Runs whose memory is kept for the next ones: those of its rows, and of their mates. */
#define RUNS_KEPT (2 * TP_BATCH_ROWS / TP_RUN_ANSWERS)

void tp_batch_init(struct tp_batch *batch)
{
    *batch = (struct tp_batch){.count = 0};
    tp_buf_init(&batch->bytes, BYTES_MAX);
}

void tp_batch_finish(struct tp_batch *batch)
{
    tp_buf_finish(&batch->bytes);
    for (size_t i = 0; i < batch->run_room; i++)
        tp_flat_close(&batch->runs[i]);
    tp_free(batch->runs);
    tp_free(batch->entries);
    *batch = (struct tp_batch){.count = 0};
}

void tp_batch_empty(struct tp_batch *batch)
{
    tp_buf_reset(&batch->bytes);
    for (size_t i = 0; i < batch->run_count; i++) {
        if (i < RUNS_KEPT)
            tp_buf_reset(&batch->runs[i].plain);
        else
            tp_flat_close(&batch->runs[i]);
    }
    batch->run_count = 0;
    batch->count = 0;
    batch->row_count = 0;
    batch->sealed_count = 0;
    batch->held = 0;
}

bool tp_batch_is_full(const struct tp_batch *batch)
{
    return batch->row_count == TP_BATCH_ROWS || batch->held >= TP_BATCH_BYTES;
}

bool tp_batch_has_room(const struct tp_batch *batch)
{
    return batch->row_count + TP_RUN_ANSWERS <= TP_BATCH_ROWS && batch->held < TP_BATCH_BYTES;
}

/* ---- runs ---- */

static bool make_run_room(struct tp_batch *batch)
{
    size_t room = batch->run_room ? batch->run_room * 2 : TP_BATCH_ROWS / TP_RUN_ANSWERS;
    struct tp_flat *runs;

    if (batch->run_count < batch->run_room)
        return true;
    runs = tp_realloc(batch->runs, room, sizeof(*runs));
    if (!runs)
        return false;
    batch->runs = runs;
    while (batch->run_room < room)
        tp_flat_init(&runs[batch->run_room++]);
    return true;
}

bool tp_batch_take_run(struct tp_batch *batch, const struct tp_keys *keys, const struct tp_run *run,
                       const struct tp_schema *schema, size_t *index)
{
    if (run->opening_length == 0 || !make_run_room(batch) ||
        !tp_flat_read(&batch->runs[batch->run_count], keys, run, schema))
        return false;
    *index = batch->run_count++;
    batch->held += batch->runs[*index].plain.length;
    return true;
}

/* ---- entries ---- */

static bool make_room(struct tp_batch *batch)
{
    size_t room = batch->room ? batch->room * 2 : (size_t)TP_BATCH_ROWS * 2;
    struct tp_batch_entry *entries;

    if (batch->count < batch->room)
        return true;
    entries = tp_realloc(batch->entries, room, sizeof(*entries));
    if (!entries)
        return false;
    batch->entries = entries;
    batch->room = room;
    return true;
}

static bool add(struct tp_batch *batch, const struct tp_kept *kept)
{
    const struct {
        const void *bytes;
        size_t length;
    } parts[] = {{kept->instance_id, strlen(kept->instance_id) + 1},
                 {kept->version, strlen(kept->version) + 1},
                 {kept->device, strlen(kept->device) + 1},
                 {kept->device_name, strlen(kept->device_name) + 1},
                 {kept->sealed, kept->sealed_length}};
    size_t before = batch->bytes.length;
    struct tp_batch_entry *entry;

    if (!make_room(batch))
        return false;
    entry = &batch->entries[batch->count];
    *entry = (struct tp_batch_entry){.kept = *kept, .is_sealed = true};
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        entry->at[i] = batch->bytes.length;
        (void)tp_buf_add(&batch->bytes, parts[i].bytes, parts[i].length);
    }
    if (!tp_buf_ok(&batch->bytes))
        return false;
    batch->held += batch->bytes.length - before;
    batch->sealed_count++;
    batch->count++;
    return true;
}

static bool add_of(struct tp_batch *batch, size_t run, int64_t seq)
{
    if (!make_room(batch))
        return false;
    batch->entries[batch->count] = (struct tp_batch_entry){.kept.seq = seq, .run = run};
    batch->count++;
    return true;
}

static bool as_row(struct tp_batch *batch, bool added)
{
    if (!added)
        return false;
    batch->rows[batch->row_count++] = batch->count - 1;
    return true;
}

static bool as_mate(struct tp_batch *batch, bool added)
{
    if (!added)
        return false;
    batch->entries[batch->rows[batch->row_count - 1]].mate_count++;
    return true;
}

bool tp_batch_add_row(struct tp_batch *batch, const struct tp_kept *kept)
{
    return as_row(batch, batch->row_count < TP_BATCH_ROWS && add(batch, kept));
}

bool tp_batch_add_mate(struct tp_batch *batch, const struct tp_kept *kept)
{
    return as_mate(batch, batch->row_count > 0 && add(batch, kept));
}

bool tp_batch_add_row_of(struct tp_batch *batch, size_t run, int64_t seq)
{
    return as_row(batch, batch->row_count < TP_BATCH_ROWS && add_of(batch, run, seq));
}

bool tp_batch_add_mate_of(struct tp_batch *batch, size_t run, int64_t seq)
{
    return as_mate(batch, batch->row_count > 0 && add_of(batch, run, seq));
}

/* ---- reading ---- */

static struct tp_kept sealed_at(const struct tp_batch *batch, const struct tp_batch_entry *entry)
{
    const char *bytes = tp_buf_text(&batch->bytes);
    struct tp_kept kept = entry->kept;

    kept.instance_id = bytes + entry->at[0];
    kept.version = bytes + entry->at[1];
    kept.device = bytes + entry->at[2];
    kept.device_name = bytes + entry->at[3];
    kept.sealed = bytes + entry->at[4];
    return kept;
}

static bool read(const struct tp_batch *batch, const struct tp_batch_entry *entry,
                 const struct tp_schema *schema, const struct tp_keys *keys, struct tp_kept *kept,
                 struct tp_answer *answer)
{
    if (!entry->is_sealed)
        return tp_flat_get(&batch->runs[entry->run], entry->kept.seq, kept, answer);
    *kept = sealed_at(batch, entry);
    return tp_answer_read(answer, schema, keys, kept, NULL);
}

bool tp_batch_read_row(const struct tp_batch *batch, size_t row, const struct tp_schema *schema,
                       const struct tp_keys *keys, struct tp_kept *kept, struct tp_answer *answer)
{
    return read(batch, &batch->entries[batch->rows[row]], schema, keys, kept, answer);
}

size_t tp_batch_mates(const struct tp_batch *batch, size_t row)
{
    return batch->entries[batch->rows[row]].mate_count;
}

bool tp_batch_read_mate(const struct tp_batch *batch, size_t row, size_t mate,
                        const struct tp_schema *schema, const struct tp_keys *keys,
                        struct tp_kept *kept, struct tp_answer *answer)
{
    return read(batch, &batch->entries[batch->rows[row] + 1 + mate], schema, keys, kept, answer);
}
