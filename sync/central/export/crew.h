/*
 * Threads that do one piece of work together: each calls the same function once a round, until
 * the crew is destroyed. They step back for others (a nice value), since taking answers in matters
 * more than giving them out.
 * Thread: the one that made it.
 */
#ifndef TP_CENTRAL_EXPORT_CREW_H
#define TP_CENTRAL_EXPORT_CREW_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/* More cores than this wait for the one thread that reads the database. */
#define TP_CREW_MAX 8u

struct tp_crew;

/* The machine's cores, at most TP_CREW_MAX. */
size_t tp_crew_cores(void);

/* `who` counts from 0. */
bool tp_crew_create(size_t count, void (*work)(void *context, size_t who), void *context,
                    struct tp_crew **crew, struct tp_error *error);
void tp_crew_destroy(struct tp_crew *crew);

/* Begins a round; wait before the next. */
void tp_crew_start(struct tp_crew *crew);
/* Until all have come back. */
void tp_crew_wait(struct tp_crew *crew);

#endif
