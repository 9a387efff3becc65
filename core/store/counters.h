/*
 * Counters: how often a form was opened, finished and left, and the tallies of public polls.
 *
 * A counter is a total by form, version, day, reading mode and name, and only grows; the heartbeat
 * sends totals, so that a repeat changes nothing (docs/PROTOCOL.md, "Heartbeat"). The day is that
 * of tp_store_now, UTC. Nothing here tells who answered, or when within the day. Practice is never
 * counted: callers in practice mode do not call.
 */
#ifndef TP_STORE_COUNTERS_H
#define TP_STORE_COUNTERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "store/store.h"

/* With the NUL. XForm ids and versions are attributes of a few dozen bytes. */
#define TP_FORM_ID_MAX 256u
#define TP_FORM_VERSION_MAX 128u
#define TP_COUNTER_MODE_MAX 32u  /* "standard", "easy-read" */
#define TP_COUNTER_NAME_MAX 320u /* "abandon:" and a question's name */
#define TP_COUNTER_DAY_MAX 11u   /* "2026-11-23" */
#define TP_TALLY_NAME_MAX 256u   /* a question's or a choice's name */

/* One event. */
struct tp_count {
    const char *form_id;
    const char *form_version;
    const char *mode; /* the reading mode */
    const char *name; /* "open", "complete", "abandon:QUESTION", "timeout:QUESTION" */
};

/* Adds one to each, in one transaction. Refuses (TP_ERR_MISUSE) a name outside the four kinds. */
bool tp_counters_add(struct tp_store *store, const struct tp_count *counts, size_t count,
                     struct tp_error *error);

struct tp_counter {
    char form_id[TP_FORM_ID_MAX];
    char form_version[TP_FORM_VERSION_MAX];
    char day[TP_COUNTER_DAY_MAX];
    char mode[TP_COUNTER_MODE_MAX];
    char name[TP_COUNTER_NAME_MAX];
    uint64_t count; /* the total of that day */
};

struct tp_counter_list {
    struct tp_counter *counters; /* owned */
    size_t count;
};

/* One heartbeat carries at most this many; the rest go with the next. */
#define TP_COUNTERS_REPORT_MAX 1000u

/* Totals that grew since they were last reported, oldest day first. Finish with
 * tp_counter_list_finish. */
bool tp_counters_unreported(struct tp_store *store, struct tp_counter_list *list,
                            struct tp_error *error);
void tp_counter_list_finish(struct tp_counter_list *list);

/* The central store has these totals. Reported days that are long past are dropped. */
bool tp_counters_reported(struct tp_store *store, const struct tp_counter_list *list,
                          struct tp_error *error);

/* Total over all days, versions and modes. */
bool tp_counters_total(struct tp_store *store, const char *form_id, const char *name,
                       uint64_t *total, struct tp_error *error);

/* One answer to a question of a poll marked public. Only such polls: a tally is in the clear. */
struct tp_tally {
    const char *form_id;
    const char *form_version;
    const char *question;
    const char *choice;
};

struct tp_tally_count {
    char choice[TP_TALLY_NAME_MAX];
    uint64_t count;
};

/* How often each choice was chosen, by choice. `counts` holds `max`; `count` is how many there
 * are in it. A poll has few choices: more than `max` is TP_ERR_LIMIT. */
bool tp_tally_read(struct tp_store *store, const char *form_id, const char *form_version,
                   const char *question, struct tp_tally_count *counts, size_t max, size_t *count,
                   struct tp_error *error);

/* Forgets a poll's tallies: between two events. */
bool tp_tally_reset(struct tp_store *store, const char *form_id, struct tp_error *error);

#endif
