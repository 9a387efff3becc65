#include "central/http/digest.h"

#include <nettle/md5.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "central/http/decode.h"

/* MD5 of the texts, joined, as hex. Ends with NULL. */
static void md5_of(char hex[TP_HA1_MAX], const char *const *texts)
{
    uint8_t digest[MD5_DIGEST_SIZE];
    struct md5_ctx state;

    md5_init(&state);
    for (; *texts; texts++)
        md5_update(&state, strlen(*texts), (const uint8_t *)*texts);
    md5_digest(&state, sizeof(digest), digest);
    tp_hex(digest, sizeof(digest), hex);
}

void tp_ha1(const char *login, const char *password, char ha1[TP_HA1_MAX])
{
    md5_of(ha1, (const char *const[]){login, ":" TP_REALM ":", password, NULL});
}

/* ---- nonces ---- */

#define TIME_DIGITS 12
#define MAC_BYTES 16u

static void mac_of(const struct tp_keys *keys, const char *time, char hex[MAC_BYTES * 2 + 1])
{
    static const char purpose[] = "talkpoint-nonce-1\n";
    unsigned char key[crypto_generichash_KEYBYTES];
    unsigned char mac[MAC_BYTES];

    (void)crypto_generichash(key, sizeof(key), (const unsigned char *)purpose, sizeof(purpose) - 1,
                             keys->receipt.secret, crypto_sign_SEEDBYTES);
    (void)crypto_generichash(mac, sizeof(mac), (const unsigned char *)time, strlen(time), key,
                             sizeof(key));
    tp_hex(mac, sizeof(mac), hex);
    tp_wipe(key, sizeof(key));
}

void tp_nonce_make(const struct tp_keys *keys, int64_t now_ms, char nonce[TP_NONCE_MAX])
{
    char time[TIME_DIGITS + 1];
    char mac[MAC_BYTES * 2 + 1];

    (void)snprintf(time, sizeof(time), "%0*llx", TIME_DIGITS,
                   (unsigned long long)now_ms & 0xffffffffffffULL);
    mac_of(keys, time, mac);
    (void)snprintf(nonce, TP_NONCE_MAX, "%s%s", time, mac);
}

/* Ours, and from not too long ago. */
static bool is_ours(const struct tp_keys *keys, const char *nonce, int64_t now_ms, bool *stale)
{
    char time[TIME_DIGITS + 1];
    char mac[MAC_BYTES * 2 + 1];
    int64_t made_ms;

    if (strlen(nonce) != TIME_DIGITS + MAC_BYTES * 2)
        return false;
    memcpy(time, nonce, TIME_DIGITS);
    time[TIME_DIGITS] = '\0';
    mac_of(keys, time, mac);
    if (sodium_memcmp(mac, nonce + TIME_DIGITS, MAC_BYTES * 2) != 0)
        return false;
    made_ms = strtoll(time, NULL, 16);
    *stale = made_ms < now_ms - TP_NONCE_LIFE_MS || made_ms > now_ms + TP_NONCE_LIFE_MS;
    return true;
}

/* ---- reading the header ---- */

static void read_basic(const char *text, struct tp_claimed *claimed)
{
    char pair[sizeof(claimed->login) + sizeof(claimed->password)];
    char *colon;
    size_t length = 0;

    if (sodium_base642bin((unsigned char *)pair, sizeof(pair) - 1, text, strlen(text), " ", &length,
                          NULL, sodium_base64_VARIANT_ORIGINAL) != 0)
        return;
    pair[length] = '\0';
    colon = strchr(pair, ':');
    if (colon && strlen(pair) == length && (size_t)(colon - pair) < sizeof(claimed->login) &&
        strlen(colon + 1) < sizeof(claimed->password)) {
        *colon = '\0';
        memcpy(claimed->login, pair, strlen(pair) + 1);
        memcpy(claimed->password, colon + 1, strlen(colon + 1) + 1);
        claimed->scheme = TP_SCHEME_BASIC;
    }
    tp_wipe(pair, sizeof(pair));
}

/* One name="value" or name=value. NULL where there is none or it does not fit. */
static const char *read_pair(const char *text, char name[16], char *value, size_t size)
{
    size_t length;
    size_t out = 0;

    text += strspn(text, " \t,");
    length = strcspn(text, "= \t,");
    if (length == 0 || length >= 16 || text[length] != '=')
        return NULL;
    memcpy(name, text, length);
    name[length] = '\0';
    text += length + 1;
    if (*text != '"') {
        length = strcspn(text, " \t,");
        if (length >= size)
            return NULL;
        memcpy(value, text, length);
        value[length] = '\0';
        return text + length;
    }
    for (text++; *text && *text != '"'; text++) {
        if (*text == '\\' && text[1])
            text++;
        if (out + 1 >= size)
            return NULL;
        value[out++] = *text;
    }
    value[out] = '\0';
    return *text == '"' ? text + 1 : NULL;
}

