#include "kiosk/app_pin.h"

#include <sodium.h>
#include <string.h>

#define FREE_TRIES 2
#define FIRST_DELAY_MS 5000
#define LONGEST_DELAY_MS (15 * 60 * 1000)

_Static_assert(TP_PIN_HASH_MAX >= crypto_pwhash_STRBYTES, "a hash fits");

bool tp_pin_hash(const char *pin, char hash[TP_PIN_HASH_MAX], struct tp_error *error)
{
    size_t length = strlen(pin);

    if (sodium_init() < 0)
        return tp_fail(error, TP_ERR_CRYPTO, "libsodium does not start");
    if (length < TP_PIN_MIN || length > TP_PIN_MAX || strspn(pin, "0123456789") != length)
        return tp_fail(error, TP_ERR_MISUSE, "a PIN is %d to %d digits", TP_PIN_MIN, TP_PIN_MAX);
    if (crypto_pwhash_str_alg(hash, pin, length, crypto_pwhash_OPSLIMIT_INTERACTIVE,
                              crypto_pwhash_MEMLIMIT_INTERACTIVE,
                              crypto_pwhash_ALG_ARGON2ID13) != 0)
        return tp_fail_memory(error);
    return true;
}

bool tp_pin_hash_is_one(const char *hash)
{
    return strncmp(hash, crypto_pwhash_argon2id_STRPREFIX,
                   strlen(crypto_pwhash_argon2id_STRPREFIX)) == 0 &&
           strlen(hash) < crypto_pwhash_STRBYTES;
}

bool tp_pin_check(const char *hash, const char *pin)
{
    char padded[TP_PIN_HASH_MAX] = {0};

    if (sodium_init() < 0 || !tp_pin_hash_is_one(hash))
        return false;
    memcpy(padded, hash, strlen(hash));
    return crypto_pwhash_str_verify(padded, pin, strlen(pin)) == 0;
}

int64_t tp_pin_delay_ms(int failures)
{
    int64_t delay = FIRST_DELAY_MS;

    if (failures <= FREE_TRIES)
        return 0;
    for (int i = FREE_TRIES + 1; i < failures && delay < LONGEST_DELAY_MS; i++)
        delay *= 2;
    return delay < LONGEST_DELAY_MS ? delay : LONGEST_DELAY_MS;
}
