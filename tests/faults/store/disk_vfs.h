/*
 * The SQLite VFS over disk.h: "tp-disk". One disk at a time; locks and shared memory work between
 * handles of this process, so that the kiosk's and the agent's handle can both be open.
 */
#ifndef TP_FAULTS_DISK_VFS_H
#define TP_FAULTS_DISK_VFS_H

#include <sqlite3.h>

#include "faults/store/disk.h"

#define DISK_VFS "tp-disk"
#define DISK_SHM_MAX 8
#define DISK_OPEN_MAX 32

struct disk_file {
    sqlite3_file base;
    struct disk_inode *inode;
    bool is_log; /* its first sync syncs the directory too, as SQLite's own VFS does */
    bool names_synced;
    int lock;
    uint32_t shm_shared; /* a bit a slot */
    uint32_t shm_exclusive;
    bool shm_mapped;
};

/* Shared memory and who has which file open: gone when the machine or the process is. */
static struct {
    struct disk *disk;
    struct disk_file *open[DISK_OPEN_MAX];
    struct {
        struct disk_inode *inode;
        void *pages[DISK_SHM_MAX];
        int size;
    } shm;
} disk_vfs;

/* Counts an operation; false where a fault strikes it, with the result in *result. */
static inline bool disk_operate(bool writes, bool syncs, bool grows, int *result)
{
    struct disk *disk = disk_vfs.disk;
    uint64_t now;
    bool due;

    *result = SQLITE_IOERR;
    if (disk->off)
        return false;
    if (!writes && !disk->reads_count)
        return true;
    now = ++disk->operations;
    due = disk->fault_at && now >= disk->fault_at;
    if (!due)
        return true;
    switch (disk->fault) {
    case DISK_NO_FAULT:
        return true;
    case DISK_POWER_CUT:
        disk->off = true;
        return false;
    case DISK_FAILS_ONCE:
        return now != disk->fault_at;
    case DISK_FAILS:
        return false;
    case DISK_SYNC_FAILS:
        *result = SQLITE_IOERR_FSYNC;
        if (!syncs || disk->fault_done)
            return true;
        disk->fault_done = true;
        return false;
    case DISK_FULL:
        *result = SQLITE_FULL;
        return !grows;
    case DISK_READ_ONLY:
        *result = SQLITE_READONLY;
        return !writes;
    }
    return true;
}

static inline struct disk_file *disk_file(sqlite3_file *file)
{
    return (struct disk_file *)file;
}

static inline int disk_x_close(sqlite3_file *file)
{
    for (size_t i = 0; i < DISK_OPEN_MAX; i++) {
        if (disk_vfs.open[i] == disk_file(file))
            disk_vfs.open[i] = NULL;
    }
    return SQLITE_OK;
}

static inline int disk_x_read(sqlite3_file *file, void *out, int count, sqlite3_int64 offset)
{
    const struct disk_bytes *live = &disk_file(file)->inode->live;
    size_t at = (size_t)offset;
    size_t wanted = (size_t)count;
    size_t there = at < live->length ? live->length - at : 0;
    int result;

    if (!disk_operate(false, false, false, &result))
        return SQLITE_IOERR_READ;
    if (there > wanted)
        there = wanted;
    if (there)
        memcpy(out, live->data + at, there);
    memset((char *)out + there, 0, wanted - there);
    return there == wanted ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

static inline int disk_x_write(sqlite3_file *file, const void *data, int count,
                               sqlite3_int64 offset)
{
    struct disk_inode *inode = disk_file(file)->inode;
    size_t length = (size_t)count;
    bool was_off = disk_vfs.disk->off;
    bool grows = (size_t)offset + length > inode->live.length;
    int result;

    if (disk_operate(true, false, grows, &result)) {
        disk_write(inode, (size_t)offset, data, length);
        return SQLITE_OK;
    }
    /* What strikes in the middle of a write leaves some of it. */
    if (!was_off && result == SQLITE_IOERR)
        disk_write(inode, (size_t)offset, data,
                   disk_vfs.disk->off ? length
                                      : tp_random_below(&disk_vfs.disk->random, (uint32_t)length));
    return result == SQLITE_IOERR ? SQLITE_IOERR_WRITE : result;
}

static inline int disk_x_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    int result;

    if (!disk_operate(true, false, false, &result))
        return result == SQLITE_IOERR ? SQLITE_IOERR_TRUNCATE : result;
    disk_truncate(disk_file(file)->inode, (size_t)size);
    return SQLITE_OK;
}

static inline int disk_x_sync(sqlite3_file *file, int flags)
{
    struct disk_file *f = disk_file(file);
    bool was_off = disk_vfs.disk->off;
    int result;

    (void)flags;
    if (!disk_operate(true, true, false, &result)) {
        if (!was_off && !disk_vfs.disk->off)
            disk_sync_failed(f->inode);
        return SQLITE_IOERR_FSYNC;
    }
    disk_sync(f->inode);
    if (f->is_log && !f->names_synced) {
        disk_sync_names(disk_vfs.disk);
        f->names_synced = true;
    }
    return SQLITE_OK;
}

