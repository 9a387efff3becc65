#include <string.h>

#include "base/mem.h"
#include "store/db.h"
#include "store/looking.h"
#include "store/outbox.h"

/* A claim by another clock's mistake must not hold an answer for long. */
#define LEASE_MAX_MS (INT64_C(60) * 60 * 1000)

static const char doing[] = "cannot take the next answers";

bool tp_item_read(sqlite3_stmt *row, struct tp_outbox_item *item, struct tp_error *error)
{
    char sha256[TP_SHA256_TEXT_MAX];

    if (!tp_db_column_digest(row, 9, sha256, error))
        return false;
    *item = (struct tp_outbox_item){
        .sequence = sqlite3_column_int64(row, 0),
        .state = sqlite3_column_int(row, 4) == 0 ? TP_OUTBOX_WAITING : TP_OUTBOX_QUARANTINED,
        .created = {.ms = sqlite3_column_int64(row, 5),
                    .trust = (enum tp_clock_trust)sqlite3_column_int(row, 6)},
        .attempts = (uint32_t)sqlite3_column_int64(row, 7),
        .sealed_count = (size_t)sqlite3_column_int64(row, 10),
    };
    memcpy(item->sha256, sha256, sizeof(item->sha256));
    return tp_db_column_text(row, 1, item->instance_id, sizeof(item->instance_id), error) &&
           tp_db_column_text(row, 2, item->form_id, sizeof(item->form_id), error) &&
           tp_db_column_text(row, 3, item->form_version, sizeof(item->form_version), error) &&
           tp_db_column_text(row, 8, item->last_error, sizeof(item->last_error), error);
}

bool tp_item_copy_sealed(sqlite3_stmt *row, struct tp_outbox_item *item, struct tp_error *error)
{
    const void *bytes = sqlite3_column_blob(row, 11);

    item->sealed = tp_calloc(item->sealed_count, 1);
    if (!item->sealed || (!bytes && item->sealed_count))
        return tp_fail_memory(error);
    if (item->sealed_count)
        memcpy(item->sealed, bytes, item->sealed_count);
    return true;
}

bool tp_item_is_whole(const struct tp_outbox_item *item)
{
    char sha256[TP_SHA256_TEXT_MAX];

    tp_sha256_text(item->sealed, item->sealed_count, sha256);
    return strcmp(sha256, item->sha256) == 0;
}

/* Reads rows until there are enough of them, or of their bytes. */
static bool read_items(struct tp_store *store, size_t max_count, size_t max_bytes,
                       struct tp_outbox_batch *batch, struct tp_error *error)
{
    sqlite3_stmt *row;
    enum tp_step step = tp_db_query(store, TP_SQL_NEXT,
                                    TP_VALUES(tp_text(store->boot),
                                              tp_integer(tp_clock_monotonic_ms(&store->clock)),
                                              tp_integer((int64_t)max_count)),
                                    &row, doing, error);
    size_t room = max_bytes ? max_bytes : SIZE_MAX;
    bool ok = true;

    while (ok && step == TP_STEP_ROW && batch->count < max_count) {
        struct tp_outbox_item *item = &batch->items[batch->count];

        ok = tp_item_read(row, item, error);
        if (!ok || (batch->count && item->sealed_count > room))
            break;
        item->carried = sqlite3_column_type(row, 12) != SQLITE_NULL;
        ok = !item->carried ||
             tp_db_column_text(row, 12, item->given_on, sizeof(item->given_on), error);
        if (!ok)
            break;
        batch->count++;
        room -= item->sealed_count < room ? item->sealed_count : room;
        ok = tp_item_copy_sealed(row, item, error);
        if (ok)
            step = tp_db_step(store, row, doing, error);
    }
    tp_db_reset(row);
    return ok && step != TP_STEP_FAILED;
}

/* Bytes that the disk changed are nobody's answer any more: they are set aside, so that the central
 * store does not sign for them. */
static bool claim(struct tp_store *store, const struct tp_outbox_item *item, int64_t lapses,
                  bool *whole, struct tp_error *error)
{
    char sha256[TP_SHA256_TEXT_MAX];

    tp_sha256_text(item->sealed, item->sealed_count, sha256);
    *whole = strcmp(sha256, item->sha256) == 0;
    if (!*whole)
        return tp_db_run(
            store, TP_SQL_QUARANTINE,
            TP_VALUES(tp_integer(item->sequence), tp_text("damaged on this device's disk")), doing,
            error);
    return tp_db_run(store, TP_SQL_CLAIM,
                     TP_VALUES(tp_integer(item->sequence), tp_integer(store->holder),
                               tp_text(store->boot), tp_integer(lapses)),
                     doing, error);
}

/* Claims each; those that turn out damaged leave the batch. */
static bool claim_items(struct tp_store *store, int64_t lease_ms, struct tp_outbox_batch *batch,
                        struct tp_error *error)
{
    int64_t lapses =
        tp_clock_monotonic_ms(&store->clock) + (lease_ms < LEASE_MAX_MS ? lease_ms : LEASE_MAX_MS);

    for (size_t i = 0; i < batch->count;) {
        struct tp_outbox_item *item = &batch->items[i];
        bool whole = false;

        if (!claim(store, item, lapses, &whole, error))
            return false;
        if (whole) {
            i++;
            continue;
        }
        tp_free(item->sealed);
        batch->count--;
        memmove(item, item + 1, (batch->count - i) * sizeof(*item));
    }
    return true;
}

bool tp_outbox_next(struct tp_store *store, const struct tp_outbox_next_params *params,
                    struct tp_outbox_batch *batch, struct tp_error *error)
{
    size_t max = params->max_count > TP_OUTBOX_BATCH_MAX ? TP_OUTBOX_BATCH_MAX : params->max_count;
    struct tp_outbox_batch taken = {.items = tp_calloc(max, sizeof(*taken.items))};
    bool ok;

    if (!taken.items)
        return tp_fail_memory(error);
    ok = tp_db_begin(store, doing, error);
    if (ok)
        ok = tp_db_end(store,
                       read_items(store, max, params->max_bytes, &taken, error) &&
                           claim_items(store, params->lease_ms, &taken, error),
                       doing, error);
    if (!ok) {
        tp_outbox_batch_finish(&taken);
        return false;
    }
    *batch = taken;
    return true;
}

void tp_outbox_batch_finish(struct tp_outbox_batch *batch)
{
    if (!batch)
        return;
    for (size_t i = 0; i < batch->count; i++)
        tp_free(batch->items[i].sealed);
    tp_free(batch->items);
    *batch = (struct tp_outbox_batch){0};
}

bool tp_outbox_release(struct tp_store *store, bool everyone, struct tp_error *error)
{
    static const char what[] = "cannot give the claims back";

    if (everyone)
        return tp_db_run(store, TP_SQL_RELEASE_ALL, TP_NO_VALUES, what, error);
    return tp_db_run(store, TP_SQL_RELEASE, TP_VALUES(tp_integer(store->holder)), what, error);
}
