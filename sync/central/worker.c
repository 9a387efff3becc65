#include "central/worker.h"

#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/mem.h"

struct tp_worker {
    void (*work)(struct tp_worker *worker, void *context);
    void *context; /* borrowed */
    pthread_t thread;
    int stop; /* an eventfd: readable when the thread is to end */
};

static void *run(void *context)
{
    struct tp_worker *worker = context;

    worker->work(worker, worker->context);
    return NULL;
}

struct tp_worker *tp_worker_start(const char *name,
                                  void (*work)(struct tp_worker *worker, void *context),
                                  void *context)
{
    struct tp_worker *worker = tp_calloc(1, sizeof(*worker));

    if (!worker)
        return NULL;
    worker->work = work;
    worker->context = context;
    worker->stop = eventfd(0, EFD_CLOEXEC);
    if (worker->stop >= 0 && pthread_create(&worker->thread, NULL, run, worker) == 0) {
        (void)pthread_setname_np(worker->thread, name);
        return worker;
    }
    if (worker->stop >= 0)
        (void)close(worker->stop);
    tp_free(worker);
    return NULL;
}

void tp_worker_stop(struct tp_worker *worker)
{
    if (!worker)
        return;
    (void)eventfd_write(worker->stop, 1);
    (void)pthread_join(worker->thread, NULL);
    (void)close(worker->stop);
    tp_free(worker);
}

bool tp_worker_rest(const struct tp_worker *worker, int ms)
{
    struct pollfd stop = {.fd = worker->stop, .events = POLLIN};

    return poll(&stop, 1, ms) <= 0;
}
