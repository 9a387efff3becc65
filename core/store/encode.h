/*
 * Bytes as text and back, and SHA-256: base64 (keys, signatures), base64url without padding
 * (tokens), lower-case hex (digests). Decoding is strict: the exact length, no white space, no
 * other alphabet. Thread: any.
 */
#ifndef TP_STORE_ENCODE_H
#define TP_STORE_ENCODE_H

#include <stdbool.h>
#include <stddef.h>

/* Text lengths with their NUL. */
#define TP_BASE64_MAX(bytes) (((bytes) + 2u) / 3u * 4u + 1u)
#define TP_HEX_MAX(bytes) ((bytes)*2u + 1u)

#define TP_SHA256_BYTES 32u
#define TP_SHA256_TEXT_MAX TP_HEX_MAX(TP_SHA256_BYTES)

/* Standard base64 with padding (RFC 4648 clause 4). `text` holds TP_BASE64_MAX(count). */
void tp_base64(const void *bytes, size_t count, char *text);

/* False unless `text` is exactly `count` bytes in standard base64 with padding; `bytes` is then
 * untouched. */
bool tp_base64_decode(const char *text, void *bytes, size_t count);

/* base64url without padding (RFC 4648 clause 5): tokens. `text` holds TP_BASE64_MAX(count). */
void tp_base64url(const void *bytes, size_t count, char *text);

/* Lower-case hex. `text` holds TP_HEX_MAX(count). */
void tp_hex(const void *bytes, size_t count, char *text);

/* False unless `text` is exactly `count` bytes in lower-case hex; `bytes` is then untouched. */
bool tp_hex_decode(const char *text, void *bytes, size_t count);

/* SHA-256 (FIPS 180-4). */
void tp_sha256(const void *bytes, size_t count, unsigned char digest[TP_SHA256_BYTES]);

/* The same as 64 lower-case hex digits. */
void tp_sha256_text(const void *bytes, size_t count, char text[TP_SHA256_TEXT_MAX]);

/* True where `text` is 64 lower-case hex digits. */
bool tp_sha256_is_text(const char *text);

#endif
