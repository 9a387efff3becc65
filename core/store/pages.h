/*
 * Answers read from the bare pages of a damaged store, where SQLite itself gives up.
 *
 * Every table leaf page of the file, and every version of a page in its log, is looked at by itself
 * (SQLite file format, clauses 1.6 and 2.1); a cell that has the shape of an outbox row, and whose
 * sealed bytes have the SHA-256 that stands beside them, is an answer. Everything read is hostile.
 * For core/store only.
 */
#ifndef TP_STORE_PAGES_H
#define TP_STORE_PAGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/outbox.h"

/* Bytes of a file that may be unreadable in places. */
struct tp_pages_source {
    bool (*read)(void *context, uint64_t offset, void *bytes, size_t count);
    void *context;
    uint64_t size; /* 0: there is none */
};

/* `item->sealed` lasts for the call; it is NULL for an answer that is not whole, of which only the
 * sequence is told. Returns false to stop. */
typedef bool tp_pages_visit(void *context, const struct tp_outbox_item *item);

struct tp_pages_found {
    uint64_t answers; /* visited; versions of the same answer count each */
    uint64_t damaged; /* looked like an answer, and its bytes are not whole */
};

/* Visits the file's pages in order, then those of the log in order: later versions come later.
 * `log` is the file's WAL, or empty. False where there is no memory, or a visit stopped it. */
bool tp_pages_read(const struct tp_pages_source *file, const struct tp_pages_source *log,
                   tp_pages_visit *visit, void *context, struct tp_pages_found *found,
                   struct tp_error *error);

#endif
