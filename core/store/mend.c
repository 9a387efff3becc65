#include "store/mend.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "store/connect.h"
#include "store/log.h"
#include "store/source.h"

#define MODE 0660

/* What the marker holds: "-damaged-20261123T094107Z-99\n". */
#define SUFFIX_MAX 64

/* A name is taken where two repairs fall in one second. */
#define NAMES_TRIED 99

/* Where SQLite's lock that every open handle holds stands in the file (its os.h). */
#define SHARED_FIRST 0x40000002
#define SHARED_SIZE 510

struct repair {
    struct tp_store *store;
    char *directory;
    char suffix[SUFFIX_MAX]; /* of the names set aside */
    char *aside;
    char *made; /* PATH-new */
    int marker; /* locked: one repair at a time */
};

bool tp_mend_may(const struct tp_store *store)
{
    return !store->vfs && !store->read_only && !store->beside_of && store->besides == 0;
}

bool tp_mend_is_wanted(const struct tp_store *store)
{
    return !store->vfs && access(store->marker, F_OK) == 0;
}

bool tp_mend_ask(struct tp_store *store, struct tp_error *error)
{
    int fd = open(store->marker, O_RDWR | O_CREAT | O_CLOEXEC, MODE);

    if (fd < 0)
        return tp_fail_errno(error, errno, "the store '%s' is damaged and cannot be repaired",
                             store->path);
    (void)close(fd);
    return true;
}

static bool fail(const struct repair *r, struct tp_error *error)
{
    return tp_fail_errno(error, errno, "cannot repair the store '%s'", r->store->path);
}

/* Waits for another repair to end. *first: ours is the marker that the name means. */
static bool lock_marker(struct repair *r, bool *first, struct tp_error *error)
{
    struct stat ours;
    struct stat named;

    r->marker = open(r->store->marker, O_RDWR | O_CREAT | O_CLOEXEC, MODE);
    if (r->marker < 0)
        return fail(r, error);
    while (flock(r->marker, LOCK_EX) != 0) {
        if (errno != EINTR)
            return fail(r, error);
    }
    *first = fstat(r->marker, &ours) == 0 && stat(r->store->marker, &named) == 0 &&
             ours.st_ino == named.st_ino && ours.st_dev == named.st_dev;
    return true;
}

/* Nobody has the file open in SQLite, here or elsewhere. */
static bool is_alone(const char *path)
{
    struct flock lock = {
        .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = SHARED_FIRST, .l_len = SHARED_SIZE};
    int fd = open(path, O_RDWR | O_CLOEXEC);
    bool alone;

    if (fd < 0)
        return errno == ENOENT;
    alone = fcntl(fd, F_OFD_SETLK, &lock) == 0;
    (void)close(fd);
    return alone;
}

/* The log that a process left behind when it died, before SQLite looks at it. */
static bool is_log_lost(const char *path, struct tp_error *error, bool *lost)
{
    char *log_path = tp_asprintf("%s-wal", path);
    struct tp_pages_source file;
    struct tp_pages_source log;
    int file_fd = -1;
    int log_fd = -1;

    if (!log_path)
        return tp_fail_memory(error);
    file = tp_source_open(path, &file_fd);
    log = tp_source_open(log_path, &log_fd);
    /* SQLite removes the log of an empty file. */
    *lost = log.size > TP_LOG_HEADER && (file.size == 0 || tp_log_is_broken(&log));
    tp_source_close(file_fd);
    tp_source_close(log_fd);
    tp_free(log_path);
    return true;
}

bool tp_mend_log(struct tp_store *store, struct tp_error *error)
{
    struct stat status;
    char *log_path;
    bool lost = false;
    bool is_there;

    if (!tp_mend_may(store))
        return true;
    log_path = tp_asprintf("%s-wal", store->path);
    if (!log_path)
        return tp_fail_memory(error);
    is_there = stat(log_path, &status) == 0 && status.st_size > 0;
    tp_free(log_path);
    if (!is_there || !is_alone(store->path))
        return true;
    return is_log_lost(store->path, error, &lost) && (!lost || tp_mend(store, error));
}

