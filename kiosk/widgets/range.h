/*
 * The numbers of a range question, by index. Thread: any.
 */
#ifndef TP_KIOSK_WIDGETS_RANGE_H
#define TP_KIOSK_WIDGETS_RANGE_H

#include <stddef.h>

#include "form/session.h"

#define TP_RANGE_TEXT_MAX 32

struct tp_app;

/* How many numbers there are, both ends included. */
size_t tp_range_count(const struct tp_question *question);
/* As it is stored and shown. */
void tp_range_text(const struct tp_question *question, size_t index, char text[TP_RANGE_TEXT_MAX]);
/* The index of a value; -1 for none. */
long tp_range_find(const struct tp_question *question, const char *value);

/* Chooses the index-th number; where all are shown, the chosen one again takes it back. */
void tp_range_touch(struct tp_app *app, const struct tp_question *question, size_t index);

#endif
