#include "central/export/crew.h"

#include <pthread.h>
#include <stdint.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/mem.h"

#define NICE 10

struct member {
    struct tp_crew *crew;
    size_t who;
    pthread_t thread;
};

struct tp_crew {
    void (*work)(void *context, size_t who);
    void *context;
    pthread_mutex_t lock;
    pthread_cond_t begun;
    pthread_cond_t done;
    uint64_t round; /* all below under `lock` */
    size_t busy;
    bool over;
    size_t count;
    struct member members[TP_CREW_MAX];
};

size_t tp_crew_cores(void)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);

    if (cores < 1)
        return 1;
    return cores > (long)TP_CREW_MAX ? TP_CREW_MAX : (size_t)cores;
}

static void *labour(void *context)
{
    struct member *member = context;
    struct tp_crew *crew = member->crew;
    uint64_t round = 0;

    /* Linux takes this for the calling thread alone; where it is forbidden nothing is lost. */
    (void)setpriority(PRIO_PROCESS, (id_t)gettid(), NICE);
    (void)pthread_mutex_lock(&crew->lock);
    for (;;) {
        while (crew->round == round && !crew->over)
            (void)pthread_cond_wait(&crew->begun, &crew->lock);
        if (crew->over)
            break;
        round = crew->round;
        (void)pthread_mutex_unlock(&crew->lock);
        crew->work(crew->context, member->who);
        (void)pthread_mutex_lock(&crew->lock);
        if (--crew->busy == 0)
            (void)pthread_cond_signal(&crew->done);
    }
    (void)pthread_mutex_unlock(&crew->lock);
    return NULL;
}

/* With fewer than wanted it is only slower. */
static void hire(struct tp_crew *crew, size_t count)
{
    while (crew->count < count) {
        struct member *member = &crew->members[crew->count];

        *member = (struct member){.crew = crew, .who = crew->count};
        if (pthread_create(&member->thread, NULL, labour, member) != 0)
            return;
        (void)pthread_setname_np(member->thread, "export");
        crew->count++;
    }
}

bool tp_crew_create(size_t count, void (*work)(void *context, size_t who), void *context,
                    struct tp_crew **crew, struct tp_error *error)
{
    struct tp_crew *made = tp_calloc(1, sizeof(*made));

    if (!made)
        return tp_fail_memory(error);
    made->work = work;
    made->context = context;
    (void)pthread_mutex_init(&made->lock, NULL);
    (void)pthread_cond_init(&made->begun, NULL);
    (void)pthread_cond_init(&made->done, NULL);
    hire(made, count < TP_CREW_MAX ? count : TP_CREW_MAX);
    if (made->count == 0) {
        tp_crew_destroy(made);
        return tp_fail(error, TP_ERR_IO, "no thread could be started");
    }
    *crew = made;
    return true;
}

void tp_crew_destroy(struct tp_crew *crew)
{
    if (!crew)
        return;
    (void)pthread_mutex_lock(&crew->lock);
    crew->over = true;
    (void)pthread_cond_broadcast(&crew->begun);
    (void)pthread_mutex_unlock(&crew->lock);
    for (size_t i = 0; i < crew->count; i++)
        (void)pthread_join(crew->members[i].thread, NULL);
    (void)pthread_cond_destroy(&crew->begun);
    (void)pthread_cond_destroy(&crew->done);
    (void)pthread_mutex_destroy(&crew->lock);
    tp_free(crew);
}

void tp_crew_start(struct tp_crew *crew)
{
    (void)pthread_mutex_lock(&crew->lock);
    crew->busy = crew->count;
    crew->round++;
    (void)pthread_cond_broadcast(&crew->begun);
    (void)pthread_mutex_unlock(&crew->lock);
}

void tp_crew_wait(struct tp_crew *crew)
{
    (void)pthread_mutex_lock(&crew->lock);
    while (crew->busy > 0)
        (void)pthread_cond_wait(&crew->done, &crew->lock);
    (void)pthread_mutex_unlock(&crew->lock);
}