enum state { STATE_WHOLE, STATE_DAMAGED, STATE_UNKNOWN };

/* Looks at every page and index, changing nothing. */
static enum state examine(const struct repair *r, struct tp_error *error)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *statement = NULL;
    enum state state = STATE_UNKNOWN;
    const char *text;
    int result =
        sqlite3_open_v2(r->store->path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);

    if (result == SQLITE_OK) {
        (void)sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
        result = sqlite3_prepare_v2(db, "PRAGMA integrity_check(1)", -1, &statement, NULL);
    }
    if (result == SQLITE_OK)
        result = sqlite3_step(statement);
    if (result == SQLITE_ROW) {
        text = (const char *)sqlite3_column_text(statement, 0);
        state = !text ? STATE_UNKNOWN : strcmp(text, "ok") == 0 ? STATE_WHOLE : STATE_DAMAGED;
    } else if (tp_db_is_damage(result)) {
        state = STATE_DAMAGED;
    }
    if (state == STATE_UNKNOWN)
        tp_fail(error, TP_ERR_IO, "cannot repair the store '%s': it cannot be read (SQLite %d)",
                r->store->path, result);
    (void)sqlite3_finalize(statement);
    (void)sqlite3_close(db);
    return state;
}

/* The end of a repair, or of a false alarm. */
static bool unmark(const struct repair *r, struct tp_error *error)
{
    return (unlink(r->store->marker) == 0 && tp_dir_sync(r->directory, error)) || fail(r, error);
}

/* The name to set aside under, if an earlier repair has chosen and noted one. */
static bool read_suffix(struct repair *r)
{
    ssize_t got = pread(r->marker, r->suffix, sizeof(r->suffix) - 1, 0);
    char *end;

    if (got <= 0)
        return false;
    r->suffix[got] = '\0';
    end = strchr(r->suffix, '\n');
    if (!end || strncmp(r->suffix, "-damaged-", 9) != 0 || strchr(r->suffix, '/'))
        return false;
    *end = '\0';
    return true;
}

/* Chooses a name that is free, and notes it so that it lasts, before anything is moved. */
static bool choose_suffix(struct repair *r, struct tp_error *error)
{
    char time[TP_TIME_TEXT_MAX];
    char line[SUFFIX_MAX + 1];
    int length;

    tp_time_utc(tp_clock_wall_ms(&r->store->clock), time);
    for (int i = 1; i <= NAMES_TRIED; i++) {
        char *name;
        bool is_free;

        (void)snprintf(r->suffix, sizeof(r->suffix), "-damaged-%.4s%.2s%.2sT%.2s%.2s%.2sZ-%d", time,
                       time + 5, time + 8, time + 11, time + 14, time + 17, i);
        name = tp_asprintf("%s%s", r->store->path, r->suffix);
        if (!name)
            return tp_fail_memory(error);
        is_free = access(name, F_OK) != 0;
        tp_free(name);
        if (is_free)
            break;
    }
    length = snprintf(line, sizeof(line), "%s\n", r->suffix);
    if (ftruncate(r->marker, 0) != 0 || pwrite(r->marker, line, (size_t)length, 0) != length ||
        fsync(r->marker) != 0)
        return fail(r, error);
    return tp_dir_sync(r->directory, error);
}

/* Does something to the file `PATH end`; what is not there is fine. */
static bool remove_beside(const struct repair *r, const char *path, const char *end,
                          struct tp_error *error)
{
    char *name = tp_asprintf("%s%s", path, end);
    bool ok;

    if (!name)
        return tp_fail_memory(error);
    ok = unlink(name) == 0 || errno == ENOENT || fail(r, error);
    tp_free(name);
    return ok;
}

