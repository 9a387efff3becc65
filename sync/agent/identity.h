/*
 * Who this device is and which store it belongs to: device.ini and token in the state folder,
 * written at enrolment (docs/PROTOCOL.md, Enrolment), token first. Thread: one at a time.
 */
#ifndef TP_AGENT_IDENTITY_H
#define TP_AGENT_IDENTITY_H

#include <stdbool.h>

#include "agent/net/http.h"
#include "agent/wire/enrolment.h"
#include "base/error.h"
#include "store/receipt.h"
#include "store/seal.h"

#define TP_IDENTITY_FILE "device.ini"
#define TP_IDENTITY_TOKEN_FILE "token"
/* An enrolment that waits for an administrator (enrol.h), and the store's file. */
#define TP_IDENTITY_PENDING_FILE "enrolment"
#define TP_IDENTITY_STORE_FILE "device.db"

struct tp_identity {
    char device_id[TP_DEVICE_ID_MAX];
    char name[TP_DEVICE_NAME_MAX];
    char store_url[TP_STORE_URL_MAX];
    char token[TP_TOKEN_MAX]; /* secret: tp_identity_wipe */
    struct tp_seal_key sealing_key;
    struct tp_receipt_key receipt_key;
};

/* TP_ERR_NOT_FOUND where the device is not enrolled. The token comes from
 * `credentials`/token where that is not NULL and the file is there ($CREDENTIALS_DIRECTORY, which
 * systemd guards), else from `state`/token, which nobody else may read. */
bool tp_identity_read(const char *state, const char *credentials, struct tp_identity *identity,
                      struct tp_error *error);
void tp_identity_wipe(struct tp_identity *identity);

/* Writes both files. After a failure the device is as it was, or has a new token without a new
 * device.ini, which the same claim mends. */
bool tp_identity_write(const char *state, const char *store_url, const struct tp_claim *claim,
                       struct tp_error *error);

/* The store's new sealing key, if it is one and the pinned receipt key has signed for it: writes
 * device.ini anew, where the kiosk and a running agent see it. Nothing is written where it is the
 * key in use. TP_ERR_CRYPTO where the signature is not the store's. */
bool tp_identity_renew(const char *state, const struct tp_identity *identity,
                       const char *sealing_key, const char *signature, struct tp_error *error);

/* One line of text from a file that nobody else may read, into `out`; the caller wipes it. */
bool tp_secret_read(const char *path, char *out, size_t size, struct tp_error *error);

#endif
