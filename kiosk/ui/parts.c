/* See parts.h. */
#include "kiosk/ui/parts.h"

#include <math.h>

#include "base/mem.h"
#include "kiosk/ui/frame.h"

/* The frame is squeezed where it would leave less than this share of the screen. */
#define LEAST_ROOM 0.45
/* Less than this on a page that is cut, and the actions stand in the place of the title line. */
#define LEAST_ROOM_CUT 0.4
/* The Easy Read picture beside the body: its side, and the share of the width it may take. */
#define PICTURE_MM 94.0
#define PICTURE_SHARE 0.24
#define PICTURE_SHARE_TALL 0.3
/* Above the body it is at most this share of the room high. */
#define PICTURE_TALL 0.4
/* Keys stand below the question where they leave this share of the room to it. */
#define TYPING_ROOM 0.25
#define SHRINK_STEP 0.9

/* How a page is tried, in this order, until its body fits in one part. */
static const struct attempt {
    int tight;
    bool two_columns, small_keys;
    enum tp_drop drop;
    double larger;   /* share of what headings have over the body */
    double picture;  /* share of the Easy Read picture's side */
    double pictures; /* and of those in answers; below 1 only where there are any */
} attempts[] = {
    {0, false, false, TP_DROP_NOTHING, 1.0, 1.0, 1.0},
    {1, false, false, TP_DROP_NOTHING, 1.0, 1.0, 1.0},
    {1, true, false, TP_DROP_NOTHING, 1.0, 1.0, 1.0},
    {1, true, false, TP_DROP_NOTHING, 0.7, 0.9, 1.0},
    {1, true, false, TP_DROP_NOTHING, 0.7, 0.9, 0.8},
    {1, true, false, TP_DROP_NOTHING, 0.6, 0.8, 0.65},
    {0, false, false, TP_DROP_PICTURES, 1.0, 0.8, 1.0},
    {1, false, false, TP_DROP_PICTURES, 0.7, 0.8, 1.0},
    {0, false, false, TP_DROP_ALL, 1.0, 0.8, 1.0},
    {1, true, false, TP_DROP_ALL, 0.6, 0.8, 1.0},
    {1, true, true, TP_DROP_NOTHING, 0.5, 0.8, 1.0},
    {1, true, true, TP_DROP_NOTHING, 0.4, 0.6, 0.65},
    {2, true, true, TP_DROP_NOTHING, 0.4, 0.6, 0.65},
    {1, true, true, TP_DROP_ALL, 0.4, 0.6, 0.65},
};
#define ATTEMPTS (sizeof(attempts) / sizeof(attempts[0]))

void tp_parts_destroy(struct tp_parts *parts)
{
    if (!parts)
        return;
    tp_free(parts->bands);
    tp_free(parts->parts);
    tp_free(parts);
}

static int px(const struct tp_ui *ui, double mm)
{
    return tp_mm_round(&ui->options.screen, mm);
}

/* ---- laying the body out ---- */

/* Where the body stands between the sides, after the Easy Read picture took its place: at the start
 * of the line on a wide screen; on a tall one above the body, the first words beside it. */
struct column {
    int x, width;
};

static struct column place_picture(struct tp_arranger *arranger, int room, double share)
{
    struct tp_ui *ui = arranger->ui;
    struct tp_node *picture = arranger->page->picture_node;
    const struct tp_screen *screen = &ui->options.screen;
    int x = arranger->lengths.margin, width = screen->width - 2 * x;
    struct column column = {x, width};
    int side = px(ui, PICTURE_MM), gap = arranger->lengths.panel_pad + arranger->lengths.gap;
    bool wide = screen->width > screen->height && !(arranger->picture_above && picture);

    arranger->beside = (struct tp_beside){0};
    if (!picture)
        return column;
    if (side > width * (wide ? PICTURE_SHARE : PICTURE_SHARE_TALL))
        side = (int)(width * (wide ? PICTURE_SHARE : PICTURE_SHARE_TALL));
    if (!wide && side > room * PICTURE_TALL)
        side = (int)(room * PICTURE_TALL);
    side = (int)(side * share);
    side = side > room ? room : side;
    if (side < arranger->lengths.target)
        side = arranger->lengths.target;
    picture->width_mm = picture->height_mm = tp_px_to_mm(screen, side);
    (void)tp_arrange(arranger, picture, x, 0, side);
    if (wide) {
        column.x = x + side + gap;
        column.width = width - side - gap;
    } else {
        arranger->beside =
            (struct tp_beside){.x = x + side + gap, .width = width - side - gap, .height = side};
    }
    return column;
}

