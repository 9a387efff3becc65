#include "form/arena.h"

#include <stdint.h>
#include <string.h>

#include "base/mem.h"

#define BLOCK_BYTES ((size_t)64 * 1024)
#define ALIGNMENT sizeof(max_align_t)

struct tp_arena_block {
    struct tp_arena_block *older;
    size_t used, size;
    max_align_t bytes[];
};

static struct tp_arena_block *block_for(struct tp_arena *arena, size_t bytes)
{
    struct tp_arena_block *block = arena->blocks;
    size_t size = bytes > BLOCK_BYTES ? bytes : BLOCK_BYTES;

    if (block && bytes <= block->size - block->used)
        return block;
    block = tp_realloc(NULL, sizeof(*block) + size, 1);
    if (!block)
        return NULL;
    block->used = 0;
    block->size = size;
    if (bytes > BLOCK_BYTES / 4 && arena->blocks) {
        /* a large piece gets a block of its own, behind the one that has room */
        block->older = arena->blocks->older;
        arena->blocks->older = block;
    } else {
        block->older = arena->blocks;
        arena->blocks = block;
    }
    return block;
}

void *tp_arena_alloc(struct tp_arena *arena, size_t count, size_t size)
{
    struct tp_arena_block *block;
    size_t bytes;
    char *at;

    if (__builtin_mul_overflow(count, size, &bytes) || bytes > SIZE_MAX / 2)
        return NULL;
    bytes = (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    block = block_for(arena, bytes);
    if (!block)
        return NULL;
    at = (char *)block->bytes + block->used;
    block->used += bytes;
    memset(at, 0, bytes);
    return at;
}

char *tp_arena_strndup(struct tp_arena *arena, const char *text, size_t length)
{
    char *copy = tp_arena_alloc(arena, length + 1, 1);

    if (copy)
        memcpy(copy, text, length);
    return copy;
}

void tp_arena_reset(struct tp_arena *arena)
{
    struct tp_arena_block *kept = arena->blocks;

    if (!kept)
        return;
    arena->blocks = kept->older;
    tp_arena_finish(arena);
    tp_wipe(kept->bytes, kept->used);
    kept->older = NULL;
    kept->used = 0;
    arena->blocks = kept;
}

void tp_arena_finish(struct tp_arena *arena)
{
    while (arena->blocks) {
        struct tp_arena_block *block = arena->blocks;

        arena->blocks = block->older;
        tp_wipe(block->bytes, block->used);
        tp_free(block);
    }
}
