#include "store/source.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static bool read_at(void *context, uint64_t offset, void *bytes, size_t count)
{
    ssize_t got;

    do {
        got = pread(*(const int *)context, bytes, count, (off_t)offset);
    } while (got < 0 && errno == EINTR);
    return got == (ssize_t)count;
}

struct tp_pages_source tp_source_open(const char *path, int *fd)
{
    struct stat status;

    *fd = open(path, O_RDONLY | O_CLOEXEC);
    if (*fd < 0 || fstat(*fd, &status) != 0)
        return (struct tp_pages_source){.read = read_at, .context = fd};
    return (struct tp_pages_source){
        .read = read_at, .context = fd, .size = (uint64_t)status.st_size};
}

void tp_source_close(int fd)
{
    if (fd >= 0)
        (void)close(fd);
}
