/*
 * Basic and Digest authentication, for ODK Collect and Enketo: a name and a made password.
 *
 * The store keeps MD5(name:realm:password) (RFC 2617's H(A1)): what both schemes can be checked
 * with. That a digest of a password is quickly guessed does not matter where the password is 98
 * random bits. Nonces carry their time and a keyed hash of it, so that no server remembers them and
 * any of many servers knows them again.
 *
 * Sources: RFC 7616 (Digest; here with MD5, which is all that ODK's clients share), RFC 7617
 * (Basic). Thread: any.
 */
#ifndef TP_CENTRAL_HTTP_DIGEST_H
#define TP_CENTRAL_HTTP_DIGEST_H

#include <stdint.h>

#include "central/keys.h"

#define TP_REALM "talkpoint"
#define TP_LOGIN_MAX 64u
#define TP_HA1_MAX 33u /* 32 hex digits */
#define TP_NONCE_MAX 64u
/* A nonce serves this long; the client then takes the new one that "stale" comes with. */
#define TP_NONCE_LIFE_MS (10 * 60 * 1000LL)

void tp_ha1(const char *login, const char *password, char ha1[TP_HA1_MAX]);

void tp_nonce_make(const struct tp_keys *keys, int64_t now_ms, char nonce[TP_NONCE_MAX]);

enum tp_scheme {
    TP_SCHEME_NONE, /* no such header, or one that cannot be read */
    TP_SCHEME_BASIC,
    TP_SCHEME_DIGEST,
};

/* What an Authorization header claims. Holds a password: wipe it. */
struct tp_claimed {
    enum tp_scheme scheme;
    char login[TP_LOGIN_MAX + 1];
    char password[256]; /* Basic */
    char response[33];  /* Digest: 32 hex digits */
    char nonce[TP_NONCE_MAX];
    char middle[160]; /* ":nc:cnonce:qop", or "" from a client of before RFC 2617 */
    char uri[2048];
};

/* Never fails: what cannot be read is TP_SCHEME_NONE. */
void tp_claimed_read(const char *header, struct tp_claimed *claimed);

/* Whether it proves the password of `ha1` for this request. *stale: it does, with a nonce whose
 * time is over. */
bool tp_claimed_proves(const struct tp_claimed *claimed, const struct tp_keys *keys,
                       const char *ha1, const char *method, const char *target, int64_t now_ms,
                       bool *stale);

#endif
