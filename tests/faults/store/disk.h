/*
 * A disk that tells what a power cut can do to it.
 *
 * Files are inodes under names, in memory. What was written and not yet synced may, after the cut,
 * be there or not, sector by sector and in any order; a sector that was being written may hold
 * rubbish. A name made or removed lasts once its directory was synced. A sync that failed leaves
 * the pages it should have synced in doubt until they are written again (as Linux does: the next
 * sync does not try again).
 */
#ifndef TP_FAULTS_DISK_H
#define TP_FAULTS_DISK_H

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"

#define DISK_SECTOR 512u
#define DISK_PAGE 4096u /* of the kernel's cache */
#define DISK_NAMES_MAX 16
#define DISK_NAME_MAX 128

struct disk_bytes {
    unsigned char *data;
    size_t length;
    size_t capacity;
};

/* A write within one page, or with `cut` a truncation to `offset`. */
struct disk_change {
    size_t offset;
    size_t length;
    bool cut;
    bool doubtful; /* a failed sync covered it, and its page was not written since */
    unsigned char *data;
};

struct disk_inode {
    struct disk_bytes live;    /* what reads see */
    struct disk_bytes durable; /* what surely survives */
    struct disk_change *changes;
    size_t change_count;
    size_t change_room;
};

struct disk_name {
    char text[DISK_NAME_MAX];
    struct disk_inode *now;     /* NULL: no such file */
    struct disk_inode *durable; /* what the name means after a cut, at worst */
};

enum disk_fault {
    DISK_NO_FAULT,
    DISK_POWER_CUT,  /* at that operation; nothing works until disk_power_on */
    DISK_FAILS_ONCE, /* that operation fails, the next works */
    DISK_FAILS,      /* that operation and all after it */
    DISK_SYNC_FAILS, /* the first sync from that operation on, once */
    DISK_FULL,       /* from that operation on nothing grows */
    DISK_READ_ONLY,  /* from that operation on nothing is written */
};

struct disk {
    struct disk_name names[DISK_NAMES_MAX];
    size_t name_count;
    struct disk_inode *inodes[256];
    size_t inode_count;
    uint64_t operations; /* reads, writes, truncations, syncs, removals so far */
    uint64_t fault_at;   /* the operation that `fault` is for; 0: none */
    enum disk_fault fault;
    bool fault_done;  /* DISK_SYNC_FAILS has happened */
    bool reads_count; /* reads too are operations that may fail */
    bool off;
    uint64_t seed;
    struct tp_random random;
};

static inline void *disk_alloc(void *memory, size_t count)
{
    void *made = realloc(memory, count ? count : 1);

    if (!made)
        abort();
    return made;
}

static inline void disk_bytes_resize(struct disk_bytes *bytes, size_t length)
{
    if (length > bytes->capacity) {
        bytes->capacity = length * 2;
        bytes->data = disk_alloc(bytes->data, bytes->capacity);
    }
    if (length > bytes->length)
        memset(bytes->data + bytes->length, 0, length - bytes->length);
    bytes->length = length;
}

static inline void disk_bytes_write(struct disk_bytes *bytes, size_t offset, const void *data,
                                    size_t length)
{
    if (offset + length > bytes->length)
        disk_bytes_resize(bytes, offset + length);
    if (length)
        memcpy(bytes->data + offset, data, length);
}

static inline void disk_init(struct disk *disk, uint64_t seed)
{
    memset(disk, 0, sizeof(*disk));
    disk->seed = seed;
    disk->random = tp_random_seeded(&disk->seed);
}

static inline void disk_forget_changes(struct disk_inode *inode)
{
    for (size_t i = 0; i < inode->change_count; i++)
        free(inode->changes[i].data);
    inode->change_count = 0;
}

static inline void disk_finish(struct disk *disk)
{
    for (size_t i = 0; i < disk->inode_count; i++) {
        disk_forget_changes(disk->inodes[i]);
        free(disk->inodes[i]->changes);
        free(disk->inodes[i]->live.data);
        free(disk->inodes[i]->durable.data);
        free(disk->inodes[i]);
    }
    memset(disk, 0, sizeof(*disk));
}

static inline struct disk_name *disk_name(struct disk *disk, const char *text)
{
    struct disk_name *name;

    for (size_t i = 0; i < disk->name_count; i++) {
        if (strcmp(disk->names[i].text, text) == 0)
            return &disk->names[i];
    }
    if (disk->name_count == DISK_NAMES_MAX)
        abort();
    name = &disk->names[disk->name_count++];
    (void)snprintf(name->text, sizeof(name->text), "%s", text);
    return name;
}

static inline struct disk_inode *disk_inode_new(struct disk *disk)
{
    struct disk_inode *inode = calloc(1, sizeof(*inode));

    if (!inode || disk->inode_count == sizeof(disk->inodes) / sizeof(disk->inodes[0]))
        abort();
    disk->inodes[disk->inode_count++] = inode;
    return inode;
}

