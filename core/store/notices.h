/*
 * Notices: news, "You said, we did" and words about the service, which an office writes once and
 * every screen shows, also without a network (docs/PROTOCOL.md, "Notices").
 *
 * All of a fleet's notices travel as one list, signed as the surveys of a stick are (minisign.h).
 * The list names its fleet and has a serial number that only grows, so that one that was altered,
 * is of another store, or is older than what a screen has, is refused. This module writes, reads
 * and signs the list; what a device keeps of it is in its store. Thread: any; the functions that
 * take a store, the store's.
 */
#ifndef TP_STORE_NOTICES_H
#define TP_STORE_NOTICES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "store/receipt.h"
#include "store/store.h"

/* Fifty notices of a page each in ten languages, and a stick or a slow line that still takes it. */
#define TP_NOTICES_BYTES_MAX (512u * 1024u)
/* More than anybody reads on one screen. */
#define TP_NOTICES_MAX 50u
/* The interface's languages, each in standard words or in Easy Read, and some of their own. */
#define TP_NOTICE_LANGUAGES_MAX 24u
/* Paragraphs of one notice. */
#define TP_NOTICE_PARTS_MAX 16u
/* Bytes of UTF-8 with the NUL: a Bengali letter has three. */
#define TP_NOTICE_TITLE_MAX 600u
#define TP_NOTICE_TEXT_MAX 4500u
#define TP_NOTICE_ID_MAX 24u
#define TP_NOTICE_TAG_MAX 24u
#define TP_NOTICE_PICTURE_MAX 41u
#define TP_NOTICE_SURVEY_MAX 129u
/* "2026-11-26" and the NUL. */
#define TP_NOTICE_DAY_MAX 11u

enum tp_notice_kind {
    TP_NOTICE_NEWS,
    TP_NOTICE_OUTCOME, /* you said, we did */
    TP_NOTICE_SERVICE, /* the library is closed on Monday */
    TP_NOTICE_KINDS,
};

/* "news", "outcome", "service". */
const char *tp_notice_kind_name(enum tp_notice_kind kind);
bool tp_notice_kind_find(const char *name, enum tp_notice_kind *kind);

/* One idea: a plain paragraph, and the name of a picture ("bus") or "". */
struct tp_notice_part {
    char *text;
    char picture[TP_NOTICE_PICTURE_MAX];
};

/* The notice in one language. */
struct tp_notice_words {
    char tag[TP_NOTICE_TAG_MAX]; /* BCP 47: "en", "en-simple" for Easy Read, "pl" */
    char title[TP_NOTICE_TITLE_MAX];
    struct tp_notice_part *parts; /* owned */
    size_t count;
};

struct tp_notice {
    char id[TP_NOTICE_ID_MAX];
    enum tp_notice_kind kind;
    char from[TP_NOTICE_DAY_MAX];      /* shown from this day on, which is also its date */
    char until[TP_NOTICE_DAY_MAX];     /* and to the end of this one */
    char survey[TP_NOTICE_SURVEY_MAX]; /* the form it belongs to; "" */
    char about[TP_NOTICE_TITLE_MAX];   /* that survey's title, for a screen that has it no more */
    struct tp_notice_words *words; /* owned; the first stands in for languages that are missing */
    size_t count;
};

struct tp_notices {
    int64_t serial;
    struct tp_notice *items; /* owned */
    size_t count;
};

void tp_notices_finish(struct tp_notices *notices);
void tp_notice_finish(struct tp_notice *notice);

/* True for "2026-02-28": a day of the calendar. */
bool tp_notice_is_day(const char *text);
/* True for a picture's name: a-z, 0-9 and '-'. */
bool tp_notice_is_picture(const char *text);

/* The words in a language; NULL where there are none. */
const struct tp_notice_words *tp_notice_words_in(const struct tp_notice *notice, const char *tag);

/* The words for a reader: in their language as they read it, in their language, in Easy Read where
 * that is what they read, else the first that there are. Never NULL for a notice that was read. */
const struct tp_notice_words *tp_notice_words_for(const struct tp_notice *notice,
                                                  const char *language, bool easy_read);

/* Is it to be shown on `today` ("2026-11-26")? Both days included. */
bool tp_notice_is_due(const struct tp_notice *notice, const char *today);

/* ---- the list that travels ---- */

/* Appends the list as JSON: the same bytes for the same notices. TP_ERR_LIMIT: it does not fit
 * `text`'s cap. */
bool tp_notices_write(const struct tp_notices *notices, const struct tp_receipt_key *fleet,
                      struct tp_buf *text, struct tp_error *error);

/* Reads a list, whole or not at all. TP_ERR_INVALID: not a list; TP_ERR_CRYPTO: of another fleet.
 * It does not look at a signature. */
bool tp_notices_read(const char *text, size_t count, const struct tp_receipt_key *fleet,
                     struct tp_notices *notices, struct tp_error *error);

/* Appends the signature file of a list with this serial. */
bool tp_notices_sign(const struct tp_receipt_pair *pair, const char *text, size_t count,
                     int64_t serial, struct tp_buf *signature, struct tp_error *error);

/* As tp_notices_read, of a list that `key` signed as this very list. TP_ERR_CRYPTO: another key,
 * altered, or of another fleet. */
bool tp_notices_open(const char *text, size_t count, const char *signature, size_t signature_count,
                     const struct tp_receipt_key *key, struct tp_notices *notices,
                     struct tp_error *error);

/* What travels in one message: the signature file, then the list. Finds where the list begins;
 * false where there is no whole signature before it. */
#define TP_NOTICES_SIGNATURE_LINES 4
bool tp_notices_part(const char *bytes, size_t count, size_t *signature_count);

/* ---- what a device keeps ---- */

/* Keeps a list that came, in one transaction, where it is signed by `key` and not older than the
 * one that is here. *changed: it is another. TP_ERR_CONFLICT: it is older; TP_ERR_CRYPTO and
 * TP_ERR_INVALID as tp_notices_open. What was here stays in each of these. */
bool tp_notices_take(struct tp_store *store, const struct tp_receipt_key *key, const char *text,
                     size_t count, const char *signature, size_t signature_count, bool *changed,
                     struct tp_error *error);

/* The list as it was taken, appended to `text` and `signature`; both stay empty where there is
 * none. *serial is that of the newest list ever taken, 0 for none. */
bool tp_notices_kept(struct tp_store *store, struct tp_buf *text, struct tp_buf *signature,
                     int64_t *serial, struct tp_error *error);

#endif