static inline int disk_x_file_size(sqlite3_file *file, sqlite3_int64 *size)
{
    *size = (sqlite3_int64)disk_file(file)->inode->live.length;
    return disk_vfs.disk->off ? SQLITE_IOERR_FSTAT : SQLITE_OK;
}

static inline int disk_x_lock(sqlite3_file *file, int level)
{
    struct disk_file *self = disk_file(file);

    if (level <= self->lock)
        return SQLITE_OK;
    for (size_t i = 0; i < DISK_OPEN_MAX; i++) {
        const struct disk_file *other = disk_vfs.open[i];

        if (!other || other == self || other->inode != self->inode)
            continue;
        if (level == SQLITE_LOCK_SHARED     ? other->lock >= SQLITE_LOCK_PENDING
            : level == SQLITE_LOCK_RESERVED ? other->lock >= SQLITE_LOCK_RESERVED
                                            : other->lock >= SQLITE_LOCK_SHARED)
            return SQLITE_BUSY;
    }
    self->lock = level;
    return SQLITE_OK;
}

static inline int disk_x_unlock(sqlite3_file *file, int level)
{
    if (disk_file(file)->lock > level)
        disk_file(file)->lock = level;
    return SQLITE_OK;
}

static inline int disk_x_check_reserved(sqlite3_file *file, int *out)
{
    *out = 0;
    for (size_t i = 0; i < DISK_OPEN_MAX; i++) {
        const struct disk_file *other = disk_vfs.open[i];

        if (other && other->inode == disk_file(file)->inode && other->lock >= SQLITE_LOCK_RESERVED)
            *out = 1;
    }
    return SQLITE_OK;
}

static inline int disk_x_file_control(sqlite3_file *file, int op, void *arg)
{
    (void)file;
    (void)op;
    (void)arg;
    return SQLITE_NOTFOUND;
}

static inline int disk_x_sector_size(sqlite3_file *file)
{
    (void)file;
    return DISK_SECTOR;
}

static inline int disk_x_characteristics(sqlite3_file *file)
{
    (void)file;
    return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

static inline void disk_shm_forget(void)
{
    for (size_t i = 0; i < DISK_SHM_MAX; i++) {
        free(disk_vfs.shm.pages[i]);
        disk_vfs.shm.pages[i] = NULL;
    }
    disk_vfs.shm.inode = NULL;
}

static inline int disk_x_shm_map(sqlite3_file *file, int page, int size, int extend,
                                 void volatile **out)
{
    struct disk_file *self = disk_file(file);

    *out = NULL;
    if (disk_vfs.disk->off || page >= DISK_SHM_MAX)
        return SQLITE_IOERR_SHMMAP;
    if (disk_vfs.shm.inode != self->inode) {
        disk_shm_forget();
        disk_vfs.shm.inode = self->inode;
    }
    self->shm_mapped = true;
    if (!disk_vfs.shm.pages[page]) {
        if (!extend)
            return SQLITE_OK;
        disk_vfs.shm.pages[page] = disk_alloc(NULL, (size_t)size);
        memset(disk_vfs.shm.pages[page], 0, (size_t)size);
    }
    *out = disk_vfs.shm.pages[page];
    return SQLITE_OK;
}

static inline int disk_x_shm_lock(sqlite3_file *file, int first, int count, int flags)
{
    struct disk_file *self = disk_file(file);
    uint32_t mask = ((1u << count) - 1u) << first;

    if (flags & SQLITE_SHM_UNLOCK) {
        self->shm_shared &= ~mask;
        self->shm_exclusive &= ~mask;
        return SQLITE_OK;
    }
    for (size_t i = 0; i < DISK_OPEN_MAX; i++) {
        const struct disk_file *other = disk_vfs.open[i];

        if (!other || other == self || other->inode != self->inode)
            continue;
        if ((other->shm_exclusive & mask) ||
            ((flags & SQLITE_SHM_EXCLUSIVE) && (other->shm_shared & mask)))
            return SQLITE_BUSY;
    }
    if (flags & SQLITE_SHM_EXCLUSIVE)
        self->shm_exclusive |= mask;
    else
        self->shm_shared |= mask;
    return SQLITE_OK;
}

static inline void disk_x_shm_barrier(sqlite3_file *file)
{
    (void)file;
}

static inline int disk_x_shm_unmap(sqlite3_file *file, int delete)
{
    struct disk_file *self = disk_file(file);

    self->shm_mapped = false;
    self->shm_shared = 0;
    self->shm_exclusive = 0;
    for (size_t i = 0; i < DISK_OPEN_MAX; i++) {
        if (disk_vfs.open[i] && disk_vfs.open[i]->shm_mapped)
            return SQLITE_OK;
    }
    if (delete)
        disk_shm_forget();
    return SQLITE_OK;
}

static const sqlite3_io_methods disk_methods = {
    .iVersion = 2,
    .xClose = disk_x_close,
    .xRead = disk_x_read,
    .xWrite = disk_x_write,
    .xTruncate = disk_x_truncate,
    .xSync = disk_x_sync,
    .xFileSize = disk_x_file_size,
    .xLock = disk_x_lock,
    .xUnlock = disk_x_unlock,
    .xCheckReservedLock = disk_x_check_reserved,
    .xFileControl = disk_x_file_control,
    .xSectorSize = disk_x_sector_size,
    .xDeviceCharacteristics = disk_x_characteristics,
    .xShmMap = disk_x_shm_map,
    .xShmLock = disk_x_shm_lock,
    .xShmBarrier = disk_x_shm_barrier,
    .xShmUnmap = disk_x_shm_unmap,
};

static inline int disk_x_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *file, int flags,
                              int *out_flags)
{
    struct disk_file *self = disk_file(file);
    struct disk_name *name;
    int result;
    size_t slot = 0;

    (void)vfs;
    memset(self, 0, sizeof(*self));
    /* Everything here is named: temporary files are kept in memory. */
    if (!path || disk_vfs.disk->off)
        return SQLITE_CANTOPEN;
    name = disk_name(disk_vfs.disk, path);
    if (!name->now) {
        if (!(flags & SQLITE_OPEN_CREATE) || !disk_operate(true, false, true, &result))
            return SQLITE_CANTOPEN;
        name->now = disk_inode_new(disk_vfs.disk);
    }
    while (slot < DISK_OPEN_MAX && disk_vfs.open[slot])
        slot++;
    if (slot == DISK_OPEN_MAX)
        abort();
    disk_vfs.open[slot] = self;
    self->inode = name->now;
    self->is_log = (flags & (SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL)) != 0;
    self->base.pMethods = &disk_methods;
    if (out_flags)
        *out_flags = flags;
    return SQLITE_OK;
}

