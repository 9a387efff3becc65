/*
 * Repeats: "Add another", from the summary of what was added into one of them and back.
 *
 * The first time through, a repeat's pages come one after the other and end at its summary. From
 * there a person adds one more or changes one: Continue then leads through the pages of that one
 * only and back to the summary, and Back out of its first page does too. Within one, an inner
 * repeat works the same; `person.within` holds where they are, outermost first. Thread: the main
 * thread only.
 */
#ifndef TP_KIOSK_APP_REPEAT_H
#define TP_KIOSK_APP_REPEAT_H

#include <stdbool.h>

#include "base/buf.h"
#include "kiosk/app.h"

/* Adds one to the repeat and shows its first page; where nothing in it is asked, the summary. */
void tp_repeat_add(struct tp_app *app, tp_node repeat);

/* Shows the first page of one that is there. */
void tp_repeat_change(struct tp_app *app, tp_node instance);

/* Asks whether to remove it; then removes the one that was asked about. */
void tp_repeat_ask_remove(struct tp_app *app, tp_node instance);
void tp_repeat_remove(struct tp_app *app);

/* From a page within one that is being added or changed to the following or preceding page, or to
 * the summary. False where the person is in none: the survey's own order then counts. Going back
 * out of one that was just added, with nothing answered, takes it away again. */
bool tp_repeat_next(struct tp_app *app);
bool tp_repeat_previous(struct tp_app *app);

/* What to call an instance: its label, with its number where another one is called the same.
 * Appends nothing where it has no label. */
void tp_repeat_name(struct tp_app *app, tp_node instance, struct tp_buf *name);

/* What was answered in it, in one line. */
void tp_repeat_answers(struct tp_app *app, tp_node instance, struct tp_buf *words);

#endif
