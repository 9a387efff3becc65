/*
 * Inside the library: one survey's files, found and read (library.h has what a survey is).
 *
 * Thread: one.
 */
#ifndef TP_KIOSK_SURVEY_READ_H
#define TP_KIOSK_SURVEY_READ_H

#include "kiosk/library.h"

/* Changes when the survey's files do. */
uint64_t tp_survey_stamp(const char *folder, const char *source);

/* Reads a survey from its folder; it is called `name` until its form says its own. NULL only when
 * out of memory; one that cannot be read is there and broken, so that it is not read again until
 * its files change. */
struct tp_survey *tp_survey_read(const char *folder, const char *name, const char *source,
                                 uint64_t stamp);

/* Marks it as of no use and keeps the reason. */
void tp_survey_break(struct tp_survey *survey, const struct tp_error *error);

#endif
