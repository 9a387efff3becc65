/*
 * A thread that does something every so often until it is told to stop, and hears that in its
 * pauses. Thread: the one that starts it stops it.
 */
#ifndef TP_CENTRAL_WORKER_H
#define TP_CENTRAL_WORKER_H

#include <stdbool.h>

struct tp_worker;

/* `work` runs once, on the new thread: it calls tp_worker_rest between what it does, and returns
 * when that says so. `name`: at most 15 bytes, for those who look at the process. NULL where no
 * thread could be made. */
struct tp_worker *tp_worker_start(const char *name,
                                  void (*work)(struct tp_worker *worker, void *context),
                                  void *context);
/* Waits for its end. NULL is safe. */
void tp_worker_stop(struct tp_worker *worker);

/* False where it is to end; then at once. */
bool tp_worker_rest(const struct tp_worker *worker, int ms);

#endif
