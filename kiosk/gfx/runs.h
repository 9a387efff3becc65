/*
 * Inside kiosk/gfx: what text was measured and drawn, by a hash of its style and bytes.
 *
 * Widths and coverage masks of runs, never the text itself. Both are bounded. What is everybody's
 * (text.h, tp_fonts_set_public) is kept when the rest is forgotten, and makes room last. Owned by
 * struct tp_fonts. Thread: the main thread only.
 */
#ifndef TP_KIOSK_GFX_RUNS_H
#define TP_KIOSK_GFX_RUNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Words of several pages in two sizes. A power of two. */
#define TP_RUNS_WIDTHS_MAX 8192u
/* Runs drawn on several pages; a power of two. */
#define TP_RUNS_MAX 1024u
/* Masks of the text of two full pages at 4K. */
#define TP_RUNS_BYTES_MAX (6u * 1024u * 1024u)

struct tp_width {
    uint64_t key; /* 0: free */
    int pixels;
    bool is_public; /* outlives the person */
};

struct tp_run {
    uint64_t key;   /* 0: free */
    uint8_t *bytes; /* owned: width x height of coverage; NULL for spaces */
    int width, height, left, top;
    uint64_t used;
    bool is_public;
};

struct tp_runs {
    struct tp_width *widths; /* owned */
    struct tp_run *runs;     /* owned */
    size_t bytes, count;     /* of the runs */
    uint64_t turn;           /* counts uses: the least recent go first */
    bool is_public;          /* is what comes in now everybody's? */
};

/* False when out of memory; finishing is then still safe, as it is for a zeroed one. */
bool tp_runs_init(struct tp_runs *runs);
void tp_runs_finish(struct tp_runs *runs);

/* Wipes all that is not everybody's. */
void tp_runs_forget(struct tp_runs *runs);

/* Keys are not 0. A width that is not known stays as it is. */
bool tp_runs_width(struct tp_runs *runs, uint64_t key, int *pixels);
void tp_runs_keep_width(struct tp_runs *runs, uint64_t key, int pixels);

/* NULL where it is not known. Lasts until the next is kept. */
const struct tp_run *tp_runs_find(struct tp_runs *runs, uint64_t key);
/* Takes `made` over, whose key is not known yet. */
const struct tp_run *tp_runs_keep(struct tp_runs *runs, const struct tp_run *made);

size_t tp_runs_width_count(const struct tp_runs *runs);

#endif
