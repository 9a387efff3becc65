/*
 * Answers a day as a bar chart: SVG in the page, drawn here, with the numbers in words for those
 * who do not see it. Thread: any.
 */
#ifndef TP_CENTRAL_WEB_CHART_H
#define TP_CENTRAL_WEB_CHART_H

#include "central/web/page.h"

/* Days shown. */
#define TP_CHART_DAYS 21

/* Of one form, or of all where `form` is NULL; the last day is today. */
bool tp_chart_days(struct tp_central *central, struct tp_sql *db, struct tp_html *html,
                   const char *form, struct tp_error *error);

#endif
