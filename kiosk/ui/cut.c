/*
 * See parts.h: where a body that is too long is cut.
 *
 * A part costs whoever reads a touch, and looks the worse the more of it is empty; a cut costs what
 * it takes apart (bands.c). Of all the ways through the bands the cheapest is taken.
 */
#include <math.h>

#include "base/mem.h"
#include "kiosk/ui/parts.h"

#define COST_PART 100
/* Of a part that is all empty; of one that is half empty a quarter. The last one may be half empty,
 * but not thin. */
#define COST_EMPTY 40
#define COST_THIN 30

static int height_of(const struct tp_band *band)
{
    int height = band->bottom - band->top;
    int beside = band->beside ? band->beside->box.h + 2 * band->pad : 0;

    return beside > height ? beside : height;
}

int tp_bands_tallest(const struct tp_parts *parts)
{
    int tallest = 0;

    for (size_t i = 0; i < parts->band_count; i++) {
        const struct tp_band *band = &parts->bands[i];
        int height = band->steps ? band[band->steps - 1].bottom - band->top : 0;

        height = height_of(band) > height ? height_of(band) : height;
        tallest = height > tallest ? height : tallest;
    }
    return tallest;
}

static bool add_part(struct tp_parts *parts, struct tp_part part)
{
    if (parts->count == parts->part_room) {
        size_t room = parts->part_room ? parts->part_room * 2 : 8;
        struct tp_part *more =
            room <= 2 * TP_PARTS_MAX ? tp_realloc(parts->parts, room, sizeof(*more)) : NULL;

        if (!more) {
            parts->failed = true;
            return false;
        }
        parts->parts = more;
        parts->part_room = room;
    }
    parts->parts[parts->count++] = part;
    return true;
}

/* The cheapest way from a band on: the first band of the part after its own, and all it costs. */
struct way {
    size_t next;
    double cost;
};

static double cost_of(int height, int room, bool last)
{
    double empty = height < room ? 1 - (double)height / room : 0;

    return COST_PART + (last ? COST_THIN * pow(empty, 4) : COST_EMPTY * pow(empty, 2));
}

/* From `first` on, when the ways from all later bands are known: at least one band on a part. */
static struct way find_way(const struct tp_parts *parts, const struct way *ways, size_t first,
                           int room)
{
    int top = parts->bands[first].top, bottom = top;
    const struct tp_node *beside = NULL;
    struct way best = {first + 1, HUGE_VAL};

    for (size_t i = first; i < parts->band_count; i++) {
        const struct tp_band *band = &parts->bands[i];
        bool begins = band->beside != beside;
        /* A picture that reaches below the last of its words keeps the next idea away. */
        int reach = begins ? band->top + height_of(band) : band->bottom;
        bool last = i + 1 == parts->band_count;
        double cost;

        if (i > first && ((begins && band->top < bottom) || reach - top > room))
            break;
        bottom = reach > bottom ? reach : bottom;
        beside = band->beside;
        cost = cost_of(bottom - top, room, last) + (last ? 0 : band->cut + ways[i + 1].cost);
        if (cost <= best.cost)
            best = (struct way){i + 1, cost};
    }
    return best;
}

/* The first band of the heading that stands on every part after its own. */
static size_t heading_band(const struct tp_parts *parts)
{
    size_t i = 0;

    while (i < parts->band_count && (!parts->heading || parts->bands[i].node != parts->heading))
        i++;
    return i;
}

void tp_bands_cut(struct tp_parts *parts, int room)
{
    struct way *ways = tp_calloc(parts->band_count + 1, sizeof(*ways));
    size_t heading = heading_band(parts);

    parts->count = parts->heading_part = 0;
    if (!ways) {
        parts->failed = true;
        return;
    }
    for (size_t i = parts->band_count; i-- > 0;)
        ways[i] = find_way(parts, ways, i, i > heading ? room - parts->heading_space : room);
    for (size_t i = 0; i < parts->band_count && !parts->failed; i = ways[i].next) {
        if (i <= heading && heading < ways[i].next)
            parts->heading_part = parts->count;
        (void)add_part(parts, (struct tp_part){i, ways[i].next - i, parts->bands[i].top});
    }
    if (!parts->count)
        (void)add_part(parts, (struct tp_part){0, 0, 0});
    tp_free(ways);
}

bool tp_bands_add_empty(struct tp_parts *parts)
{
    return add_part(parts, (struct tp_part){parts->band_count, 0, 0});
}
