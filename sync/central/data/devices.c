#include "central/data/devices.h"

#include <stdio.h>
#include <string.h>

/* A device that makes up names must not fill the disk: this is years of a dozen surveys. */
#define COUNTERS_OF_A_DEVICE_MAX 200000

static void copy(char *to, size_t size, const char *text)
{
    (void)snprintf(to, size, "%s", text);
}

bool tp_devices_authenticate(struct tp_sql *db, const char *token,
                             struct tp_device_standing *standing, struct tp_error *error)
{
    struct tp_device_standing found = {.known = false};
    unsigned char digest[32];
    struct tp_rows rows;

    tp_token_digest(token, digest);
    if (tp_sql_ask(db,
                   "SELECT id, revoked_ms IS NOT NULL, confirmed_ms IS NOT NULL FROM device "
                   "WHERE token_sha256 = ?1",
                   TP_VALUES(tp_blob(digest, sizeof(digest))), &rows, error) &&
        tp_rows_next(&rows)) {
        found.known = true;
        copy(found.id, sizeof(found.id), tp_rows_text(&rows, 0));
        found.revoked = tp_rows_int(&rows, 1) != 0;
        found.confirmed = tp_rows_int(&rows, 2) != 0;
    }
    if (!tp_rows_finish(&rows))
        return false;
    *standing = found;
    return true;
}

bool tp_devices_confirm(struct tp_sql *db, const char *id, int64_t now_ms, struct tp_error *error)
{
    return tp_sql_run(db,
                      "UPDATE device SET confirmed_ms = ?2 WHERE id = ?1 AND confirmed_ms IS NULL",
                      TP_VALUES(tp_str(id), tp_int(now_ms)), NULL, error);
}

static void fill_device(const struct tp_rows *rows, struct tp_device *device)
{
    copy(device->id, sizeof(device->id), tp_rows_text(rows, 0));
    copy(device->name, sizeof(device->name), tp_rows_text(rows, 1));
    copy(device->version, sizeof(device->version), tp_rows_text(rows, 2));
    copy(device->venue, sizeof(device->venue), tp_rows_text(rows, 3));
    copy(device->event, sizeof(device->event), tp_rows_text(rows, 4));
    device->created_ms = tp_rows_int(rows, 5);
    device->seen_ms = tp_rows_int(rows, 6);
    device->revoked_ms = tp_rows_int(rows, 7);
    device->waiting = tp_rows_int(rows, 8);
    device->sent = tp_rows_int(rows, 9);
    device->quarantined = tp_rows_int(rows, 10);
    device->clock_off_ms = tp_rows_int(rows, 11);
    device->disk_free_mib = tp_rows_is_null(rows, 12) ? -1 : tp_rows_int(rows, 12);
    device->claimed = tp_rows_int(rows, 13) != 0;
    device->collects = tp_rows_int(rows, 14) != 0;
}

bool tp_devices_each(struct tp_sql *db, bool (*each)(void *context, const struct tp_device *device),
                     void *context, struct tp_error *error)
{
    struct tp_rows rows;
    bool more = true;

    (void)tp_sql_ask(db,
                     "SELECT id, name, version, venue, event, created_ms, coalesce(seen_ms, 0), "
                     "coalesce(revoked_ms, 0), waiting, sent, quarantined, clock_off_ms, "
                     "disk_free_mib, token_sha256 IS NOT NULL, login IS NOT NULL FROM device "
                     "ORDER BY lower(name), id",
                     TP_NO_VALUES, &rows, error);
    while (more && tp_rows_next(&rows)) {
        struct tp_device device;

        fill_device(&rows, &device);
        more = each(context, &device);
    }
    return tp_rows_finish(&rows);
}

