#include "central/export/batch.h"

#include <string.h>

#include "base/mem.h"

/* Two answers of the largest kind, and what stands around them. */
#define BYTES_MAX (64u * 1024u * 1024u)

void tp_batch_init(struct tp_batch *batch)
{
    *batch = (struct tp_batch){.count = 0};
    tp_buf_init(&batch->bytes, BYTES_MAX);
}

void tp_batch_finish(struct tp_batch *batch)
{
    tp_buf_finish(&batch->bytes);
    tp_free(batch->entries);
    *batch = (struct tp_batch){.count = 0};
}

void tp_batch_empty(struct tp_batch *batch)
{
    tp_buf_reset(&batch->bytes);
    batch->count = 0;
    batch->row_count = 0;
}

bool tp_batch_is_full(const struct tp_batch *batch)
{
    return batch->row_count == TP_BATCH_ROWS || batch->bytes.length >= TP_BATCH_BYTES;
}

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
                 {kept->sealed, kept->sealed_length},
                 {kept->opening, kept->opening_length}};
    struct tp_batch_entry *entry;

    if (!make_room(batch))
        return false;
    entry = &batch->entries[batch->count];
    *entry = (struct tp_batch_entry){.kept = *kept};
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        entry->at[i] = batch->bytes.length;
        (void)tp_buf_add(&batch->bytes, parts[i].bytes, parts[i].length);
    }
    if (!tp_buf_ok(&batch->bytes))
        return false;
    batch->count++;
    return true;
}

bool tp_batch_add_row(struct tp_batch *batch, const struct tp_kept *kept)
{
    if (batch->row_count == TP_BATCH_ROWS || !add(batch, kept))
        return false;
    batch->rows[batch->row_count++] = batch->count - 1;
    return true;
}

bool tp_batch_add_mate(struct tp_batch *batch, const struct tp_kept *kept)
{
    if (batch->row_count == 0 || !add(batch, kept))
        return false;
    batch->entries[batch->rows[batch->row_count - 1]].mate_count++;
    return true;
}

static struct tp_kept get(const struct tp_batch *batch, size_t index)
{
    const struct tp_batch_entry *entry = &batch->entries[index];
    const char *bytes = tp_buf_text(&batch->bytes);
    struct tp_kept kept = entry->kept;

    kept.instance_id = bytes + entry->at[0];
    kept.version = bytes + entry->at[1];
    kept.device = bytes + entry->at[2];
    kept.device_name = bytes + entry->at[3];
    kept.sealed = bytes + entry->at[4];
    kept.opening = bytes + entry->at[5];
    return kept;
}

struct tp_kept tp_batch_row(const struct tp_batch *batch, size_t row)
{
    return get(batch, batch->rows[row]);
}

size_t tp_batch_mates(const struct tp_batch *batch, size_t row)
{
    return batch->entries[batch->rows[row]].mate_count;
}

struct tp_kept tp_batch_mate(const struct tp_batch *batch, size_t row, size_t mate)
{
    return get(batch, batch->rows[row] + 1 + mate);
}
