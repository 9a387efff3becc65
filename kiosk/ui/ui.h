/*
 * One page at a time: built by a screen, laid out in millimetres, drawn, touched, focused.
 *
 * A screen describes its page with the builders of ui/page.h between tp_ui_begin and tp_ui_end, and
 * again whenever its state changes: the tree is small and building it is cheap. `struct tp_ui` lays
 * it out for the screen, the look and the direction; cuts a body that is too long into parts with a
 * "More" button (P6); keeps the focus, the part and the pressed state by the stable ids of the
 * nodes, so that a rebuilt page with the same page id stays where it was; and draws only what
 * changed.
 *
 * The usual loop:
 *
 *     tp_input_event(&input, &event, &intent)
 *     if (tp_ui_handle(ui, &intent, &action))
 *         the screen acts on `action`, and builds its page again
 *     tp_ui_draw(ui, canvas, rects, &count); if (count) tp_display_present(display, rects, count)
 *
 * The ui owns the tree and every string in it (copied; wiped when the page goes, since it may hold
 * answers). Thread: the main thread only.
 */
#ifndef TP_KIOSK_UI_UI_H
#define TP_KIOSK_UI_UI_H

#include <SDL.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "kiosk/gfx/icon.h"
#include "kiosk/gfx/image.h"
#include "kiosk/gfx/screen.h"
#include "kiosk/gfx/text.h"
#include "kiosk/gfx/theme.h"
#include "kiosk/input/input.h"

/* What a page holds at most; beyond it tp_ui_end fails. A list of thousands belongs behind a
 * search. */
#define TP_UI_NODES_MAX 4096u
#define TP_UI_DIRTY_MAX 16

struct tp_ui;
struct tp_page;
struct tp_node;

/* What a touched node asks the app to do. `id` is the app's own, above 0; 0 is none. */
struct tp_action {
    int id;
    int64_t argument;
    const char *text; /* copied by the builders; in a result it lasts until the next tp_ui_begin */
};

struct tp_ui_options {
    struct tp_screen screen;
    struct tp_fonts *fonts; /* all three borrowed; they outlive the ui */
    struct tp_images *images;
    struct tp_icons *icons;
};

/* NULL when out of memory. */
struct tp_ui *tp_ui_create(const struct tp_ui_options *options);
void tp_ui_destroy(struct tp_ui *ui);

/* For the pages built from now on (build the page again after changing them). */
void tp_ui_set_screen(struct tp_ui *ui, struct tp_screen screen);
void tp_ui_set_look(struct tp_ui *ui, struct tp_look look);
struct tp_look tp_ui_look(const struct tp_ui *ui);
/* `tag`: of the words shown; gives the direction of the page. */
void tp_ui_set_language(struct tp_ui *ui, const char *tag);

/* Starts a page; ui/page.h has its spec and the builders. The last page stays on the screen until
 * tp_ui_end succeeds. */
struct tp_page_spec;
struct tp_page *tp_ui_begin(struct tp_ui *ui, const struct tp_page_spec *spec);

/* Lays out and shows the page begun. Fails when out of memory, over a cap, or when nothing was
 * begun; the last page then stays. */
bool tp_ui_end(struct tp_ui *ui, struct tp_error *error);

/* Drops the page and wipes it: between one person and the next, together with tp_fonts_forget. */
void tp_ui_forget(struct tp_ui *ui);

/* Counts page changes (not rebuilds): call tp_input_page_changed when it moved. */
unsigned tp_ui_page_serial(const struct tp_ui *ui);

/* ---- drawing ---- */

bool tp_ui_is_dirty(const struct tp_ui *ui);
void tp_ui_redraw_all(struct tp_ui *ui);

/* Draws what changed since the last call, and tells which rectangles (TP_UI_DIRTY_MAX at most);
 * *count is 0 when nothing did. */
void tp_ui_draw(struct tp_ui *ui, SDL_Surface *canvas, SDL_Rect rects[TP_UI_DIRTY_MAX], int *count);

/* ---- touch and keys ---- */

/* Fits struct tp_input's `at`; `ui` is a struct tp_ui. */
uint32_t tp_ui_target_at(void *ui, int x, int y);

/* Takes an intent: shows what is pressed, moves the focus, turns the parts of a long page. True
 * when the app has to do `action`. */
bool tp_ui_handle(struct tp_ui *ui, const struct tp_intent *intent, struct tp_action *action);

/* The number of a node's stable id, as tp_ui_target_at gives it; 0 for an id that is not there. */
uint32_t tp_ui_target_of(const struct tp_ui *ui, const char *id);

/* The action of a target without touching it (for scripted residents); false where there is none.
 */
bool tp_ui_action_of(const struct tp_ui *ui, uint32_t target, struct tp_action *action);

/* The middle of a target in pixels; false where it is not on the part that shows. */
bool tp_ui_centre_of(const struct tp_ui *ui, uint32_t target, int *x, int *y);

/* ---- focus ---- */

/* The ring: what is in the body in reading order, up, more, the primary action, extra, back, the
 * bar. */
void tp_ui_focus_next(struct tp_ui *ui);
void tp_ui_focus_previous(struct tp_ui *ui);
/* To the nearest one that way; -1, 0, 1. */
void tp_ui_focus_move(struct tp_ui *ui, int dx, int dy);
/* 0: none. A node on another part of the page brings that part. */
void tp_ui_focus(struct tp_ui *ui, uint32_t target);
uint32_t tp_ui_focused(const struct tp_ui *ui);
/* The ring shows once keys or switches are used, and hides at the next touch; `always` keeps it. */
void tp_ui_set_focus_visible(struct tp_ui *ui, bool always);

