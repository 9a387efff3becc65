/*
 * The faults: each is one rule broken by one thing on one page, in one variant or many.
 *
 * The first variant that shows a fault is told in full and, where there is room, kept as a picture
 * with the thing framed; the others are counted, by what they have in common. Thread: one.
 */
#ifndef TP_AUDIT_REPORT_H
#define TP_AUDIT_REPORT_H

#include <SDL.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "audit/variants.h"
#include "base/error.h"

/* Thousands of faults are one mistake in a rule, or in the toolkit: more are not told apart. */
#define AUDIT_FAULTS_MAX 20000
/* A picture of a page is some 60 kB: one a rule and page, and no more than this of one survey. */
#define AUDIT_PICTURES_MAX 250

struct audit_page;

struct audit_fault {
    uint64_t key;  /* of rule, page and thing */
    char *rule;    /* owned; "T2 overlap" */
    char *page;    /* owned */
    char *thing;   /* owned; the id of a node, or words of it */
    char *told;    /* owned; what was measured and what was wanted, in the first variant */
    char *picture; /* owned; file name; NULL: none kept */
    struct audit_variant variant; /* the first */
    size_t variants;
    unsigned displays, sizes, themes, languages, modes; /* by bit, of all of them */
};

struct audit_report {
    const char *folder;         /* of the pictures; NULL: keeps none */
    struct audit_fault *faults; /* owned */
    size_t count, capacity;
    size_t pictures;
    char **pages; /* owned: names of the pages seen */
    size_t page_count, page_capacity;
    bool failed; /* out of memory, or over the cap */
};

void audit_report_finish(struct audit_report *report);

/* Notes that a page was seen. */
void audit_report_page(struct audit_report *report, const char *name);

/* Notes a fault against the rule that is being asked, in the page's variant. `thing` is what breaks
 * it, `at` its place on `part` for the picture; the rest says what was measured and wanted. */
void audit_fault(struct audit_page *page, const char *thing, size_t part, const SDL_Rect *at,
                 const char *format, ...) __attribute__((format(printf, 5, 6)));

/* One line a fault, sorted by rule, then page. */
void audit_report_write(struct audit_report *report, FILE *out);

#endif
