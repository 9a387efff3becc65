/*
 * One widget an answer type: how a question is asked, what a touch does to its answer, and how
 * what was typed becomes one.
 *
 * The registry is the table in widgets.c, looked through from the top; adding a type is one file
 * and one line. Thread: the main thread only.
 */
#ifndef TP_KIOSK_WIDGETS_WIDGETS_H
#define TP_KIOSK_WIDGETS_WIDGETS_H

#include <stdbool.h>
#include <stddef.h>

#include "form/session.h"
#include "kiosk/app.h"
#include "kiosk/ui/page.h"

/* Where a question is being put. */
struct tp_place_to_ask {
    struct tp_app *app;
    struct tp_page *page;
    struct tp_node *parent; /* the body, or the question's part of it */
    bool alone;             /* the only question of its page: it may open the keyboard */
    bool typing;            /* on the keyboard's own page: only what is typed */
};

struct tp_widget {
    const char *name;
    bool (*serves)(const struct tp_question *question);

    /* Adds what can be touched under the question's words. */
    void (*build)(const struct tp_place_to_ask *place, const struct tp_question *question);

    /* One of its answers or steps was touched. NULL: nothing is answered by touch. */
    void (*touch)(struct tp_app *app, const struct tp_question *question, size_t index);

    /* Puts what was typed into the session; false with the words to show beside it. NULL: nothing
     * is typed. */
    bool (*commit)(struct tp_app *app, const struct tp_question *question,
                   char words[TP_FAULT_WORDS_MAX]);

    /* The keyboard for one of its fields; NULL: none. */
    enum tp_keyboard_kind (*keyboard)(const struct tp_question *question);

    /* What to say under the question where its author said nothing; NULL: nothing. */
    const char *(*hint)(const struct tp_question *question);

    /* What to say when a required answer is missing; NULL: _("Choose an answer"). */
    const char *(*missing)(const struct tp_question *question);

    /* Parts of a typed answer; 0 counts as 1. */
    int parts;
    /* The first of them that this question asks for; NULL: 0. */
    int (*first)(const struct tp_question *question);

    /* There is more on the page than what is typed: the keyboard always has a page of its own. */
    bool apart;

    /* What is typed looks for an answer and is none itself: it begins empty. */
    bool searches;
};

/* Never NULL: what no other serves is shown by the last one. */
const struct tp_widget *tp_widget_for(const struct tp_question *question);

extern const struct tp_widget tp_widget_note, tp_widget_acknowledge, tp_widget_rating,
    tp_widget_range, tp_widget_likert, tp_widget_select_one, tp_widget_select_multiple,
    tp_widget_date, tp_widget_time, tp_widget_number, tp_widget_email, tp_widget_text,
    tp_widget_rank, tp_widget_repeat, tp_widget_date_time, tp_widget_search, tp_widget_other;

/* The part of a question that is typed first. */
int tp_widget_first_part(const struct tp_question *question);

/* ---- what several widgets share ---- */

/* "answer:NODE:INDEX", unique on the page; lasts until the next call. */
const char *tp_widget_id(const char *kind, tp_node node, size_t index);

/* Adds the index-th choice as an answer to touch; `what` is given to the widget's `touch`. */
void tp_widget_choice(const struct tp_place_to_ask *place, const struct tp_question *question,
                      struct tp_node *list, enum tp_mark mark, size_t index, size_t what);

/* What choices stand in: pictures above their words where the author asked for columns and each has
 * a picture; in Easy Read the picture stays on the left of its idea (ACCESSIBILITY.md C1). */
struct tp_node *tp_widget_list(const struct tp_place_to_ask *place,
                               const struct tp_question *question);

/* Adds all of them. */
void tp_widget_choices(const struct tp_place_to_ask *place, const struct tp_question *question,
                       struct tp_node *list, enum tp_mark mark);

/* Touches the index-th choice. */
void tp_widget_toggle(struct tp_app *app, const struct tp_question *question, size_t index);

/* A field for typing; `part` of the answer, `initial` where nothing was typed yet. */
struct tp_field_spec {
    int part;
    const char *initial;
    const char *shown; /* instead of the draft's own text; NULL: that */
    int lines, max_lines;
    double width_mm;
    const char *spoken;
};
struct tp_node *tp_widget_field(const struct tp_place_to_ask *place, struct tp_node *parent,
                                const struct tp_question *question,
                                const struct tp_field_spec *spec);

/* The draft's text, or `initial`. */
const char *tp_widget_typed(struct tp_app *app, tp_node node, int part, const char *initial);

/* Puts a value into the session; on failure the words are `wrong`. */
bool tp_widget_set(struct tp_app *app, const struct tp_question *question, const char *value,
                   const char *wrong, char words[TP_FAULT_WORDS_MAX]);

#endif
