/*
 * Reading an outbox row of TP_SQL_NEXT or TP_SQL_EACH, whose first eleven columns are the same. For
 * core/store only.
 */
#ifndef TP_STORE_LOOKING_H
#define TP_STORE_LOOKING_H

#include "store/db.h"
#include "store/outbox.h"

/* Everything but the sealed bytes. Fails where there is no memory. */
bool tp_item_read(sqlite3_stmt *row, struct tp_outbox_item *item, struct tp_error *error);

/* The sealed bytes, the column after those. */
bool tp_item_copy_sealed(sqlite3_stmt *row, struct tp_outbox_item *item, struct tp_error *error);

/* Are the sealed bytes those that the item's SHA-256 is of? */
bool tp_item_is_whole(const struct tp_outbox_item *item);

#endif
