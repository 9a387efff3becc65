/*
 * Phones and tablets that run ODK Collect, and Enketo: devices with a name and a made password in
 * place of a token. They stand in the table of screens, so that their answers name them and they
 * are taken off the same way. Thread: the connection's; those that write are meant for the
 * committer.
 */
#ifndef TP_CENTRAL_DATA_COLLECTORS_H
#define TP_CENTRAL_DATA_COLLECTORS_H

#include "central/data/devices.h"
#include "central/http/digest.h"

/* Makes one; *taken where the name is in use, or was. */
bool tp_collector_add(struct tp_sql *db, const char *login, const char *ha1,
                      const struct tp_random *random, int64_t now_ms, bool *taken,
                      struct tp_error *error);

/* Who signs in by this name: standing.known false where nobody does. */
bool tp_collector_find(struct tp_sql *db, const char *login, struct tp_device_standing *standing,
                       char ha1[TP_HA1_MAX], int64_t *seen_ms, struct tp_error *error);

bool tp_collector_seen(struct tp_sql *db, const char *id, int64_t now_ms, struct tp_error *error);

#endif
