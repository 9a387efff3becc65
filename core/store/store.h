/*
 * The device's store: one SQLite file with the outbox of sealed answers, counters and settings.
 *
 * The kiosk and the agent open the same file at the same time; each has its own handle. Whatever a
 * function here or in the headers beside it reports as saved is on the disk, synced (WAL,
 * synchronous FULL), and survives a power cut. Nothing that a resident answered is ever in it
 * unsealed, but for the tallies of polls marked public. A handle belongs to one thread at a time.
 */
#ifndef TP_STORE_STORE_H
#define TP_STORE_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/error.h"

struct tp_store;

struct tp_store_params {
    struct tp_clock clock;
    /* Opens an existing file and writes nothing: for looking on. */
    bool read_only;
    /* How long to wait for the other process's write; 0 is TP_STORE_BUSY_MS. */
    unsigned busy_ms;
    /* tp_store_can_save wants this much free disk; 0 is TP_STORE_FREE_MIN. */
    uint64_t free_min;
    /* Which start of the machine this is: monotonic times are compared only within one. NULL is
     * the kernel's own (/proc/sys/kernel/random/boot_id). */
    const char *boot_id;
    /* SQLite VFS by name; NULL is the system's. For tests. */
    const char *vfs;
};

/* Longer than any transaction of ours takes on a slow SD card. */
#define TP_STORE_BUSY_MS 10000u

/* Room for thousands of answers, and for SQLite's log beside them. */
#define TP_STORE_FREE_MIN (16u * 1024u * 1024u)

/* Opens, and where needed creates (mode 0660 less the umask) and migrates, the store at `path`; its
 * directory must be there. Refuses in plain words: a file that is not a Talkpoint store
 * (TP_ERR_INVALID, TP_ERR_IO), one that a newer Talkpoint wrote (TP_ERR_UNSUPPORTED). NULL on
 * failure.
 *
 * A damaged file is set aside beside the store (PATH-damaged-TIME) and a new one is made of every
 * answer that can be read from it page by page, and of the counters and settings that can; staff
 * are told by tp_store_damage. The same happens to an open store that turns out damaged, at its
 * next write, once every process has let go of the file, which each does at its next write or
 * tp_store_changed. `read_only` mends nothing. */
struct tp_store *tp_store_open(const char *path, const struct tp_store_params *params,
                               struct tp_error *error);

/* Another handle of a store that is open, for another thread of this process: closed, before
 * `store` is, by the thread that has `store`. A process that closes a file loses the locks of all
 * its handles of it (POSIX), so this one never looks at the file but through SQLite, and while it
 * is open neither mends a damaged file: both fail, and `store` mends once it is closed. NULL on
 * failure. */
struct tp_store *tp_store_open_beside(struct tp_store *store, struct tp_error *error);

/* NULL is safe. */
void tp_store_close(struct tp_store *store);

/* Reads every page and index (PRAGMA quick_check). Time grows with the file: small files are
 * checked when opened; the agent checks large ones while nobody waits. */
bool tp_store_check(struct tp_store *store, struct tp_error *error);

/* Can an answer be saved now? Writes and syncs a probe, and looks at the free disk. On failure the
 * text is what to tell staff. */
bool tp_store_can_save(struct tp_store *store, struct tp_error *error);

/* Free bytes on the disk that holds the store, for an ordinary user. */
bool tp_store_disk_free(const struct tp_store *store, uint64_t *bytes, struct tp_error *error);

/* True where another process (or handle) has written since the last call, and on the first call.
 * Cheap: fit for a poll while idle. */
bool tp_store_changed(struct tp_store *store);

/* What befell the file, as staff should read it; "" where it was never damaged. */
#define TP_STORE_DAMAGE_MAX 512u
bool tp_store_damage(struct tp_store *store, char text[TP_STORE_DAMAGE_MAX],
                     struct tp_error *error);

/* How far the wall clock is to be believed. Order never comes from it: the outbox has a sequence.
 */
enum tp_clock_trust {
    TP_CLOCK_WRONG,     /* behind a time already seen; `ms` is that time */
    TP_CLOCK_UNCHECKED, /* the device's clock, not compared with the central store since start-up */
    TP_CLOCK_CHECKED,   /* the central store's time plus the monotonic time since */
};

struct tp_store_time {
    int64_t ms; /* best known Unix time, UTC */
    enum tp_clock_trust trust;
};

/* "wrong", "unchecked", "checked". */
const char *tp_clock_trust_word(enum tp_clock_trust trust);

/* The best known time: for the outbox, the counters' day, and an answer's context. */
bool tp_store_now(struct tp_store *store, struct tp_store_time *now, struct tp_error *error);

/* The agent says what time the central store had (`their_ms`) at the clock's present instant. */
bool tp_store_clock_check(struct tp_store *store, int64_t their_ms, struct tp_error *error);

/* The device's clock less the central store's at the last check, in ms; 0 where never checked. */
bool tp_store_clock_offset(struct tp_store *store, int64_t *offset_ms, struct tp_error *error);

#endif
