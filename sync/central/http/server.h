/*
 * The HTTP server: libmicrohttpd's threads carry requests to http/app.h.
 *
 * Threads: each of libmicrohttpd's workers owns its connections and their exchanges. A request that
 * waits for the committer is suspended; the committer's `done` resumes it on its worker. Start and
 * stop are the main thread's.
 */
#ifndef TP_CENTRAL_HTTP_SERVER_H
#define TP_CENTRAL_HTTP_SERVER_H

#include "central/central.h"

/* A whole request must be here within this, however slowly it drips. */
#define TP_REQUEST_DEADLINE_MS (120 * 1000LL)
/* Nothing at all arrives for this long: the connection goes. */
#define TP_IDLE_SECONDS 30u

struct tp_server;

/* Listens on central->settings.listen. `central` outlives the server. */
bool tp_server_start(struct tp_central *central, struct tp_server **server, struct tp_error *error);

/* "http://127.0.0.1:8080", with the port that was really taken. */
const char *tp_server_url(const struct tp_server *server);

/* Takes no new connections, lets running requests finish (at most `grace_ms`), then ends. */
void tp_server_stop(struct tp_server *server, int64_t grace_ms);

#endif
