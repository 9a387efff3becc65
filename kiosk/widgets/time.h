/*
 * The steps of a time of day, shared by the time and the date-and-time question. Thread: the main
 * thread only.
 */
#ifndef TP_KIOSK_WIDGETS_TIME_H
#define TP_KIOSK_WIDGETS_TIME_H

#include "kiosk/widgets/widgets.h"

#define TP_TIME_NONE (-1)
#define TP_STEP_TEXT_MAX 16

/* Minutes since midnight of a stored time; TP_TIME_NONE for anything else. */
int tp_time_minutes(const char *value);

/* Adds the steppers; `at`: minutes since midnight, or TP_TIME_NONE. */
void tp_time_steps(struct tp_node *parent, tp_node node, int at);

/* What a touch of the index-th step makes of it: "09:30" in `value`, "" for Clear. */
void tp_time_step(int at, size_t index, char value[TP_STEP_TEXT_MAX]);

#endif
