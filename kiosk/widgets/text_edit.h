/*
 * A line of text being typed: what every key of either keyboard does to it.
 *
 * The text holds at most `max` bytes of UTF-8 and is wiped when it is finished. Deleting takes
 * whole characters as a reader sees them (extended grapheme clusters, Unicode UAX 29). The caret
 * stands at the end. Thread: one at a time.
 */
#ifndef TP_KIOSK_WIDGETS_TEXT_EDIT_H
#define TP_KIOSK_WIDGETS_TEXT_EDIT_H

#include <stdbool.h>

#include "base/buf.h"

/* About 1,500 words: more than anyone will type standing up. */
#define TP_TEXT_EDIT_MAX (16u * 1024u)

struct tp_text_edit {
    struct tp_buf text;
};

void tp_text_edit_init(struct tp_text_edit *edit);
void tp_text_edit_finish(struct tp_text_edit *edit); /* wipes */

const char *tp_text_edit_text(const struct tp_text_edit *edit);

/* Replaces all of it. False, and empty, where it does not fit. */
bool tp_text_edit_set(struct tp_text_edit *edit, const char *text);

/* Adds at the end; what is not UTF-8, control characters other than a line end, or past the cap is
 * not taken. True when the text changed. */
bool tp_text_edit_add(struct tp_text_edit *edit, const char *text);

/* Removes the last character; the last word with what follows it. True when something went. */
bool tp_text_edit_delete(struct tp_text_edit *edit);
bool tp_text_edit_delete_word(struct tp_text_edit *edit);

/* Whether the next letter begins a sentence: the keyboard then shows capitals. */
bool tp_text_at_sentence(const char *text);

#endif
