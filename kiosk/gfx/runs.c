/* See runs.h. */
#include "kiosk/gfx/runs.h"

#include <string.h>

#include "base/mem.h"

/* A run may stand in any of this many neighbouring places. */
#define WAYS 8u

bool tp_runs_init(struct tp_runs *runs)
{
    runs->widths = tp_calloc(TP_RUNS_WIDTHS_MAX, sizeof(*runs->widths));
    runs->runs = tp_calloc(TP_RUNS_MAX, sizeof(*runs->runs));
    return runs->widths && runs->runs;
}

static size_t size_of(const struct tp_run *run)
{
    return run->bytes ? (size_t)run->width * (size_t)run->height : 0;
}

static void drop(struct tp_runs *runs, struct tp_run *run)
{
    if (!run->key)
        return;
    if (run->bytes)
        tp_wipe(run->bytes, size_of(run));
    runs->bytes -= size_of(run);
    runs->count--;
    tp_free(run->bytes);
    memset(run, 0, sizeof(*run));
}

void tp_runs_forget(struct tp_runs *runs)
{
    for (size_t i = 0; runs->widths && i < TP_RUNS_WIDTHS_MAX; i++)
        if (!runs->widths[i].is_public)
            tp_wipe(&runs->widths[i], sizeof(runs->widths[i]));
    for (size_t i = 0; runs->runs && i < TP_RUNS_MAX; i++)
        if (!runs->runs[i].is_public)
            drop(runs, &runs->runs[i]);
}

void tp_runs_finish(struct tp_runs *runs)
{
    for (size_t i = 0; runs->runs && i < TP_RUNS_MAX; i++)
        drop(runs, &runs->runs[i]);
    tp_free(runs->widths);
    tp_free(runs->runs);
    *runs = (struct tp_runs){0};
}

/* Where a width is, or may stand: one of two places, and not that of what is everybody's. */
static struct tp_width *place_of(struct tp_runs *runs, uint64_t key)
{
    size_t at = key & (TP_RUNS_WIDTHS_MAX - 1);
    struct tp_width *first = &runs->widths[at], *second = &runs->widths[at ^ 1u];

    if (second->key == key || (first->key != key && first->is_public && !second->is_public))
        return second;
    return first;
}

bool tp_runs_width(struct tp_runs *runs, uint64_t key, int *pixels)
{
    struct tp_width *width = place_of(runs, key);

    if (width->key != key)
        return false;
    width->is_public |= runs->is_public;
    *pixels = width->pixels;
    return true;
}

void tp_runs_keep_width(struct tp_runs *runs, uint64_t key, int pixels)
{
    *place_of(runs, key) = (struct tp_width){key, pixels, runs->is_public};
}

size_t tp_runs_width_count(const struct tp_runs *runs)
{
    size_t count = 0;

    for (size_t i = 0; i < TP_RUNS_WIDTHS_MAX; i++)
        count += runs->widths[i].key != 0;
    return count;
}

/* What is everybody's goes last, else the least recently used first. */
static bool goes_before(const struct tp_run *run, const struct tp_run *other)
{
    return run->is_public != other->is_public ? other->is_public : run->used < other->used;
}

static struct tp_run *neighbours(struct tp_runs *runs, uint64_t key)
{
    return &runs->runs[key & (TP_RUNS_MAX - 1) & ~(uint64_t)(WAYS - 1)];
}

const struct tp_run *tp_runs_find(struct tp_runs *runs, uint64_t key)
{
    struct tp_run *places = neighbours(runs, key);

    for (size_t i = 0; i < WAYS; i++) {
        if (places[i].key != key)
            continue;
        places[i].used = ++runs->turn;
        places[i].is_public |= runs->is_public;
        return &places[i];
    }
    return NULL;
}

/* Drops runs until `bytes` more fit. */
static void make_room(struct tp_runs *runs, size_t bytes)
{
    while (runs->count && runs->bytes + bytes > TP_RUNS_BYTES_MAX) {
        struct tp_run *oldest = NULL;

        for (size_t i = 0; i < TP_RUNS_MAX; i++)
            if (runs->runs[i].key && (!oldest || goes_before(&runs->runs[i], oldest)))
                oldest = &runs->runs[i];
        if (!oldest)
            return;
        drop(runs, oldest);
    }
}

const struct tp_run *tp_runs_keep(struct tp_runs *runs, const struct tp_run *made)
{
    struct tp_run *places = neighbours(runs, made->key), *best = places;

    for (size_t i = 0; i < WAYS && best->key; i++)
        if (!places[i].key || goes_before(&places[i], best))
            best = &places[i];
    drop(runs, best);
    make_room(runs, size_of(made));
    *best = *made;
    best->used = ++runs->turn;
    best->is_public = runs->is_public;
    runs->bytes += size_of(best);
    runs->count++;
    return best;
}
