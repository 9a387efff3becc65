/*
 * What the pages of notices share: the languages a notice may be written in, how it stands, and
 * where its own page is. Thread: any.
 */
#ifndef TP_CENTRAL_WEB_NOTICES_H
#define TP_CENTRAL_WEB_NOTICES_H

#include "central/data/notices.h"
#include "central/web/page.h"

struct tp_notice_language {
    const char *tag;
    const char *name; /* for the office */
    bool rtl;
};
/* The kiosk's, English first; NULL after the last. */
const struct tp_notice_language *tp_notice_language(size_t index);

/* "You said, we did". */
const char *tp_notice_kind_words(enum tp_notice_kind kind);

/* "On screens", "Over", and the class of its tag. */
struct tp_notice_standing {
    const char *words;
    const char *tag;
};
struct tp_notice_standing tp_notice_standing(enum tp_notice_state state, const char *from,
                                             const char *until, const char *today);

/* The number in the path's first name; 0 where it is none. */
int64_t tp_notice_named(const struct tp_exchange *exchange);

/* Ends a change: the page of notice `id`, which says what was done ("saved"), or what went wrong.
 * `error` is the committer's. */
void tp_notice_answer(struct tp_central *central, struct tp_exchange *exchange, int64_t id, bool ok,
                      bool found, const struct tp_error *error, const char *done);

/* Reads the fields title and text (text-1, picture-1 ... in Easy Read) into `words`, which the
 * caller finishes with tp_notice_words_finish. What is wrong in plain words, or NULL. */
const char *tp_notice_take_words(const struct tp_exchange *exchange, const char *tag,
                                 struct tp_notice_words *words);
void tp_notice_words_finish(struct tp_notice_words *words);

/* The fields that tp_notice_take_words reads, with what `words` has (NULL: empty). */
void tp_notice_words_fields(struct tp_html *html, const struct tp_notice_language *language,
                            const struct tp_notice_words *words);

#endif
