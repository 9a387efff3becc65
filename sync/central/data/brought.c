#include "central/data/brought.h"

#include <stdio.h>

#include "central/data/audit.h"

/* A screen's name; "" where it is not known. */
static bool name_of(struct tp_sql *db, const char *device, char name[TP_DEVICE_NAME_MAX + 1],
                    struct tp_error *error)
{
    struct tp_rows rows;

    name[0] = '\0';
    if (tp_sql_ask(db, "SELECT name FROM device WHERE id = ?1", TP_VALUES(tp_str(device)), &rows,
                   error) &&
        tp_rows_next(&rows))
        (void)snprintf(name, TP_DEVICE_NAME_MAX + 1, "%s", tp_rows_text(&rows, 0));
    return tp_rows_finish(&rows);
}

static bool log_it(struct tp_sql *db, const struct tp_submission *submission,
                   struct tp_error *error)
{
    char device[TP_DEVICE_NAME_MAX + 1];
    char carrier[TP_DEVICE_NAME_MAX + 1];
    const struct tp_deed deed = {.who = *submission->carrier ? carrier : TP_AUDIT_COMMAND_LINE,
                                 .at_ms = submission->received_ms};

    return name_of(db, submission->device, device, error) &&
           name_of(db, submission->carrier, carrier, error) &&
           tp_audit_add(db, &deed, "brought responses of the screen", device, error);
}

bool tp_brought_add(struct tp_sql *db, const struct tp_submission *submission, int64_t seq,
                    struct tp_error *error)
{
    const struct tp_value day = tp_str(submission->day);
    int64_t before = 0;

    if (!submission->carrier)
        return true;
    return tp_sql_number(db,
                         "SELECT 1 FROM brought WHERE device = ?1 AND carrier = ?2 AND day = ?3 "
                         "LIMIT 1",
                         TP_VALUES(tp_str(submission->device), tp_str(submission->carrier), day), 0,
                         &before, error) &&
           (before || log_it(db, submission, error)) &&
           tp_sql_run(
               db, "INSERT INTO brought (seq, device, carrier, day) VALUES (?1, ?2, ?3, ?4)",
               TP_VALUES(tp_int(seq), tp_str(submission->device), tp_str(submission->carrier), day),
               NULL, error);
}

bool tp_brought_each(struct tp_sql *db, int64_t limit,
                     bool (*each)(void *context, const struct tp_brought *brought), void *context,
                     struct tp_error *error)
{
    struct tp_rows rows;
    bool more = true;

    (void)tp_sql_ask(db,
                     "SELECT coalesce(d.name, ''), coalesce(c.name, ''), b.answers, b.newest FROM "
                     "(SELECT device, carrier, count(*) AS answers, max(day) AS newest "
                     " FROM brought GROUP BY device, carrier) b "
                     "LEFT JOIN device d ON d.id = b.device LEFT JOIN device c ON c.id = b.carrier "
                     "ORDER BY b.newest DESC, 1, 2 LIMIT ?1",
                     TP_VALUES(tp_int(limit)), &rows, error);
    while (more && tp_rows_next(&rows)) {
        const struct tp_brought brought = {.device = tp_rows_text(&rows, 0),
                                           .carrier = tp_rows_text(&rows, 1),
                                           .answers = tp_rows_int(&rows, 2),
                                           .newest_day = tp_rows_text(&rows, 3)};

        more = each(context, &brought);
    }
    return tp_rows_finish(&rows);
}
