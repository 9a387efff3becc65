/*
 * Makes the openings (opening.h) of the answers that came in, while the store has little else to
 * do: a piece at a time, with a pause after each, and not at all while screens send. It comes after
 * the receipt, touches no answer, and goes on where it was after a restart; one server does it for
 * all. Where the private sealing key is not in the store's folder there is nothing to do.
 *
 * Thread: one of its own.
 */
#ifndef TP_CENTRAL_OPENER_H
#define TP_CENTRAL_OPENER_H

#include "central/central.h"

struct tp_opener;

/* NULL where no private sealing key is here, or the thread could not be started: exports are then
 * slower. */
struct tp_opener *tp_opener_start(struct tp_central *central);
void tp_opener_stop(struct tp_opener *opener);

/* Makes all that are missing, at once. *made: how many. Nothing where another server is at it. */
bool tp_opener_run(struct tp_central *central, int64_t *made, struct tp_error *error);

#endif
