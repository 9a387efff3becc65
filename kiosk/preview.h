/*
 * Every page of a survey as a picture, drawn by the kiosk's own screens, without a window. What the
 * pages are is preview_walk.h's. Thread: the main thread only.
 */
#ifndef TP_KIOSK_PREVIEW_H
#define TP_KIOSK_PREVIEW_H

#include <SDL.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "kiosk/gfx/theme.h"

struct tp_preview_options {
    int width, height;    /* pixels; 0: 1920 x 1080 */
    double width_mm;      /* 0: 476 */
    struct tp_look look;  /* theme NULL: the default look */
    const char *language; /* BCP 47 tag; NULL: "en". Easy Read is look.easy_read */
    const char *locale;   /* folder of the interface's translations; NULL: the usual ones */
};

struct tp_preview_page {
    size_t number;     /* from 1, in the order drawn */
    size_t part;       /* from 1; a long page has several, reached by "More" */
    const char *id;    /* "front", "question:used_library", "check" ...: fit for a file name */
    const char *title; /* for a person: the question, or the page's name */
};

/* Is shown each page; `canvas` lasts until it returns. False stops (and tp_preview_draw fails with
 * what it put in the error). */
typedef bool tp_preview_visit(void *context, const struct tp_preview_page *page,
                              SDL_Surface *canvas, struct tp_error *error);

/* `path`: a workbook, a form.xml, or the folder of either, as an author keeps it. `options` may be
 * NULL. */
bool tp_preview_draw(const char *path, const struct tp_preview_options *options,
                     tp_preview_visit *visit, void *context, struct tp_error *error);

#endif
