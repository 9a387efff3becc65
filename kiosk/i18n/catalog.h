/*
 * The interface's own words in the language shown, from gettext's .mo files.
 *
 * Sources mark their words with _("...") or tp_c("context", "...") so that xgettext finds them
 * (`xgettext --keyword=_ --keyword=tp_n --keyword=tp_c:1c,2 --keyword=tp_nc:1c,2`), those of
 * core/store/notice_pictures.c too. At run time the words are looked up in build/locale/LANG.mo or
 * $(PREFIX)/share/talkpoint/locale/LANG.mo; a word that is missing falls back to the language
 * without its region, then to English, and is counted. The reader takes a bounded file and trusts
 * nothing in it. The words last until another language is chosen. Thread: the main thread only (one
 * catalog is the interface's).
 */
#ifndef TP_KIOSK_I18N_CATALOG_H
#define TP_KIOSK_I18N_CATALOG_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/* The interface has some five hundred short sentences; a .mo file of them stays well below. */
#define TP_CATALOG_FILE_MAX (1024u * 1024u)
#define TP_CATALOG_STRINGS_MAX 8192u

struct tp_catalog;

/* `folder` holds LANG.mo files; NULL: the first there is of $(PREFIX)/share/talkpoint/locale and
 * build/locale. NULL when out of memory. The language is English until tp_catalog_choose. */
struct tp_catalog *tp_catalog_create(const char *folder);
void tp_catalog_destroy(struct tp_catalog *catalog);

/* Makes this the catalog that _() and its like use; NULL: English as written. */
void tp_catalog_use(struct tp_catalog *catalog);

/* Switches to a BCP-47 tag ("pl", "en-simple", "zh-Hans"). False, with the words, where the file is
 * damaged; true where there is no file: the words are then English and counted as missing. */
bool tp_catalog_choose(struct tp_catalog *catalog, const char *tag, struct tp_error *error);

/* The tag chosen last; "en" at first. */
const char *tp_catalog_tag(const struct tp_catalog *catalog);

/* Is there a file for this language? */
bool tp_catalog_has(const struct tp_catalog *catalog, const char *tag);

/* How many strings a language has; what is not translated is not among them. 0 where there is no
 * file, or none that is whole. */
size_t tp_catalog_count(const struct tp_catalog *catalog, const char *tag);

/* Look-ups since the language was chosen that fell back to English. */
size_t tp_catalog_missing(const struct tp_catalog *catalog);

/* Looks up; `context` NULL for none. Returns `text` itself where there is nothing. */
const char *tp_catalog_get(struct tp_catalog *catalog, const char *context, const char *text);

/* In the catalog in use. The result is a constant string; printf arguments are checked against the
 * English. */
const char *tp_translate(const char *text) __attribute__((format_arg(1)));
const char *tp_translate_in(const char *context, const char *text) __attribute__((format_arg(2)));

#define _(text) tp_translate(text)
#define tp_c(context, text) tp_translate_in(context, text)
/* Marks without looking up: for tables. */
#define tp_n(text) text
#define tp_nc(context, text) text

/* Is the language written from right to left? By its script subtag, else by its language. */
bool tp_tag_is_rtl(const char *tag);

/* The parser on its own, for the fuzzer: checks `size` bytes of a .mo file. Nothing is kept. */
bool tp_catalog_check(const void *bytes, size_t size, struct tp_error *error);

#endif
