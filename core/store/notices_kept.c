/* What a device keeps of its notices: the list as it came, with its signature. */
#include <string.h>

#include "store/db.h"
#include "store/notices.h"

static const char taking[] = "cannot keep the notices";
static const char reading[] = "cannot read the notices";

/* A column's bytes; nothing for an empty one. */
static bool add_column(sqlite3_stmt *row, int column, struct tp_buf *out, struct tp_error *error)
{
    const void *bytes = sqlite3_column_blob(row, column);
    size_t count = (size_t)sqlite3_column_bytes(row, column);

    return count == 0 || (bytes && tp_buf_add(out, bytes, count)) || tp_fail_memory(error);
}

bool tp_notices_kept(struct tp_store *store, struct tp_buf *text, struct tp_buf *signature,
                     int64_t *serial, struct tp_error *error)
{
    sqlite3_stmt *row;
    enum tp_step step = tp_db_query(store, TP_SQL_NOTICES_GET, TP_NO_VALUES, &row, reading, error);
    bool ok = step == TP_STEP_ROW;

    if (ok) {
        *serial = sqlite3_column_int64(row, 0);
        ok = add_column(row, 1, text, error) && add_column(row, 2, signature, error);
    } else if (step == TP_STEP_DONE) {
        tp_fail(error, TP_ERR_IO, "%s in '%s': a row is missing", reading, store->path);
    }
    tp_db_reset(row);
    return ok;
}

/* Within the transaction: another process may have taken a newer one. */
static bool put(struct tp_store *store, int64_t serial, const char *text, size_t count,
                const char *signature, size_t signature_count, bool *changed,
                struct tp_error *error)
{
    struct tp_buf kept, kept_signature;
    int64_t kept_serial = 0;
    bool ok;

    tp_buf_init(&kept, TP_NOTICES_BYTES_MAX);
    tp_buf_init(&kept_signature, TP_NOTICES_BYTES_MAX);
    ok = tp_notices_kept(store, &kept, &kept_signature, &kept_serial, error);
    if (ok && serial < kept_serial)
        ok = tp_fail(error, TP_ERR_CONFLICT, "the notices are older than those that are here");
    *changed = ok && (serial != kept_serial || kept.length != count ||
                      memcmp(tp_buf_text(&kept), text, count) != 0);
    if (*changed)
        ok = tp_db_run(store, TP_SQL_NOTICES_SET,
                       TP_VALUES(tp_integer(serial), tp_blob(text, count),
                                 tp_blob(signature, signature_count)),
                       taking, error);
    tp_buf_finish(&kept);
    tp_buf_finish(&kept_signature);
    return ok;
}

bool tp_notices_take(struct tp_store *store, const struct tp_receipt_key *key, const char *text,
                     size_t count, const char *signature, size_t signature_count, bool *changed,
                     struct tp_error *error)
{
    struct tp_notices notices;
    int64_t serial;
    bool other = false;

    if (!tp_notices_open(text, count, signature, signature_count, key, &notices, error))
        return false;
    serial = notices.serial;
    tp_notices_finish(&notices);
    if (!tp_db_begin(store, taking, error) ||
        !tp_db_end(store,
                   put(store, serial, text, count, signature, signature_count, &other, error),
                   taking, error))
        return false;
    *changed = other;
    return true;
}
