#include "kiosk/speech/stretch.h"

#include <string.h>

/* A hop holds a period of the lowest voice; the search covers one of the usual ones. */
#define HOP_MS 15
#define SEARCH_MS 8
/* Every so many samples are compared: enough to find where a voice fits. */
#define STRIDE 3

void tp_stretch_init(struct tp_stretch *stretch, int rate, int percent)
{
    memset(stretch, 0, sizeof(*stretch));
    stretch->hop = (size_t)rate * HOP_MS / 1000;
    stretch->search = (size_t)rate * SEARCH_MS / 1000;
    stretch->step = (double)stretch->hop * percent / 100;
}

size_t tp_stretch_put(struct tp_stretch *stretch, const int16_t *samples, size_t count)
{
    size_t room = TP_STRETCH_HELD_MAX - stretch->count;

    if (count > room)
        count = room;
    memcpy(stretch->held + stretch->count, samples, count * sizeof(*samples));
    stretch->count += count;
    return count;
}

void tp_stretch_end(struct tp_stretch *stretch)
{
    stretch->ended = true;
}

/* How alike two stretches of a hop are. */
static int64_t likeness(const int16_t *one, const int16_t *two, size_t count)
{
    int64_t sum = 0;

    for (size_t i = 0; i < count; i += STRIDE)
        sum += (int64_t)one[i] * two[i];
    return sum;
}

/* The place near `at` that fits what would have followed. */
static size_t best_place(const struct tp_stretch *stretch, size_t at)
{
    size_t from = at > stretch->search ? at - stretch->search : 0;
    size_t best = from;
    int64_t most = INT64_MIN;

    for (size_t place = from; place <= at + stretch->search; place++) {
        int64_t alike =
            likeness(stretch->held + place, stretch->held + stretch->goes_on, stretch->hop);

        if (alike > most) {
            most = alike;
            best = place;
        }
    }
    return best;
}

static int16_t mixed(int16_t from, int16_t to, size_t at, size_t count)
{
    int64_t sum = (int64_t)from * (int64_t)(count - at) + (int64_t)to * (int64_t)at;

    return (int16_t)(sum / (int64_t)count);
}

/* Lets go of what is no longer looked at. */
static void drop_used(struct tp_stretch *stretch)
{
    size_t at = (size_t)stretch->at;
    size_t from = at > stretch->search ? at - stretch->search : 0;
    size_t used = from < stretch->goes_on ? from : stretch->goes_on;

    if (used > stretch->count)
        used = stretch->count;
    memmove(stretch->held, stretch->held + used, (stretch->count - used) * sizeof(*stretch->held));
    stretch->count -= used;
    stretch->at -= (double)used;
    stretch->goes_on -= used;
}

/* The last words end in silence, so that the search has something to look at. */
static bool has_enough(struct tp_stretch *stretch, size_t needed)
{
    if (needed <= stretch->count)
        return true;
    if (!stretch->ended || (size_t)stretch->at >= stretch->count || needed > TP_STRETCH_HELD_MAX)
        return false;
    memset(stretch->held + stretch->count, 0, (needed - stretch->count) * sizeof(*stretch->held));
    return true;
}

static bool next_hop(struct tp_stretch *stretch, int16_t *out)
{
    size_t at = (size_t)stretch->at, hop = stretch->hop;
    size_t furthest =
        at + stretch->search > stretch->goes_on ? at + stretch->search : stretch->goes_on;
    size_t place = at;

    if (!has_enough(stretch, furthest + 2 * hop))
        return false;
    if (stretch->begun)
        place = best_place(stretch, at);
    for (size_t i = 0; i < hop; i++)
        out[i] = stretch->begun
                     ? mixed(stretch->held[stretch->goes_on + i], stretch->held[place + i], i, hop)
                     : stretch->held[place + i];
    stretch->begun = true;
    stretch->goes_on = place + hop;
    stretch->at += stretch->step;
    drop_used(stretch);
    return true;
}

size_t tp_stretch_take(struct tp_stretch *stretch, int16_t *samples, size_t max)
{
    size_t given = 0;

    while (given + stretch->hop <= max && next_hop(stretch, samples + given))
        given += stretch->hop;
    return given;
}