/* Does the ring show on something that is no field? Enter and Space are then for it, also while
 * something is being typed. */
bool tp_ui_focus_is_off_field(const struct tp_ui *ui);

/* What next and previous go through. A scan of a keyboard by rows and columns changes it; a new
 * page is TP_REACH_ALL. */
enum tp_ui_reach {
    TP_REACH_ALL,  /* everything, each key by itself */
    TP_REACH_ROWS, /* each row of keys as one, the ring around it */
    TP_REACH_ROW,  /* the keys of the row that has the focus */
};
void tp_ui_set_reach(struct tp_ui *ui, enum tp_ui_reach reach);
enum tp_ui_reach tp_ui_reach(const struct tp_ui *ui);
/* Is the focus on a key? */
bool tp_ui_focus_is_key(const struct tp_ui *ui);
/* Is it on the first of what next goes through, so that a round begins? */
bool tp_ui_focus_is_first(const struct tp_ui *ui);

/* ---- parts of a long page ---- */

size_t tp_ui_parts(const struct tp_ui *ui);
size_t tp_ui_part(const struct tp_ui *ui);
void tp_ui_show_part(struct tp_ui *ui, size_t part);

/* Shows a part that says what is wrong: the one that shows, if it does, else the first. */
void tp_ui_show_problem(struct tp_ui *ui);
/* To the first question that has a problem: its part, with the focus on its answer. */
void tp_ui_focus_problem(struct tp_ui *ui);

/* ---- looking at the result: tests, the auditor, reading aloud ---- */

enum tp_kind {
    TP_KIND_COLUMN,
    TP_KIND_ROW,
    TP_KIND_GRID,
    TP_KIND_FLOW,
    TP_KIND_PANEL,
    TP_KIND_ALARM, /* a red edge beside what is wrong */
    TP_KIND_TEXT,
    TP_KIND_PICTURE,
    TP_KIND_ICON,
    TP_KIND_CHOICE,
    TP_KIND_BUTTON,
    TP_KIND_SAMPLE, /* a button that shows a size or a theme */
    TP_KIND_FIELD,
    TP_KIND_KEYBOARD,
    TP_KIND_KEY_ROW,
    TP_KIND_KEY,
    TP_KIND_PROBLEM,
    TP_KIND_SUMMARY,
    TP_KIND_STEPPER,
    TP_KIND_RANKED,
    TP_KIND_PIN, /* a cross or a dot at a place of the glass */
    TP_KIND_PROGRESS,
    TP_KIND_COUNT
};
const char *tp_kind_name(enum tp_kind kind);

enum tp_page_place {
    TP_PLACE_HEADER,
    TP_PLACE_BODY,
    TP_PLACE_DOCK,
    TP_PLACE_ACTIONS,
    TP_PLACE_BAR
};

/* A piece of text as it is drawn. */
struct tp_seen_text {
    const char *text;
    enum tp_style style;
    enum tp_align align;
    SDL_Rect box; /* pixels */
    int width;    /* pixels, of the widest line; more than the box's is cut or runs over */
    double capital_mm;
    size_t first_line, lines; /* what shows of it on this part */
    size_t all_lines;         /* over all parts */
    size_t characters;        /* of the longest line */
    bool split_word, truncated, rtl;
    bool fitted; /* set smaller, since one of its words is wider than its column */
    tp_rgb fore, back;
};
#define TP_SEEN_TEXTS_MAX 4

/* A node on the part that shows. */
struct tp_seen {
    const char *id;
    uint32_t target; /* 0 where it cannot be touched or focused */
    enum tp_kind kind;
    enum tp_page_place place;
    SDL_Rect box; /* pixels; within the screen, or the layout is wrong */
    double x_mm, y_mm, width_mm, height_mm;
    const char *label;  /* as shown */
    const char *spoken; /* as read aloud */
    const char *alt;    /* of a picture */
    const char *clip;   /* path of a recording of its words; NULL: none */
    bool marked;        /* it can be chosen, and shows whether it is */
    bool authored;      /* its words are a survey's, in the survey's language */
    bool touchable, enabled, chosen, focused, pressed, answer;
    const char *scale; /* of a step of a scale: the id of what holds its steps; else NULL */
    enum tp_icon icon;
    SDL_Rect mark, picture, sign; /* pixels; of its mark, picture and icon; w 0 where it has none */
    tp_rgb fill, line;            /* of its box; equal to the ground where it has none */
    size_t text_count;
    struct tp_seen_text texts[TP_SEEN_TEXTS_MAX];
    int depth; /* 0: the page's own */
};

/* Visits what shows now, in the order of the focus ring's reading. */
void tp_ui_walk(const struct tp_ui *ui, void (*visit)(void *context, const struct tp_seen *seen),
                void *context);

/* Visits what a reader would say, over all parts, in order: `seen->spoken` where it is not empty.
 * Boxes are only valid for the part that shows. */
void tp_ui_walk_spoken(const struct tp_ui *ui,
                       void (*visit)(void *context, const struct tp_seen *seen), void *context);

/* Did a text have to be set smaller than the chosen size to fit the display? Never below the
 * smallest. */
bool tp_ui_shrunk(const struct tp_ui *ui);

#endif
