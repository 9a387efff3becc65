/*
 * Who may do what: a device by its bearer token, an administrator by a session cookie and, to
 * change something, the token in the form. Thread: any.
 */
#ifndef TP_CENTRAL_HTTP_ACCESS_H
#define TP_CENTRAL_HTTP_ACCESS_H

#include "central/central.h"
#include "central/http/app.h"

/* 32 bytes as base64url. */
#define TP_TOKEN_TEXT_MAX 44u

/* Before the body. False with the response ready where the route is not for this requester. */
bool tp_access_check(struct tp_central *central, struct tp_exchange *exchange);

/* Whether who is signed in may use routes of this kind: for pages that show what one may do. */
bool tp_access_may(const struct tp_exchange *exchange, enum tp_access access);

/* After the body: the form's token, where the route is an administrator's POST. */
bool tp_access_check_form(struct tp_exchange *exchange);

/* The token that a form of this session carries. */
void tp_access_form_token(const struct tp_exchange *exchange, char token[TP_TOKEN_TEXT_MAX]);

/* Gives the exchange a fresh cookie (sets exchange->session) and adds it to the response. */
void tp_access_new_session(struct tp_central *central, struct tp_exchange *exchange);
/* Adds the cookie that exchange->session names to the response; an empty one takes it away. */
void tp_access_set_cookie(struct tp_central *central, struct tp_exchange *exchange);
/* The session cookie of the request, into exchange->session; false where there is none. */
bool tp_access_read_cookie(struct tp_central *central, struct tp_exchange *exchange);

#endif