/* The parameters that the proof is made of. */
struct digest_parts {
    char realm[64];
    char qop[16];
    char nc[16];
    char cnonce[100];
    char algorithm[16];
};

static bool keep(char *to, size_t size, const char *value)
{
    size_t length = strlen(value);

    if (length >= size)
        return false;
    memcpy(to, value, length + 1);
    return true;
}

static bool take_pair(const char *name, const char *value, struct tp_claimed *claimed,
                      struct digest_parts *parts)
{
    const struct {
        const char *name;
        char *to;
        size_t size;
    } known[] = {
        {"username", claimed->login, sizeof(claimed->login)},
        {"nonce", claimed->nonce, sizeof(claimed->nonce)},
        {"uri", claimed->uri, sizeof(claimed->uri)},
        {"response", claimed->response, sizeof(claimed->response)},
        {"realm", parts->realm, sizeof(parts->realm)},
        {"qop", parts->qop, sizeof(parts->qop)},
        {"nc", parts->nc, sizeof(parts->nc)},
        {"cnonce", parts->cnonce, sizeof(parts->cnonce)},
        {"algorithm", parts->algorithm, sizeof(parts->algorithm)},
    };

    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if (strcasecmp(name, known[i].name) == 0)
            return *known[i].to == '\0' && keep(known[i].to, known[i].size, value);
    }
    return true;
}

static void read_digest(const char *text, struct tp_claimed *claimed)
{
    struct digest_parts parts = {.realm = ""};
    char name[16];
    char value[2048];

    while (text[strspn(text, " \t,")]) {
        text = read_pair(text, name, value, sizeof(value));
        if (!text || !take_pair(name, value, claimed, &parts))
            return;
    }
    if (strcmp(parts.realm, TP_REALM) != 0 || !*claimed->login || strlen(claimed->response) != 32 ||
        (*parts.algorithm && strcasecmp(parts.algorithm, "MD5") != 0))
        return;
    if (*parts.qop && (strcmp(parts.qop, "auth") != 0 || !*parts.nc || !*parts.cnonce))
        return;
    if (*parts.qop)
        (void)snprintf(claimed->middle, sizeof(claimed->middle), ":%s:%s:auth", parts.nc,
                       parts.cnonce);
    claimed->scheme = TP_SCHEME_DIGEST;
}

void tp_claimed_read(const char *header, struct tp_claimed *claimed)
{
    memset(claimed, 0, sizeof(*claimed));
    if (!header)
        return;
    if (strncasecmp(header, "Basic ", 6) == 0)
        read_basic(header + 6, claimed);
    else if (strncasecmp(header, "Digest ", 7) == 0)
        read_digest(header + 7, claimed);
    if (!tp_is_line(claimed->login, TP_LOGIN_MAX))
        claimed->scheme = TP_SCHEME_NONE;
}

/* ---- checking ---- */

bool tp_claimed_proves(const struct tp_claimed *claimed, const struct tp_keys *keys,
                       const char *ha1, const char *method, const char *target, int64_t now_ms,
                       bool *stale)
{
    char ha2[TP_HA1_MAX];
    char wanted[TP_HA1_MAX];

    *stale = false;
    if (strlen(ha1) != TP_HA1_MAX - 1 || claimed->scheme == TP_SCHEME_NONE)
        return false;
    if (claimed->scheme == TP_SCHEME_BASIC) {
        tp_ha1(claimed->login, claimed->password, wanted);
        return sodium_memcmp(wanted, ha1, TP_HA1_MAX) == 0;
    }
    /* A proof for one address is not one for another. */
    if (strcmp(claimed->uri, target) != 0 || !is_ours(keys, claimed->nonce, now_ms, stale))
        return false;
    md5_of(ha2, (const char *const[]){method, ":", claimed->uri, NULL});
    md5_of(wanted,
           (const char *const[]){ha1, ":", claimed->nonce, claimed->middle, ":", ha2, NULL});
    if (sodium_memcmp(wanted, claimed->response, TP_HA1_MAX - 1) == 0)
        return !*stale;
    *stale = false;
    return false;
}
