/* A disk that is full, as far as a program can tell: no file may grow beyond a size. */
#ifndef TP_TEST_FULL_DISK_H
#define TP_TEST_FULL_DISK_H

#include <signal.h>
#include <sys/resource.h>

/* RLIM_INFINITY: it is full no more. */
static inline void let_files_grow_to(rlim_t bytes)
{
    const struct rlimit limit = {.rlim_cur = bytes, .rlim_max = RLIM_INFINITY};

    if (signal(SIGXFSZ, SIG_IGN) == SIG_ERR || setrlimit(RLIMIT_FSIZE, &limit) != 0)
        abort();
}

#endif
