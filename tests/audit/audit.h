/*
 * The millimetre auditor: every page of the kiosk and of every survey, laid out in every way that a
 * resident can choose on every display, held against the figures of docs/ACCESSIBILITY.md.
 *
 * pages.c walks the pages, variants.c says in which ways, seen.c copies what the kiosk's own widget
 * tree shows of a page, rules.c has the table of rules (one file a family), pixels.c reads what was
 * really drawn, report.c keeps the faults. A rule of geometry looks at the layout alone; a rule of
 * pixels is asked in a covering set of variants in every theme. Thread: one.
 */
#ifndef TP_AUDIT_H
#define TP_AUDIT_H

#include <SDL.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "audit/report.h"
#include "audit/variants.h"
#include "base/clock.h"
#include "kiosk/app.h"
#include "kiosk/speech/ear.h"

/* Where the residents' eyes are: EN 301 549 5.1.4 asks for an angle at it. */
#define AUDIT_VIEWING_DISTANCE_MM 500.0

/* A node on one part of the page. Its strings last until the next build. */
struct audit_box {
    struct tp_seen seen;
    size_t part;
    long parent; /* index of the box around it on the same part, -1 where it stands by itself */
};

struct audit;
struct audit_rule;

/* One page in one variant. */
struct audit_page {
    struct audit *audit;
    const char *name; /* "library-hours/question:travel+answered" */
    const char *subject;
    const struct audit_variant *variant;
    struct tp_screen screen;
    struct audit_box *boxes; /* of all parts, in reading order within each */
    size_t count, capacity;
    size_t parts, first_room;
    size_t *first;                 /* owned; of each part, and one past the last */
    SDL_Surface *canvas;           /* of the part being asked about; NULL: not drawn */
    size_t part;                   /* that part */
    const struct audit_rule *rule; /* that is being asked */
};

struct audit {
    struct tp_app *app;
    struct tp_clock_fake now;
    struct tp_ear ear; /* what is read aloud goes nowhere else */
    struct tp_speech_sink sink;
    uint64_t seed;
    struct audit_report *report;
    const struct audit_plan *plan;
    struct audit_variant variant;
    const char *subject;
    char name[128];      /* of a survey */
    SDL_Surface *canvas; /* owned; as large as the variant's display */
    struct audit_page page;
    /* Is shown each page as it is asked about, laid out on app->ui; NULL: nobody looks. */
    void (*shown)(void *context, struct audit_page *page);
    void *context;
    unsigned keyboards; /* kinds already typed on, by bit, in this variant and survey */
    size_t laid_out, drawn;
};

/* Opens the kiosk's app on the surveys of a folder (`locale`: of the interface's translations, NULL
 * the usual). Nothing is stored; the clock stands still. */
bool audit_open(struct audit *audit, const char *surveys, const char *locale,
                const struct audit_plan *plan, struct audit_report *report, struct tp_error *error);
void audit_close(struct audit *audit);

/* ---- notices.c ---- */

/* The pages of notices, from the welcome page and back to it. */
bool audit_show_notices(struct audit *audit, struct tp_error *error);

/* ---- pages.c ---- */

/* The subjects: 0 is the kiosk's own screens, then one for each survey. NULL after the last. The
 * name lasts until the next call. */
const char *audit_subject(struct audit *audit, size_t index);

/* Every page of one subject in the variant that audit_use set. */
bool audit_walk(struct audit *audit, size_t index, struct tp_error *error);

/* Makes the variant the app's, from a fresh person on. */
void audit_use(struct audit *audit, const struct audit_variant *variant);

/* ---- seen.c ---- */

/* Asks the rules about the page that is built on app->ui. `state` is put behind the name: "" or
 * "+answered". */
bool audit_ask(struct audit *audit, const char *subject, const char *id, const char *state,
               struct tp_error *error);

/* Copies what the ui shows into the page, all parts of it. False when out of memory. */
bool audit_see(struct audit_page *page, struct tp_ui *ui);
void audit_page_finish(struct audit_page *page);

/* What a fault against many of a kind is laid on: "the bar", "the keys", "answers"; else the id. */
const char *audit_thing(const struct tp_seen *seen);

/* Words that are smaller than their style on a narrow display, where one of them is wider than its
 * column. */
bool audit_is_fitted(const struct audit_page *page, const struct tp_seen_text *text);

/* Is `around` the box itself or one that holds it? */
bool audit_holds(const struct audit_page *page, size_t around, size_t inner);

#endif
