/*
 * Inside kiosk/ui: the tree of a page as the builders leave it and the layout fills it in.
 *
 * Layout works from left to right in pixels, in the coordinates of the place (the body starts at
 * 0); tp_parts_show puts every node where it stands on the screen for one part of the page,
 * mirrored for a right-to-left page. Nodes and strings live in the page's arena. Thread: the main
 * thread only.
 */
#ifndef TP_KIOSK_UI_NODE_H
#define TP_KIOSK_UI_NODE_H

#include "kiosk/ui/page.h"
#include "kiosk/ui/ui.h"

/* Nodes and the words of a page, a long privacy notice included. */
#define TP_PAGE_BYTES_MAX (4u * 1024u * 1024u)
#define TP_NODE_TEXTS 3
#define TP_NODE_RECTS 4

/* A paragraph of a node. */
struct tp_piece {
    const char *text;
    const struct tp_text_span *spans;
    size_t span_count;
    enum tp_style style;
    enum tp_align align;
    double grow;        /* times the style; 0: once */
    double capital_mm;  /* as laid out */
    int asked, given;   /* the width it was laid out for, and that of its box */
    double measured_mm; /* the capital height at which `measured` was taken; 0: not yet */
    int measured;       /* width on one line */
    struct tp_text_layout *layout; /* owned; NULL: nothing to show */
    bool fitted;                   /* smaller than its style, for a word wider than the column */
    SDL_Rect box, at;              /* laid out; on the screen */
    size_t first_line, line_count; /* what shows of it on this part */
};

/* Places in a node that are drawn apart. */
enum tp_rect { TP_RECT_MARK, TP_RECT_PICTURE, TP_RECT_ICON, TP_RECT_AFTER };

struct tp_node {
    enum tp_kind kind;
    enum tp_page_place place;
    struct tp_page *page;
    struct tp_node *parent, *first, *last, *next;
    const char *id;
    uint32_t target; /* 0: nothing to touch */
    struct tp_piece pieces[TP_NODE_TEXTS];
    const char *spoken, *alt, *path, *clip;
    enum tp_icon icon, after;
    enum tp_mark mark;
    enum tp_button_kind button;
    bool chosen, disabled, large, wide, strong, editing, word, centred, filled, border, sticky,
        optional, answer, bar, stays, choices, picture_choices, scale, authored;
    struct tp_action action;
    double gap_mm, min_item_mm, width_mm, height_mm, weight, units;
    double pin_x, pin_y; /* shares of the screen */
    int max_columns, lines, max_lines;
    size_t caret;
    const struct tp_theme *theme; /* of a sample */
    bool has_size;
    enum tp_size size;

    /* the layout's */
    SDL_Rect box, at;
    SDL_Rect rects[TP_NODE_RECTS], rects_at[TP_NODE_RECTS];
    struct tp_text_caret caret_at;
    int scroll;      /* first line of a field that shows */
    int columns;     /* of choices and grids */
    bool above;      /* pictures to choose stand above their words */
    bool stack;      /* a row that does not fit the room side by side: set for the next layout */
    bool stacked;    /* a row whose children stand below one another */
    bool plain;      /* a button shown by its sign alone */
    bool bare;       /* and by its words alone */
    bool icon_above; /* the icon of a button stands over its words */
    bool hidden;     /* left out of this layout */
    bool shown;      /* on the part that shows */
};

struct tp_page {
    struct tp_ui *ui;
    const char *id, *title, *status, *more, *more_short, *earlier, *picture, *picture_alt;
    double progress;
    bool centred, dock_first;
    struct tp_node *header, *body, *dock, *actions, *bar; /* roots; header holds the first three */
    struct tp_node *title_node, *status_node, *progress_node, *picture_node;
    struct tp_node *back, *primary, *extra, *more_node, *up_node, *fold;
    size_t node_count;
    unsigned ordinals[TP_KIND_COUNT];
    struct tp_chunk *chunks; /* the arena */
    size_t bytes;
    bool failed; /* out of memory or over a cap */

    /* the layout's */
    struct tp_parts *parts; /* owned */
    bool shrunk;
};

struct tp_page *tp_page_create(struct tp_ui *ui, const struct tp_page_spec *spec);
/* Wipes and frees. NULL is safe. */
void tp_page_destroy(struct tp_page *page);

/* ---- memory (node.c) ---- */

/* Zeroed memory that lasts as long as the page; NULL marks the page as failed. */
void *tp_page_memory(struct tp_page *page, size_t size);
/* A copy; NULL stays NULL. */
const char *tp_page_text(struct tp_page *page, const char *text);
/* Wipes and frees what the two took. */
void tp_page_wipe(struct tp_chunk *chunks);

/* ---- nodes (node.c) ---- */

/* The last child of `parent`, or a root where it is NULL; NULL over a cap. */
struct tp_node *tp_node_make(struct tp_page *page, struct tp_node *parent, enum tp_kind kind,
                             const char *id);
/* The same for builders: NULL for a NULL parent. `id` NULL makes one from the kind. */
struct tp_node *tp_node_add(struct tp_node *parent, enum tp_kind kind, const char *id);
/* From where it is to the end of another of the page. */
void tp_node_move(struct tp_node *node, struct tp_node *parent);
void tp_node_words(struct tp_node *node, size_t piece, enum tp_style style, struct tp_words words);
/* Makes it a target. */
void tp_node_act(struct tp_node *node, struct tp_action action, const char *spoken);

/* Does it take touches and the focus? */
static inline bool tp_node_is_live(const struct tp_node *node)
{
    return node->target != 0 && !node->disabled && !node->hidden;
}

/* Is `node` in `root`, or `root` itself? */
static inline bool tp_node_holds(const struct tp_node *root, const struct tp_node *node)
{
    while (node && node != root)
        node = node->parent;
    return node != NULL;
}

/* The next node in reading order within `root`; NULL after the last. */
const struct tp_node *tp_node_after(const struct tp_node *root, const struct tp_node *node);

#endif
