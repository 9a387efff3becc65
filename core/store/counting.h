/*
 * Counting within a transaction that somebody else began and ends. For core/store only.
 */
#ifndef TP_STORE_COUNTING_H
#define TP_STORE_COUNTING_H

#include "store/counters.h"
#include "store/db.h"

/* Refuses names that no counter or tally may have (TP_ERR_MISUSE), before anything is begun. */
bool tp_counts_check(const struct tp_count *counts, size_t count, struct tp_error *error);
bool tp_tallies_check(const struct tp_tally *tallies, size_t count, struct tp_error *error);

/* Adds one to each, on the day of `ms`. */
bool tp_counts_apply(struct tp_store *store, const struct tp_count *counts, size_t count,
                     int64_t ms, struct tp_error *error);
bool tp_tallies_apply(struct tp_store *store, const struct tp_tally *tallies, size_t count,
                      struct tp_error *error);

#endif
