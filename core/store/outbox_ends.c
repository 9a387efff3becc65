#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "store/db.h"
#include "store/looking.h"
#include "store/outbox.h"

/* So many of the last receipted instance IDs are remembered: more than can be put in the minutes in
 * which a doubtful save may be tried again. */
#define SENT_KEPT 4096

/* An answer as the outbox has it. */
struct kept {
    int64_t sequence; /* 0: it is not here */
    int64_t created_ms;
    char sha256[TP_SHA256_TEXT_MAX];
};

static bool find(struct tp_store *store, const char *instance_id, struct kept *kept,
                 const char *doing, struct tp_error *error)
{
    sqlite3_stmt *row;
    enum tp_step step =
        tp_db_query(store, TP_SQL_FIND, TP_VALUES(tp_text(instance_id)), &row, doing, error);
    bool ok = step != TP_STEP_FAILED;

    *kept = (struct kept){0};
    if (step == TP_STEP_ROW) {
        kept->sequence = sqlite3_column_int64(row, 0);
        kept->created_ms = sqlite3_column_int64(row, 2);
        ok = tp_db_column_digest(row, 1, kept->sha256, error);
    }
    tp_db_reset(row);
    return ok;
}

static bool delete_one(struct tp_store *store, const struct kept *kept,
                       const struct tp_receipt *receipt, const char *doing, struct tp_error *error)
{
    const char *instance_id = receipt->instance_id;
    int64_t number = 0;

    return tp_db_run(store, TP_SQL_DELETE, TP_VALUES(tp_integer(kept->sequence)), doing, error) &&
           tp_db_integer(store, TP_SQL_SENT_NUMBER,
                         TP_VALUES(tp_integer(kept->sequence), tp_integer(kept->created_ms)),
                         &number, doing, error) &&
           tp_db_run(store, TP_SQL_SENT_ADD, TP_VALUES(tp_integer(number), tp_text(instance_id)),
                     doing, error) &&
           /* Another device's: its receipt travels back to it. */
           tp_db_run(store, TP_SQL_CARRY_SIGNED,
                     TP_VALUES(tp_text(instance_id), tp_text(receipt->received),
                               tp_text(receipt->signature)),
                     doing, error);
}

static bool end_one(struct tp_store *store, const struct tp_receipt *receipt,
                    enum tp_outbox_sent *outcome, const char *doing, struct tp_error *error)
{
    struct kept kept;

    if (!find(store, receipt->instance_id, &kept, doing, error))
        return false;
    if (!kept.sequence)
        *outcome = TP_SENT_UNKNOWN;
    else if (strcmp(kept.sha256, receipt->sha256) != 0)
        *outcome = TP_SENT_REFUSED;
    else
        *outcome = TP_SENT_DELETED;
    return *outcome != TP_SENT_DELETED || delete_one(store, &kept, receipt, doing, error);
}

bool tp_outbox_mark_sent(struct tp_store *store, const struct tp_receipt_key *pinned,
                         const struct tp_receipt *receipts, size_t count,
                         enum tp_outbox_sent *outcomes, struct tp_error *error)
{
    static const char doing[] = "cannot take a receipt";
    enum tp_outbox_sent *came = tp_calloc(count, sizeof(*came));
    struct tp_receipt_roots roots = {.next = 0};
    bool ok = true;

    if (!came)
        return tp_fail_memory(error);
    for (size_t i = 0; i < count; i++)
        came[i] = tp_receipt_verify(pinned, &roots, &receipts[i], NULL) ? TP_SENT_UNKNOWN
                                                                        : TP_SENT_REFUSED;
    if (!tp_db_begin(store, doing, error)) {
        tp_free(came);
        return false;
    }
    for (size_t i = 0; ok && i < count; i++) {
        if (came[i] != TP_SENT_REFUSED)
            ok = end_one(store, &receipts[i], &came[i], doing, error);
    }
    ok = ok && tp_db_run(store, TP_SQL_SENT_FORGET, TP_VALUES(tp_integer(SENT_KEPT)), doing, error);
    ok = tp_db_end(store, ok, doing, error);
    tp_db_tidy(store);
    if (ok && outcomes && count)
        memcpy(outcomes, came, count * sizeof(*came));
    tp_free(came);
    return ok;
}

bool tp_outbox_mark_taken(struct tp_store *store, const struct tp_receipt *receipts, size_t count,
                          enum tp_outbox_sent *outcomes, struct tp_error *error)
{
    static const char doing[] = "cannot note that an answer was taken";
    bool ok = true;

