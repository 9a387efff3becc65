#include "store/encode.h"

#include <nettle/sha2.h>
#include <sodium.h>
#include <string.h>

#include "base/mem.h"

/* The longest thing decoded here is the path of a receipt: 16 hashes. */
#define DECODE_MAX 512u

void tp_base64(const void *bytes, size_t count, char *text)
{
    (void)sodium_bin2base64(text, TP_BASE64_MAX(count), bytes, count,
                            sodium_base64_VARIANT_ORIGINAL);
}

void tp_base64url(const void *bytes, size_t count, char *text)
{
    (void)sodium_bin2base64(
        text, sodium_base64_ENCODED_LEN(count, sodium_base64_VARIANT_URLSAFE_NO_PADDING), bytes,
        count, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

/* libsodium 1.0.18 takes some bytes over 0x7f for letters: what was read must write the same text.
 */
bool tp_base64_decode(const char *text, void *bytes, size_t count)
{
    unsigned char decoded[DECODE_MAX];
    char again[TP_BASE64_MAX(DECODE_MAX)];
    size_t length = 0;
    bool ok;

    ok = count <= sizeof(decoded) &&
         sodium_base642bin(decoded, count, text, strnlen(text, sizeof(again)), NULL, &length, NULL,
                           sodium_base64_VARIANT_ORIGINAL) == 0 &&
         length == count;
    if (ok) {
        tp_base64(decoded, count, again);
        ok = strcmp(again, text) == 0;
    }
    if (ok)
        memcpy(bytes, decoded, count);
    /* No more of either was written. */
    if (count <= sizeof(decoded)) {
        sodium_memzero(decoded, count);
        sodium_memzero(again, TP_BASE64_MAX(count));
    }
    return ok;
}

void tp_hex(const void *bytes, size_t count, char *text)
{
    (void)sodium_bin2hex(text, TP_HEX_MAX(count), bytes, count);
}

static bool is_lower_hex(const char *text, size_t digits)
{
    size_t i = 0;

    while (i < digits && ((text[i] >= '0' && text[i] <= '9') || (text[i] >= 'a' && text[i] <= 'f')))
        i++;
    return i == digits && text[i] == '\0';
}

bool tp_hex_decode(const char *text, void *bytes, size_t count)
{
    return is_lower_hex(text, count * 2) &&
           sodium_hex2bin(bytes, count, text, count * 2, NULL, NULL, NULL) == 0;
}

/* nettle's uses the processor's SHA instructions where it has them: a tenth of libsodium's time,
 * and half of what a save takes besides its sync. */
void tp_sha256(const void *bytes, size_t count, unsigned char digest[TP_SHA256_BYTES])
{
    struct sha256_ctx hash;

    sha256_init(&hash);
    sha256_update(&hash, count, bytes);
    sha256_digest(&hash, TP_SHA256_BYTES, digest);
    tp_wipe(&hash, sizeof(hash));
}

void tp_sha256_text(const void *bytes, size_t count, char text[TP_SHA256_TEXT_MAX])
{
    unsigned char digest[TP_SHA256_BYTES];

    tp_sha256(bytes, count, digest);
    tp_hex(digest, sizeof(digest), text);
}

bool tp_sha256_is_text(const char *text)
{
    return is_lower_hex(text, TP_SHA256_BYTES * 2u);
}
