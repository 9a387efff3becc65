/*
 * What the screens are called, by their IDs: for answers that come without a question to the
 * database. Private to export/. Thread: one fills it, then any read it.
 */
#ifndef TP_CENTRAL_EXPORT_NAMES_H
#define TP_CENTRAL_EXPORT_NAMES_H

#include "base/buf.h"
#include "central/db/db.h"

struct tp_names {
    struct tp_buf list; /* of struct name, sorted */
};

void tp_names_init(struct tp_names *names);
void tp_names_finish(struct tp_names *names);

bool tp_names_read(struct tp_names *names, struct tp_sql *db, struct tp_error *error);

/* "" for a screen that is not known. */
const char *tp_names_find(const struct tp_names *names, const char *id);

#endif
