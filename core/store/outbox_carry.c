#include <string.h>

#include "base/mem.h"
#include "store/answers.h"
#include "store/carry.h"
#include "store/db.h"
#include "store/looking.h"

bool tp_carry_read(struct tp_store *store, int64_t after, size_t max_count, size_t max_bytes,
                   struct tp_outbox_batch *batch, struct tp_error *error)
{
    static const char doing[] = "cannot read the answers";
    struct tp_outbox_batch read = {.items = tp_calloc(max_count, sizeof(*read.items))};
    size_t room = max_bytes ? max_bytes : SIZE_MAX;
    enum tp_step step;
    sqlite3_stmt *row;
    bool ok = true;

    if (!read.items)
        return tp_fail_memory(error);
    step = tp_db_query(store, TP_SQL_CARRY_READ, TP_VALUES(tp_integer(after)), &row, doing, error);
    while (ok && step == TP_STEP_ROW && read.count < max_count) {
        struct tp_outbox_item *item = &read.items[read.count];

        ok = tp_item_read(row, item, error);
        if (!ok || (read.count && item->sealed_count > room))
            break;
        ok = tp_item_copy_sealed(row, item, error);
        if (ok && tp_item_is_whole(item)) {
            room -= item->sealed_count < room ? item->sealed_count : room;
            read.count++;
        } else {
            tp_free(item->sealed);
            item->sealed = NULL;
        }
        if (ok)
            step = tp_db_step(store, row, doing, error);
    }
    tp_db_reset(row);
    if (!ok || step == TP_STEP_FAILED) {
        tp_outbox_batch_finish(&read);
        return false;
    }
    *batch = read;
    return true;
}

bool tp_carry_is_here(struct tp_store *store, const char *instance_id, bool *here,
                      struct tp_error *error)
{
    static const char doing[] = "cannot look for an answer";
    sqlite3_stmt *row;
    enum tp_step step =
        tp_db_query(store, TP_SQL_FIND, TP_VALUES(tp_text(instance_id)), &row, doing, error);

    tp_db_reset(row);
    if (step == TP_STEP_FAILED)
        return false;
    *here = step == TP_STEP_ROW;
    return true;
}

bool tp_carry_has_arrived(struct tp_store *store, const char *instance_id, bool *arrived,
                          struct tp_error *error)
{
    int64_t known = 0;

    if (!tp_db_integer(store, TP_SQL_CARRY_ARRIVED, TP_VALUES(tp_text(instance_id)), &known,
                       "cannot look for a receipt", error))
        return false;
    *arrived = known != 0;
    return true;
}

static bool check(const struct tp_carried *answer, unsigned char digest[TP_SHA256_BYTES],
                  struct tp_error *error)
{
    char sha256[TP_SHA256_TEXT_MAX];

    tp_sha256_text(answer->sealed, answer->sealed_count, sha256);
    if (tp_answer_is_proper(answer) &&
        (!answer->device_id || tp_text_is_words(answer->device_id, TP_GIVEN_ON_MAX)) &&
        strcmp(sha256, answer->sha256) == 0 && tp_hex_decode(sha256, digest, TP_SHA256_BYTES))
        return true;
    return tp_fail(error, TP_ERR_INVALID, "a carried answer is not what it says");
}

static bool adopt(struct tp_store *store, const struct tp_carried *answer, size_t *added,
                  const char *doing, struct tp_error *error)
{
    unsigned char digest[TP_SHA256_BYTES];
    struct tp_store_time now;
    int64_t sequence = 0;
    int64_t known = 0;

    if (!check(answer, digest, error) ||
        !tp_db_integer(store, TP_SQL_CARRY_KNOWN, TP_VALUES(tp_text(answer->instance_id)), &known,
                       doing, error))
        return false;
    if (known)
        return true;
    (*added)++;
    return tp_store_now(store, &now, error) &&
           tp_db_integer(store, TP_SQL_PUT_SEQUENCE, TP_NO_VALUES, &sequence, doing, error) &&
           tp_db_run(store, TP_SQL_PUT,
                     TP_VALUES(tp_integer(sequence), tp_text(answer->instance_id),
                               tp_text(answer->form_id), tp_text(answer->form_version),
                               tp_integer(now.ms), tp_integer(now.trust),
                               tp_blob(digest, sizeof(digest)),
                               tp_blob(answer->sealed, answer->sealed_count)),
                     doing, error) &&
           tp_db_run(store, TP_SQL_CARRY_ADD,
                     TP_VALUES(tp_text(answer->instance_id), tp_text(answer->sha256),
                               tp_text(answer->device_id ? answer->device_id : "")),
                     doing, error);
}

bool tp_carry_adopt(struct tp_store *store, const struct tp_carried *answers, size_t count,
                    size_t *added, struct tp_error *error)
{
    static const char doing[] = "a carried answer cannot be kept";
    size_t new_ones = 0;
    bool ok = true;

    if (!tp_db_begin(store, doing, error))
        return false;
    for (size_t i = 0; ok && i < count; i++)
        ok = adopt(store, &answers[i], &new_ones, doing, error);
    ok = ok &&
         tp_db_run(store, TP_SQL_CARRY_FORGET, TP_VALUES(tp_integer(TP_CARRIED_MAX)), doing, error);
    ok = tp_db_end(store, ok, doing, error);
    tp_db_tidy(store);
    if (ok && added)
        *added = new_ones;
    return ok;
}

bool tp_carry_receipt(struct tp_store *store, const char *instance_id, struct tp_receipt *receipt,
                      bool *found, struct tp_error *error)
{
    static const char doing[] = "cannot look for a receipt";
    struct tp_receipt read = {0};
    sqlite3_stmt *row;
    enum tp_step step = tp_db_query(store, TP_SQL_CARRY_RECEIPT, TP_VALUES(tp_text(instance_id)),
                                    &row, doing, error);
    bool ok = step != TP_STEP_FAILED;

    if (step == TP_STEP_ROW) {
        (void)snprintf(read.instance_id, sizeof(read.instance_id), "%s", instance_id);
        ok = tp_db_column_text(row, 0, read.sha256, sizeof(read.sha256), error) &&
             tp_db_column_text(row, 1, read.received, sizeof(read.received), error) &&
             tp_db_column_text(row, 2, read.signature, sizeof(read.signature), error);
    }
    tp_db_reset(row);
    if (!ok)
        return false;
    *found = step == TP_STEP_ROW;
    if (*found)
        *receipt = read;
    return true;
}