static inline void disk_change_add(struct disk_inode *inode, size_t offset, const void *data,
                                   size_t length, bool cut)
{
    struct disk_change *change;

    if (inode->change_count == inode->change_room) {
        inode->change_room = inode->change_room ? inode->change_room * 2 : 16;
        inode->changes = disk_alloc(inode->changes, inode->change_room * sizeof(*inode->changes));
    }
    change = &inode->changes[inode->change_count++];
    *change = (struct disk_change){.offset = offset, .length = length, .cut = cut};
    change->data = disk_alloc(NULL, length);
    if (length)
        memcpy(change->data, data, length);
}

/* The page is dirty again, with all that it holds. */
static inline void disk_dirty(struct disk_inode *inode, size_t page)
{
    for (size_t i = 0; i < inode->change_count; i++) {
        if (inode->changes[i].doubtful && inode->changes[i].offset / DISK_PAGE == page)
            inode->changes[i].doubtful = false;
    }
}

static inline void disk_write(struct disk_inode *inode, size_t offset, const void *data,
                              size_t length)
{
    const unsigned char *bytes = data;

    disk_bytes_write(&inode->live, offset, data, length);
    while (length) {
        size_t room = DISK_PAGE - offset % DISK_PAGE;
        size_t count = room < length ? room : length;

        disk_dirty(inode, offset / DISK_PAGE);
        disk_change_add(inode, offset, bytes, count, false);
        offset += count;
        bytes += count;
        length -= count;
    }
}

static inline void disk_truncate(struct disk_inode *inode, size_t length)
{
    disk_change_add(inode, length, NULL, 0, true);
    disk_bytes_resize(&inode->live, length);
}

static inline void disk_sync(struct disk_inode *inode)
{
    size_t kept = 0;

    for (size_t i = 0; i < inode->change_count; i++) {
        struct disk_change *change = &inode->changes[i];

        if (change->doubtful) {
            inode->changes[kept++] = *change;
            continue;
        }
        if (change->cut)
            disk_bytes_resize(&inode->durable, change->offset);
        else
            disk_bytes_write(&inode->durable, change->offset, change->data, change->length);
        free(change->data);
    }
    inode->change_count = kept;
}

static inline void disk_sync_failed(struct disk_inode *inode)
{
    for (size_t i = 0; i < inode->change_count; i++)
        inode->changes[i].doubtful = !inode->changes[i].cut;
}

static inline void disk_sync_names(struct disk *disk)
{
    for (size_t i = 0; i < disk->name_count; i++)
        disk->names[i].durable = disk->names[i].now;
}

/* Puts part of a change on the durable bytes: `chance` in 256 for each sector. */
static inline void disk_tear(struct disk *disk, struct disk_inode *inode,
                             const struct disk_change *change, uint32_t chance)
{
    size_t done = 0;

    if (change->cut) {
        if (tp_random_below(&disk->random, 256) < chance)
            disk_bytes_resize(&inode->durable, change->offset);
        return;
    }
    while (done < change->length) {
        size_t at = change->offset + done;
        size_t room = DISK_SECTOR - at % DISK_SECTOR;
        size_t count = room < change->length - done ? room : change->length - done;

        if (tp_random_below(&disk->random, 256) < chance) {
            disk_bytes_write(&inode->durable, at, change->data + done, count);
        } else if (count == DISK_SECTOR && tp_random_below(&disk->random, 32) == 0) {
            unsigned char rubbish[DISK_SECTOR];

            tp_random_fill(&disk->random, rubbish, sizeof(rubbish));
            disk_bytes_write(&inode->durable, at, rubbish, sizeof(rubbish));
        }
        done += count;
    }
}

/* Decides what the cut left, and makes that the disk. */
static inline void disk_power_on(struct disk *disk)
{
    static const uint32_t chances[] = {0, 26, 128, 230, 256};

    for (size_t i = 0; i < disk->inode_count; i++) {
        struct disk_inode *inode = disk->inodes[i];
        uint32_t chance = chances[tp_random_below(&disk->random, 5)];

        for (size_t j = 0; j < inode->change_count; j++)
            disk_tear(disk, inode, &inode->changes[j], chance);
        disk_forget_changes(inode);
        disk_bytes_resize(&inode->live, 0);
        disk_bytes_write(&inode->live, 0, inode->durable.data, inode->durable.length);
    }
    for (size_t i = 0; i < disk->name_count; i++) {
        struct disk_name *name = &disk->names[i];

        if (tp_random_below(&disk->random, 2))
            name->now = name->durable;
        name->durable = name->now;
    }
    disk->off = false;
    disk->fault = DISK_NO_FAULT;
    disk->fault_at = 0;
}

static inline bool disk_bytes_hold(const unsigned char *data, size_t length, const char *text)
{
    return length && memmem(data, length, text, strlen(text)) != NULL;
}

/* True where `text` stands anywhere on the disk, whatever a cut would leave of it. */
static inline bool disk_holds(const struct disk *disk, const char *text)
{
    for (size_t i = 0; i < disk->inode_count; i++) {
        const struct disk_inode *inode = disk->inodes[i];

        if (disk_bytes_hold(inode->live.data, inode->live.length, text) ||
            disk_bytes_hold(inode->durable.data, inode->durable.length, text))
            return true;
        for (size_t j = 0; j < inode->change_count; j++) {
            if (disk_bytes_hold(inode->changes[j].data, inode->changes[j].length, text))
                return true;
        }
    }
    return false;
}

#endif
