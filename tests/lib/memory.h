/* Looks for a secret in the memory of a process, as a debugger would. */
#ifndef TP_TEST_MEMORY_H
#define TP_TEST_MEMORY_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define MEMORY_WINDOW ((size_t)1 << 20)
/* A sanitizer's shadow is terabytes of nothing. */
#define MEMORY_REGION_MAX (1ul << 30)

/* How often the secret stands in a piece of memory. It is given in disguise, each byte one more
 * than it is, so that a process that looks into itself does not find what it looks with. */
static inline size_t memory_count_in(const char *bytes, size_t count, const char *disguised,
                                     size_t length)
{
    const char *end = bytes + count;
    size_t found = 0;

    while ((size_t)(end - bytes) >= length &&
           (bytes = memchr(bytes, disguised[0] - 1, (size_t)(end - bytes) - length + 1))) {
        size_t same = 1;

        while (same < length && bytes[same] == (char)(disguised[same] - 1))
            same++;
        found += same == length;
        bytes++;
    }
    return found;
}

/* A window to read through, a mapping of its own: between two pages that nobody may touch. */
static inline char *memory_window(void)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    char *outer =
        mmap(NULL, MEMORY_WINDOW + 2 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (outer == MAP_FAILED || mprotect(outer + page, MEMORY_WINDOW, PROT_READ | PROT_WRITE) != 0)
        abort();
    return outer + page;
}

static inline FILE *memory_open(pid_t pid, const char *name)
{
    char path[64];
    FILE *file;

    (void)snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
    file = fopen(path, "re");
    if (!file)
        abort();
    return file;
}

/* The same for all that process `pid` can read, but for the window. */
static inline size_t memory_count(pid_t pid, const char *disguised, size_t length)
{
    FILE *maps = memory_open(pid, "maps");
    FILE *memory = memory_open(pid, "mem");
    char *window = memory_window();
    size_t found = 0;
    char line[512];

    while (fgets(line, sizeof(line), maps)) {
        uintptr_t from, to;

        if (sscanf(line, "%lx-%lx", &from, &to) != 2 || to - from > MEMORY_REGION_MAX ||
            (pid == getpid() && from == (uintptr_t)window))
            continue;
        while (from < to) {
            size_t most = to - from < MEMORY_WINDOW ? to - from : MEMORY_WINDOW;
            ssize_t got = pread(fileno(memory), window, most, (off_t)from);

            if (got <= 0)
                break; /* the kernel's own pages cannot be read */
            found += memory_count_in(window, (size_t)got, disguised, length);
            from += (size_t)got;
            /* It may lie across two pieces. */
            if (from < to && (size_t)got >= length)
                from -= length - 1;
        }
    }
    (void)fclose(maps);
    (void)fclose(memory);
    (void)munmap(window, MEMORY_WINDOW);
    return found;
}

#endif
