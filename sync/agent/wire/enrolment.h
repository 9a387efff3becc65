/*
 * The JSON of enrolment and heartbeat answers (docs/PROTOCOL.md). Thread: one at a time.
 */
#ifndef TP_AGENT_WIRE_ENROLMENT_H
#define TP_AGENT_WIRE_ENROLMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "store/bundle.h"
#include "store/receipt.h"
#include "store/seal.h"

/* Either answer is a few hundred bytes. */
#define TP_ENROLMENT_BYTES_MAX (16u * 1024u)
/* "uuid:" and a UUID are 41; a longer ID is a mistake. */
#define TP_DEVICE_ID_MAX 80
/* A line of an INI file holds 200 bytes (libinih). */
#define TP_DEVICE_NAME_MAX 160
/* 32 bytes in base64url are 43; room for a store that makes longer ones. */
#define TP_TOKEN_MAX 256

struct tp_claim {
    char device_id[TP_DEVICE_ID_MAX];
    char name[TP_DEVICE_NAME_MAX];
    char token[TP_TOKEN_MAX]; /* secret: tp_claim_wipe */
    char sealing_key[TP_SEAL_KEY_TEXT_MAX];
    char receipt_key[TP_RECEIPT_KEY_TEXT_MAX];
};

/* The answer to POST /talkpoint/enrolments: its number, 1 or more. */
bool tp_enrolment_read(const char *bytes, size_t count, int64_t *id, struct tp_error *error);

/* The answer to a claim. Every member must be there, fit for an INI file and a header line, and
 * both keys must be keys. */
bool tp_claim_read(const char *bytes, size_t count, struct tp_claim *claim, struct tp_error *error);
void tp_claim_wipe(struct tp_claim *claim);

struct tp_heartbeat_answer {
    int64_t time_ms; /* the store's clock, Unix time */
    /* "" for none; not verified yet. */
    char stick_certificate[TP_CERTIFICATE_TEXT_MAX];
    char sealing_key[TP_SEAL_KEY_TEXT_MAX];
    char sealing_signature[TP_RECEIPT_SIGNATURE_TEXT_MAX];
};

bool tp_heartbeat_answer_read(const char *bytes, size_t count, struct tp_heartbeat_answer *answer,
                              struct tp_error *error);

#endif
