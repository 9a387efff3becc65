#include "base/buf.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"

#define FIRST_CAPACITY 64

void tp_buf_init(struct tp_buf *buf, size_t max)
{
    *buf = (struct tp_buf){.max = max};
}

void tp_buf_finish(struct tp_buf *buf)
{
    if (!buf)
        return;
    tp_wipe(buf->data, buf->capacity);
    tp_free(buf->data);
    *buf = (struct tp_buf){.max = buf->max};
}

/* Only `length` bytes were ever written since the last reset, so a large buffer is reused cheaply.
 */
void tp_buf_reset(struct tp_buf *buf)
{
    tp_wipe(buf->data, buf->length);
    buf->length = 0;
    buf->failed = false;
}

static bool fail(struct tp_buf *buf)
{
    buf->failed = true;
    return false;
}

bool tp_buf_reserve(struct tp_buf *buf, size_t count)
{
    size_t wanted;
    size_t capacity;
    char *data;

    if (buf->failed)
        return false;
    if (count > buf->max - buf->length)
        return fail(buf);
    wanted = buf->length + count + 1;
    if (wanted <= buf->capacity)
        return true;
    capacity = buf->capacity ? buf->capacity : FIRST_CAPACITY;
    while (capacity < wanted)
        capacity = capacity > SIZE_MAX / 2 ? wanted : capacity * 2;
    data = tp_calloc(capacity, 1);
    if (!data)
        return fail(buf);
    if (buf->data)
        memcpy(data, buf->data, buf->length);
    tp_wipe(buf->data, buf->capacity);
    tp_free(buf->data);
    buf->data = data;
    buf->capacity = capacity;
    return true;
}

bool tp_buf_make_room(struct tp_buf *buf, size_t count, struct tp_error *error)
{
    if (!tp_buf_ok(buf))
        return tp_fail(error, TP_ERR_MISUSE, "the buffer has failed before");
    if (count > buf->max - buf->length)
        return tp_fail(error, TP_ERR_LIMIT, "%zu bytes do not fit a buffer of %zu", count,
                       buf->max);
    if (tp_buf_reserve(buf, count))
        return true;
    buf->failed = false;
    return tp_fail_memory(error);
}

bool tp_buf_add(struct tp_buf *buf, const void *bytes, size_t count)
{
    if (!tp_buf_reserve(buf, count))
        return false;
    if (count)
        memcpy(buf->data + buf->length, bytes, count);
    buf->length += count;
    buf->data[buf->length] = '\0';
    return true;
}

bool tp_buf_puts(struct tp_buf *buf, const char *text)
{
    return tp_buf_add(buf, text, strlen(text));
}

bool tp_buf_putc(struct tp_buf *buf, char c)
{
    return tp_buf_add(buf, &c, 1);
}

bool tp_buf_printf(struct tp_buf *buf, const char *format, ...)
{
    va_list args;
    size_t room;
    int length;

    if (!tp_buf_reserve(buf, 0))
        return false;
    /* What fits, as most does, is formatted once. */
    room = buf->capacity - buf->length;
    va_start(args, format);
    length = vsnprintf(buf->data + buf->length, room, format, args);
    va_end(args);
    if (length < 0 || !tp_buf_reserve(buf, (size_t)length)) {
        tp_wipe(buf->data + buf->length, room); /* nothing stands beyond `length` */
        return fail(buf);
    }
    if ((size_t)length >= room) {
        va_start(args, format);
        (void)vsnprintf(buf->data + buf->length, (size_t)length + 1, format, args);
        va_end(args);
    }
    buf->length += (size_t)length;
    return true;
}

char *tp_buf_take(struct tp_buf *buf)
{
    char *data;

    if (buf->failed)
        return NULL;
    data = buf->data ? buf->data : tp_calloc(1, 1);
    *buf = (struct tp_buf){.max = buf->max};
    return data;
}
