/*
 * The order of a language's alphabet, by the Unicode Collation Algorithm with CLDR's rules for the
 * language (ICU): "Ł" stands after "L" in Polish, "Ș" after "S" in Romanian, Chinese by its sounds.
 *
 * A collator is opened for one list and closed after it: the rules of a language are some hundred
 * kilobytes that nobody else reads. Thread: one at a time.
 */
#ifndef TP_KIOSK_I18N_COLLATE_H
#define TP_KIOSK_I18N_COLLATE_H

struct tp_collator;

/* For a BCP 47 tag; a language that ICU does not know has the order that most share. NULL where
 * there is no memory or no data: tp_collate then goes by bytes. */
struct tp_collator *tp_collator_open(const char *language);
void tp_collator_close(struct tp_collator *collator);

/* Below, at or above 0 as `one` stands before, with or after `other`; both UTF-8. `collator` may be
 * NULL. What has the same rank in the alphabet goes by bytes, so that the order is one. */
int tp_collate(const struct tp_collator *collator, const char *one, const char *other);

#endif
