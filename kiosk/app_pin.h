/*
 * The staff menu's PIN: an argon2id hash, and a delay that grows with each wrong try.
 *
 * The hash is libsodium's text form ($argon2id$...), kept in the device's folder
 * (kiosk/app_pin_file.h); the PIN itself is never stored or logged. The count of wrong tries is the
 * caller's to keep across a restart, so that pulling the plug does not give more tries. Thread: one
 * at a time.
 */
#ifndef TP_KIOSK_APP_PIN_H
#define TP_KIOSK_APP_PIN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

#define TP_PIN_MIN 4 /* digits */
#define TP_PIN_MAX 12
/* crypto_pwhash_STRBYTES, without sodium.h in a header. */
#define TP_PIN_HASH_MAX 128

/* Hashes a PIN of TP_PIN_MIN to TP_PIN_MAX digits. */
bool tp_pin_hash(const char *pin, char hash[TP_PIN_HASH_MAX], struct tp_error *error);

/* Is this text a hash that tp_pin_check can use? */
bool tp_pin_hash_is_one(const char *hash);

/* Takes about a tenth of a second. False for a wrong PIN or a damaged hash. */
bool tp_pin_check(const char *hash, const char *pin);

/* How long to wait after `failures` wrong tries in a row: none for the first two, then 5 s,
 * doubling up to 15 minutes. */
int64_t tp_pin_delay_ms(int failures);

#endif
