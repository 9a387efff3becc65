/*
 * Answers, receipts and surveys by USB stick (docs/PROTOCOL.md, "USB stick").
 *
 * On the stick, under talkpoint/: answers/ holds bundles, each signed by the screen that made it;
 * receipts/ holds the store's receipts, which go back to it; surveys/ and notices/ what the store
 * sends. Every file is written beside its name, synced and renamed, so that a stick that is drawn
 * out has whole files or none; and nothing leaves a device before a receipt for it is there. So any
 * of this may be cut off, repeated, or done on two machines. Thread: one at a time.
 */
#ifndef TP_AGENT_DO_STICK_H
#define TP_AGENT_DO_STICK_H

#include "agent/identity.h"
#include "base/buf.h"
#include "base/clock.h"
#include "store/stick_folders.h"
#include "store/store.h"

/* What any stick of ours holds; a folder with more is not looked at to its end. */
#define TP_STICK_FILES_MAX 10000u
#define TP_STICK_WORDS_MAX 256

struct tp_stick {
    struct tp_store *store; /* borrowed, as all of these */
    const struct tp_identity *identity;
    const char *state;
    const struct tp_clock *clock;
    const char *folder;               /* where the stick is mounted */
    uint64_t free_min;                /* of the device's disk; TP_FETCH_FREE_MIN but in tests */
    bool (*may_go_on)(void *context); /* false: stop; asked often. NULL: always. */
    void *context;
};

struct tp_stick_report {
    size_t written;                 /* answers put on the stick now */
    size_t on_stick;                /* answers of this screen that were there already */
    size_t receipts;                /* put on the stick for other screens */
    size_t taken;                   /* other screens' answers that are new here */
    size_t back;                    /* answers of this screen that it had lost */
    size_t done;                    /* answers of this screen deleted by a receipt from the stick */
    size_t surveys;                 /* changed */
    bool notices;                   /* changed */
    size_t refused;                 /* files that were not taken in */
    char words[TP_STICK_WORDS_MAX]; /* why the last of them was refused; "" for none */
};

/* Takes in other screens' answers, and this screen's that it lost, then receipts, then surveys
 * (do/stick_surveys.h) and notices (do/notices.h). Adds to *report. False where the stick or the
 * device's own store failed; what was done stays done. */
bool tp_stick_import(const struct tp_stick *stick, struct tp_stick_report *report,
                     struct tp_error *error);

/* Puts on the stick what waits here and is not on it, and the receipts for the bundles on it; takes
 * away this screen's bundles of which everything has arrived. */
bool tp_stick_export(const struct tp_stick *stick, struct tp_stick_report *report,
                     struct tp_error *error);

/* For the two of them. */

/* As tp_file_read; refuses what is no file of the stick's own: a link, a pipe. */
bool tp_stick_read(const char *path, struct tp_buf *out, struct tp_error *error);

/* Calls `visit` with the path of each file of a folder of the stick (under TP_STICK_ROOT) whose
 * name ends in `ending`, in the order of their names. A folder that is not there has none. */
bool tp_stick_each(const struct tp_stick *stick, const char *folder, const char *ending,
                   bool (*visit)(void *context, const char *path), void *context,
                   struct tp_error *error);

/* Whether so many bytes more leave the device's disk what is kept for its own answers. */
bool tp_stick_has_room(const struct tp_stick *stick, uint64_t bytes, struct tp_error *error);

/* Counts a file that was not taken in, and why, in words that are fit to print. */
void tp_stick_refuse(struct tp_stick_report *report, const char *path, const char *why);

#endif
