#include "central/http/aside.h"

#include <pthread.h>

#include "base/mem.h"

struct aside {
    struct tp_central *central;
    struct tp_exchange *exchange;
    atomic_int *running;
    void (*work)(struct tp_central *central, struct tp_exchange *exchange);
};

/* `done` may end the exchange, and the server with it: nothing is touched after that. */
static void *run(void *context)
{
    struct aside *aside = context;

    aside->work(aside->central, aside->exchange);
    (void)atomic_fetch_sub(aside->running, 1);
    aside->exchange->job.done(&aside->exchange->job);
    return NULL;
}

/* Where no thread can be had the one that serves has to do. */
static void submit(struct tp_central *central, struct tp_exchange *exchange)
{
    struct aside *aside = exchange->state;
    pthread_t thread;

    aside->central = central;
    if (pthread_create(&thread, NULL, run, aside) == 0)
        (void)pthread_detach(thread);
    else
        (void)run(aside);
}

/* The response is made already. */
static void resume(struct tp_central *central, struct tp_exchange *exchange)
{
    (void)central;
    (void)exchange;
}

bool tp_aside(struct tp_exchange *exchange, atomic_int *running, int most,
              void (*work)(struct tp_central *central, struct tp_exchange *exchange))
{
    struct aside *aside = tp_calloc(1, sizeof(*aside));

    if (atomic_fetch_add(running, 1) >= most || !aside) {
        (void)atomic_fetch_sub(running, 1);
        tp_free(aside);
        return false;
    }
    *aside = (struct aside){.exchange = exchange, .running = running, .work = work};
    exchange->state = aside;
    exchange->free_state = tp_free;
    exchange->submit = submit;
    exchange->resume = resume;
    return true;
}