static int key_rows(const struct tp_page *page)
{
    int rows = 0;

    for (const struct tp_node *node = page->dock; node; node = tp_node_after(page->dock, node))
        rows += node->kind == TP_KIND_KEY_ROW;
    return rows;
}

/* The dock with keys as tall as `room` allows; returns its height. */
static int arrange_dock(struct tp_arranger *arranger, struct column column, int room)
{
    struct tp_node *dock = arranger->page->dock;
    const struct tp_lengths *lengths = &arranger->lengths;
    int rows = key_rows(arranger->page), height;

    if (!dock->first)
        return 0;
    arranger->key_height = lengths->key;
    height = tp_arrange(arranger, dock, column.x, 0, column.width);
    if (height <= room || !rows)
        return height;
    arranger->key_height -= (height - room + rows - 1) / rows;
    if (arranger->key_height < arranger->key_least)
        arranger->key_height = arranger->key_least;
    return tp_arrange(arranger, dock, column.x, 0, column.width);
}

/* What cutting and showing need to know of the layout. */
static void take_layout(const struct tp_arranger *arranger, struct tp_parts *parts)
{
    parts->panel_pad = arranger->lengths.panel_pad;
    parts->summary_pad = arranger->lengths.pad_y;
    parts->picture_words = arranger->beside.width > 0 ? arranger->beside.first : NULL;
    parts->picture_after = arranger->beside.after;
    parts->picture_y = arranger->beside.y;
    parts->picture_height = arranger->beside.height;
}

bool tp_parts_try(struct tp_arranger *arranger, struct tp_parts *parts, double picture,
                  const struct tp_frame *frame)
{
    struct tp_page *page = arranger->page;
    int room = frame->body_bottom - frame->body_top, docked = 0;
    struct column column = place_picture(arranger, room, picture);

    parts->top = frame->body_top;
    parts->dock_gap = arranger->lengths.gap;
    parts->height = tp_arrange(arranger, page->body, column.x, 0, column.width);
    if (page->dock->first)
        docked = arrange_dock(arranger, column, room - parts->height - parts->dock_gap) +
                 parts->dock_gap;
    parts->room = room - docked;
    take_layout(arranger, parts);
    return parts->height <= parts->room;
}

static bool has_optional(const struct tp_page *page)
{
    for (const struct tp_node *node = page->body; node; node = tp_node_after(page->body, node))
        if (node->optional)
            return true;
    return false;
}

/* Fits the body into one part if any of the ways of trying it does. */
static bool make_whole(struct tp_arranger *arranger, struct tp_parts *parts,
                       const struct tp_frame *frame)
{
    bool optional = has_optional(arranger->page), pictures = tp_parts_pictures(arranger->page);

    for (size_t i = 0; i < ATTEMPTS; i++) {
        const struct attempt *attempt = &attempts[i];

        if (attempt->drop != TP_DROP_NOTHING && !optional)
            continue;
        if (attempt->pictures < 1 && !pictures && !attempt->small_keys)
            continue;
        arranger->lengths = tp_lengths_of(&arranger->ui->options.screen, attempt->tight);
        arranger->lengths.larger *= attempt->larger;
        arranger->two_columns = attempt->two_columns;
        arranger->drop = attempt->drop;
        arranger->pictures = attempt->pictures;
        arranger->key_least =
            attempt->small_keys ? arranger->lengths.key_least : arranger->lengths.key_aim;
        if (!tp_parts_try(arranger, parts, attempt->picture, frame))
            continue;
        (void)tp_bands_collect(parts, arranger->page->body, parts->height + 1);
        tp_bands_cut(parts, parts->height + 1);
        return true;
    }
    return false;
}

