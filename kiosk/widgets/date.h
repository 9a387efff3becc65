/*
 * The typed parts of a date, shared by the date and the date-and-time question. Thread: the main
 * thread only.
 */
#ifndef TP_KIOSK_WIDGETS_DATE_H
#define TP_KIOSK_WIDGETS_DATE_H

#include "kiosk/widgets/widgets.h"

#define TP_DATE_PARTS 3 /* day, month, year */
#define TP_DATE_TEXT_MAX 40

/* Adds the fields that the appearance asks for, side by side. */
void tp_date_fields(const struct tp_place_to_ask *place, const struct tp_question *question);

/* The first part that the appearance asks for. */
int tp_date_first(const struct tp_question *question);

enum tp_date_typed { TP_DATE_EMPTY, TP_DATE_WRONG, TP_DATE_RIGHT };

/* What was typed, or was there before: "2026-11-23" in `date` where it is right. */
enum tp_date_typed tp_date_read(struct tp_app *app, const struct tp_question *question,
                                char date[TP_DATE_TEXT_MAX]);

/* How to put it right: "Enter a day, a month and a year, like 27 3 1958". */
const char *tp_date_how(const struct tp_question *question);

#endif
