/*
 * Tokens that were good before: the devices that send answers, so that the database is not asked
 * who they are for each one. Only for what is asked again by whoever writes it (data/taking.c
 * refuses a device that was taken off): being found here lets a request in, and nothing more.
 *
 * It holds no token, only their SHA-256. Thread: any.
 */
#ifndef TP_CENTRAL_HTTP_KNOWN_H
#define TP_CENTRAL_HTTP_KNOWN_H

#include "base/error.h"
#include "central/data/devices.h"

struct tp_known;

bool tp_known_create(struct tp_known **known, struct tp_error *error);
void tp_known_destroy(struct tp_known *known);

/* The device whose token it is. False: not known here; id stays untouched. */
bool tp_known_find(struct tp_known *known, const char *token, char id[TP_DEVICE_ID_MAX]);
/* May put another out of its place. */
void tp_known_add(struct tp_known *known, const char *token, const char *id);
/* After a request that did not end well. */
void tp_known_forget(struct tp_known *known, const char *id);

#endif
