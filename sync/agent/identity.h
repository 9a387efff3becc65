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

/* The private key to answers that wait for a server that takes them in the clear. */
#define TP_IDENTITY_OUTBOX_KEY_FILE "outbox.key"
/* Where ODK Central's token stands in the address: the token itself is in its own file. */
#define TP_IDENTITY_TOKEN_MARK "{token}"

enum tp_store_kind {
    TP_STORE_TALKPOINT,
    TP_STORE_OPENROSA, /* ODK Central, KoboToolbox, any other OpenRosa server */
};

struct tp_identity {
    enum tp_store_kind kind;
    char device_id[TP_DEVICE_ID_MAX];
    char name[TP_DEVICE_NAME_MAX];
    char store_url[TP_STORE_URL_MAX]; /* to show; TP_IDENTITY_TOKEN_MARK for a token in it */
    enum tp_http_auth auth;
    char user[TP_DEVICE_NAME_MAX];
    char token[TP_TOKEN_MAX]; /* token or password; secret: tp_identity_wipe */
    /* Of a Talkpoint store; of another the first is this device's own, and only where it sends in
     * the clear. */
    struct tp_seal_key sealing_key;
    struct tp_receipt_key receipt_key;
    bool plain; /* OPENROSA: answers for forms without a public_key go in the clear */
    struct tp_seal_pair outbox; /* where plain; secret */
};

/* TP_ERR_NOT_FOUND where the device is not enrolled. The token comes from
 * `credentials`/token where that is not NULL and the file is there ($CREDENTIALS_DIRECTORY, which
 * systemd guards), else from `state`/token, which nobody else may read. */
bool tp_identity_read(const char *state, const char *credentials, struct tp_identity *identity,
                      struct tp_error *error);

/* The address to send to, with its token: secret. TP_ERR_LIMIT. */
#define TP_IDENTITY_URL_MAX (TP_STORE_URL_MAX + TP_TOKEN_MAX)
bool tp_identity_url(const struct tp_identity *identity, char url[TP_IDENTITY_URL_MAX],
                     struct tp_error *error);

/* The word for it in device.ini ("digest"), and back; false where there is no such word. */
const char *tp_identity_auth_word(enum tp_http_auth auth);
bool tp_identity_auth_of(const char *word, enum tp_http_auth *auth);
void tp_identity_wipe(struct tp_identity *identity);

/* Writes both files. After a failure the device is as it was, or has a new token without a new
 * device.ini, which the same claim mends. */
bool tp_identity_write(const char *state, const char *store_url, const struct tp_claim *claim,
                       struct tp_error *error);

/* The same for a device of an OpenRosa server: token and outbox.key first, then device.ini. */
bool tp_identity_write_openrosa(const char *state, const struct tp_identity *identity,
                                struct tp_error *error);

/* The store's new sealing key, if it is one and the pinned receipt key has signed for it: writes
 * device.ini anew, where the kiosk and a running agent see it. Nothing is written where it is the
 * key in use. TP_ERR_CRYPTO where the signature is not the store's. */
bool tp_identity_renew(const char *state, const struct tp_identity *identity,
                       const char *sealing_key, const char *signature, struct tp_error *error);

/* One line of text from a file that nobody else may read, into `out`; the caller wipes it. */
bool tp_secret_read(const char *path, char *out, size_t size, struct tp_error *error);

#endif
