/*
 * What takes long, on a thread of its own: a thread that serves has many connections, and whoever
 * is on one of them would wait. Thread: any.
 */
#ifndef TP_CENTRAL_HTTP_ASIDE_H
#define TP_CENTRAL_HTTP_ASIDE_H

#include <stdatomic.h>

#include "central/http/exchange.h"

/* For a handler that then returns TP_WAIT: `work` has the exchange to itself, and makes the
 * response. *running counts it for as long as it runs. False: `most` run already, and nothing was
 * begun. */
bool tp_aside(struct tp_exchange *exchange, atomic_int *running, int most,
              void (*work)(struct tp_central *central, struct tp_exchange *exchange));

#endif
