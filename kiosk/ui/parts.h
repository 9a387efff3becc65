/*
 * Inside kiosk/ui: a whole page on a screen: the frame around the body, and the body cut into parts
 * that fit (ACCESSIBILITY.md P6).
 *
 * The body is laid out once in its full height and then seen as bands: what must stay together. A
 * part is some of them. Before a page is cut, it is tried with less space and without what
 * is optional. Thread: the main thread only.
 */
#ifndef TP_KIOSK_UI_PARTS_H
#define TP_KIOSK_UI_PARTS_H

#include "kiosk/ui/arrange.h"
#include "kiosk/ui/frame.h"

/* A band is a node or a line, a line has a byte at least, and a part has a band: a page that has
 * room for its nodes and words has room for these. */
#define TP_BANDS_MAX (TP_UI_NODES_MAX + TP_PAGE_BYTES_MAX)
#define TP_PARTS_MAX TP_BANDS_MAX

/* `count` siblings from `node` on, or some lines of a text. */
struct tp_band {
    struct tp_node *node;
    size_t count;
    bool is_lines;
    size_t line;     /* when is_lines: this line of the text */
    int top, bottom; /* in the body, the padding of a panel that was cut included */
    int pad;         /* that padding */
    int cut;         /* what a cut after it costs */
    size_t steps;    /* of a scale that is kept whole, at its first band: how many bands; else 0 */
    /* The picture of the idea that this is a piece of: shown again beside each part's first piece
     * of it; NULL none. */
    struct tp_node *beside;
};

struct tp_part {
    size_t first, count; /* bands */
    int top;             /* of the body that is its top */
};

struct tp_parts {
    struct tp_band *bands; /* owned */
    size_t band_count, band_room;
    struct tp_part *parts; /* owned */
    size_t count, part_room;
    int top, room;           /* of the body, and of its picture, on the screen */
    int height;              /* of the body, uncut */
    bool dock_apart;         /* the dock is the last part, alone */
    int dock_gap;            /* between the body and the dock */
    struct tp_node *heading; /* stands again on every part after its own; NULL none */
    size_t heading_part;     /* its own */
    /* An Easy Read picture above the body: where it is in the body, how tall, and the first of
     * the words beside it, with the first node after them; NULL where the picture stands at the
     * side of every part. */
    const struct tp_node *picture_words, *picture_after;
    int picture_y, picture_height;
    int heading_top;            /* of it in that space */
    int heading_space;          /* what it takes of each of those */
    int panel_pad, summary_pad; /* around what a cut panel or row of the check page shows */
    bool scale_parted;          /* a part has no room for all steps of a scale */
    bool failed;                /* out of memory */
};

/* Lays the page out; false when out of memory. */
bool tp_parts_make(struct tp_ui *ui, struct tp_page *page);
void tp_parts_destroy(struct tp_parts *parts);

/* Lays body and dock out once, the Easy Read picture with a share of its side; do they fit in one
 * part? (parts.c) */
bool tp_parts_try(struct tp_arranger *arranger, struct tp_parts *parts, double picture,
                  const struct tp_frame *frame);
/* Does the node stand beside the Easy Read picture? (bands.c) */
bool tp_parts_is_beside(const struct tp_parts *parts, const struct tp_node *node);
/* Has the body answers with pictures? (divide.c) */
bool tp_parts_pictures(const struct tp_page *page);
/* Cuts the body into parts, its words smaller only where one answer alone does not fit. False where
 * even then something is taller than a part. (divide.c) */
bool tp_parts_divide(struct tp_arranger *arranger, struct tp_parts *parts,
                     const struct tp_frame *frame);
/* The least that arranger->shrink may be: no text gets smaller than that of the smallest size. */
double tp_least_shrink(const struct tp_arranger *arranger);

/* Places everything for one part. */
void tp_parts_show(struct tp_ui *ui, struct tp_page *page, size_t part);

/* The part that shows the node; SIZE_MAX where it is not in the body. */
size_t tp_parts_of(const struct tp_page *page, const struct tp_node *node);

/* ---- the bands (bands.c) ---- */

/* Fills `bands` from the laid out body. Rows taller than `room` are marked to be stacked; true when
 * one was, and the body has to be laid out again. */
bool tp_bands_collect(struct tp_parts *parts, struct tp_node *body, int room);

/* ---- the cuts (cut.c) ---- */

/* Makes parts of the bands: few and evenly filled, cut where it takes the least apart. */
void tp_bands_cut(struct tp_parts *parts, int room);
/* The height of the tallest band, or scale that is kept whole. */
int tp_bands_tallest(const struct tp_parts *parts);
/* Adds a part without bands at the end; false when out of memory. */
bool tp_bands_add_empty(struct tp_parts *parts);

#endif
