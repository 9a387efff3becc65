#include "central/data/collectors.h"

#include <stdio.h>

bool tp_collector_add(struct tp_sql *db, const char *login, const char *ha1,
                      const struct tp_random *random, int64_t now_ms, bool *taken,
                      struct tp_error *error)
{
    char uuid[TP_UUID_TEXT_MAX];
    char id[TP_DEVICE_ID_MAX];
    int64_t added = 0;

    tp_random_uuid(random, uuid);
    (void)snprintf(id, sizeof(id), "uuid:%s", uuid);
    if (!tp_sql_run(db,
                    "INSERT INTO device (id, name, created_ms, confirmed_ms, login, ha1) "
                    "VALUES (?1, ?2, ?3, ?3, ?2, ?4) ON CONFLICT (login) DO NOTHING",
                    TP_VALUES(tp_str(id), tp_str(login), tp_int(now_ms), tp_str(ha1)), &added,
                    error))
        return false;
    *taken = added == 0;
    return true;
}

bool tp_collector_find(struct tp_sql *db, const char *login, struct tp_device_standing *standing,
                       char ha1[TP_HA1_MAX], int64_t *seen_ms, struct tp_error *error)
{
    struct tp_device_standing found = {.known = false};
    struct tp_rows rows;

    ha1[0] = '\0';
    if (tp_sql_ask(db,
                   "SELECT id, revoked_ms IS NOT NULL, ha1, coalesce(seen_ms, 0) FROM device "
                   "WHERE login = ?1",
                   TP_VALUES(tp_str(login)), &rows, error) &&
        tp_rows_next(&rows)) {
        found.known = true;
        found.confirmed = true;
        found.revoked = tp_rows_int(&rows, 1) != 0;
        (void)snprintf(found.id, sizeof(found.id), "%s", tp_rows_text(&rows, 0));
        (void)snprintf(ha1, TP_HA1_MAX, "%s", tp_rows_text(&rows, 2));
        *seen_ms = tp_rows_int(&rows, 3);
    }
    if (!tp_rows_finish(&rows))
        return false;
    *standing = found;
    return true;
}

bool tp_collector_seen(struct tp_sql *db, const char *id, int64_t now_ms, struct tp_error *error)
{
    return tp_sql_run(db, "UPDATE device SET seen_ms = ?2 WHERE id = ?1",
                      TP_VALUES(tp_str(id), tp_int(now_ms)), NULL, error);
}
