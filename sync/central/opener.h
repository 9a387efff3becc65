/*
 * Makes the openings (opening.h) of the answers that came in, while the store has little else to
 * do: a run at a time, with a pause after each, and not at all while screens send. It comes after
 * the receipt, touches no answer, and goes on where it was after a restart; one server does it for
 * all. A run that is still growing has none: an export opens the last few hundred seals itself.
 * Where the private sealing key is not in the store's folder there is nothing to do.
 */
#ifndef TP_CENTRAL_OPENER_H
#define TP_CENTRAL_OPENER_H

#include "central/central.h"
#include "central/worker.h"

/* Until tp_worker_stop. NULL where no private sealing key is here, or the thread could not be
 * started: exports are then slower. */
struct tp_worker *tp_opener_start(struct tp_central *central);

/* Makes all that are missing, at once. *made: the answers in them. Nothing where another server is
 * at it. */
bool tp_opener_run(struct tp_central *central, int64_t *made, struct tp_error *error);

#endif
