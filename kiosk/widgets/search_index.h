/*
 * A long list as it is looked through: the words of each choice folded once, not at every key.
 *
 * One question's at a time. It is kept from key to key and read again when the session's answers,
 * language or repeats changed; words that are the same are not folded again. Labels may hold what
 * the person said: it is wiped with their answers. Bounded in bytes; what is over them is folded
 * when it is looked at. Thread: the main thread only.
 */
#ifndef TP_KIOSK_WIDGETS_SEARCH_INDEX_H
#define TP_KIOSK_WIDGETS_SEARCH_INDEX_H

#include "form/session.h"
#include "kiosk/widgets/fold.h"

/* Folded words of 100,000 choices with labels of a line. */
#define TP_SEARCH_INDEX_BYTES_MAX (8u * 1024u * 1024u)

struct tp_search_index;

/* Brings it up to date for a question, which has `count` choices, or makes it where *index is NULL.
 * The session is borrowed until the next update. False when out of memory: *index can be tried
 * again, or destroyed. */
bool tp_search_index_update(struct tp_search_index **index, struct tp_session *session,
                            tp_node node, size_t count);

/* Wipes and frees. NULL is safe. */
void tp_search_index_destroy(struct tp_search_index *index);

size_t tp_search_index_count(const struct tp_search_index *index);

bool tp_search_index_is_chosen(const struct tp_search_index *index, size_t choice);

/* How the folded words `wanted` fit a choice: its words, or its name for those who cannot type the
 * language's letters. */
enum tp_fit tp_search_index_fit(const struct tp_search_index *index, size_t choice,
                                const char *wanted);

#endif
