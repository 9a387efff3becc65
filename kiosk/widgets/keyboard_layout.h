/*
 * Which keys the on-screen keyboard shows: data only, nothing is drawn here.
 *
 * A layout is chosen by the person's language and by what is asked (words, an email address, a
 * number), and has up to four layers: letters, accents, numbers and, for languages in another
 * script, Latin letters. The letters stand as on the keyboards people know, or in the order of the
 * alphabet for those who know none. Chinese is written in Latin letters only: its characters need a
 * dictionary that a person can check what it offers with, which this screen does not have. Adding a
 * language is one row of the table in keyboard_layout.c. Thread: any.
 */
#ifndef TP_KIOSK_WIDGETS_KEYBOARD_LAYOUT_H
#define TP_KIOSK_WIDGETS_KEYBOARD_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>

#define TP_LAYER_ROWS 4    /* of a layout */
#define TP_KEY_ROWS_MAX 8  /* on a screen that is narrower than a keyboard */
#define TP_KEY_ROW_MAX 13  /* 12 keys of 12.7 mm are all that a display 217 mm wide holds */
#define TP_KEY_TEXT_MAX 16 /* ".co.uk", or a letter with its marks */

enum tp_keyboard_kind {
    TP_KEYBOARD_TEXT,
    TP_KEYBOARD_MULTILINE, /* with "Next line" */
    TP_KEYBOARD_EMAIL,
    TP_KEYBOARD_INTEGER,
    TP_KEYBOARD_DECIMAL,
    TP_KEYBOARD_PIN,
};

enum tp_key_layer {
    TP_LAYER_LETTERS,
    TP_LAYER_ACCENTS,
    TP_LAYER_NUMBERS,
    TP_LAYER_LATIN, /* where the letters are of another script */
};

enum tp_key_action {
    TP_KEY_TYPE, /* types `text` */
    TP_KEY_SHIFT,
    TP_KEY_DELETE,
    TP_KEY_DELETE_WORD,
    TP_KEY_NEXT_LINE,
    TP_KEY_LAYER, /* goes to `layer` */
    TP_KEY_ORDER, /* the alphabet's order, or back */
};

struct tp_keyboard_key {
    enum tp_key_action action;
    enum tp_key_layer layer;
    float width;                 /* in keys */
    char text[TP_KEY_TEXT_MAX];  /* what it types */
    char label[TP_KEY_TEXT_MAX]; /* what it shows; "" for keys named in the interface's words */
};

struct tp_key_row {
    struct tp_keyboard_key keys[TP_KEY_ROW_MAX];
    size_t count;
};

struct tp_key_rows {
    struct tp_key_row rows[TP_KEY_ROWS_MAX];
    size_t count;
};

/* What is shown of a keyboard. */
struct tp_keyboard_view {
    const char *language; /* BCP 47 */
    enum tp_keyboard_kind kind;
    enum tp_key_layer layer;
    bool shift;
    bool ordered; /* letters in the order of the alphabet */
    float across; /* keys that the screen holds side by side; 0: as many as a layout has */
};

/* Fills the rows. A layer that a layout lacks gives its letters. A layout that is wider than the
 * screen has its letters in the order of the alphabet, in shorter rows (keyboard_flow.h). */
void tp_keyboard_rows(const struct tp_keyboard_view *view, struct tp_key_rows *rows);

/* Whether the language's own letters can be typed: not those of Chinese. */
bool tp_keyboard_has_letters(const char *language);

/* Whether shifted letters are capitals of the others, as a sentence begins with, and not more
 * letters. */
bool tp_keyboard_has_capitals(const char *language);

#endif