static inline int disk_x_delete(sqlite3_vfs *vfs, const char *path, int sync_directory)
{
    struct disk_name *name = disk_name(disk_vfs.disk, path);
    int result;

    (void)vfs;
    if (!disk_operate(true, false, false, &result))
        return SQLITE_IOERR_DELETE;
    if (!name->now)
        return SQLITE_IOERR_DELETE_NOENT;
    name->now = NULL;
    if (sync_directory)
        disk_sync_names(disk_vfs.disk);
    return SQLITE_OK;
}

static inline int disk_x_access(sqlite3_vfs *vfs, const char *path, int flags, int *out)
{
    const struct disk_name *name = disk_name(disk_vfs.disk, path);

    (void)vfs;
    if (disk_vfs.disk->off)
        return SQLITE_IOERR_ACCESS;
    *out = name->now && (flags != SQLITE_ACCESS_EXISTS || name->now->live.length > 0);
    return SQLITE_OK;
}

static inline int disk_x_full_pathname(sqlite3_vfs *vfs, const char *path, int size, char *out)
{
    (void)vfs;
    (void)snprintf(out, (size_t)size, "%s", path);
    return SQLITE_OK;
}

static inline int disk_x_randomness(sqlite3_vfs *vfs, int size, char *out)
{
    (void)vfs;
    tp_random_fill(&disk_vfs.disk->random, out, (size_t)size);
    return size;
}

static inline int disk_x_sleep(sqlite3_vfs *vfs, int microseconds)
{
    (void)vfs;
    return microseconds;
}

static inline int disk_x_current_time(sqlite3_vfs *vfs, double *day)
{
    (void)vfs;
    *day = 2461000.0;
    return SQLITE_OK;
}

static inline int disk_x_last_error(sqlite3_vfs *vfs, int size, char *out)
{
    (void)vfs;
    (void)size;
    (void)out;
    return 0;
}

/* Makes `disk` the one that the VFS works on, with nothing open and nothing in shared memory. */
static inline void disk_vfs_use(struct disk *disk)
{
    static sqlite3_vfs vfs = {
        .iVersion = 1,
        .szOsFile = sizeof(struct disk_file),
        .mxPathname = DISK_NAME_MAX,
        .zName = DISK_VFS,
        .xOpen = disk_x_open,
        .xDelete = disk_x_delete,
        .xAccess = disk_x_access,
        .xFullPathname = disk_x_full_pathname,
        .xRandomness = disk_x_randomness,
        .xSleep = disk_x_sleep,
        .xCurrentTime = disk_x_current_time,
        .xGetLastError = disk_x_last_error,
    };

    /* A test that failed may have left some open. */
    memset(disk_vfs.open, 0, sizeof(disk_vfs.open));
    disk_shm_forget();
    disk_vfs.disk = disk;
    if (sqlite3_vfs_register(&vfs, 0) != SQLITE_OK)
        abort();
}

#endif
