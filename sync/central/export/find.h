/*
 * Finds the answer that a receipt code names. The code stands inside the seal, so that the store
 * cannot list codes: it opens one answer after another, the newest first, and forgets each.
 * Thread: any; one search at a time is enough.
 */
#ifndef TP_CENTRAL_EXPORT_FIND_H
#define TP_CENTRAL_EXPORT_FIND_H

#include "central/db/pool.h"
#include "central/export/answer.h"

struct tp_finding {
    int64_t seq; /* 0: not found */
    int64_t received_ms;
    char instance_id[TP_INSTANCE_ID_MAX];
    char device[TP_CONTEXT_TEXT_MAX];
    bool gave_up; /* there are more answers than it looked at */
};

/* By receipt code, among the newest `most`; blanks, dashes and the case of letters do not matter.
 */
bool tp_find_receipt(struct tp_sql_pool *pool, const struct tp_keys *keys, const char *form,
                     const char *code, int64_t most, struct tp_finding *finding,
                     struct tp_error *error);

/* The answers to the equality questions that go with another; seq 0 where there are none. */
bool tp_find_about(struct tp_sql_pool *pool, const struct tp_keys *keys, const char *instance_id,
                   struct tp_finding *finding, struct tp_error *error);

#endif
