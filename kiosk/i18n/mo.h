/*
 * Inside kiosk/i18n: a gettext .mo file in memory, checked once and then searched.
 *
 * The format is that of the GNU gettext manual, "The Format of GNU MO Files"; both byte orders are
 * read. Every offset and length is checked against the file before it is used. Thread: any.
 */
#ifndef TP_KIOSK_I18N_MO_H
#define TP_KIOSK_I18N_MO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct tp_mo {
    const unsigned char *bytes; /* borrowed */
    size_t size;
    uint32_t count, originals, translations; /* how many, and where the two tables are */
    bool swapped;
};

/* Checks the whole file. `bytes` must outlive `mo`. */
bool tp_mo_open(const void *bytes, size_t size, struct tp_mo *mo, struct tp_error *error);

/* The translation of a key ("text", or "context\004text"); NULL where there is none or it is
 * empty. */
const char *tp_mo_find(const struct tp_mo *mo, const char *key);

#endif
