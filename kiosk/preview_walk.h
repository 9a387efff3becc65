/*
 * Every page of a survey, one after another, built by the kiosk's own screens on an app of the
 * caller's: what the author's pictures and the auditor of tests/audit look at.
 *
 * The survey is walked as residents would: choices are tried one after another, so that pages
 * behind routing come up too; each page is shown once. Nothing is saved or counted. Thread: the
 * main thread only.
 */
#ifndef TP_KIOSK_PREVIEW_WALK_H
#define TP_KIOSK_PREVIEW_WALK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "kiosk/app.h"

/* More pages than this are a mistake in the survey, or a picture book. */
#define TP_PREVIEW_PAGES_MAX 2000

struct tp_preview_step {
    size_t number;     /* of the page, from 1, in the order shown */
    const char *id;    /* "front", "question:used_library", "check" ...: fit for a file name */
    const char *title; /* for a person: the question, or the page's name */
    bool answered;     /* the same page again, with an answer chosen */
};

/* Is shown each page, built and laid out on app->ui; what it changes of the app it puts back. False
 * stops (and tp_preview_walk fails with what it put in the error). */
typedef bool tp_preview_step_visit(void *context, struct tp_app *app,
                                   const struct tp_preview_step *step, struct tp_error *error);

/* The app's person has no survey open. Leaves the person in the middle of the survey: tp_app_home
 * clears that. */
bool tp_preview_walk(struct tp_app *app, struct tp_survey *survey, tp_preview_step_visit *visit,
                     void *context, struct tp_error *error);

#endif
