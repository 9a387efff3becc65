/*
 * A VFS over SQLite's own that writes the write-ahead log in large pieces.
 *
 * SQLite writes each page of its log in two small writes: some three hundred of them for the commit
 * of one group of answers, which cost more than the sync behind them. Here what follows on what was
 * written last is held, and goes out in one write before anything that could tell the difference: a
 * read, a sync, a question for the size, a truncation, the close. A write that fails is then told
 * by that call, which rolls the transaction back as the write itself would have.
 *
 * Only for connections that sync each commit (PRAGMA synchronous = FULL): the sync puts all of a
 * transaction into the file before the index of the log shows it to other connections. Other files
 * are SQLite's own, untouched. Source: https://www.sqlite.org/vfs.html, walformat.html.
 */
#ifndef TP_CENTRAL_DB_SQLITE_LOG_H
#define TP_CENTRAL_DB_SQLITE_LOG_H

#include <sqlite3.h>

/* The name to give to sqlite3_open_v2. Made over the VFS that is the default at the first call;
 * NULL where it cannot be: then the default itself is used. Thread: any. */
const char *tp_sqlite_log_vfs(void);

/* `call` is called once at the next sync of this connection's log, when what is to be synced is on
 * its way to the disk and before it is waited for; not at all where the log is not ours. */
void tp_sqlite_log_meanwhile(sqlite3 *handle, void (*call)(void *context), void *context);

#endif
