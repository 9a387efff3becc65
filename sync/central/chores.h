/*
 * What the store does by itself, once a day: room for the months to come, and retention. One server
 * of many does it: whoever writes the day into the database first.
 *
 * Thread: tp_chores_start makes one; tp_chores_run may be called from any.
 */
#ifndef TP_CENTRAL_CHORES_H
#define TP_CENTRAL_CHORES_H

#include "central/central.h"
#include "central/worker.h"

/* Does what is due. `always`: also where it was done today. *removed: answers deleted. */
bool tp_chores_run(struct tp_central *central, bool always, int64_t *removed,
                   struct tp_error *error);

/* Looks now and every quarter of an hour whether something is due, until tp_worker_stop. NULL where
 * no thread could be made: the store serves without. */
struct tp_worker *tp_chores_start(struct tp_central *central);

#endif
