#include "central/db/pool.h"

#include <pthread.h>

#include "base/mem.h"

struct tp_sql_pool {
    pthread_mutex_t lock;
    pthread_cond_t given;
    struct tp_sql *free[TP_SQL_POOL_MAX]; /* under lock; the first `free_count` are in */
    size_t free_count;
};

bool tp_sql_pool_create(const char *url, size_t count, struct tp_sql_pool **pool,
                        struct tp_error *error)
{
    struct tp_sql_pool *made = tp_calloc(1, sizeof(*made));

    if (!made)
        return tp_fail_memory(error);
    (void)pthread_mutex_init(&made->lock, NULL);
    (void)pthread_cond_init(&made->given, NULL);
    if (count == 0)
        count = 1;
    if (count > TP_SQL_POOL_MAX)
        count = TP_SQL_POOL_MAX;
    while (made->free_count < count) {
        if (!tp_sql_open(url, false, &made->free[made->free_count], error)) {
            tp_sql_pool_destroy(made);
            return false;
        }
        made->free_count++;
    }
    *pool = made;
    return true;
}

void tp_sql_pool_destroy(struct tp_sql_pool *pool)
{
    if (!pool)
        return;
    for (size_t i = 0; i < pool->free_count; i++)
        tp_sql_close(pool->free[i]);
    (void)pthread_cond_destroy(&pool->given);
    (void)pthread_mutex_destroy(&pool->lock);
    tp_free(pool);
}

struct tp_sql *tp_sql_pool_take(struct tp_sql_pool *pool)
{
    struct tp_sql *db;

    (void)pthread_mutex_lock(&pool->lock);
    while (pool->free_count == 0)
        (void)pthread_cond_wait(&pool->given, &pool->lock);
    db = pool->free[--pool->free_count];
    (void)pthread_mutex_unlock(&pool->lock);
    return db;
}

void tp_sql_pool_give(struct tp_sql_pool *pool, struct tp_sql *db)
{
    (void)pthread_mutex_lock(&pool->lock);
    pool->free[pool->free_count++] = db;
    (void)pthread_cond_signal(&pool->given);
    (void)pthread_mutex_unlock(&pool->lock);
}
