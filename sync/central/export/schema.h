/*
 * What a form asks, as columns of an export: questions in order, their labels in one language, the
 * choices of selects. Read from the published XForms of all versions of a form, the newest first:
 * what only older versions asked comes after.
 *
 * The schema owns its strings. Thread: one at a time; read-only after the last add.
 */
#ifndef TP_CENTRAL_EXPORT_SCHEMA_H
#define TP_CENTRAL_EXPORT_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/* A select_multiple makes a column of each choice; more than this stays in one column. */
#define TP_SPLIT_CHOICES_MAX 200u

enum tp_column_kind {
    TP_COLUMN_TEXT,
    TP_COLUMN_NUMBER,
    TP_COLUMN_SELECT_ONE,
    TP_COLUMN_SELECT_MULTIPLE, /* rank too: values parted by blanks */
};

struct tp_schema_choice {
    char *value;
    char *label; /* the value where it has none */
};

struct tp_schema_question {
    char *path; /* below the root, "group/name"; repeats without their number */
    char *label;
    enum tp_column_kind kind;
    struct tp_schema_choice *choices;
    size_t choice_count;
};

struct tp_schema {
    struct tp_schema_question *questions;
    size_t count;
    size_t *by_path; /* indexes, sorted by path */
};

void tp_schema_finish(struct tp_schema *schema);

/* Adds what this version asks. `language` is a BCP 47 tag, or NULL for the form's default. */
bool tp_schema_add(struct tp_schema *schema, const void *xml, size_t length, const char *language,
                   struct tp_error *error);

/* Index of the question at a path, or -1. */
long tp_schema_find(const struct tp_schema *schema, const char *path);

/* The same, of a schema that no form was added to: a path that it does not know becomes its next
 * question, of which nothing but the path is known. -1 without memory. */
long tp_schema_learn(struct tp_schema *schema, const char *path);

/* The label of a choice; NULL where the form does not list it. */
const char *tp_schema_choice_label(const struct tp_schema_question *question, const char *value,
                                   size_t length);

#endif
