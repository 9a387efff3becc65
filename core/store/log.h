/*
 * A look at SQLite's log (WAL) before SQLite opens it: SQLite takes a log up to the first frame
 * whose checksum is wrong and forgets the rest, since after a power cut that is a commit that was
 * not finished. Where finished commits stand behind that frame, the log is damaged, and forgetting
 * them would lose answers. (SQLite file format, clause 4.) For core/store only.
 */
#ifndef TP_STORE_LOG_H
#define TP_STORE_LOG_H

#include "store/pages.h"

#define TP_LOG_HEADER 32u
#define TP_LOG_FRAME_HEADER 24u
#define TP_LOG_SALT 8u

struct tp_log_head {
    uint32_t page_size;
    bool is_whole; /* its checksum is right */
    bool is_big_endian;
    unsigned char salt[TP_LOG_SALT]; /* of the frames that belong to it */
    uint32_t sum[2];
};

/* False where there is no log. A header whose checksum is wrong lends its salt from the first
 * frame.
 */
bool tp_log_read_head(const struct tp_pages_source *log, struct tp_log_head *head);

/* True where finished commits stand behind a frame that is not whole. A single one may be the
 * commit that a power cut interrupted: commits are synced one by one. */
bool tp_log_is_broken(const struct tp_pages_source *log);

#endif