    if (!tp_db_begin(store, doing, error))
        return false;
    for (size_t i = 0; ok && i < count; i++)
        ok = end_one(store, &receipts[i], &outcomes[i], doing, error);
    ok = ok && tp_db_run(store, TP_SQL_SENT_FORGET, TP_VALUES(tp_integer(SENT_KEPT)), doing, error);
    ok = tp_db_end(store, ok, doing, error);
    tp_db_tidy(store);
    return ok;
}

/* Notes why an answer was not taken and ends its claim. */
static bool note(struct tp_store *store, enum tp_statement how, const char *instance_id,
                 const char *words, bool must_be_here, const char *doing, struct tp_error *error)
{
    struct kept kept;

    if (!find(store, instance_id, &kept, doing, error))
        return false;
    if (!kept.sequence)
        return !must_be_here ||
               tp_fail(error, TP_ERR_NOT_FOUND, "%s: '%.80s' is not here", doing, instance_id);
    return tp_db_run(store, how, TP_VALUES(tp_integer(kept.sequence), tp_text(words)), doing,
                     error) &&
           tp_db_run(store, TP_SQL_UNCLAIM, TP_VALUES(tp_integer(kept.sequence)), doing, error);
}

bool tp_outbox_mark_failed(struct tp_store *store, const char *const *instance_ids, size_t count,
                           const char *why, struct tp_error *error)
{
    static const char doing[] = "cannot note a failed attempt";
    char words[TP_OUTBOX_WORDS_MAX];
    bool ok = true;

    tp_utf8_to_words(why, words, sizeof(words));
    if (!tp_db_begin(store, doing, error))
        return false;
    for (size_t i = 0; ok && i < count; i++)
        ok = note(store, TP_SQL_FAILED, instance_ids[i], words, false, doing, error);
    ok = tp_db_end(store, ok, doing, error);
    tp_db_tidy(store);
    return ok;
}

bool tp_outbox_quarantine(struct tp_store *store, const char *instance_id, const char *reason,
                          struct tp_error *error)
{
    static const char doing[] = "cannot set an answer aside";
    char words[TP_OUTBOX_WORDS_MAX];

    tp_utf8_to_words(reason, words, sizeof(words));
    if (!tp_db_begin(store, doing, error))
        return false;
    return tp_db_end(store, note(store, TP_SQL_QUARANTINE, instance_id, words, true, doing, error),
                     doing, error);
}

bool tp_outbox_retry(struct tp_store *store, const char *instance_id, size_t *count,
                     struct tp_error *error)
{
    static const char doing[] = "cannot offer an answer again";
    int changed;
    bool ok;

    ok = instance_id ? tp_db_run(store, TP_SQL_RETRY, TP_VALUES(tp_text(instance_id)), doing, error)
                     : tp_db_run(store, TP_SQL_RETRY_ALL, TP_NO_VALUES, doing, error);
    if (!ok)
        return false;
    changed = sqlite3_changes(store->db);
    if (instance_id && !changed)
        return tp_fail(error, TP_ERR_NOT_FOUND, "'%.80s' is not set aside here", instance_id);
    if (count)
        *count = (size_t)changed;
    return true;
}

bool tp_outbox_counts(struct tp_store *store, struct tp_outbox_counts *counts,
                      struct tp_error *error)
{
    static const char doing[] = "cannot count the answers";
    sqlite3_stmt *row;
    enum tp_step step = tp_db_query(store, TP_SQL_COUNTS, TP_NO_VALUES, &row, doing, error);

    /* SQLite counts a whole table by its pages; what is aside is little, and taken off. */
    if (step == TP_STEP_ROW)
        *counts = (struct tp_outbox_counts){
            .waiting = (uint64_t)(sqlite3_column_int64(row, 0) - sqlite3_column_int64(row, 2)),
            .sent = (uint64_t)sqlite3_column_int64(row, 1),
            .quarantined = (uint64_t)sqlite3_column_int64(row, 2),
        };
    tp_db_reset(row);
    return step == TP_STEP_ROW;
}

bool tp_outbox_each(struct tp_store *store, enum tp_outbox_state state, tp_outbox_visit *visit,
                    void *context, struct tp_error *error)
{
    static const char doing[] = "cannot look at the answers";
    struct tp_outbox_item item;
    sqlite3_stmt *row;
    enum tp_step step =
        tp_db_query(store, TP_SQL_EACH, TP_VALUES(tp_integer(state == TP_OUTBOX_WAITING ? 0 : 1)),
                    &row, doing, error);
    bool ok = true;
    bool more = true;

    while (ok && more && step == TP_STEP_ROW) {
        ok = tp_item_read(row, &item, error);
        more = ok && visit(context, &item);
        if (more)
            step = tp_db_step(store, row, doing, error);
    }
    tp_db_reset(row);
    return ok && step != TP_STEP_FAILED;
}
