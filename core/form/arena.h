/*
 * Memory that is given back, wiped, all at once: many small, unchanging pieces.
 * Thread: one at a time.
 */
#ifndef TP_FORM_ARENA_H
#define TP_FORM_ARENA_H

#include <stddef.h>

struct tp_arena_block;

struct tp_arena {
    struct tp_arena_block *blocks; /* owned, newest first */
};

/* Zeroed, aligned for anything; NULL when out of memory. Lasts until tp_arena_finish. */
void *tp_arena_alloc(struct tp_arena *arena, size_t count, size_t size);
char *tp_arena_strndup(struct tp_arena *arena, const char *text, size_t length);

/* Empty again, keeping a block for what comes next. */
void tp_arena_reset(struct tp_arena *arena);

/* Safe on a zeroed arena; leaves it empty. */
void tp_arena_finish(struct tp_arena *arena);

#endif
