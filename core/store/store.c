#include "store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <libgen.h>
#include <sodium.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"
#include "store/db.h"

#define BOOT_ID_FILE "/proc/sys/kernel/random/boot_id"

/* A file up to this size is checked page by page when it is opened: a few milliseconds. */
#define CHECK_WHEN_OPENED_MAX (2 * 1024 * 1024)

/* The log is copied back at 2 MiB while nobody waits (when a resident starts, when the agent has
 * sent), and at 16 MiB in any case. */
#define LOG_SOON_PAGES 512
#define LOG_MUST_PAGES 4096

#define MODE 0660

static const char settings_for_all[] = "PRAGMA temp_store = MEMORY;"
                                       "PRAGMA trusted_schema = OFF;"
                                       "PRAGMA cell_size_check = ON;"
                                       "PRAGMA foreign_keys = ON;";

/* FULL syncs the log at each commit; what is deleted is overwritten with zeros. The log is cut back
 * to 4 MiB after it was long. */
static const char settings_for_writers[] = "PRAGMA synchronous = FULL;"
                                           "PRAGMA secure_delete = ON;"
                                           "PRAGMA journal_size_limit = 4194304;";

static bool read_boot_id(struct tp_store *store, const char *given, struct tp_error *error)
{
    struct tp_buf text;
    bool ok;

    if (given) {
        (void)snprintf(store->boot, sizeof(store->boot), "%s", given);
        return true;
    }
    tp_buf_init(&text, TP_BOOT_ID_MAX);
    ok = tp_file_read(BOOT_ID_FILE, &text, error);
    if (ok)
        (void)snprintf(store->boot, sizeof(store->boot), "%.36s", tp_buf_text(&text));
    tp_buf_finish(&text);
    return ok;
}

/* The directory of the store; to be freed. */
static char *directory_of(const char *path)
{
    char *copy = tp_strdup(path);
    char *directory = copy ? tp_strdup(dirname(copy)) : NULL;

    tp_free(copy);
    return directory;
}

/* Makes an empty file whose name lasts, with our mode; SQLite takes the mode over for its log. */
static bool make_file(const char *path, struct tp_error *error)
{
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, MODE);
    char *directory;
    bool ok;

    if (fd < 0)
        return errno == EEXIST || tp_fail_errno(error, errno, "cannot make the store '%s'", path);
    (void)close(fd);
    directory = directory_of(path);
    if (!directory)
        return tp_fail_memory(error);
    ok = tp_dir_sync(directory, error);
    tp_free(directory);
    return ok;
}

/* Without memory for the text, SQLite gives NULL. */
static bool first_column_is(sqlite3_stmt *statement, const char *expected)
{
    const char *text = (const char *)sqlite3_column_text(statement, 0);

    return text && strcmp(text, expected) == 0;
}

static bool run(struct tp_store *store, const char *sql, struct tp_error *error)
{
    return sqlite3_exec(store->db, sql, NULL, NULL, NULL) == SQLITE_OK ||
           tp_db_fail(store, "cannot open the store", error);
}

/* The log beside the file (WAL) lets the kiosk and the agent work at once. */
static bool use_log(struct tp_store *store, struct tp_error *error)
{
    sqlite3_stmt *statement = NULL;
    bool ok = false;

    if (sqlite3_prepare_v2(store->db, "PRAGMA journal_mode = WAL", -1, &statement, NULL) !=
            SQLITE_OK ||
        sqlite3_step(statement) != SQLITE_ROW)
        tp_db_fail(store, "cannot open the store", error);
    else if (!first_column_is(statement, "wal"))
        tp_fail(error, TP_ERR_IO,
                "'%s' cannot have a log beside it: put the store on a disk of this machine",
                store->path);
    else
        ok = true;
    (void)sqlite3_finalize(statement);
    return ok;
}

static bool check_if_small(struct tp_store *store, struct tp_error *error)
{
    sqlite3_stmt *statement = NULL;
    bool ok = sqlite3_prepare_v2(store->db,
                                 "SELECT page_count * page_size"
                                 " FROM pragma_page_count(), pragma_page_size()",
                                 -1, &statement, NULL) == SQLITE_OK &&
              sqlite3_step(statement) == SQLITE_ROW;
    int64_t bytes = ok ? sqlite3_column_int64(statement, 0) : 0;

    if (!ok)
        tp_db_fail(store, "cannot open the store", error);
    (void)sqlite3_finalize(statement);
    return ok && (bytes > CHECK_WHEN_OPENED_MAX || tp_store_check(store, error));
}

static bool open_db(struct tp_store *store, const struct tp_store_params *params,
                    struct tp_error *error)
{
    int flags =
        params->read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;

