/*
 * The conformance runner: holds the form engine against cases that other engines' own test suites
 * recorded (docs/CONFORMANCE.md). The data is no part of the project; a folder of it is given.
 */
#ifndef TP_TESTS_CONFORMANCE_H
#define TP_TESTS_CONFORMANCE_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

/* One kind of cases, counted. */
struct tally {
    const char *name;
    unsigned agreed, agreed_passed; /* cases on which the engines asked agree */
    unsigned all, passed;
    unsigned deliberate; /* missed, and in the table of differences */
    FILE *misses;        /* JSON lines */
};

/* Counts a case. A miss is written with `why` and, where known, the deliberate difference. */
void tally_add(struct tally *tally, bool agreed, bool passed, json_t *id, const char *what,
               const char *why);
void tally_print(const struct tally *tally);

/* Calls `each` for every line of DIR/NAME; false where the file is not there. */
bool each_line(const char *folder, const char *name, void (*each)(json_t *row, struct tally *tally),
               struct tally *tally);

/* The reason for a deliberate difference, or NULL. `kind` is the tally's name. */
const char *deliberate(const char *kind, const char *what, const char *why);

void run_xpath(const char *folder, struct tally *tally);
void run_sessions(const char *folder, struct tally *tally);
void run_load(const char *folder, struct tally *tally);
void run_workbooks(const char *folder, struct tally *tally);

#endif
