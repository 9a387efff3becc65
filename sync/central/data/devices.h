/*
 * Screens: enrolment by a one-time code, tokens, what each last said of itself.
 *
 * Functions take a connection; those that write are meant for the committer. A token or secret
 * goes in as text and is kept as SHA-256. Thread: the connection's.
 */
#ifndef TP_CENTRAL_DATA_DEVICES_H
#define TP_CENTRAL_DATA_DEVICES_H

#include "base/random.h"
#include "central/db/db.h"
#include "central/keys.h"

#define TP_DEVICE_ID_MAX 48u
#define TP_DEVICE_NAME_MAX 120u /* bytes; what fits on a line */
#define TP_DEVICE_VERSION_MAX 32u
#define TP_ENROLMENT_CODE_MAX 10u      /* "K7QM-4TXB" */
#define TP_ENROLMENT_WAITING_MAX 50    /* codes; more is an attack, or 50 people at once */
#define TP_ENROLMENT_OF_A_PLACE_MAX 10 /* so that one place cannot keep the others out */
#define TP_ENROLMENT_LIFE_MS (24 * 3600 * 1000LL)

/* ---- tokens ---- */

struct tp_device_standing {
    bool known;
    bool revoked;
    bool confirmed; /* has used its token before */
    char id[TP_DEVICE_ID_MAX];
};

bool tp_devices_authenticate(struct tp_sql *db, const char *token,
                             struct tp_device_standing *standing, struct tp_error *error);
bool tp_devices_confirm(struct tp_sql *db, const char *id, int64_t now_ms, struct tp_error *error);

/* ---- enrolment ---- */

/* Any way of writing a code ("k7qm 4txb") becomes its one form. False where it is no code. */
bool tp_enrolment_code(const char *text, char code[TP_ENROLMENT_CODE_MAX]);

enum tp_enrolment_result {
    TP_ENROLMENT_OK,
    TP_ENROLMENT_TAKEN,   /* that code waits already */
    TP_ENROLMENT_FULL,    /* too many wait, or too many of that place */
    TP_ENROLMENT_UNKNOWN, /* no such code, or it has lapsed */
    TP_ENROLMENT_WAITING, /* not approved yet */
    TP_ENROLMENT_REFUSED,
};

bool tp_enrolment_add(struct tp_sql *db, const char *code, const unsigned char secret_sha256[32],
                      const char *name, const char *version, int64_t now_ms,
                      enum tp_enrolment_result *result, int64_t *id, struct tp_error *error);

/* For whoever asks over the network: the same, at most TP_ENROLMENT_OF_A_PLACE_MAX from one place
 * (data/place.h). */
bool tp_enrolment_add_from(struct tp_sql *db, const char *place, const char *code,
                           const unsigned char secret_sha256[32], const char *name,
                           const char *version, int64_t now_ms, enum tp_enrolment_result *result,
                           int64_t *id, struct tp_error *error);

/* Makes the device that the code asked for; `name` NULL or "" keeps the name it asked for. */
bool tp_enrolment_approve(struct tp_sql *db, const char *code, const char *name,
                          const struct tp_random *random, int64_t now_ms,
                          enum tp_enrolment_result *result,
                          char approved_name[TP_DEVICE_NAME_MAX + 1], struct tp_error *error);

bool tp_enrolment_refuse(struct tp_sql *db, int64_t id, int64_t now_ms,
                         enum tp_enrolment_result *result, struct tp_error *error);

struct tp_claim {
    enum tp_enrolment_result result;
    char device[TP_DEVICE_ID_MAX];
    char name[TP_DEVICE_NAME_MAX + 1];
    char token[TP_BASE64_MAX(32)]; /* wipe after use */
};

bool tp_enrolment_claim(struct tp_sql *db, const struct tp_keys *keys, int64_t id,
                        const char *secret, int64_t now_ms, struct tp_claim *claim,
                        struct tp_error *error);

struct tp_enrolment {
    int64_t id;
    int64_t created_ms;
    char name[TP_DEVICE_NAME_MAX + 1];
    char version[TP_DEVICE_VERSION_MAX + 1];
};

/* Those that wait, oldest first; at most TP_ENROLMENT_WAITING_MAX. */
bool tp_enrolment_list(struct tp_sql *db, int64_t now_ms, struct tp_enrolment *list, size_t *count,
                       struct tp_error *error);

/* ---- the screens ---- */

struct tp_device {
    char id[TP_DEVICE_ID_MAX];
    char name[TP_DEVICE_NAME_MAX + 1];
    char version[TP_DEVICE_VERSION_MAX + 1];
    char venue[TP_DEVICE_NAME_MAX + 1];
    char event[TP_DEVICE_NAME_MAX + 1];
    int64_t created_ms;
    int64_t seen_ms;    /* 0: never heard */
    int64_t revoked_ms; /* 0: in use */
    int64_t waiting;
    int64_t sent;
    int64_t quarantined;
    int64_t clock_off_ms;
    int64_t disk_free_mib; /* -1: not said */
    bool claimed;
    bool collects; /* runs ODK Collect, by name and password (data/collectors.h) */
};

/* Calls `each` for every screen, in the order of their names; false from it stops. */
bool tp_devices_each(struct tp_sql *db, bool (*each)(void *context, const struct tp_device *device),
                     void *context, struct tp_error *error);

/* By ID, or by name where it is the only one in use with it. *found is false where none or several
 * are. The name goes to `name`. */
bool tp_devices_revoke(struct tp_sql *db, const char *id_or_name, int64_t now_ms, bool *found,
                       char name[TP_DEVICE_NAME_MAX + 1], struct tp_error *error);

/* ---- what a screen says of itself ---- */

struct tp_counter {
    const char *form, *version, *day, *mode, *name;
    int64_t count;
};

struct tp_heartbeat {
    const char *version, *venue, *event, *forms; /* forms as JSON text */
    int64_t waiting, sent, quarantined;
    int64_t clock_ms; /* 0: not said */
    int64_t disk_free_mib;
    const struct tp_counter *counters;
    size_t counter_count;
};

/* Counters only grow: the largest that was said stays. */
bool tp_devices_heard(struct tp_sql *db, const char *id, const struct tp_heartbeat *heartbeat,
                      int64_t now_ms, struct tp_error *error);

/* Is this one of the store's screens, and was it taken off? */
bool tp_device_look(struct tp_sql *db, const char *id, bool *known, bool *off,
                    struct tp_error *error);

#endif
