/*
 * What every administrators' page shares: head, navigation, headings, forms with their token,
 * notices, and how times and numbers are written. No scripts, no inline styles. Thread: any.
 */
#ifndef TP_CENTRAL_WEB_PAGE_H
#define TP_CENTRAL_WEB_PAGE_H

#include "central/central.h"
#include "central/data/audit.h"
#include "central/http/exchange.h"
#include "central/web/html.h"

/* Who does it, and when, for the log. */
struct tp_deed tp_page_deed(const struct tp_central *central, const struct tp_exchange *exchange);

/* 503, for a database that does not answer. */
void tp_page_not_ready(struct tp_exchange *exchange);

enum tp_section {
    TP_SECTION_NONE,
    TP_SECTION_OVERVIEW,
    TP_SECTION_SURVEYS,
    TP_SECTION_NOTICES,
    TP_SECTION_SCREENS,
    TP_SECTION_RESPONSES,
    TP_SECTION_PEOPLE,
};

/* Begins the response and the page, up to and with <h1>. */
void tp_page_begin(const struct tp_central *central, struct tp_exchange *exchange,
                   struct tp_html *html, int status, enum tp_section section, const char *title);
/* As above, with a link that looks like a button to the right of the heading. */
void tp_page_begin_with(const struct tp_central *central, struct tp_exchange *exchange,
                        struct tp_html *html, int status, enum tp_section section,
                        const char *title, const char *action, const char *href);
void tp_page_end(struct tp_html *html);

/* "/surveys/", an ID of any characters, "/close": a path with its one hostile segment encoded. */
#define TP_PAGE_PATH_MAX 700u
const char *tp_page_path(char path[TP_PAGE_PATH_MAX], const char *before, const char *segment,
                         const char *after);

/* A form that posts to `action`, with its token. The caller closes it. */
void tp_page_form(struct tp_html *html, const struct tp_exchange *exchange, const char *action,
                  const char *class);
/* The same for files. */
void tp_page_upload(struct tp_html *html, const struct tp_exchange *exchange, const char *action,
                    const char *class);
/* A form that is one button. */
void tp_page_button(struct tp_html *html, const struct tp_exchange *exchange, const char *action,
                    const char *class, const char *label, const char *spoken);
/* A labelled field; `hint` and `value` may be NULL. `type` is text, password... */
void tp_page_field(struct tp_html *html, const char *name, const char *label, const char *hint,
                   const char *type, const char *value, const char *autocomplete);

/* What could not be done, and what to do; NULL or "" shows nothing. `field`: the name of the field
 * of this page that it is about, which is then led to, and marked, and says it too; NULL: of none.
 * The title of a page that is not 200 says that there is a problem (WCAG 3.3.1, G83; 4.1.3). */
void tp_page_problem(struct tp_html *html, const char *text, const char *field);
/* What describes the field `name`: the problem, where it is about this field, then its hint
 * (`hint_id`, or NULL). NULL where there is neither. */
#define TP_DESCRIBED_MAX 96u
const char *tp_page_described(const struct tp_html *html, const char *name, const char *hint_id,
                              char text[TP_DESCRIBED_MAX]);
bool tp_page_is_wrong(const struct tp_html *html, const char *name);
void tp_page_done(struct tp_html *html, const char *text);
/* Shows the notice that ?done=WORD of the request names; `notices` are pairs of word and text,
 * ended by NULL. */
void tp_page_done_word(struct tp_html *html, const struct tp_exchange *exchange,
                       const char *const *notices);

/* A figure with what it is and a few words under it; `alarm`: someone should look. */
void tp_page_card(struct tp_html *html, const char *label, const char *figure, const char *words,
                  bool alarm);

/* One of several: radio buttons. `values` are pairs of value and label, ended by NULL. */
void tp_page_choice(struct tp_html *html, const char *name, const char *label,
                    const char *const *values, const char *chosen);

/* A table in a frame; the caller adds rows. `headings` are ended by NULL; one that begins with '#'
 * is of a column of numbers, one that is "" has no words to show. Close with tp_page_table_end. */
void tp_page_table(struct tp_html *html, const char *caption, const char *const *headings);
void tp_page_table_end(struct tp_html *html);
/* A cell of text: `heading` is what its column says, for narrow screens. */
void tp_page_cell(struct tp_html *html, const char *heading, const char *text);

/* "1,106" */
#define TP_NUMBER_TEXT_MAX 32u
const char *tp_page_number(int64_t number, char text[TP_NUMBER_TEXT_MAX]);

/* "2 minutes ago", "Yesterday 16:40", "21 Nov 16:40"; "Never" for 0. */
#define TP_WHEN_TEXT_MAX 48u
const char *tp_page_ago(const struct tp_central *central, int64_t when_ms, int64_t now_ms,
                        char text[TP_WHEN_TEXT_MAX]);
/* "18 Dec" or, in another year than now, "18 Dec 2027", of "2026-12-18". */
const char *tp_page_day(const char *day, const char *today, char text[TP_WHEN_TEXT_MAX]);
/* "07:12" today, else "21 Nov 07:12", of another year than now "21 Nov 2027 07:12". */
const char *tp_page_clock(const struct tp_central *central, int64_t when_ms, int64_t now_ms,
                          char text[TP_WHEN_TEXT_MAX]);

#endif
