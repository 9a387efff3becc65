#include "store/connect.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "store/mend.h"

/* Each try ends a repair, our own or another process's; more than a few is no chance any more. */
#define TRIES 4

/* A file up to this size is checked page by page when it is opened: a few milliseconds. */
#define CHECK_WHEN_OPENED_MAX (2 * 1024 * 1024)

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

char *tp_directory_of(const char *path)
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
    directory = tp_directory_of(path);
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

bool tp_store_check_pages(struct tp_store *store, struct tp_error *error)
{
    sqlite3_stmt *statement = NULL;
    bool ok = false;

    if (sqlite3_prepare_v2(store->db, "PRAGMA quick_check(1)", -1, &statement, NULL) != SQLITE_OK ||
        sqlite3_step(statement) != SQLITE_ROW) {
        tp_db_fail(store, "cannot check the store", error);
    } else if (!sqlite3_column_text(statement, 0)) {
        tp_fail_memory(error);
    } else if (!first_column_is(statement, "ok")) {
        store->damaged = true;
        tp_fail(error, TP_ERR_IO, "the store '%s' is damaged", store->path);
    } else {
        ok = true;
    }
    (void)sqlite3_finalize(statement);
    return ok;
}

static bool open_db(struct tp_store *store, struct tp_error *error)
{
    int flags =
        store->read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;

    if (store->read_only && !store->vfs && access(store->path, F_OK) != 0)
        return tp_fail_errno(error, errno, "cannot open the store '%s'", store->path);
    if (!store->read_only && !store->vfs && !make_file(store->path, error))
        return false;
    if (sqlite3_open_v2(store->path, &store->db, flags | SQLITE_OPEN_NOMUTEX, store->vfs) !=
        SQLITE_OK)
        return tp_db_fail(store, "cannot open the store", error);
    (void)sqlite3_extended_result_codes(store->db, 1);
    (void)sqlite3_busy_timeout(store->db, (int)store->busy_ms);
    (void)sqlite3_db_config(store->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    tp_db_watch_log(store);
    return tp_db_exec(store, settings_for_all, error) && tp_schema_check(store, error) &&
           (store->read_only ||
            (tp_db_exec(store, settings_for_writers, error) && use_log(store, error)));
}

/* A transaction must be ended also when there is no memory left to make the statement. */
static bool prepare_the_ends(struct tp_store *store, struct tp_error *error)
{
    static const char doing[] = "cannot open the store";

    return tp_db_prepare(store, TP_SQL_ROLLBACK, doing, error) &&
           tp_db_prepare(store, TP_SQL_COMMIT, doing, error);
}

static bool connect_once(struct tp_store *store, struct tp_error *error)
{
    store->damaged = false;
    return open_db(store, error) && tp_schema_update(store, error) &&
           check_if_small(store, error) && prepare_the_ends(store, error);
}

/* True where another file has taken the name since ours was opened: it was mended under us. */
static bool has_moved(struct tp_store *store)
{
    int moved = 0;

    return sqlite3_file_control(store->db, "main", SQLITE_FCNTL_HAS_MOVED, &moved) == SQLITE_OK &&
           moved;
}

/* What is open keeps a lock until it is closed; nobody mends a file that another has open. So where
 * neither a repair is wanted nor the name has moved now, the file stays ours. */
bool tp_store_connect(struct tp_store *store, struct tp_error *error)
{
    for (int i = 0; i < TRIES; i++) {
        if ((tp_mend_is_wanted(store) && !tp_mend(store, error)) || !tp_mend_log(store, error))
            return false;
        if (connect_once(store, error)) {
            if (!tp_mend_is_wanted(store) && !has_moved(store))
                return true;
            tp_store_disconnect(store);
            continue;
        }
        tp_store_disconnect(store);
        if (!store->damaged || !tp_mend_may(store) || !tp_mend(store, error))
            return false;
    }
    return tp_fail(error, TP_ERR_IO, "the store '%s' is being repaired again and again",
                   store->path);
}

void tp_store_disconnect(struct tp_store *store)
{
    for (size_t i = 0; i < TP_STATEMENT_COUNT; i++) {
        (void)sqlite3_finalize(store->statements[i]);
        store->statements[i] = NULL;
    }
    (void)sqlite3_close(store->db);
    store->db = NULL;
    store->data_version = -1;
    store->log_pages = 0;
}

bool tp_store_heal(struct tp_store *store, struct tp_error *error)
{
    bool wanted = (store->damaged && tp_mend_may(store)) || tp_mend_is_wanted(store);

    if (store->db && !wanted)
        return true;
    if (store->damaged && tp_mend_may(store) && !tp_mend_ask(store, error))
        return false;
    tp_store_disconnect(store);
    return tp_store_connect(store, error);
}
