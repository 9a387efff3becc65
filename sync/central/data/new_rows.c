#include "central/data/new_rows.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* Whether an answer's form closed before both of its times, given as an expression for each: 0 or
 * 1. */
#define LATE(form, late_ms, late_day)                                                              \
    "(SELECT count(*) FROM form f WHERE f.id = " form " AND (f.closed_ms < " late_ms               \
    " OR (f.closes <> '' AND f.closes < " late_day ")))"

bool tp_new_row_put(struct tp_sql *db, const struct tp_submission *submission, int64_t *seq,
                    struct tp_error *error)
{
    if (!tp_sql_number(db,
                       "INSERT INTO received (instance_id, sha256, received_ms) "
                       "SELECT ?1, ?2, ?3 WHERE EXISTS (SELECT 1 FROM form WHERE id = ?4) "
                       "AND NOT EXISTS "
                       "(SELECT 1 FROM device WHERE id = ?5 AND revoked_ms IS NOT NULL) "
                       "ON CONFLICT (instance_id) DO NOTHING RETURNING seq",
                       TP_VALUES(tp_str(submission->instance_id),
                                 tp_blob(submission->sha256, TP_SHA256_BYTES),
                                 tp_int(submission->received_ms), tp_str(submission->form),
                                 tp_str(submission->sender)),
                       0, seq, error))
        return false;
    return *seq == 0 ||
           tp_sql_run(db,
                      "INSERT INTO submission (seq, instance_id, form, version, device, "
                      "received_ms, late, sealed) VALUES (?1, ?2, ?3, ?4, ?5, ?6, " LATE(
                          "?3", "?7", "?8") ", ?9)",
                      TP_VALUES(tp_int(*seq), tp_str(submission->instance_id),
                                tp_str(submission->form), tp_str(submission->version),
                                tp_str(submission->device), tp_int(submission->received_ms),
                                tp_int(submission->late_ms), tp_str(submission->late_day),
                                tp_blob(submission->sealed, submission->sealed_length)),
                      NULL, error);
}

/* ---- many in a statement ---- */

enum column {
    INSTANCE_ID,
    SHA256,
    RECEIVED_MS,
    FORM,
    VERSION,
    DEVICE,
    SENDER,
    LATE_MS,
    LATE_DAY,
    DAY,
    SEALED,
    COLUMNS
};

/* One answer, and where its number is told. */
struct row {
    const char *instance_id;
    int64_t *seq;
};

/* By instance ID; of those with one ID the earlier first. */
static int compare_rows(const void *left, const void *right)
{
    const struct row *a = left;
    const struct row *b = right;
    int order = strcmp(a->instance_id, b->instance_id);

    return order ? order : (a->seq > b->seq) - (a->seq < b->seq);
}

static int compare_id(const void *id, const void *row)
{
    return strcmp(id, ((const struct row *)row)->instance_id);
}

/* Sorts the rows and leaves out all but the first of an ID; how many are left. */
static size_t sort_rows(struct row *rows, size_t count)
{
    size_t left = 0;

    qsort(rows, count, sizeof(*rows), compare_rows);
    for (size_t i = 0; i < count; i++) {
        if (left == 0 || strcmp(rows[left - 1].instance_id, rows[i].instance_id) != 0)
            rows[left++] = rows[i];
    }
    return left;
}

static void fill(const struct tp_submission *submission, struct tp_value *cells, size_t rows)
{
    cells[INSTANCE_ID * rows] = tp_str(submission->instance_id);
    cells[SHA256 * rows] = tp_blob(submission->sha256, TP_SHA256_BYTES);
    cells[RECEIVED_MS * rows] = tp_int(submission->received_ms);
    cells[FORM * rows] = tp_str(submission->form);
    cells[VERSION * rows] = tp_str(submission->version);
    cells[DEVICE * rows] = tp_str(submission->device);
    cells[SENDER * rows] = tp_str(submission->sender ? submission->sender : "");
    cells[LATE_MS * rows] = tp_int(submission->late_ms);
    cells[LATE_DAY * rows] = tp_str(submission->late_day);
    cells[DAY * rows] = tp_str(submission->day);
    cells[SEALED * rows] = tp_blob(submission->sealed, submission->sealed_length);
}

