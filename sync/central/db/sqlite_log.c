#include "central/db/sqlite_log.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"

#define NAME "talkpoint-log"
/* What is held at most, in bytes: the largest write that SQLite makes, a page, and so the largest
 * that a VFS has to know. */
#define HELD_MAX (64 * 1024)

/* A log; SQLite's own file object lies behind it. */
struct log {
    sqlite3_file base;
    char *held; /* NULL until the first write */
    int length;
    sqlite3_int64 start; /* where in the file the held bytes begin */
    int hint;            /* to start writing the file out ahead of its sync; -1: without */
    void (*meanwhile)(void *context);
    void *context;
};

static sqlite3_vfs vfs;
static sqlite3_vfs *under;

static sqlite3_file *own(sqlite3_file *file)
{
    return (sqlite3_file *)((struct log *)file + 1);
}

static int flush(sqlite3_file *file)
{
    struct log *log = (struct log *)file;
    int length = log->length;

    log->length = 0;
    return length ? own(file)->pMethods->xWrite(own(file), log->held, length, log->start)
                  : SQLITE_OK;
}

static int log_close(sqlite3_file *file)
{
    int flushed = flush(file);
    int closed = own(file)->pMethods->xClose(own(file));

    if (((struct log *)file)->hint >= 0)
        (void)close(((struct log *)file)->hint);
    tp_free(((struct log *)file)->held);
    return flushed == SQLITE_OK ? closed : flushed;
}

static int log_read(sqlite3_file *file, void *out, int count, sqlite3_int64 offset)
{
    int flushed = flush(file);

    return flushed == SQLITE_OK ? own(file)->pMethods->xRead(own(file), out, count, offset)
                                : flushed;
}

/* Whether these bytes can be held behind what is. */
static bool fits(const struct log *log, int count, sqlite3_int64 offset)
{
    return log->held && count <= HELD_MAX - log->length &&
           (log->length == 0 || offset == log->start + log->length);
}

static int log_write(sqlite3_file *file, const void *bytes, int count, sqlite3_int64 offset)
{
    struct log *log = (struct log *)file;

    if (!log->held)
        log->held = tp_calloc(1, HELD_MAX);
    if (!fits(log, count, offset)) {
        int flushed = flush(file);

        if (flushed != SQLITE_OK)
            return flushed;
    }
    if (!fits(log, count, offset))
        return own(file)->pMethods->xWrite(own(file), bytes, count, offset);
    if (log->length == 0)
        log->start = offset;
    memcpy(log->held + log->length, bytes, (size_t)count);
    log->length += count;
    return SQLITE_OK;
}

static int log_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    int flushed = flush(file);

    return flushed == SQLITE_OK ? own(file)->pMethods->xTruncate(own(file), size) : flushed;
}

static int log_sync(sqlite3_file *file, int flags)
{
    struct log *log = (struct log *)file;
    void (*call)(void *context) = log->meanwhile;
    int flushed = flush(file);

    if (flushed != SQLITE_OK)
        return flushed;
    log->meanwhile = NULL;
    if (call) {
        /* Without waiting, and without promise: the sync makes it. */
        if (log->hint >= 0)
            (void)sync_file_range(log->hint, 0, 0, SYNC_FILE_RANGE_WRITE);
        call(log->context);
    }
    return own(file)->pMethods->xSync(own(file), flags);
}

static int log_file_size(sqlite3_file *file, sqlite3_int64 *size)
{
    int flushed = flush(file);

    return flushed == SQLITE_OK ? own(file)->pMethods->xFileSize(own(file), size) : flushed;
}

static int log_lock(sqlite3_file *file, int level)
{
    return own(file)->pMethods->xLock(own(file), level);
}

static int log_unlock(sqlite3_file *file, int level)
{
    return own(file)->pMethods->xUnlock(own(file), level);
}

static int log_check_reserved(sqlite3_file *file, int *out)
{
    return own(file)->pMethods->xCheckReservedLock(own(file), out);
}

static int log_file_control(sqlite3_file *file, int op, void *arg)
{
    return own(file)->pMethods->xFileControl(own(file), op, arg);
}

static int log_sector_size(sqlite3_file *file)
{
    return own(file)->pMethods->xSectorSize(own(file));
}

static int log_characteristics(sqlite3_file *file)
{
    return own(file)->pMethods->xDeviceCharacteristics(own(file));
}

static const sqlite3_io_methods methods = {
    .iVersion = 1,
    .xClose = log_close,
    .xRead = log_read,
    .xWrite = log_write,
    .xTruncate = log_truncate,
    .xSync = log_sync,
    .xFileSize = log_file_size,
    .xLock = log_lock,
    .xUnlock = log_unlock,
    .xCheckReservedLock = log_check_reserved,
    .xFileControl = log_file_control,
    .xSectorSize = log_sector_size,
    .xDeviceCharacteristics = log_characteristics,
};

static int open_file(sqlite3_vfs *unused, const char *name, sqlite3_file *file, int flags,
                     int *out_flags)
{
    int opened;

    (void)unused;
    if (!(flags & SQLITE_OPEN_WAL))
        return under->xOpen(under, name, file, flags, out_flags);
    memset(file, 0, sizeof(struct log));
    opened = under->xOpen(under, name, own(file), flags, out_flags);
    /* A file that has methods is closed by SQLite, also after a failure. */
    if (own(file)->pMethods)
        file->pMethods = &methods;
    ((struct log *)file)->hint = file->pMethods ? open(name, O_WRONLY | O_CLOEXEC) : -1;
    return opened;
}

static void make(void)
{
    sqlite3_vfs *found = sqlite3_vfs_find(NULL);

    if (!found)
        return;
    vfs = *found;
    vfs.pNext = NULL;
    vfs.zName = NAME;
    vfs.szOsFile = (int)sizeof(struct log) + found->szOsFile;
    vfs.xOpen = open_file;
    if (sqlite3_vfs_register(&vfs, 0) == SQLITE_OK)
        under = found;
}

void tp_sqlite_log_meanwhile(sqlite3 *handle, void (*call)(void *context), void *context)
{
    sqlite3_file *file = NULL;

    if (sqlite3_file_control(handle, "main", SQLITE_FCNTL_JOURNAL_POINTER, &file) != SQLITE_OK ||
        !file || file->pMethods != &methods)
        return;
    ((struct log *)file)->meanwhile = call;
    ((struct log *)file)->context = context;
}

const char *tp_sqlite_log_vfs(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    (void)pthread_once(&once, make);
    return under ? NAME : NULL;
}
