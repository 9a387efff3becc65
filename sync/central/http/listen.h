/*
 * The socket that the server listens on. Thread: any.
 */
#ifndef TP_CENTRAL_HTTP_LISTEN_H
#define TP_CENTRAL_HTTP_LISTEN_H

#include "base/error.h"

#define TP_LISTEN_URL_MAX 160u

/* `listen_on` is HOST:PORT, [IPV6]:PORT or :PORT; port 0 takes a free one. Writes the URL with the
 * port that was taken. TP_ERR_MISUSE where it is no address. */
bool tp_listen(const char *listen_on, bool tls, int *fd, char url[TP_LISTEN_URL_MAX],
               struct tp_error *error);

#endif
