#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "form/xlsform_parts.h"

#define BLOCK_SIZE (64u * 1024u)

struct tp_xf_block {
    struct tp_xf_block *next;
    size_t used;
    size_t size;
    max_align_t bytes[];
};

void tp_xf_arena_finish(struct tp_xf_arena *arena)
{
    while (arena->blocks) {
        struct tp_xf_block *next = arena->blocks->next;

        tp_free(arena->blocks);
        arena->blocks = next;
    }
    *arena = (struct tp_xf_arena){0};
}

static struct tp_xf_block *add_block(struct tp_xf_arena *arena, size_t size)
{
    size_t wanted = size > BLOCK_SIZE / 4 ? size : BLOCK_SIZE;
    struct tp_xf_block *block;

    if (wanted > TP_XF_MEMORY_MAX - arena->total)
        return NULL;
    block = tp_calloc(1, sizeof(*block) + wanted);
    if (!block)
        return NULL;
    block->size = wanted;
    arena->total += wanted;
    /* A block of its own goes behind the current one, which still has room. */
    if (arena->blocks && wanted != BLOCK_SIZE) {
        block->next = arena->blocks->next;
        arena->blocks->next = block;
    } else {
        block->next = arena->blocks;
        arena->blocks = block;
    }
    return block;
}

void *tp_xf_alloc(struct tp_xf_arena *arena, size_t count, size_t size)
{
    struct tp_xf_block *block = arena->blocks;
    size_t wanted;
    void *memory;

    if (size && count > (SIZE_MAX / 2) / size)
        goto fail;
    wanted = (count * size + sizeof(max_align_t) - 1) & ~(sizeof(max_align_t) - 1);
    if (!block || wanted > block->size - block->used)
        block = add_block(arena, wanted);
    if (!block)
        goto fail;
    memory = (char *)block->bytes + block->used;
    block->used += wanted;
    return memory;

fail:
    arena->failed = true;
    return NULL;
}

const char *tp_xf_copy(struct tp_xf_arena *arena, const char *text, size_t length)
{
    char *copy = tp_xf_alloc(arena, length + 1, 1);

    if (!copy)
        return "";
    memcpy(copy, text, length);
    return copy;
}

const char *tp_xf_printf(struct tp_xf_arena *arena, const char *format, ...)
{
    va_list args;
    char *text;
    int length;

    va_start(args, format);
    length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    text = tp_xf_alloc(arena, (size_t)length + 1, 1);
    if (!text)
        return "";
    va_start(args, format);
    (void)vsnprintf(text, (size_t)length + 1, format, args);
    va_end(args);
    return text;
}

bool tp_xf_grow(struct tp_xf_arena *arena, void **items, size_t count, size_t *capacity,
                size_t size)
{
    size_t wanted = *capacity ? *capacity * 2 : 4;
    void *grown;

    if (count < *capacity)
        return true;
    grown = tp_xf_alloc(arena, wanted, size);
    if (!grown)
        return false;
    if (count)
        memcpy(grown, *items, count * size);
    *items = grown;
    *capacity = wanted;
    return true;
}

const char *tp_xf_attribute(const struct tp_xf_attributes *attributes, const char *name)
{
    for (size_t i = 0; i < attributes->count; i++) {
        if (strcmp(attributes->items[i].name, name) == 0)
            return attributes->items[i].value;
    }
    return NULL;
}

bool tp_xf_set(struct tp_xf *xf, struct tp_xf_attributes *attributes, const char *name,
               const char *value)
{
    void *items = attributes->items;

    for (size_t i = 0; i < attributes->count; i++) {
        if (strcmp(attributes->items[i].name, name) == 0) {
            attributes->items[i].value = value;
            return true;
        }
    }
    if (!tp_xf_grow(&xf->arena, &items, attributes->count, &attributes->capacity,
                    sizeof(*attributes->items)))
        return false;
    attributes->items = items;
    attributes->items[attributes->count++] = (struct tp_xf_attribute){name, value};
    return true;
}

bool tp_xf_set_text(struct tp_xf *xf, struct tp_xf_text *text, const char *language,
                    const char *value)
{
    void *items = text->items;

    if (!language) {
        text->plain = value;
        return true;
    }
    for (size_t i = 0; i < text->count; i++) {
        if (strcmp(text->items[i].language, language) == 0) {
            text->items[i].text = value;
            return true;
        }
    }
    if (!tp_xf_grow(&xf->arena, &items, text->count, &text->capacity, sizeof(*text->items)))
        return false;
    text->items = items;
    text->items[text->count++] = (struct tp_xf_translation){language, value};
    return true;
}

void tp_xf_settle(struct tp_xf *xf, struct tp_xf_text *text)
{
    const char *plain = text->plain;

    if (!plain || !text->count)
        return;
    text->plain = NULL;
    for (size_t i = 0; i < text->count; i++) {
        if (strcmp(text->items[i].language, xf->default_language) == 0)
            return;
    }
    (void)tp_xf_set_text(xf, text, xf->default_language, plain);
}

int tp_xf_yes_no(const char *text)
{
    static const char *const yes[] = {"yes", "Yes", "YES", "true", "True", "TRUE", "true()"};
    static const char *const no[] = {"no", "No", "NO", "false", "False", "FALSE", "false()"};

    for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++) {
        if (strcmp(text, yes[i]) == 0)
            return 1;
        if (strcmp(text, no[i]) == 0)
            return 0;
    }
    return -1;
}
