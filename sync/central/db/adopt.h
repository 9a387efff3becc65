/*
 * Moves a whole store from one database into another that is empty: from the SQLite file a council
 * began with to the PostgreSQL server it grew into. Thread: the connections'.
 */
#ifndef TP_CENTRAL_DB_ADOPT_H
#define TP_CENTRAL_DB_ADOPT_H

#include "central/db/db.h"

/* Copies every row of every table, in one transaction of `to`: all or nothing. Both are migrated
 * already. TP_ERR_CONFLICT where `to` holds people, screens, surveys or answers. *rows: how many.
 */
bool tp_sql_adopt(struct tp_sql *from, struct tp_sql *to, int64_t *rows, struct tp_error *error);

#endif
