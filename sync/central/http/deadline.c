#include "central/http/deadline.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"

#define LOOK_EVERY_MS 250

struct tp_deadline {
    struct tp_deadlines *owner;
    int fd;
    int64_t at_ms; /* under the owner's lock; 0: none */
    struct tp_deadline *previous;
    struct tp_deadline *next;
};

struct tp_deadlines {
    const struct tp_clock *clock; /* borrowed */
    pthread_t thread;
    int stop; /* an eventfd */
    pthread_mutex_t lock;
    struct tp_deadline *first; /* under lock */
};

static void cut_late(struct tp_deadlines *deadlines)
{
    int64_t now_ms = tp_clock_monotonic_ms(deadlines->clock);

    (void)pthread_mutex_lock(&deadlines->lock);
    for (struct tp_deadline *one = deadlines->first; one; one = one->next) {
        if (one->at_ms == 0 || now_ms < one->at_ms)
            continue;
        (void)shutdown(one->fd, SHUT_RDWR);
        one->at_ms = 0;
    }
    (void)pthread_mutex_unlock(&deadlines->lock);
}

static void *work(void *context)
{
    struct tp_deadlines *deadlines = context;
    struct pollfd stop = {.fd = deadlines->stop, .events = POLLIN};

    while (poll(&stop, 1, LOOK_EVERY_MS) <= 0)
        cut_late(deadlines);
    return NULL;
}

bool tp_deadlines_create(const struct tp_clock *clock, struct tp_deadlines **deadlines,
                         struct tp_error *error)
{
    struct tp_deadlines *made = tp_calloc(1, sizeof(*made));

    if (!made)
        return tp_fail_memory(error);
    made->clock = clock;
    (void)pthread_mutex_init(&made->lock, NULL);
    made->stop = eventfd(0, EFD_CLOEXEC);
    if (made->stop < 0) {
        tp_fail_errno(error, errno, "cannot watch connections");
        goto free_made;
    }
    if (pthread_create(&made->thread, NULL, work, made) != 0) {
        tp_fail(error, TP_ERR_MEMORY, "cannot start the thread that watches connections");
        goto close_stop;
    }
    (void)pthread_setname_np(made->thread, "deadlines");
    *deadlines = made;
    return true;
close_stop:
    (void)close(made->stop);
free_made:
    (void)pthread_mutex_destroy(&made->lock);
    tp_free(made);
    return false;
}

void tp_deadlines_destroy(struct tp_deadlines *deadlines)
{
    if (!deadlines)
        return;
    (void)eventfd_write(deadlines->stop, 1);
    (void)pthread_join(deadlines->thread, NULL);
    (void)close(deadlines->stop);
    (void)pthread_mutex_destroy(&deadlines->lock);
    tp_free(deadlines);
}

struct tp_deadline *tp_deadline_add(struct tp_deadlines *deadlines, int fd)
{
    struct tp_deadline *made = tp_calloc(1, sizeof(*made));

    if (!made)
        return NULL;
    made->owner = deadlines;
    made->fd = fd;
    (void)pthread_mutex_lock(&deadlines->lock);
    made->next = deadlines->first;
    if (made->next)
        made->next->previous = made;
    deadlines->first = made;
    (void)pthread_mutex_unlock(&deadlines->lock);
    return made;
}

void tp_deadline_remove(struct tp_deadline *deadline)
{
    struct tp_deadlines *owner;

    if (!deadline)
        return;
    owner = deadline->owner;
    (void)pthread_mutex_lock(&owner->lock);
    if (deadline->previous)
        deadline->previous->next = deadline->next;
    else
        owner->first = deadline->next;
    if (deadline->next)
        deadline->next->previous = deadline->previous;
    (void)pthread_mutex_unlock(&owner->lock);
    tp_free(deadline);
}

void tp_deadline_set(struct tp_deadline *deadline, int64_t in_ms)
{
    if (!deadline)
        return;
    (void)pthread_mutex_lock(&deadline->owner->lock);
    deadline->at_ms = in_ms ? tp_clock_monotonic_ms(deadline->owner->clock) + in_ms : 0;
    (void)pthread_mutex_unlock(&deadline->owner->lock);
}
