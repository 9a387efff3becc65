/*
 * What is asked of a survey beyond that it can be read: the facts that everyone is told before they
 * begin, and a key that answers can be kept with. Thread: one.
 */
#ifndef TP_KIOSK_LIBRARY_CHECK_H
#define TP_KIOSK_LIBRARY_CHECK_H

#include <stdbool.h>

#include "base/error.h"
#include "kiosk/library.h"

/* `brought`: by the agent, and not an author's folder. `own_keys`: answers can be kept only to a
 * key of the form's own; its form is loaded then. Says what to do about it where it fails. */
bool tp_survey_check(struct tp_survey *survey, bool brought, bool own_keys, struct tp_error *error);

/* The form's own key, where it has one: is it a key? */
bool tp_survey_check_key(const struct tp_form *form, struct tp_error *error);

#endif