/* Keys and what is typed as the last part, the question on those before it. */
static void make_apart(struct tp_arranger *arranger, struct tp_parts *parts,
                       const struct tp_frame *frame)
{
    struct tp_node *dock = arranger->page->dock, *first = dock->first;
    int room = frame->body_bottom - frame->body_top;
    double least = tp_least_shrink(arranger);
    struct column column = {arranger->lengths.margin,
                            arranger->ui->options.screen.width - 2 * arranger->lengths.margin};

    dock->first = NULL;
    (void)tp_parts_divide(arranger, parts, frame);
    dock->first = first;
    arranger->key_least = arranger->lengths.key_least;
    while (arrange_dock(arranger, column, room) > room && arranger->shrink > least)
        arranger->shrink = fmax(arranger->shrink * SHRINK_STEP, least);
    parts->dock_apart = tp_bands_add_empty(parts);
}

/* The frame as it is, or with smaller words where it leaves too little room. */
static struct tp_frame make_frame(struct tp_arranger *arranger, struct tp_frame_mode *mode)
{
    struct tp_frame frame;

    arranger->lengths = tp_lengths_of(&arranger->ui->options.screen, 0);
    frame = tp_frame_arrange(arranger, *mode);
    if (!mode->squeeze &&
        frame.body_bottom - frame.body_top < arranger->ui->options.screen.height * LEAST_ROOM) {
        mode->squeeze = true;
        frame = tp_frame_arrange(arranger, *mode);
    }
    return frame;
}

/* A page with keys on a display that cannot show them below the question. */
static void make_typing(struct tp_arranger *arranger, struct tp_parts *parts)
{
    struct tp_frame_mode mode = {.lifted = true, .squeeze = true};
    struct tp_frame frame = make_frame(arranger, &mode);

    arranger->small_dock = true;
    arranger->shrink = arranger->pictures = 1;
    arranger->picture_above = false;
    if (make_whole(arranger, parts, &frame))
        return;
    mode.turning = true;
    frame = make_frame(arranger, &mode);
    make_apart(arranger, parts, &frame);
}

static bool is_low(const struct tp_arranger *arranger, const struct tp_frame *frame)
{
    return frame->body_bottom - frame->body_top <
           arranger->ui->options.screen.height * LEAST_ROOM_CUT;
}

/* A page that has to be cut. The title line gives way to the actions where a part would have room
 * for little, and where an answer by itself is taller than a part; words get smaller only there. */
static void make_divided(struct tp_arranger *arranger, struct tp_parts *parts)
{
    struct tp_frame_mode mode = {.turning = true};
    struct tp_frame frame = make_frame(arranger, &mode);
    bool fits = !is_low(arranger, &frame) && tp_parts_divide(arranger, parts, &frame) &&
                arranger->shrink >= 1 && !parts->scale_parted;

    if (arranger->page->dock->first) {
        if (!fits || parts->room < (frame.body_bottom - frame.body_top) * TYPING_ROOM)
            make_typing(arranger, parts);
    } else if (!fits) {
        mode.lifted = mode.squeeze = true;
        frame = make_frame(arranger, &mode);
        (void)tp_parts_divide(arranger, parts, &frame);
    }
}

static bool has_scale(const struct tp_page *page)
{
    for (const struct tp_node *node = page->body; node; node = tp_node_after(page->body, node))
        if (node->scale)
            return true;
    return false;
}

/* The question and all steps of its scale, where the actions in the place of the title line leave
 * them the room. */
static bool make_lifted(struct tp_arranger *arranger, struct tp_parts *parts)
{
    struct tp_frame_mode mode = {.lifted = true, .squeeze = true};
    struct tp_frame frame = make_frame(arranger, &mode);

    return make_whole(arranger, parts, &frame);
}

bool tp_parts_make(struct tp_ui *ui, struct tp_page *page)
{
    struct tp_arranger arranger = {.ui = ui, .page = page, .shrink = 1, .pictures = 1};
    struct tp_parts *parts = tp_calloc(1, sizeof(*parts));
    struct tp_frame_mode mode = {0};
    struct tp_frame frame;
    bool whole;

    if (!parts)
        return false;
    tp_parts_destroy(page->parts);
    page->parts = parts;
    frame = make_frame(&arranger, &mode);
    whole = make_whole(&arranger, parts, &frame);
    if (!whole && tp_actions_raise(page)) {
        frame = make_frame(&arranger, &mode);
        whole = make_whole(&arranger, parts, &frame);
    }
    if (!whole && has_scale(page))
        whole = make_lifted(&arranger, parts);
    if (!whole)
        make_divided(&arranger, parts);
    page->shrunk = arranger.shrink < 1;
    return !arranger.failed && !parts->failed;
}
