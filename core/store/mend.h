/*
 * Mending a damaged file: it is set aside, and what can be read of it goes to a new one that takes
 * its name. For core/store only.
 *
 * While a file PATH-mending is there, a repair is wanted or under way, and nobody uses the store.
 * It names where the damaged file was set aside, so that a repair that was cut off is taken up
 * again.
 */
#ifndef TP_STORE_MEND_H
#define TP_STORE_MEND_H

#include "store/db.h"

/* The setting that holds what befell the file. */
#define TP_DAMAGE_SETTING "damage"

/* False for a store that is looked on, has no disk below it, or is open twice in this process. */
bool tp_mend_may(const struct tp_store *store);

bool tp_mend_is_wanted(const struct tp_store *store);

/* Has every process let go of the file. */
bool tp_mend_ask(struct tp_store *store, struct tp_error *error);

/* Mends a store whose log SQLite would take for less than it is (log.h); before it is opened. */
bool tp_mend_log(struct tp_store *store, struct tp_error *error);

/* Mends the file of a store that is not connected; fails where another process still has it open.
 * True also where nothing was wrong, or another process was first. */
bool tp_mend(struct tp_store *store, struct tp_error *error);

/* Makes the new file at `made` of what can be read from the damaged one at `aside` (and its log
 * beside it), closed and synced. */
bool tp_salvage(struct tp_store *store, const char *aside, const char *made,
                struct tp_error *error);

/* True where the file is, or was, a Talkpoint store. */
bool tp_salvage_is_ours(const char *path);

#endif
