/*
 * See parts.h: a body that is too long, cut into as few parts as can be.
 *
 * Several manners of laying it out are tried, from the roomiest to the closest: the roomiest that
 * takes no more parts than the closest is taken. Of parts that are equally many, the roomier are
 * the calmer.
 */
#include <math.h>

#include "kiosk/ui/frame.h"
#include "kiosk/ui/parts.h"

/* A heading that takes more of a part than this is not repeated on the next. */
#define HEADING_SHARE 0.4
/* Nor where the parts are then less than this share of those with it. */
#define FEWER_PARTS (2.0 / 3)
/* The Easy Read picture has this share of its side. */
#define PICTURE_SHARE 0.6
/* Layouts tried for rows in rows, before they are taken as they are. */
#define STACKS_MAX 6
#define SHRINK_STEP 0.9

static const struct manner {
    int tight;
    bool two_columns, beside;
    double
        pictures;  /* share of the side of pictures in answers; below 1 only where there are any */
    double larger; /* share of what headings have over the body */
} manners[] = {
    {0, false, false, 1.0, 0.6}, {0, true, false, 1.0, 0.6}, {1, false, false, 1.0, 0.5},
    {1, true, false, 1.0, 0.5},  {1, true, false, 0.8, 0.5}, {1, true, true, 0.8, 0.4},
    {2, false, false, 1.0, 0.4}, {2, true, false, 1.0, 0.4}, {2, true, false, 0.65, 0.4},
    {2, false, true, 0.65, 0.3}, {2, true, true, 0.65, 0.3},
};
#define MANNERS (sizeof(manners) / sizeof(manners[0]))
/* The last ones are the closest: with as few lines and with as few rows as can be. */
#define CLOSEST 2

static struct tp_node *find_heading(struct tp_node *body)
{
    for (struct tp_node *node = body; node; node = (struct tp_node *)tp_node_after(body, node))
        if (node->sticky && !node->hidden)
            return node;
    return NULL;
}

static void clear_stacks(struct tp_page *page)
{
    for (struct tp_node *node = page->body; node;
         node = (struct tp_node *)tp_node_after(page->body, node))
        node->stack = false;
}

bool tp_parts_pictures(const struct tp_page *page)
{
    for (const struct tp_node *node = page->body; node; node = tp_node_after(page->body, node))
        if (node->path && (node->kind == TP_KIND_CHOICE || node->kind == TP_KIND_RANKED))
            return true;
    return false;
}

/* Does the body ask for something? Then its heading, the question, stands on every part; where it
 * is only read, the room is the text's. */
static bool asks(const struct tp_page *page)
{
    for (const struct tp_node *node = page->body; node; node = tp_node_after(page->body, node))
        if (node->answer || node->kind == TP_KIND_FIELD || node->kind == TP_KIND_SAMPLE)
            return true;
    return page->dock->first != NULL;
}

/* What the heading takes of each part after that which it begins on; it is not repeated where that
 * is too much. The picture beside it goes with it. */
static void choose_heading(struct tp_arranger *arranger, struct tp_parts *parts)
{
    struct tp_node *heading = find_heading(arranger->page->body);
    int tall = heading ? heading->box.h : 0;

    parts->heading = NULL;
    parts->heading_top = parts->heading_space = 0;
    if (!heading || !asks(arranger->page) || heading->box.h > parts->room * HEADING_SHARE)
        return;
    if (tp_parts_is_beside(parts, heading) && tall < parts->picture_height) {
        parts->heading_top = (parts->picture_height - tall) / 2;
        tall = parts->picture_height;
    }
    tall += arranger->lengths.section;
    if (tp_bands_tallest(parts) > parts->room - tall)
        return;
    parts->heading = heading;
    parts->heading_space = tall;
}

/* A heading that leaves room for one long answer at a time makes the parts nearly twice as many: it
 * stands on its own part only. */
static void give_up_heading(struct tp_parts *parts)
{
    struct tp_node *heading = parts->heading;
    int space = parts->heading_space;
    size_t count = parts->count;

    if (!heading)
        return;
    parts->heading = NULL;
    parts->heading_space = 0;
    tp_bands_cut(parts, parts->room);
    if ((double)parts->count < (double)count * FEWER_PARTS)
        return;
    parts->heading = heading;
    parts->heading_space = space;
    tp_bands_cut(parts, parts->room);
}

double tp_least_shrink(const struct tp_arranger *arranger)
{
    return tp_sizes[TP_SIZE_SMALL].capital_mm / tp_sizes[arranger->ui->look.size].capital_mm;
}

/* Lays the body out in a manner and cuts it; false where something is taller than a part. */
static bool cut(struct tp_arranger *arranger, struct tp_parts *parts, const struct tp_frame *frame,
                const struct manner *manner)
{
    arranger->lengths = tp_lengths_of(&arranger->ui->options.screen, manner->tight);
    arranger->lengths.larger *= manner->larger;
    arranger->key_least = arranger->lengths.key_least;
    arranger->two_columns = manner->two_columns;
    arranger->pictures_beside = manner->beside;
    arranger->pictures = manner->pictures;
    clear_stacks(arranger->page);
    for (int i = 0; i < STACKS_MAX; i++) {
        (void)tp_parts_try(arranger, parts, PICTURE_SHARE, frame);
        if (!tp_bands_collect(parts, arranger->page->body, parts->room))
            break;
    }
    choose_heading(arranger, parts);
    tp_bands_cut(parts, parts->room);
    give_up_heading(parts);
    return tp_bands_tallest(parts) <= parts->room;
}

/* The best that the closest manners come to. */
struct closest {
    size_t parts;      /* SIZE_MAX where something is taller than a part in all */
    bool scale_parted; /* no manner keeps the steps of a scale together */
};

static struct closest try_closest(struct tp_arranger *arranger, struct tp_parts *parts,
                                  const struct tp_frame *frame)
{
    struct closest closest = {SIZE_MAX, true};

    for (size_t i = MANNERS - CLOSEST; i < MANNERS; i++) {
        if (!cut(arranger, parts, frame, &manners[i]) ||
            (parts->scale_parted && !closest.scale_parted))
            continue;
        if (parts->count < closest.parts || (closest.scale_parted && !parts->scale_parted))
            closest = (struct closest){parts->count, parts->scale_parted};
    }
    return closest;
}

bool tp_parts_divide(struct tp_arranger *arranger, struct tp_parts *parts,
                     const struct tp_frame *frame)
{
    bool pictures = tp_parts_pictures(arranger->page);
    double least = tp_least_shrink(arranger);
    struct closest closest;

    arranger->drop = TP_DROP_ALL;
    arranger->shrink = 1;
    arranger->picture_above = true;
    arranger->one_column = false;
    /* The words get smaller only where one answer alone does not fit, in the whole width. */
    while (closest = try_closest(arranger, parts, frame),
           closest.parts == SIZE_MAX && !parts->failed) {
        if (arranger->one_column && arranger->shrink <= least)
            return false;
        if (arranger->one_column)
            arranger->shrink = fmax(arranger->shrink * SHRINK_STEP, least);
        arranger->one_column = true;
    }
    for (size_t i = 0; i < MANNERS && !parts->failed; i++) {
        if ((manners[i].pictures < 1 || manners[i].beside) && !pictures && i + CLOSEST < MANNERS)
            continue;
        if (cut(arranger, parts, frame, &manners[i]) && parts->count <= closest.parts &&
            parts->scale_parted <= closest.scale_parted)
            break;
    }
    return true;
}
