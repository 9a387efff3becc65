/*
 * What an XForm means, as lines that two conversions can be compared by: the instances, the binds,
 * the texts in each language, the body. What carries no meaning (white space, the order of binds
 * and translations, the name of the root) is taken out.
 */
#ifndef TP_TESTS_MEANING_H
#define TP_TESTS_MEANING_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

struct tp_meaning {
    char **lines; /* sorted; owned */
    size_t count;
    size_t capacity;
    char *root;     /* the name of the root */
    char *lists[8]; /* choices that stand outside the form: select_one_external */
    size_t list_count;
};

/* `also_root`: another name that the root goes by in expressions; NULL: none. */
bool tp_meaning_read(const char *xml, size_t length, const char *also_root,
                     struct tp_meaning *meaning, struct tp_error *error);
void tp_meaning_finish(struct tp_meaning *meaning);

/* The first line that only one of them has ("- expected" or "+ found"); NULL where they mean the
 * same. The caller frees it (tp_free). */
char *tp_meaning_difference(const struct tp_meaning *expected, const struct tp_meaning *found);

#endif
