/*
 * A growable byte buffer with a cap.
 *
 * Appending to a buffer that failed does nothing, so a run of appends needs one check at the end
 * (tp_buf_ok). The buffer owns its bytes; finishing a zeroed buffer is safe. The bytes are always
 * followed by a NUL that is not counted in `length`, so a buffer of text can be read as a C string.
 * When growing, the old bytes are wiped, so that an answer never stays behind in freed memory.
 * Thread: one at a time.
 */
#ifndef TP_BASE_BUF_H
#define TP_BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

struct tp_buf {
    char *data; /* owned; NULL until the first append */
    size_t length;
    size_t capacity;
    size_t max;  /* cap in bytes */
    bool failed; /* over the cap, or out of memory */
};

/* `max`: the most bytes it may ever hold. */
void tp_buf_init(struct tp_buf *buf, size_t max);

/* Wipes and frees; leaves a zeroed struct. */
void tp_buf_finish(struct tp_buf *buf);

/* Each returns tp_buf_ok(buf). */
bool tp_buf_add(struct tp_buf *buf, const void *bytes, size_t count);
bool tp_buf_puts(struct tp_buf *buf, const char *text);
bool tp_buf_putc(struct tp_buf *buf, char c);
bool tp_buf_printf(struct tp_buf *buf, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Makes room for `count` more bytes without adding them. */
bool tp_buf_reserve(struct tp_buf *buf, size_t count);

/* The same, saying why not, and without leaving the buffer failed. TP_ERR_LIMIT: over its cap;
 * TP_ERR_MEMORY; TP_ERR_MISUSE: it has failed before. */
bool tp_buf_make_room(struct tp_buf *buf, size_t count, struct tp_error *error);

/* Back to empty; keeps the memory (wiped) and clears `failed`. */
void tp_buf_reset(struct tp_buf *buf);

static inline bool tp_buf_ok(const struct tp_buf *buf)
{
    return !buf->failed;
}

/* The text so far; "" for an empty buffer. Valid until the next change. */
static inline const char *tp_buf_text(const struct tp_buf *buf)
{
    return buf->data ? buf->data : "";
}

/* Hands the bytes over to the caller (tp_free) and leaves the buffer empty. NULL if the buffer
 * failed or there is no memory; an empty buffer gives "". */
char *tp_buf_take(struct tp_buf *buf);

#endif
