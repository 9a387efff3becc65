/*
 * Surveys with what is counted of them, for Overview, Surveys and Responses. Thread: any.
 */
#ifndef TP_CENTRAL_WEB_SURVEYS_H
#define TP_CENTRAL_WEB_SURVEYS_H

#include "central/data/forms.h"
#include "central/data/submissions.h"
#include "central/web/page.h"

/* More surveys than this at one council are a mistake; the pages show the first. */
#define TP_SURVEYS_MAX 1000u

struct tp_survey {
    struct tp_form_row form;
    struct tp_form_counts counts;
    bool no_outcome; /* a consultation of which no screen was told what came of it */
};

/* `list` is the caller's to free with tp_free. */
bool tp_survey_list(struct tp_sql *db, struct tp_survey **list, size_t *count,
                    struct tp_error *error);

/* "Open, closes 18 Dec". */
const char *tp_survey_state(const struct tp_form_row *form, const char *today,
                            char text[TP_WHEN_TEXT_MAX * 2]);

/* The page of the survey that the address names. `problem` (or NULL) is about its months. */
void tp_survey_show(struct tp_central *central, struct tp_exchange *exchange, const char *problem);

#endif
