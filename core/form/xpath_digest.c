/* Functions about text no person writes: identifiers, digests, base 64, signatures. */
#include <ctype.h>
#include <nettle/base64.h>
#include <nettle/md5.h>
#include <nettle/sha1.h>
#include <nettle/sha2.h>
#include <sodium.h>
#include <string.h>
#include <strings.h>
#include <unistr.h>

#include "base/mem.h"
#include "form/xpath_functions.h"
#include "form/xpath_value.h"

#define TOKEN_MAX 1000.0

void tp_fn_uuid(xmlXPathParserContextPtr parser, int count)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    struct tp_xpath_args args;
    char text[TP_UUID_TEXT_MAX];
    struct tp_buf out;
    double length;

    if (!tp_args_take(&args, parser, count))
        return;
    if (!count) {
        tp_random_uuid(&args.env->random, text);
        tp_give_text(&args, text);
        return;
    }
    length = tp_arg_number(&args, 0);
    tp_buf_init(&out, TP_XPATH_RESULT_MAX);
    for (double i = 0; i + 1 <= length && i < TOKEN_MAX; i++)
        (void)tp_buf_putc(&out, letters[tp_random_below(&args.env->random, sizeof(letters) - 1)]);
    tp_give_buffer(&args, &out);
}

static uint32_t crc32(const uint8_t *bytes, size_t count)
{
    uint32_t crc = UINT32_MAX;

    while (count--) {
        crc ^= *bytes++;
        for (int bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ (crc & 1 ? 0xEDB88320u : 0);
    }
    return ~crc;
}

/* "SHA-256" is also "sha256", as in JavaRosa. */
static bool is_named(const char *algorithm, const char *name)
{
    for (; *name; name++) {
        if (toupper((unsigned char)*algorithm) == *name)
            algorithm++;
        else if (*name != '-')
            return false;
    }
    return !*algorithm;
}

/* Bytes of the digest, or 0 for an algorithm ODK does not name. */
static size_t digest(const char *algorithm, const char *text, uint8_t out[SHA512_DIGEST_SIZE])
{
    size_t length = strlen(text);
    const uint8_t *bytes = (const uint8_t *)text;
    union {
        struct md5_ctx md5;
        struct sha1_ctx sha1;
        struct sha256_ctx sha256;
        struct sha512_ctx sha512;
    } state;
    size_t size = 0;

    if (is_named(algorithm, "MD5")) {
        md5_init(&state.md5);
        md5_update(&state.md5, length, bytes);
        md5_digest(&state.md5, size = MD5_DIGEST_SIZE, out);
    } else if (is_named(algorithm, "SHA-1")) {
        sha1_init(&state.sha1);
        sha1_update(&state.sha1, length, bytes);
        sha1_digest(&state.sha1, size = SHA1_DIGEST_SIZE, out);
    } else if (is_named(algorithm, "SHA-256")) {
        sha256_init(&state.sha256);
        sha256_update(&state.sha256, length, bytes);
        sha256_digest(&state.sha256, size = SHA256_DIGEST_SIZE, out);
    } else if (is_named(algorithm, "SHA-384")) {
        sha384_init(&state.sha512);
        sha384_update(&state.sha512, length, bytes);
        sha384_digest(&state.sha512, size = SHA384_DIGEST_SIZE, out);
    } else if (is_named(algorithm, "SHA-512")) {
        sha512_init(&state.sha512);
        sha512_update(&state.sha512, length, bytes);
        sha512_digest(&state.sha512, size = SHA512_DIGEST_SIZE, out);
    } else if (is_named(algorithm, "CRC32")) {
        uint32_t crc = crc32(bytes, length);

        for (int i = 0; i < 4; i++)
            out[i] = (uint8_t)(crc >> (24 - 8 * i));
        size = 4;
    }
    tp_wipe(&state, sizeof(state));
    return size;
}

void tp_fn_digest(xmlXPathParserContextPtr parser, int count)
{
    struct tp_xpath_args args;
    uint8_t bytes[SHA512_DIGEST_SIZE];
    char text[2 * SHA512_DIGEST_SIZE + 1] = "";
    size_t size;

    if (!tp_args_take(&args, parser, count))
        return;
    size = digest(tp_arg_text(&args, 1), tp_arg_text(&args, 0), bytes);
    if (!size) {
        tp_xpath_fail(args.env, "digest() does not know '%.40s'", tp_arg_text(&args, 1));
    } else if (count == 3 && !strcasecmp(tp_arg_text(&args, 2), "hex")) {
        for (size_t i = 0; i < size; i++)
            (void)snprintf(text + 2 * i, 3, "%02x", bytes[i]);
    } else if (count == 2 || !strcasecmp(tp_arg_text(&args, 2), "base64")) {
        base64_encode_raw(text, size, bytes);
        text[BASE64_ENCODE_RAW_LENGTH(size)] = '\0';
    } else {
        tp_xpath_fail(args.env, "digest() writes 'hex' or 'base64', not '%.40s'",
                      tp_arg_text(&args, 2));
    }
    tp_give_text(&args, text);
}

/* The bytes in `out`; false where the text is not base 64. */
static bool decode(const char *text, struct tp_buf *out)
{
    struct base64_decode_ctx state;
    size_t size = 0;

    base64_decode_init(&state);
    if (!tp_buf_reserve(out, BASE64_DECODE_LENGTH(strlen(text))))
        return false;
    if (!base64_decode_update(&state, &size, (uint8_t *)out->data, strlen(text), text) ||
        !base64_decode_final(&state))
        return false;
    out->length = size;
    return true;
}

/* The bytes as UTF-8, each that is none replaced by U+FFFD. A zero byte, which no XML can hold,
 * makes all of it nothing. */
static void put_utf8(const uint8_t *bytes, size_t count, struct tp_buf *out)
{
    if (memchr(bytes, 0, count))
        return;
    for (size_t at = 0; at < count;) {
        ucs4_t character;
        int size = u8_mbtouc(&character, bytes + at, count - at);

        (void)(character == 0xFFFD ? tp_buf_puts(out, "\xEF\xBF\xBD")
                                   : tp_buf_add(out, bytes + at, (size_t)size));
        at += (size_t)size;
    }
}

void tp_fn_base64_decode(xmlXPathParserContextPtr parser, int count)
{
    struct tp_xpath_args args;
    struct tp_buf bytes;
    struct tp_buf out;

    if (!tp_args_take(&args, parser, count))
        return;
    tp_buf_init(&bytes, TP_XPATH_RESULT_MAX);
    tp_buf_init(&out, TP_XPATH_RESULT_MAX);
    if (decode(tp_arg_text(&args, 0), &bytes))
        put_utf8((const uint8_t *)bytes.data, bytes.length, &out);
    tp_buf_finish(&bytes);
    tp_give_buffer(&args, &out);
}

/* The text that stands behind its signature of 64 bytes (Ed25519, RFC 8032), where the key has made
 * that signature; both arguments in base 64. JavaRosa's own function. */
void tp_fn_extract_signed(xmlXPathParserContextPtr parser, int count)
{
    struct tp_xpath_args args;
    struct tp_buf contents;
    struct tp_buf key;
    struct tp_buf out;

    if (!tp_args_take(&args, parser, count))
        return;
    tp_buf_init(&contents, TP_XPATH_RESULT_MAX);
    tp_buf_init(&key, TP_XPATH_RESULT_MAX);
    tp_buf_init(&out, TP_XPATH_RESULT_MAX);
    if (decode(tp_arg_text(&args, 0), &contents) && decode(tp_arg_text(&args, 1), &key) &&
        contents.length >= crypto_sign_BYTES && key.length == crypto_sign_PUBLICKEYBYTES) {
        const uint8_t *signature = (const uint8_t *)contents.data;
        const uint8_t *text = signature + crypto_sign_BYTES;
        size_t length = contents.length - crypto_sign_BYTES;

        if (crypto_sign_verify_detached(signature, text, length, (const uint8_t *)key.data) == 0)
            put_utf8(text, length, &out);
    }
    tp_buf_finish(&contents);
    tp_buf_finish(&key);
    tp_give_buffer(&args, &out);
}
