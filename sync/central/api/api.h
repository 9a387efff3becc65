/*
 * The handlers that devices call (docs/PROTOCOL.md); http/routes.c names them. Thread: any.
 */
#ifndef TP_CENTRAL_API_API_H
#define TP_CENTRAL_API_API_H

#include "central/http/app.h"

enum tp_next tp_api_submit(struct tp_central *central, struct tp_exchange *exchange);
enum tp_next tp_api_submit_several(struct tp_central *central, struct tp_exchange *exchange);
enum tp_next tp_api_submit_head(struct tp_central *central, struct tp_exchange *exchange);

enum tp_next tp_api_form_list(struct tp_central *central, struct tp_exchange *exchange);
enum tp_next tp_api_form(struct tp_central *central, struct tp_exchange *exchange);
enum tp_next tp_api_manifest(struct tp_central *central, struct tp_exchange *exchange);
enum tp_next tp_api_media(struct tp_central *central, struct tp_exchange *exchange);

enum tp_next tp_api_notices(struct tp_central *central, struct tp_exchange *exchange);

enum tp_next tp_api_enrol(struct tp_central *central, struct tp_exchange *exchange);
enum tp_next tp_api_claim(struct tp_central *central, struct tp_exchange *exchange);
enum tp_next tp_api_metrics(struct tp_central *central, struct tp_exchange *exchange);

enum tp_next tp_api_heartbeat(struct tp_central *central, struct tp_exchange *exchange);

/* 503 with Retry-After: the database or memory failed; nothing was taken. */
void tp_api_not_ready(struct tp_exchange *exchange);

#endif
