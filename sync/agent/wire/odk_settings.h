/*
 * Where to send and as whom, as ODK writes it: the JSON of ODK Collect's settings, its code (the
 * text in a QR code: zlib, then base64), or the address alone (docs.getodk.org, "Collect
 * settings"). Hostile input: capped, strict. Thread: any.
 */
#ifndef TP_AGENT_WIRE_ODK_SETTINGS_H
#define TP_AGENT_WIRE_ODK_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>

#include "agent/wire/enrolment.h"
#include "base/error.h"

/* A QR code holds 2,953 bytes; settings written by hand are no longer. */
#define TP_ODK_SETTINGS_MAX (64u * 1024u)
#define TP_ODK_URL_MAX 1024u

struct tp_odk_settings {
    char url[TP_ODK_URL_MAX]; /* may hold a token: secret */
    char user[TP_DEVICE_NAME_MAX];
    char password[TP_TOKEN_MAX]; /* secret: tp_wipe the struct */
};

/* TP_ERR_INVALID in words where it is none of the three; *settings is untouched then. */
bool tp_odk_settings_read(const char *text, size_t count, struct tp_odk_settings *settings,
                          struct tp_error *error);

#endif