/* clang-format off */
static const char put_many[] =
    "WITH brought AS MATERIALIZED (SELECT * FROM unnest(?1::text[], ?2::bytea[], ?3::bigint[], "
    "?4::text[], ?5::text[], ?6::text[], ?7::text[], ?8::bigint[], ?9::text[], ?10::text[], "
    "?11::bytea[]) WITH ORDINALITY AS b (instance_id, sha256, received_ms, form, version, device, "
    "sender, late_ms, late_day, day, sealed, place)), "
    "new AS (INSERT INTO received (instance_id, sha256, received_ms) "
    "SELECT instance_id, sha256, received_ms FROM brought b "
    "WHERE EXISTS (SELECT 1 FROM form WHERE id = b.form) "
    "AND NOT EXISTS (SELECT 1 FROM device WHERE id = b.sender AND revoked_ms IS NOT NULL) "
    "ORDER BY place " /* the join alone may number them as it likes */
    "ON CONFLICT (instance_id) DO NOTHING RETURNING instance_id, seq), "
    "kept AS (INSERT INTO submission (seq, instance_id, form, version, device, received_ms, late, "
    "sealed) SELECT new.seq, b.instance_id, b.form, b.version, b.device, b.received_ms, "
    LATE("b.form", "b.late_ms", "b.late_day") ", b.sealed "
    "FROM new JOIN brought b USING (instance_id)), "
    "counted AS (INSERT INTO tally (form, day, shard, count) "
    "SELECT b.form, b.day, ?12::bigint, count(*) FROM new JOIN brought b USING (instance_id) "
    "GROUP BY b.form, b.day ORDER BY b.form, b.day "
    "ON CONFLICT (form, day, shard) DO UPDATE SET count = tally.count + excluded.count) "
    "SELECT instance_id, seq FROM new";
/* clang-format on */

/* The database says which were new. */
static bool put(struct tp_sql *db, const struct tp_value *cells, const struct row *rows,
                size_t count, struct tp_error *error)
{
    struct tp_value values[COLUMNS + 1];
    struct tp_rows told;

    for (size_t i = 0; i < COLUMNS; i++)
        values[i] = tp_array(&cells[i * count], count);
    values[COLUMNS] = tp_int(tp_sql_shard(db));
    (void)tp_sql_ask(db, put_many, values, COLUMNS + 1, &told, error);
    while (tp_rows_next(&told)) {
        const struct row *row =
            bsearch(tp_rows_text(&told, 0), rows, count, sizeof(*rows), compare_id);

        if (row)
            *row->seq = tp_rows_int(&told, 1);
    }
    return tp_rows_finish(&told);
}

bool tp_new_rows_put(struct tp_sql *db, struct tp_submission *const *submissions, size_t count,
                     int64_t *seqs, struct tp_error *error)
{
    struct row *rows = tp_calloc(count, sizeof(*rows));
    struct tp_value *cells = tp_calloc(count * COLUMNS, sizeof(*cells));
    bool ok = (rows && cells) || tp_fail_memory(error);
    size_t different = 0;
    size_t filled = 0;

    for (size_t i = 0; ok && i < count; i++)
        rows[i] = (struct row){.instance_id = submissions[i]->instance_id, .seq = &seqs[i]};
    memset(seqs, 0, count * sizeof(*seqs));
    if (ok)
        different = sort_rows(rows, count);
    /* In the order in which they came: earlier ones have the lower numbers. */
    for (size_t i = 0; i < different; i++)
        *rows[i].seq = 1;
    for (size_t i = 0; ok && i < count; i++) {
        if (seqs[i])
            fill(submissions[i], &cells[filled++], different);
        seqs[i] = 0;
    }
    ok = ok && put(db, cells, rows, different, error);
    tp_free(rows);
    tp_free(cells);
    return ok;
}
