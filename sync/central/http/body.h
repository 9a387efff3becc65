/*
 * The body of a response as libmicrohttpd wants it: whole, or made while it is sent. Thread: the
 * worker of the connection.
 */
#ifndef TP_CENTRAL_HTTP_BODY_H
#define TP_CENTRAL_HTTP_BODY_H

#include <microhttpd.h>

#include "central/http/exchange.h"

/* Takes the body, or the stream, out of the response. NULL without memory. */
struct MHD_Response *tp_body_make(struct tp_response *response);

#endif
