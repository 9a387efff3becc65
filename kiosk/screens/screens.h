/*
 * The table of screens: one file each, one row each.
 *
 * A screen builds its page from the app's state and acts on what was touched. What it leaves
 * (returning false) tp_app_act does: Back, the bar, Help. Thread: the main thread only.
 */
#ifndef TP_KIOSK_SCREENS_SCREENS_H
#define TP_KIOSK_SCREENS_SCREENS_H

#include <stdbool.h>

#include "kiosk/app.h"
#include "kiosk/widgets/widgets.h"

struct tp_screen_row {
    const char *name;  /* for tests and page ids */
    const char *title; /* msgid: said first when the page is read aloud; NULL: the page says it */
    void (*build)(struct tp_app *app);
    bool (*act)(struct tp_app *app, const struct tp_action *action); /* NULL: nothing of its own */
};

/* By enum tp_screen_id. */
extern const struct tp_screen_row *const tp_screens[TP_SCREEN_COUNT];

extern const struct tp_screen_row tp_screen_welcome, tp_screen_read, tp_screen_language,
    tp_screen_surveys, tp_screen_front, tp_screen_privacy, tp_screen_question, tp_screen_typing,
    tp_screen_check, tp_screen_remove, tp_screen_unsaved, tp_screen_equality, tp_screen_thanks,
    tp_screen_help, tp_screen_leave, tp_screen_idle, tp_screen_listen, tp_screen_aloud,
    tp_screen_scan, tp_screen_broken, tp_screen_staff_pin, tp_screen_staff, tp_screen_staff_typing,
    tp_screen_staff_check, tp_screen_staff_touch, tp_screen_news, tp_screen_notice;

/* ---- what several screens share ---- */

/* Between a few words and what they stand over. */
#define TP_CAPTION_GAP_MM 1.5

/* One idea: a heading and its text, in Easy Read with a picture on the left. `picture` names one of
 * the interface's own; `picture` and `heading` may be NULL. Nothing for an empty text. */
void tp_screen_idea(struct tp_app *app, struct tp_node *parent, const char *picture,
                    const char *alt, const char *heading, const char *text);

/* Where words go that one of the interface's own pictures stands before: a column, in Easy Read
 * beside the picture. */
struct tp_node *tp_screen_beside(struct tp_app *app, struct tp_node *parent, const char *picture,
                                 const char *alt);

/* One of the interface's own pictures, and its words. */
struct tp_idea {
    const char *picture, *alt;
};

/* Words of the interface, a sentence a line. In Easy Read each line is an idea, with the picture
 * that is as far down `ideas`; where a language has more or fewer lines than `count`, all of them
 * stand beside the first. */
void tp_screen_ideas(struct tp_app *app, struct tp_node *parent, enum tp_style style,
                     const char *text, const struct tp_idea ideas[], size_t count);
/* A problem that is not the person's: a box with its title and what to do; in Easy Read the box has
 * the title, and what to do stands below it as ideas. */
void tp_screen_problem(struct tp_app *app, struct tp_node *parent, const char *title,
                       const char *text, const struct tp_idea ideas[], size_t count);
#define TP_IDEAS(...)                                                                              \
    (const struct tp_idea[]){__VA_ARGS__},                                                         \
        sizeof((const struct tp_idea[]){__VA_ARGS__}) / sizeof(struct tp_idea)

/* The words of a survey's title, for the title line. */
const char *tp_screen_title(struct tp_app *app);

/* The question of the field being typed into, and its widget; false where there is none. */
bool tp_screen_field(struct tp_app *app, struct tp_question *question,
                     const struct tp_widget **widget);

/* Gives the keyboards to a field. */
void tp_screen_open_field(struct tp_app *app, const struct tp_question *question, int part);

/* A key of either keyboard, for the field being typed into. True: it was one. */
bool tp_screen_key(struct tp_app *app, const struct tp_action *action);

/* Adds the keyboard for the field being typed into. */
void tp_screen_keyboard(struct tp_app *app, struct tp_node *parent);

/* The sign of a notice's kind among the interface's pictures, and its words. */
const char *tp_notice_sign(const struct tp_notice *notice);
const char *tp_notice_sign_words(const struct tp_notice *notice);

/* The id of a notice's button begins so: it is read aloud in the notice's language. */
#define TP_NOTICE_NODE "notice:"

#endif
