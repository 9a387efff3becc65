/* Inside kiosk/ui: what a struct tp_ui holds. Thread: the main thread only. */
#ifndef TP_KIOSK_UI_STATE_H
#define TP_KIOSK_UI_STATE_H

#include "kiosk/ui/node.h"

#define TP_TAG_MAX 64

struct tp_ui {
    struct tp_ui_options options;
    struct tp_look look;
    char tag[TP_TAG_MAX];
    bool rtl;
    struct tp_page *page;     /* shown; NULL before the first */
    struct tp_page *building; /* between begin and end */
    unsigned serial;
    size_t part;
    uint32_t focus, pressed;
    bool focus_shows, focus_always;
    enum tp_ui_reach reach;
    bool all_dirty;
    SDL_Rect dirty[TP_UI_DIRTY_MAX];
    int dirty_count;
};

/* The node of a target on the page; NULL where there is none. */
struct tp_node *tp_ui_node_of(const struct tp_ui *ui, uint32_t target);

/* What the ring is drawn around: the node with the focus, or the row of keys that it stands for. */
const struct tp_node *tp_ui_ringed(const struct tp_ui *ui, const struct tp_node *node);

/* Marks what the node covers, its ring included, to be drawn again. */
void tp_ui_mark_dirty(struct tp_ui *ui, const struct tp_node *node);

/* The roots of a page in reading order: header, body, dock, actions, bar. */
#define TP_PAGE_ROOTS 5
void tp_page_roots(const struct tp_page *page, struct tp_node *roots[TP_PAGE_ROOTS]);

/* ---- colours (paint.c) ---- */

/* How a node is filled, bordered and written on. */
struct tp_inks {
    tp_rgb fill, line, text;
    tp_rgb under; /* what its text stands on: `fill`, or the ground where it has none */
    double border;
    bool has_box;
};
struct tp_inks tp_node_inks(const struct tp_ui *ui, const struct tp_node *node);

/* The colour that a piece of it is written in. */
tp_rgb tp_piece_ink(const struct tp_ui *ui, const struct tp_node *node, size_t piece);

#endif
