/*
 * Opening the file of a store, and opening it again after it was mended. For core/store only.
 */
#ifndef TP_STORE_CONNECT_H
#define TP_STORE_CONNECT_H

#include "store/db.h"

/* Opens and where needed makes, migrates or mends the file. */
bool tp_store_connect(struct tp_store *store, struct tp_error *error);

void tp_store_disconnect(struct tp_store *store);

/* Where the file was found damaged, by this process or another: lets go of it, mends it or waits
 * for who does, and opens it again. Otherwise one access(2). Not within a transaction. */
bool tp_store_heal(struct tp_store *store, struct tp_error *error);

/* PRAGMA quick_check. */
bool tp_store_check_pages(struct tp_store *store, struct tp_error *error);

/* The directory of a file; to be freed. NULL when out of memory. */
char *tp_directory_of(const char *path);

#endif