static bool move_log(const struct repair *r, struct tp_error *error)
{
    char *from = tp_asprintf("%s-wal", r->store->path);
    char *to = tp_asprintf("%s-wal", r->aside);
    bool ok = false;

    if (!from || !to)
        tp_fail_memory(error);
    else
        ok = rename(from, to) == 0 || errno == ENOENT || fail(r, error);
    tp_free(from);
    tp_free(to);
    return ok;
}

/* The damaged file gets its second name, its log moves there; the first name stays, so that nobody
 * makes a new store meanwhile. */
static bool set_aside(const struct repair *r, struct tp_error *error)
{
    if (link(r->store->path, r->aside) != 0 && errno != EEXIST)
        return fail(r, error);
    return move_log(r, error) && remove_beside(r, r->store->path, "-shm", error) &&
           tp_dir_sync(r->directory, error);
}

/* An earlier repair was cut off just before its end. */
static bool is_replaced(const struct repair *r)
{
    struct stat aside;
    struct stat named;

    return stat(r->aside, &aside) == 0 && stat(r->store->path, &named) == 0 &&
           aside.st_ino != named.st_ino;
}

static bool replace(const struct repair *r, struct tp_error *error)
{
    if (!remove_beside(r, r->made, "", error) || !remove_beside(r, r->made, "-wal", error) ||
        !remove_beside(r, r->made, "-shm", error))
        return false;
    if (!tp_salvage(r->store, r->aside, r->made, error)) {
        /* It takes room that what is left to save may need. */
        (void)remove_beside(r, r->made, "", NULL);
        (void)remove_beside(r, r->made, "-wal", NULL);
        return false;
    }
    return tp_file_sync(r->made, error) &&
           (rename(r->made, r->store->path) == 0 || fail(r, error)) &&
           tp_dir_sync(r->directory, error);
}

/* With the marker locked. */
static bool repair(struct repair *r, struct tp_error *error)
{
    if (!is_alone(r->store->path))
        return tp_fail(error, TP_ERR_IO,
                       "the store '%s' is damaged and cannot be repaired yet: another program has "
                       "it open",
                       r->store->path);
    if (!read_suffix(r)) {
        enum state state = examine(r, error);

        if (state == STATE_UNKNOWN)
            return false;
        if (state == STATE_WHOLE)
            return unmark(r, error);
        if (!tp_salvage_is_ours(r->store->path)) {
            (void)unmark(r, NULL);
            return tp_fail(error, TP_ERR_IO,
                           "'%s' is damaged, or is not a Talkpoint store: name another file, or "
                           "move this one away",
                           r->store->path);
        }
        if (!choose_suffix(r, error))
            return false;
    }
    r->aside = tp_asprintf("%s%s", r->store->path, r->suffix);
    if (!r->aside)
        return tp_fail_memory(error);
    return (is_replaced(r) || (set_aside(r, error) && replace(r, error))) && unmark(r, error);
}

bool tp_mend(struct tp_store *store, struct tp_error *error)
{
    struct repair r = {.store = store, .marker = -1};
    bool first = false;
    bool ok = false;

    if (store->beside_of || store->besides)
        return tp_fail(error, TP_ERR_IO, "the store '%s' is damaged and waits for repair",
                       store->path);
    if (!tp_mend_may(store))
        return tp_fail(error, TP_ERR_IO,
                       "the store '%s' is damaged: the kiosk or the agent mends "
                       "it when it is next started",
                       store->path);
    r.directory = tp_directory_of(store->path);
    r.made = tp_asprintf("%s-new", store->path);
    if (!r.directory || !r.made)
        tp_fail_memory(error);
    else if (lock_marker(&r, &first, error))
        ok = !first || repair(&r, error);
    if (r.marker >= 0)
        (void)close(r.marker);
    tp_free(r.aside);
    tp_free(r.made);
    tp_free(r.directory);
    return ok;
}
