/*
 * Brings the surveys that the store lists to the device: form list, manifests, files, then the
 * switch (do/packages.h). A survey that fails stays as it is and does not hold up the others.
 * Thread: one at a time.
 */
#ifndef TP_AGENT_DO_DOWNLOAD_H
#define TP_AGENT_DO_DOWNLOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent/decide/verdict.h"
#include "agent/net/http.h"
#include "base/clock.h"
#include "base/error.h"

/* All files of one survey. */
#define TP_PACKAGE_BYTES_MAX (UINT64_C(1024) * 1024 * 1024)

struct tp_download {
    struct tp_http *http; /* borrowed, as all of these */
    const char *state;
    const struct tp_clock *clock;
    uint64_t free_min; /* TP_FETCH_FREE_MIN but in tests */
    /* Called between files, so that answers do not wait behind a film; false ends the download.
     * NULL: never. */
    bool (*between)(void *context);
    void *context;
};

struct tp_download_end {
    size_t switched; /* surveys that changed */
    size_t failed;   /* surveys that stayed as they were */
    /* DELIVERED: the list was read and every survey looked at; else as the store said. */
    enum tp_verdict_kind kind;
    bool contact;
    int64_t retry_after_s;
    char words[TP_VERDICT_WORDS_MAX]; /* of the last failure */
};

void tp_download_surveys(const struct tp_download *download, struct tp_download_end *end);

#endif