bool tp_devices_revoke(struct tp_sql *db, const char *id_or_name, int64_t now_ms, bool *found,
                       char name[TP_DEVICE_NAME_MAX + 1], struct tp_error *error)
{
    char id[TP_DEVICE_ID_MAX] = "";
    char its_name[TP_DEVICE_NAME_MAX + 1] = "";
    struct tp_rows rows;
    int matches = 0;

    (void)tp_sql_ask(db,
                     "SELECT id, name FROM device WHERE revoked_ms IS NULL AND "
                     "(id = ?1 OR name = ?1) ORDER BY id = ?1 DESC LIMIT 2",
                     TP_VALUES(tp_str(id_or_name)), &rows, error);
    while (tp_rows_next(&rows)) {
        if (matches++ > 0)
            continue;
        copy(id, sizeof(id), tp_rows_text(&rows, 0));
        copy(its_name, sizeof(its_name), tp_rows_text(&rows, 1));
    }
    if (!tp_rows_finish(&rows))
        return false;
    if (matches > 1 && strcmp(id, id_or_name) != 0)
        matches = 0;
    if (matches && !tp_sql_run(db, "UPDATE device SET revoked_ms = ?2 WHERE id = ?1",
                               TP_VALUES(tp_str(id), tp_int(now_ms)), NULL, error))
        return false;
    *found = matches > 0;
    copy(name, TP_DEVICE_NAME_MAX + 1, its_name);
    return true;
}

static bool count_up(struct tp_sql *db, const char *id, const struct tp_counter *counter,
                     struct tp_error *error)
{
    return tp_sql_run(db,
                      "INSERT INTO counter (device, form, version, day, mode, name, count) "
                      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) "
                      "ON CONFLICT (form, name, mode, day, version, device) "
                      "DO UPDATE SET count = excluded.count WHERE excluded.count > counter.count",
                      TP_VALUES(tp_str(id), tp_str(counter->form), tp_str(counter->version),
                                tp_str(counter->day), tp_str(counter->mode), tp_str(counter->name),
                                tp_int(counter->count)),
                      NULL, error);
}

bool tp_devices_heard(struct tp_sql *db, const char *id, const struct tp_heartbeat *heartbeat,
                      int64_t now_ms, struct tp_error *error)
{
    int64_t off = heartbeat->clock_ms ? heartbeat->clock_ms - now_ms : 0;
    int64_t held = 0;

    if (!tp_sql_run(
            db,
            "UPDATE device SET seen_ms = ?2, version = ?3, venue = ?4, event = ?5, "
            "forms = ?6, waiting = ?7, sent = ?8, quarantined = ?9, clock_off_ms = ?10, "
            "disk_free_mib = ?11 WHERE id = ?1",
            TP_VALUES(tp_str(id), tp_int(now_ms), tp_str(heartbeat->version),
                      tp_str(heartbeat->venue), tp_str(heartbeat->event), tp_str(heartbeat->forms),
                      tp_int(heartbeat->waiting), tp_int(heartbeat->sent),
                      tp_int(heartbeat->quarantined), tp_int(off),
                      heartbeat->disk_free_mib < 0 ? tp_null() : tp_int(heartbeat->disk_free_mib)),
            NULL, error))
        return false;
    if (heartbeat->counter_count &&
        !tp_sql_number(db, "SELECT count(*) FROM counter WHERE device = ?1", TP_VALUES(tp_str(id)),
                       0, &held, error))
        return false;
    if (held > COUNTERS_OF_A_DEVICE_MAX)
        return true;
    for (size_t i = 0; i < heartbeat->counter_count; i++) {
        if (!count_up(db, id, &heartbeat->counters[i], error))
            return false;
    }
    return true;
}

bool tp_device_look(struct tp_sql *db, const char *id, bool *known, bool *off,
                    struct tp_error *error)
{
    int64_t revoked = -1;

    if (!tp_sql_number(
            db, "SELECT (revoked_ms IS NOT NULL) FROM device WHERE id = ?1 AND login IS NULL",
            TP_VALUES(tp_str(id)), -1, &revoked, error))
        return false;
    *known = revoked >= 0;
    *off = revoked > 0;
    return true;
}
