/*
 * Answering: from the first question to the saved answer.
 *
 * Continue puts what was typed into the session, checks this page only, and shows what is wrong
 * beside the question with the answer kept (ACCESSIBILITY.md C3). Change on the check page comes
 * back to it, unless the change brought up questions that were not asked yet. Thread: the main
 * thread only.
 */
#ifndef TP_KIOSK_APP_ANSWER_H
#define TP_KIOSK_APP_ANSWER_H

#include <stdbool.h>

#include "kiosk/app.h"

/* The survey's front page; where its form does not load, the page that says so. */
void tp_answer_open(struct tp_app *app, struct tp_survey *survey);

/* To the first question (or on, where the person had begun). */
void tp_answer_start(struct tp_app *app);

/* Puts the session's page on top of the history: a question, or at the end the check page. */
void tp_answer_show(struct tp_app *app);

/* Continue and Back on a question page. */
void tp_answer_continue(struct tp_app *app);
void tp_answer_back(struct tp_app *app);

/* From the check page to one question, and to the first that has a problem. */
void tp_answer_change(struct tp_app *app, tp_node node);

/* Checks everything and saves; then the equality questions or the thanks. */
void tp_answer_send(struct tp_app *app);

/* After the equality questions' explanation. */
void tp_answer_equality(struct tp_app *app, bool wanted);

/* The words of the fault of a question on this page; NULL where it has none. */
const char *tp_answer_fault(const struct tp_app *app, tp_node node);

/* Tells the session the person's language and reading mode. */
void tp_answer_set_reading(struct tp_app *app);

/* Has the person answered anything that would be lost? */
bool tp_answer_to_lose(struct tp_app *app);

/* Counts what was left: "abandon" or "timeout", with the question it was left at. */
void tp_answer_count_left(struct tp_app *app, const char *how);

#endif
