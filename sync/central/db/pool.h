/*
 * Reading connections for many threads. A thread takes one, asks, and gives it back; it waits where
 * all are out. The pool owns the connections. Thread: any.
 */
#ifndef TP_CENTRAL_DB_POOL_H
#define TP_CENTRAL_DB_POOL_H

#include "central/db/db.h"

/* More readers than this only wait for each other's disk. */
#define TP_SQL_POOL_MAX 16u

struct tp_sql_pool;

bool tp_sql_pool_create(const char *url, size_t count, struct tp_sql_pool **pool,
                        struct tp_error *error);
/* Every connection must be back. */
void tp_sql_pool_destroy(struct tp_sql_pool *pool);

struct tp_sql *tp_sql_pool_take(struct tp_sql_pool *pool);
void tp_sql_pool_give(struct tp_sql_pool *pool, struct tp_sql *db);

#endif
