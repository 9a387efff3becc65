#include "central/export/pairs.h"

#include <stdlib.h>

#include "base/mem.h"

/* 100 million. */
#define LIST_MAX (100u * 1000u * 1000u * sizeof(struct pair))

struct pair {
    uint64_t about; /* the hash of an instance ID */
    int64_t seq;
};

/* FNV-1a. */
static uint64_t hash_of(const char *text)
{
    uint64_t hash = 14695981039346656037u;

    for (; *text; text++)
        hash = (hash ^ (unsigned char)*text) * 1099511628211u;
    return hash;
}

void tp_pairs_init(struct tp_pairs *pairs)
{
    tp_buf_init(&pairs->list, LIST_MAX);
}

void tp_pairs_finish(struct tp_pairs *pairs)
{
    tp_buf_finish(&pairs->list);
}

struct reading {
    const struct tp_keys *keys;
    struct tp_schema none; /* no question is read */
    struct tp_answer answers[TP_CREW_MAX];
};

static bool write_pair(void *context, size_t who, const struct tp_batch *batch, size_t row,
                       struct tp_buf *out)
{
    struct reading *reading = context;
    struct tp_answer *answer = &reading->answers[who];
    struct tp_kept kept;
    struct pair pair;

    if (!tp_batch_read_row(batch, row, &reading->none, reading->keys, &kept, answer))
        return false;
    if (answer->problem || answer->facts[TP_FACT_ABOUT].length == 0)
        return true;
    pair = (struct pair){.about = hash_of(answer->facts[TP_FACT_ABOUT].text), .seq = kept.seq};
    return tp_buf_add(out, &pair, sizeof(pair));
}

static int by_about(const void *a, const void *b)
{
    const struct pair *left = a;
    const struct pair *right = b;

    if (left->about != right->about)
        return left->about < right->about ? -1 : 1;
    return left->seq < right->seq ? -1 : left->seq > right->seq;
}

static bool read_all(struct tp_pairs *pairs, struct tp_sql *db, struct reading *reading,
                     const char *form, size_t workers, struct tp_error *error)
{
    const struct tp_pass_plan plan = {.form = form,
                                      .schema = &reading->none,
                                      .keys = reading->keys,
                                      .write = write_pair,
                                      .context = reading};
    struct tp_pass *pass = NULL;
    bool end = false;
    bool ok = tp_pass_create(&plan, workers, &pass, error);

    while (ok && !end)
        ok = tp_pass_step(pass, db, &pairs->list, &end, error);
    tp_pass_destroy(pass);
    return ok;
}

bool tp_pairs_read(struct tp_pairs *pairs, struct tp_sql *db, const struct tp_keys *keys,
                   const char *form, size_t workers, struct tp_error *error)
{
    struct reading *reading = tp_calloc(1, sizeof(*reading));
    bool ok = reading != NULL;

    if (!reading)
        return tp_fail_memory(error);
    reading->keys = keys;
    for (size_t i = 0; ok && i < workers; i++)
        ok = tp_answer_init(&reading->answers[i], &reading->none) || tp_fail_memory(error);
    ok = ok && read_all(pairs, db, reading, form, workers, error);
    for (size_t i = 0; i < workers; i++)
        tp_answer_finish(&reading->answers[i]);
    tp_free(reading);
    if (ok && pairs->list.length)
        qsort(pairs->list.data, pairs->list.length / sizeof(struct pair), sizeof(struct pair),
              by_about);
    return ok;
}

/* The first pair whose hash is greater. */
static size_t first_after(const struct pair *list, size_t count, uint64_t wanted)
{
    size_t low = 0;
    size_t high = count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (list[middle].about <= wanted)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

int64_t tp_pairs_next(const struct tp_pairs *pairs, const char *instance_id, size_t *place)
{
    const struct pair *list = (const struct pair *)(const void *)pairs->list.data;
    size_t count = pairs->list.length / sizeof(struct pair);
    uint64_t wanted = hash_of(instance_id);
    size_t after = *place ? *place : first_after(list, count, wanted) + 1;

    if (after < 2 || list[after - 2].about != wanted)
        return 0;
    *place = after - 1;
    return list[after - 2].seq;
}
