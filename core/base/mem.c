#include "base/mem.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static _Atomic uint64_t allocations;
static _Atomic uint64_t failing;

static int refused(void)
{
    uint64_t now = atomic_fetch_add_explicit(&allocations, 1, memory_order_relaxed) + 1;

    return now == atomic_load_explicit(&failing, memory_order_relaxed);
}

void tp_mem_fail_at(uint64_t nth)
{
    atomic_store(&failing, nth ? atomic_load(&allocations) + nth : 0);
}

uint64_t tp_mem_count(void)
{
    return atomic_load(&allocations);
}

void *tp_calloc(size_t count, size_t size)
{
    if (refused())
        return NULL;
    return calloc(count ? count : 1, size ? size : 1);
}

void *tp_realloc(void *memory, size_t count, size_t size)
{
    size_t bytes;

    if (__builtin_mul_overflow(count, size, &bytes) || refused())
        return NULL;
    return realloc(memory, bytes ? bytes : 1);
}

void tp_free(void *memory)
{
    free(memory);
}

char *tp_strdup(const char *text)
{
    return tp_strndup(text, strlen(text));
}

char *tp_strndup(const char *text, size_t length)
{
    size_t bytes = strnlen(text, length);
    char *copy = tp_calloc(bytes + 1, 1);

    if (copy)
        memcpy(copy, text, bytes);
    return copy;
}

char *tp_asprintf(const char *format, ...)
{
    va_list args;
    char *text;
    int length;

    va_start(args, format);
    length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (length < 0)
        return NULL;
    text = tp_calloc((size_t)length + 1, 1);
    if (!text)
        return NULL;
    va_start(args, format);
    (void)vsnprintf(text, (size_t)length + 1, format, args);
    va_end(args);
    return text;
}

void tp_wipe(void *memory, size_t size)
{
    if (memory)
        explicit_bzero(memory, size);
}

void tp_free_secret(char *text)
{
    if (!text)
        return;
    tp_wipe(text, strlen(text));
    tp_free(text);
}
