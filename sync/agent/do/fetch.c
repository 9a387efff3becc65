#include "agent/do/fetch.h"

#include <errno.h>
#include <fcntl.h>
#include <nettle/md5.h>
#include <stdio.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/file.h"
#include "store/encode.h"

#define BLOCK 65536
/* How often the free disk is looked at. */
#define LOOK_EVERY (UINT64_C(4) * 1024 * 1024)
/* A quarter of a day: a film over the slowest line in use. A stall is cut much earlier. */
#define FETCH_TOTAL_S (6L * 60 * 60)

struct file {
    const struct tp_fetch *fetch;
    struct tp_error *error;
    int fd;
    struct md5_ctx md5;
    uint64_t size;
    uint64_t looked_at; /* size when the free disk was last looked at */
    bool failed;        /* *error is set */
};

static bool broke(struct file *file)
{
    file->failed = true;
    return tp_fail_errno(file->error, errno, "cannot write '%s'", file->fetch->partial);
}

static bool has_room(struct file *file)
{
    struct statvfs disk;

    file->looked_at = file->size;
    if (fstatvfs(file->fd, &disk) != 0 ||
        (uint64_t)disk.f_bavail * disk.f_frsize >= file->fetch->free_min)
        return true;
    file->failed = true;
    return tp_fail(file->error, TP_ERR_LIMIT,
                   "not fetched, for the disk is nearly full and the room is kept for answers; "
                   "free some disk: %s",
                   file->fetch->what);
}

/* Counts what is there into the hash. */
static bool count_in(int fd, struct md5_ctx *md5, uint64_t *size)
{
    unsigned char block[BLOCK];
    ssize_t got;

    *size = 0;
    while ((got = read(fd, block, sizeof(block))) > 0) {
        md5_update(md5, (size_t)got, block);
        *size += (uint64_t)got;
    }
    return got == 0;
}

static bool digest_is(struct md5_ctx *md5, const char *digits)
{
    unsigned char digest[MD5_DIGEST_SIZE];
    char text[TP_HEX_MAX(MD5_DIGEST_SIZE)];

    md5_digest(md5, sizeof(digest), digest);
    tp_hex(digest, sizeof(digest), text);
    return strcmp(text, digits) == 0;
}

bool tp_file_has_md5(const char *path, const char *md5)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    struct md5_ctx context;
    uint64_t size;
    bool has;

    if (fd < 0)
        return false;
    md5_init(&context);
    has = count_in(fd, &context, &size) && digest_is(&context, md5);
    (void)close(fd);
    return has;
}

/* The whole comes after all: what was there before does not count. */
static bool on_begin(void *context, bool partial)
{
    struct file *file = context;

    if (!has_room(file))
        return false;
    if (partial)
        return true;
    if (ftruncate(file->fd, 0) != 0 || lseek(file->fd, 0, SEEK_SET) != 0)
        return broke(file);
    md5_init(&file->md5);
    file->size = file->looked_at = 0;
    return true;
}

static bool on_write(void *context, const void *bytes, size_t count)
{
    struct file *file = context;

    if (file->size + count > file->fetch->bytes_max) {
        file->failed = true;
        return tp_fail(file->error, TP_ERR_LIMIT, "larger than %llu bytes: %s",
                       (unsigned long long)file->fetch->bytes_max, file->fetch->what);
    }
    if (file->size - file->looked_at >= LOOK_EVERY && !has_room(file))
        return false;
    if (!tp_write_all(file->fd, bytes, count))
        return broke(file);
    md5_update(&file->md5, count, bytes);
    file->size += count;
    return true;
}

static bool open_partial(struct file *file)
{
    file->fd = open(file->fetch->partial, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
    if (file->fd < 0)
        return broke(file);
    md5_init(&file->md5);
    if (!count_in(file->fd, &file->md5, &file->size))
        return broke(file);
    if (file->size < file->fetch->bytes_max)
        return true;
    return on_begin(file, false);
}

/* Whole: checks it and gives it its name. */
static enum tp_fetch_end settle(struct file *file)
{
    if (!digest_is(&file->md5, file->fetch->md5)) {
        (void)unlink(file->fetch->partial);
        tp_fail(file->error, TP_ERR_INVALID, "arrived damaged (its hash is not the listed one): %s",
                file->fetch->what);
        return TP_FETCH_FAILED;
    }
    if (fsync(file->fd) == 0 && rename(file->fetch->partial, file->fetch->path) == 0)
        return TP_FETCH_DONE;
    (void)broke(file);
    return TP_FETCH_FAILED;
}

/* 416: nothing lies beyond what is here, which may be the whole. */
static bool is_beyond(const struct tp_exchange *exchange)
{
    return exchange->answered && (exchange->openrosa || exchange->hash_proves) &&
           exchange->status == 416;
}

static enum tp_fetch_end request_file(struct file *file, const char *url,
                                      struct tp_verdict *verdict, int64_t *retry_after_s)
{
    struct tp_http_sink sink = {.begin = on_begin, .write = on_write, .context = file};
    struct tp_http_request request = {.method = "GET",
                                      .url = url,
                                      .total_s = FETCH_TOTAL_S,
                                      .resume_from = file->size,
                                      .sink = &sink,
                                      .hash_proves = true};
    struct tp_http_answer answer;
    enum tp_fetch_end end = TP_FETCH_REFUSED;

    if (!tp_http_call(file->fetch->http, &request, &answer, file->error))
        return TP_FETCH_FAILED;
    /* For the verdict a part that was asked for is as good as the whole. */
    if (request.resume_from && answer.exchange.status == 206)
        answer.exchange.status = 200;
    if (file->failed) {
        end = TP_FETCH_FAILED;
    } else if (is_beyond(&answer.exchange) ||
               tp_verdict_of_get(&answer.exchange, file->fetch->what, verdict)) {
        end = settle(file);
    } else {
        *retry_after_s = answer.retry_after_s;
    }
    tp_http_answer_finish(&answer);
    return end;
}

enum tp_fetch_end tp_fetch_file(const struct tp_fetch *fetch, struct tp_verdict *verdict,
                                int64_t *retry_after_s, struct tp_error *error)
{
    struct file file = {.fetch = fetch, .error = error, .fd = -1};
    enum tp_fetch_end end = TP_FETCH_FAILED;
    char url[TP_HTTP_URL_MAX];

    if (!tp_http_url(fetch->http, fetch->reference, url, error)) {
        tp_fail_prefix(error, "%s", fetch->what);
        return end;
    }
    if (open_partial(&file))
        end = request_file(&file, url, verdict, retry_after_s);
    if (file.fd >= 0)
        (void)close(file.fd);
    return end;
}
