/*
 * How a survey was answered: as people do, too fast to have been read, or by a child who bangs on
 * the screen. An answer is marked with it (tp:context, docs/ARCHITECTURE.md), never thrown away:
 * whoever analyses the answers decides. Thread: one at a time.
 */
#ifndef TP_KIOSK_APP_PACE_H
#define TP_KIOSK_APP_PACE_H

#include <stddef.h>
#include <stdint.h>

/* Nobody reads a question and its answers in less; pages too few to tell are not judged. */
#define TP_PACE_PAGE_MS 2000
#define TP_PACE_PAGES_MIN 3
/* Slips that are more than a trembling hand's, where they also outnumber what counted. */
#define TP_PACE_SLIPS_MIN 20

struct tp_pace {
    int64_t began_ms;        /* monotonic: the first question */
    unsigned touches, slips; /* since then: that counted, and that did not */
};

void tp_pace_begin(struct tp_pace *pace, int64_t now);

/* "fast", "bashed", or "" for the usual; `pages` were shown. */
const char *tp_pace_word(const struct tp_pace *pace, int64_t now, size_t pages);

#endif
