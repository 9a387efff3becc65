/*
 * One file from the store to the disk, its MD5 counted as it comes. What was fetched of it before
 * an interruption is gone on with; what does not have the right hash in the end is removed.
 * Thread: one at a time.
 */
#ifndef TP_AGENT_DO_FETCH_H
#define TP_AGENT_DO_FETCH_H

#include <stdbool.h>
#include <stdint.h>

#include "agent/decide/names.h"
#include "agent/decide/verdict.h"
#include "agent/net/http.h"
#include "base/error.h"

/* A film of some minutes in sign language. */
#define TP_FETCH_BYTES_MAX (UINT64_C(256) * 1024 * 1024)
/* Downloads leave this much of the disk to the answers. */
#define TP_FETCH_FREE_MIN (UINT64_C(256) * 1024 * 1024)

enum tp_fetch_end {
    TP_FETCH_DONE,
    TP_FETCH_REFUSED, /* the store's answer: *verdict and *retry_after_s say why */
    TP_FETCH_FAILED,  /* *error says why: a wrong hash, no room, no disk */
};

struct tp_fetch {
    struct tp_http *http;  /* borrowed, as all of these */
    const char *reference; /* the address as listed */
    const char *md5;       /* 32 hex digits */
    const char *partial;   /* path while it comes; kept after an interruption */
    const char *path;      /* path when it is whole and synced */
    const char *what;      /* for words: "'picture.png' of 'library-hours'" */
    uint64_t bytes_max;
    uint64_t free_min;
};

enum tp_fetch_end tp_fetch_file(const struct tp_fetch *fetch, struct tp_verdict *verdict,
                                int64_t *retry_after_s, struct tp_error *error);

/* True where the file is there and has this MD5. */
bool tp_file_has_md5(const char *path, const char *md5);

#endif
