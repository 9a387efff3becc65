#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <libgen.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"

#define READ_BLOCK 65536
#define OPEN_DIRS_MAX 16

bool tp_file_read(const char *path, struct tp_buf *out, struct tp_error *error)
{
    char *block = tp_calloc(READ_BLOCK, 1);
    bool done = false;
    ssize_t got = 0;
    int fd;

    if (!block)
        return tp_fail_memory(error);
    fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        tp_fail_errno(error, errno, "cannot read '%s'", path);
        goto free_block;
    }
    do {
        got = read(fd, block, READ_BLOCK);
    } while ((got < 0 && errno == EINTR) || (got > 0 && tp_buf_add(out, block, (size_t)got)));
    if (got < 0)
        tp_fail_errno(error, errno, "cannot read '%s'", path);
    else if (got > 0 && (size_t)got > out->max - out->length)
        tp_fail(error, TP_ERR_LIMIT, "cannot read '%s': larger than %zu bytes", path, out->max);
    else if (got > 0)
        tp_fail_memory(error);
    else
        done = true;
    (void)close(fd);
free_block:
    tp_wipe(block, READ_BLOCK);
    tp_free(block);
    return done;
}

static bool sync_path(const char *path, int flags, struct tp_error *error)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | flags);
    bool ok;

    if (fd < 0)
        return tp_fail_errno(error, errno, "cannot open '%s'", path);
    ok = fsync(fd) == 0 || tp_fail_errno(error, errno, "cannot sync '%s'", path);
    (void)close(fd);
    return ok;
}

bool tp_file_sync(const char *path, struct tp_error *error)
{
    return sync_path(path, 0, error);
}

bool tp_dir_sync(const char *path, struct tp_error *error)
{
    return sync_path(path, O_DIRECTORY, error);
}

bool tp_write_all(int fd, const void *bytes, size_t count)
{
    const char *from = bytes;

    while (count) {
        ssize_t put = write(fd, from, count);

        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return false;
        from += put;
        count -= (size_t)put;
    }
    return true;
}

bool tp_file_write_atomic(const char *path, const void *bytes, size_t count, mode_t mode,
                          struct tp_error *error)
{
    char *temporary = tp_asprintf("%s.XXXXXX", path);
    char *copy = tp_strdup(path);
    bool ok = false;
    int fd = -1;

    if (!temporary || !copy) {
        tp_fail_memory(error);
        goto free_names;
    }
    fd = mkostemp(temporary, O_CLOEXEC);
    if (fd < 0) {
        tp_fail_errno(error, errno, "cannot write '%s'", path);
        goto free_names;
    }
    if ((fchmod(fd, mode ? mode : 0644) != 0 && mode) || !tp_write_all(fd, bytes, count) ||
        fsync(fd) != 0) {
        tp_fail_errno(error, errno, "cannot write '%s'", path);
        goto remove_temporary;
    }
    if (close(fd) != 0) {
        fd = -1;
        tp_fail_errno(error, errno, "cannot write '%s'", path);
        goto remove_temporary;
    }
    fd = -1;
    if (rename(temporary, path) != 0) {
        tp_fail_errno(error, errno, "cannot replace '%s'", path);
        goto remove_temporary;
    }
    ok = tp_dir_sync(dirname(copy), error);
    goto free_names;

remove_temporary:
    if (fd >= 0)
        (void)close(fd);
    (void)unlink(temporary);
free_names:
    tp_free(copy);
    tp_free(temporary);
    return ok;
}

bool tp_dir_make(const char *path, mode_t mode, struct tp_error *error)
{
    char *copy = tp_strdup(path);
    bool ok = true;

    if (!copy)
        return tp_fail_memory(error);
    for (char *p = copy + 1; ok && *p; p++) {
        if (*p != '/')
            continue;
        *p = '\0';
        if (mkdir(copy, mode) != 0 && errno != EEXIST)
            ok = tp_fail_errno(error, errno, "cannot make directory '%s'", copy);
        *p = '/';
    }
    if (ok && mkdir(copy, mode) != 0 && errno != EEXIST)
        ok = tp_fail_errno(error, errno, "cannot make directory '%s'", copy);
    tp_free(copy);
    return ok;
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *walk)
{
    (void)status;
    (void)type;
    (void)walk;
    return remove(path) == 0 || errno == ENOENT ? 0 : errno;
}

bool tp_dir_remove(const char *path, struct tp_error *error)
{
    struct stat status;
    int err;

    if (lstat(path, &status) != 0)
        return errno == ENOENT || tp_fail_errno(error, errno, "cannot remove '%s'", path);
    err = nftw(path, remove_one, OPEN_DIRS_MAX, FTW_DEPTH | FTW_PHYS);
    if (err == 0)
        return true;
    return tp_fail_errno(error, err > 0 ? err : errno, "cannot remove '%s'", path);
}
