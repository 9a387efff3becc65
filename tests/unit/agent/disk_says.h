/* What the disk says is free, in the C library's place. Header only: each test is one program. */
#ifndef TP_TEST_AGENT_DISK_SAYS_H
#define TP_TEST_AGENT_DISK_SAYS_H

#include <stddef.h>
#include <stdint.h>
#include <sys/statvfs.h>

#define DISK_BLOCK 4096u

static struct {
    uint64_t free[4]; /* bytes, in turn; the last of `count` for ever */
    size_t count;
    size_t looks;
} disk = {.free = {UINT64_MAX}, .count = 1};

static int disk_look(struct statvfs *status)
{
    size_t look = disk.looks++;

    *status = (struct statvfs){.f_frsize = DISK_BLOCK};
    status->f_bavail = disk.free[look < disk.count ? look : disk.count - 1] / DISK_BLOCK;
    return 0;
}

int fstatvfs(int fd, struct statvfs *status)
{
    (void)fd;
    return disk_look(status);
}

int statvfs(const char *path, struct statvfs *status)
{
    (void)path;
    return disk_look(status);
}

/* From now on, and counts anew how often it is looked at. */
static inline void disk_says(uint64_t bytes)
{
    disk.free[0] = bytes;
    disk.count = 1;
    disk.looks = 0;
}

#endif
