/*
 * Makes this device one of an OpenRosa server that is no store of Talkpoint's: ODK Central,
 * KoboToolbox or any other (docs/PROTOCOL.md, Another OpenRosa server). Nothing is written before
 * the server has let it in. Thread: the main one.
 */
#ifndef TP_AGENT_CONNECT_H
#define TP_AGENT_CONNECT_H

#include "agent/agent.h"
#include "agent/wire/odk_settings.h"

/* Parts the token of an address from it (ODK Central's "/key/TOKEN" and "/v1/test/TOKEN",
 * KoboToolbox's "/collector/TOKEN"): *url then has TP_IDENTITY_TOKEN_MARK in its place. An address
 * without one has no token (""). */
bool tp_connect_part(const char *whole, char url[TP_STORE_URL_MAX], char token[TP_TOKEN_MAX],
                     struct tp_error *error);

struct tp_connect {
    const struct tp_odk_settings *settings;
    const char *name; /* of the screen */
    const char *auth; /* a word of device.ini, or NULL: as the server asks */
    bool plain;       /* answers to forms without a public_key go in the clear */
};

/* Tries the server, then writes who the device is. `identity` is in: who it was (zeroed: nobody),
 * and out: who it is; the caller wipes it. *surveys: how many the server lists. */
bool tp_connect_run(struct tp_agent *agent, const struct tp_connect *connect,
                    struct tp_identity *identity, size_t *surveys, struct tp_error *error);

#endif
