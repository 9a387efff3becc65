/*
 * Who did what, and when. A row is written in the transaction of what it tells of, so that neither
 * stands without the other. Subjects are names of surveys, screens and people; never an answer, a
 * contact detail, a password or a token. Thread: the connection's.
 */
#ifndef TP_CENTRAL_DATA_AUDIT_H
#define TP_CENTRAL_DATA_AUDIT_H

#include "central/db/db.h"

/* Who the command line is. */
#define TP_AUDIT_COMMAND_LINE "command line"
/* Who the daily round is. */
#define TP_AUDIT_SCHEDULE "schedule"

struct tp_deed {
    const char *who;
    int64_t at_ms;
};

/* "approved a screen", "Cowley Library". */
bool tp_audit_add(struct tp_sql *db, const struct tp_deed *deed, const char *action,
                  const char *subject, struct tp_error *error);

/* The same for what a stranger can do as often as they like: at most TP_AUDIT_STRANGER_LINES of an
 * `action` stand in an hour, or among as many lines as are looked back at. Those beyond are counted
 * in one line more, by TP_AUDIT_OTHERS, of the action `beyond`. */
#define TP_AUDIT_OTHERS "others"
#define TP_AUDIT_STRANGER_LINES 20
#define TP_AUDIT_LOOKED_BACK 200
#define TP_AUDIT_LOOKED_BACK_MS (3600 * 1000LL)
bool tp_audit_add_stranger(struct tp_sql *db, const struct tp_deed *deed, const char *action,
                           const char *subject, const char *beyond, struct tp_error *error);

struct tp_audit_row {
    int64_t id;
    int64_t at_ms;
    const char *who;
    const char *action;
    const char *subject;
};

/* The newest first, before `before_id` (0: from the newest), at most `limit`; false from `each`
 * stops. */
bool tp_audit_each(struct tp_sql *db, int64_t before_id, int64_t limit,
                   bool (*each)(void *context, const struct tp_audit_row *row), void *context,
                   struct tp_error *error);

#endif