    if (params->read_only && !store->memory_only && access(store->path, F_OK) != 0)
        return tp_fail_errno(error, errno, "cannot open the store '%s'", store->path);
    if (!params->read_only && !store->memory_only && !make_file(store->path, error))
        return false;
    if (sqlite3_open_v2(store->path, &store->db, flags | SQLITE_OPEN_NOMUTEX, params->vfs) !=
        SQLITE_OK)
        return tp_db_fail(store, "cannot open the store", error);
    (void)sqlite3_extended_result_codes(store->db, 1);
    (void)sqlite3_busy_timeout(store->db,
                               (int)(params->busy_ms ? params->busy_ms : TP_STORE_BUSY_MS));
    (void)sqlite3_db_config(store->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    tp_db_watch_log(store);
    return run(store, settings_for_all, error) && tp_schema_check(store, error) &&
           (params->read_only ||
            (run(store, settings_for_writers, error) && use_log(store, error)));
}

/* A transaction must be ended also when there is no memory left to make the statement. */
static bool prepare_the_ends(struct tp_store *store, struct tp_error *error)
{
    static const char doing[] = "cannot open the store";

    return tp_db_prepare(store, TP_SQL_ROLLBACK, doing, error) &&
           tp_db_prepare(store, TP_SQL_COMMIT, doing, error);
}

struct tp_store *tp_store_open(const char *path, const struct tp_store_params *params,
                               struct tp_error *error)
{
    struct tp_store *store = tp_calloc(1, sizeof(*store));

    if (!store || !(store->path = tp_strdup(path))) {
        tp_fail_memory(error);
        goto close_store;
    }
    store->clock = params->clock;
    store->read_only = params->read_only;
    store->memory_only = params->vfs != NULL;
    store->free_min = params->free_min ? params->free_min : TP_STORE_FREE_MIN;
    store->data_version = -1;
    store->log_soon = LOG_SOON_PAGES;
    store->log_must = LOG_MUST_PAGES;
    if (sodium_init() < 0) {
        tp_fail(error, TP_ERR_CRYPTO, "libsodium cannot start");
        goto close_store;
    }
    randombytes_buf(&store->holder, sizeof(store->holder));
    if (!read_boot_id(store, params->boot_id, error) || !open_db(store, params, error) ||
        !tp_schema_update(store, error) || !check_if_small(store, error) ||
        !prepare_the_ends(store, error))
        goto close_store;
    return store;

close_store:
    tp_store_close(store);
    return NULL;
}

void tp_store_close(struct tp_store *store)
{
    if (!store)
        return;
    for (size_t i = 0; i < TP_STATEMENT_COUNT; i++)
        (void)sqlite3_finalize(store->statements[i]);
    (void)sqlite3_close(store->db);
    tp_free(store->path);
    tp_wipe(&store->ready, sizeof(store->ready));
    tp_free(store);
}

bool tp_store_check(struct tp_store *store, struct tp_error *error)
{
    sqlite3_stmt *statement = NULL;
    bool ok = false;

    if (sqlite3_prepare_v2(store->db, "PRAGMA quick_check(1)", -1, &statement, NULL) != SQLITE_OK ||
        sqlite3_step(statement) != SQLITE_ROW)
        tp_db_fail(store, "cannot check the store", error);
    else if (!first_column_is(statement, "ok"))
        tp_fail(error, TP_ERR_IO, "the store '%s' is damaged", store->path);
    else
        ok = true;
    (void)sqlite3_finalize(statement);
    return ok;
}

bool tp_store_disk_free(const struct tp_store *store, uint64_t *bytes, struct tp_error *error)
{
    struct statvfs disk;

    if (store->memory_only) {
        *bytes = UINT64_MAX;
        return true;
    }
    if (statvfs(store->path, &disk) != 0)
        return tp_fail_errno(error, errno, "cannot see how full the disk of '%s' is", store->path);
    *bytes = (uint64_t)disk.f_bavail * disk.f_frsize;
    return true;
}

bool tp_store_can_save(struct tp_store *store, struct tp_error *error)
{
    static const char doing[] = "nothing can be saved";
    uint64_t bytes = 0;

    if (!tp_store_disk_free(store, &bytes, error))
        return false;
    if (bytes < store->free_min)
        return tp_fail(error, TP_ERR_IO,
                       "nothing can be saved in '%s': the disk has %" PRIu64
                       " KiB left and %" PRIu64 " KiB are wanted: make room on it",
                       store->path, bytes / 1024, store->free_min / 1024);
    tp_db_tidy(store);
    return tp_db_run(store, TP_SQL_PROBE, TP_NO_VALUES, doing, error);
}

bool tp_store_changed(struct tp_store *store)
{
    int64_t version = 0;
    bool changed;

    /* What cannot be read has changed, as far as the caller is concerned: it will look, and be
     * told. */
    if (!tp_db_integer(store, TP_SQL_CHANGED, TP_NO_VALUES, &version, "cannot read the store",
                       NULL))
        return true;
    changed = version != store->data_version;
    store->data_version = version;
    return changed;
}
