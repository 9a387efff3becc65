/*
 * Enrolment by a one-time code (docs/PROTOCOL.md): the device asks, an administrator approves the
 * code, the device claims its token. What is asked and not yet answered is kept in the state
 * folder's file `enrolment` (0600), so that a restart goes on with the same code. Thread: one at a
 * time.
 */
#ifndef TP_AGENT_ENROL_H
#define TP_AGENT_ENROL_H

#include <stdbool.h>
#include <stdint.h>

#include "agent/net/http.h"
#include "agent/wire/enrolment.h"
#include "base/error.h"
#include "base/random.h"
#include "store/store.h"

/* "K7QM-4TXB" */
#define TP_ENROL_CODE_MAX 10
/* 32 bytes in base64url without padding are 43. */
#define TP_ENROL_SECRET_MAX 64
/* How often it is asked whether the code was approved: at first somebody stands before the screen
 * with an administrator on the telephone, later nobody does. */
#define TP_ENROL_POLL_MS INT64_C(1000)
#define TP_ENROL_POLL_FIRST_MS (INT64_C(2) * 60 * 1000)
#define TP_ENROL_POLL_LATER_MS INT64_C(15000)
int64_t tp_enrol_poll_ms(int64_t since_ms);

struct tp_enrolment {
    char store_url[TP_STORE_URL_MAX];
    char name[TP_DEVICE_NAME_MAX];
    char code[TP_ENROL_CODE_MAX];
    char secret[TP_ENROL_SECRET_MAX]; /* wiped with the struct */
    int64_t id;
};

/* Two groups of four of an alphabet without I, L, O, 0, 1. */
void tp_enrol_make_code(const struct tp_random *random, char code[TP_ENROL_CODE_MAX]);

/* The enrolment that waits; TP_ERR_NOT_FOUND where there is none. */
bool tp_enrol_read(const char *state, struct tp_enrolment *enrolment, struct tp_error *error);
/* Forgets it. */
bool tp_enrol_forget(const char *state, struct tp_error *error);

/* Asks the store at `enrolment->store_url` under `enrolment->name`, both set by the caller; fills
 * in the rest, keeps it in the state folder, and shows the code in the device's store. */
bool tp_enrol_begin(const char *state, struct tp_store *store, struct tp_http *http,
                    const struct tp_random *random, struct tp_enrolment *enrolment,
                    struct tp_error *error);

enum tp_enrol_claim {
    TP_ENROL_WAITS,   /* no administrator has looked yet; *error is set where the store was not
                         reached at all, and is TP_OK otherwise */
    TP_ENROL_DONE,    /* device.ini and token are written */
    TP_ENROL_REFUSED, /* by an administrator; forgotten */
    TP_ENROL_LAPSED,  /* the store does not know it any more; forgotten */
    TP_ENROL_FAILED,  /* the device's own disk or store; *error says why */
};

enum tp_enrol_claim tp_enrol_claim(const char *state, struct tp_store *store, struct tp_http *http,
                                   const struct tp_enrolment *enrolment, struct tp_error *error);

void tp_enrol_wipe(struct tp_enrolment *enrolment);

#endif
