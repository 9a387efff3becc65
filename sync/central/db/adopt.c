#include "central/db/adopt.h"

#include "central/db/driver.h"

#define COLUMNS_MAX 18

/* Every table but the history of migrations, each after those it refers to. Sessions are not moved:
 * people sign in again. */
struct table {
    const char *name;
    const char *select;
    const char *insert;
    int columns;
    const char *sequence; /* the column that numbers itself; NULL where there is none */
};

#define TABLE(name, columns, list, values, sequence)                                               \
    {                                                                                              \
        name, "SELECT " list " FROM " name, "INSERT INTO " name " (" list ") VALUES (" values ")", \
            columns, sequence                                                                      \
    }
#define V4 "?1, ?2, ?3, ?4"
#define V5 V4 ", ?5"
#define V7 V5 ", ?6, ?7"
#define V8 V7 ", ?8"
#define V9 V8 ", ?9"

static const struct table tables[] = {
    TABLE("person", 7, "id, name, password_hash, created_ms, changed_ms, seen_ms, role", V7, "id"),
    TABLE(
        "device", 18,
        "id, name, token_sha256, created_ms, confirmed_ms, revoked_ms, seen_ms, version, "
        "waiting, sent, quarantined, venue, event, clock_off_ms, disk_free_mib, forms, login, ha1",
        V9 ", ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18", NULL),
    TABLE("enrolment", 9,
          "id, code, secret_sha256, name, version, state, created_ms, decided_ms, device", V9,
          "id"),
    TABLE("counter", 7, "device, form, version, day, mode, name, count", V7, NULL),
    TABLE("form", 9, "id, version, title, kind, opens, closes, created_ms, closed_ms, keep_months",
          V9, NULL),
    TABLE("form_version", 5, "form, version, published_ms, md5, xml", V5, NULL),
    TABLE("content", 2, "sha256, bytes", "?1, ?2", NULL),
    TABLE("media", 5, "form, version, name, md5, sha256", V5, NULL),
    TABLE("received", 5, "seq, instance_id, sha256, received_ms, gone_ms", V5, "seq"),
    TABLE("submission", 8, "seq, instance_id, form, version, device, received_ms, late, sealed", V8,
          NULL),
    TABLE("opening", 4, "form, run, answers, bytes", V4, NULL),
    TABLE("brought", 4, "seq, device, carrier, day", V4, NULL),
    TABLE("edit", 4, "seq, replaces, form, device", V4, NULL),
    TABLE("replaced", 9,
          "seq, by_seq, instance_id, form, version, device, received_ms, late, sealed", V9, NULL),
    TABLE("attachment", 5, "instance_id, name, received_ms, sha256, sealed", V5, NULL),
    TABLE("quarantine", 9,
          "id, instance_id, part, form, version, device, received_ms, sha256, sealed", V9, "id"),
    TABLE("tally", 4, "form, day, shard, count", V4, NULL),
    TABLE("notice", 7, "id, state, kind, survey, from_day, until_day, changed_ms", V7, "id"),
    TABLE("notice_words", 5, "notice, tag, title, body, pictures", V5, NULL),
    /* Its one row is there from the start. */
    {"notice_list", "SELECT id, serial FROM notice_list",
     "INSERT INTO notice_list (id, serial) VALUES (?1, ?2) "
     "ON CONFLICT (id) DO UPDATE SET serial = excluded.serial",
     2, NULL},
    TABLE("audit", 5, "id, at_ms, who, action, subject", V5, "id"),
    TABLE("deletion", 5, "id, form, at_ms, answers, left_over", V5, "id"),
};

static bool copy_row(struct tp_sql *to, const struct table *table, const struct tp_rows *rows,
                     struct tp_error *error)
{
    struct tp_value values[COLUMNS_MAX];

    for (int i = 0; i < table->columns; i++) {
        size_t length;
        const void *bytes;

        switch (tp_rows_kind(rows, i)) {
        case TP_VALUE_INTEGER:
            values[i] = tp_int(tp_rows_int(rows, i));
            break;
        case TP_VALUE_TEXT:
            values[i] = tp_str(tp_rows_text(rows, i));
            break;
        case TP_VALUE_BLOB:
            bytes = tp_rows_blob(rows, i, &length);
            values[i] = tp_blob(bytes, length);
            break;
        default:
            values[i] = tp_null();
        }
    }
    return tp_sql_run(to, table->insert, values, (size_t)table->columns, NULL, error);
}

static bool copy_table(struct tp_sql *from, struct tp_sql *to, const struct table *table,
                       int64_t *count, struct tp_error *error)
{
    struct tp_rows rows;
    bool ok = true;

    (void)tp_sql_ask(from, table->select, TP_NO_VALUES, &rows, error);
    while (ok && tp_rows_next(&rows)) {
        ok = copy_row(to, table, &rows, error);
        (*count)++;
    }
    return (tp_rows_finish(&rows) && ok) || tp_fail_prefix(error, "table '%s'", table->name);
}

/* The next number comes after the largest that was copied. */
static bool set_sequences(struct tp_sql *to, struct tp_error *error)
{
    for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
        if (tables[i].sequence && to->driver->renumber &&
            !to->driver->renumber(to, tables[i].name, tables[i].sequence, error))
            return false;
    }
    return true;
}

static bool is_empty(struct tp_sql *to, struct tp_error *error)
{
    int64_t count = 0;

    return tp_sql_number(to,
                         "SELECT (SELECT count(*) FROM person) + (SELECT count(*) FROM device) + "
                         "(SELECT count(*) FROM form) + (SELECT count(*) FROM received)",
                         TP_NO_VALUES, 0, &count, error) &&
           (count == 0 ||
            tp_fail(error, TP_ERR_CONFLICT, "there is a store in the database to fill already"));
}

bool tp_sql_adopt(struct tp_sql *from, struct tp_sql *to, int64_t *rows, struct tp_error *error)
{
    int64_t count = 0;
    bool ok;

    if (!tp_sql_begin_read(from, error))
        return false;
    if (!tp_sql_begin(to, error)) {
        tp_sql_rollback(from);
        return false;
    }
    ok = is_empty(to, error);
    for (size_t i = 0; ok && i < sizeof(tables) / sizeof(tables[0]); i++)
        ok = copy_table(from, to, &tables[i], &count, error);
    ok = ok && set_sequences(to, error) && tp_sql_commit(to, error);
    if (!ok)
        tp_sql_rollback(to);
    tp_sql_rollback(from);
    if (ok)
        *rows = count;
    return ok;
}
