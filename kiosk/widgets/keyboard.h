/*
 * The on-screen keyboard: its keys on a page, and what they do to the field being typed into.
 *
 * Thread: the main thread only.
 */
#ifndef TP_KIOSK_WIDGETS_KEYBOARD_H
#define TP_KIOSK_WIDGETS_KEYBOARD_H

#include <stdbool.h>

#include "kiosk/app.h"

/* Adds the keyboard to a column (usually the page's dock). */
void tp_keyboard_build(struct tp_app *app, struct tp_node *parent, enum tp_keyboard_kind kind);

/* Where the keyboard lacks the letters of the person's language, says so and what to do. */
void tp_keyboard_note(struct tp_app *app, struct tp_node *parent, enum tp_keyboard_kind kind);

/* Does what a key says to a text. True when the text or the keyboard changed. */
bool tp_keyboard_press(struct tp_app *app, struct tp_text_edit *edit,
                       const struct tp_action *action);

/* Shows capitals where a sentence begins. Call when a field is opened and after each letter. */
void tp_keyboard_settle(struct tp_app *app, const char *text, enum tp_keyboard_kind kind);

/* Whether a page with the question's words, a field of `lines` lines and this keyboard fits the
 * display at this size; where it does not, the keyboard gets a page of its own. */
bool tp_keyboard_fits(const struct tp_app *app, enum tp_keyboard_kind kind, int lines);

#endif
