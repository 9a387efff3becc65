/*
 * Administrators: names, passwords (argon2id by libsodium), sessions, and the delay that grows with
 * each failed sign-in. All state is in the database. Thread: functions that take the store may be
 * called from any; those that take a connection belong to its thread.
 */
#ifndef TP_CENTRAL_DATA_PEOPLE_H
#define TP_CENTRAL_DATA_PEOPLE_H

#include <sodium.h>

#include "central/central.h"
#include "central/http/exchange.h"

#define TP_PERSON_NAME_MAX 64u
/* Long enough that guessing is hopeless (NCSC: three random words are longer). */
#define TP_PASSWORD_MIN 12u
#define TP_PASSWORD_MAX 256u
#define TP_PASSWORD_HASH_MAX crypto_pwhash_STRBYTES

/* A session ends after an hour without a request, and after twelve at most. */
#define TP_SESSION_IDLE_MS (3600 * 1000LL)
#define TP_SESSION_LIFE_MS (12 * 3600 * 1000LL)

/* False, saying why, where it is too short or too long. */
bool tp_password_check(const char *password, struct tp_error *error);

/* Four groups of five letters and digits that cannot be confused; 98 bits. */
#define TP_PASSWORD_MADE_MAX 24u
void tp_password_make(const struct tp_random *random, char password[TP_PASSWORD_MADE_MAX]);

/* Takes a tenth of a second and 64 MiB; one at a time in this process. */
bool tp_password_hash(struct tp_central *central, const char *password,
                      char hash[TP_PASSWORD_HASH_MAX], struct tp_error *error);

enum tp_person_result {
    TP_PERSON_OK,
    TP_PERSON_TAKEN,   /* the name */
    TP_PERSON_UNKNOWN, /* no such person */
    TP_PERSON_LAST,    /* the only administrator left */
};

/* "administrator", "officer", "viewer". */
const char *tp_role_name(enum tp_role role);
bool tp_role_parse(const char *name, enum tp_role *role);

bool tp_person_add(struct tp_sql *db, const char *name, const char *hash, enum tp_role role,
                   int64_t now_ms, enum tp_person_result *result, struct tp_error *error);
/* Takes effect with the person's next request. */
bool tp_person_set_role(struct tp_sql *db, int64_t id, enum tp_role role,
                        enum tp_person_result *result, struct tp_error *error);
bool tp_person_remove(struct tp_sql *db, int64_t id, enum tp_person_result *result,
                      struct tp_error *error);
/* Ends all the person's sessions but the one with this cookie. */
bool tp_person_set_password(struct tp_sql *db, int64_t id, const char *hash,
                            const char *kept_session, int64_t now_ms, struct tp_error *error);

struct tp_person {
    int64_t id;
    int64_t created_ms;
    int64_t seen_ms; /* 0: never signed in */
    enum tp_role role;
    char name[TP_PERSON_NAME_MAX + 1];
};
/* In the order of their names. */
bool tp_people_each(struct tp_sql *db, bool (*each)(void *context, const struct tp_person *person),
                    void *context, struct tp_error *error);

/* ---- signing in ---- */

/* Failures remembered, each in three rows: an hour of guesses as fast as they are looked at, each
 * at another name from another place. */
#define TP_ATTEMPTS_MAX 20000

struct tp_sign_in {
    bool signed_in;
    int64_t wait_ms; /* over 0: too many failures; try again after this */
};

/* Looks at the delay, then the password; writes down the outcome. On success `cookie`, a fresh one,
 * names the session. `address` is the requester's. Takes a tenth of a second, one at a time in this
 * process. */
bool tp_people_sign_in(struct tp_central *central, const char *name, const char *password,
                       const char *address, const char *cookie, struct tp_sign_in *result,
                       struct tp_error *error);

/* Whether this person's password is that. */
bool tp_people_verify(struct tp_central *central, int64_t id, const char *password, bool *right,
                      struct tp_error *error);

bool tp_people_sign_out(struct tp_central *central, const char *cookie, struct tp_error *error);

/* Whose session exchange->session names: sets the exchange's person, name and role; *signed_in
 * false where it is none, or over. */
bool tp_people_session(struct tp_central *central, struct tp_exchange *exchange, bool *signed_in,
                       struct tp_error *error);

#endif
