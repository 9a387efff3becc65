/*
 * Whether a request can be read in one way only. Where a server and the proxy before it disagree on
 * where a request ends, or on whose it is, one client's bytes become another's request (RFC 9112,
 * 11.2); so what is ambiguous is refused, though libmicrohttpd would take it. Thread: any.
 */
#ifndef TP_CENTRAL_HTTP_FRAMING_H
#define TP_CENTRAL_HTTP_FRAMING_H

#include <microhttpd.h>
#include <stdbool.h>

/* `version` as the request line says it. False where the head
 * - says its length twice, or in two ways, or not in digits alone (RFC 9112, 6.3);
 * - is coded otherwise than by "chunked", or so in HTTP/1.0 (6.1);
 * - names no host in HTTP/1.1, or two (3.2);
 * - says twice who sends it (RFC 9110, 5.3). */
bool tp_framing_is_plain(struct MHD_Connection *connection, const char *version);

#endif
