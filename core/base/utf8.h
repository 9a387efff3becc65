/*
 * Text in UTF-8 (RFC 3629), whoever wrote it: where its characters begin and end, and what of it
 * may be shown. Thread: any.
 */
#ifndef TP_BASE_UTF8_H
#define TP_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>

/* Bytes of the longest character: the room in a text that ends with a NUL. */
#define TP_UTF8_MAX 4u

/* How many bytes the character at `at` has, 1 to 4; 0 where it is none: a byte out of place, an
 * overlong form, a surrogate, beyond U+10FFFF or cut short (Unicode, table 3-7). Reads at most
 * `room` bytes, and nothing behind a NUL. */
size_t tp_utf8_size(const char *at, size_t room);

/* Whether the character at `at` is a control: C0, DEL, or C1 (U+0080 to U+009F). */
bool tp_utf8_is_control(const char *at);

/* Whether the byte belongs to a character that began before it. */
bool tp_utf8_goes_on(char byte);

/* How many characters the first `length` bytes of a text hold. */
size_t tp_utf8_count(const char *text, size_t length);

/* How many bytes of a text that is longer than `max` may stay so that no more than `max` do and no
 * character is parted. */
size_t tp_utf8_cut(const char *text, size_t max);

/* Makes words of any bytes for a person to read: controls become spaces, what is not UTF-8 "?", and
 * it is cut at a whole character to fit `size` bytes with the NUL. */
void tp_utf8_to_words(const char *text, char *words, size_t size);

#endif
