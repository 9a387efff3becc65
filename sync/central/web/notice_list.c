/* Notices: all of them. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "central/http/access.h"
#include "central/web/notices.h"
#include "central/web/web.h"

static const char *const kind_words[TP_NOTICE_KINDS] = {
    [TP_NOTICE_NEWS] = "News",
    [TP_NOTICE_OUTCOME] = "You said, we did",
    [TP_NOTICE_SERVICE] = "About our service",
};

const char *tp_notice_kind_words(enum tp_notice_kind kind)
{
    return kind_words[kind];
}

struct tp_notice_standing tp_notice_standing(enum tp_notice_state state, const char *from,
                                             const char *until, const char *today)
{
    if (state == TP_NOTICE_DRAFT)
        return (struct tp_notice_standing){"Draft", "tag note"};
    if (state == TP_NOTICE_WITHDRAWN)
        return (struct tp_notice_standing){"Withdrawn", "tag off"};
    if (strcmp(today, from) < 0)
        return (struct tp_notice_standing){"Waits for its day", "tag note"};
    if (strcmp(today, until) > 0)
        return (struct tp_notice_standing){"Over", "tag off"};
    return (struct tp_notice_standing){"On screens", "tag good"};
}

struct listing {
    struct tp_html *html;
    char today[TP_DAY_TEXT_MAX];
    size_t count;
};

static void state_cell(struct tp_html *html, struct tp_notice_standing standing)
{
    tp_html_open(html, "td", "data-label", "State", NULL);
    tp_html_element(html, "span", standing.words, "class", standing.tag, NULL);
    tp_html_close(html);
}

static bool add_row(void *context, const struct tp_notice_row *row)
{
    static const char *const headings[] = {"Notice",     "Kind",  "From", "Until",
                                           "#Languages", "State", NULL};
    struct listing *listing = context;
    struct tp_html *html = listing->html;
    char path[TP_PAGE_PATH_MAX], id[TP_NOTICE_ID_MAX], day[TP_WHEN_TEXT_MAX];
    char number[TP_NUMBER_TEXT_MAX];

    if (listing->count++ == 0)
        tp_page_table(html, "All notices", headings);
    (void)snprintf(id, sizeof(id), "%" PRId64, row->id);
    tp_html_open(html, "tr", NULL);
    tp_html_open(html, "th", "scope", "row", NULL);
    tp_html_element(html, "a", row->title, "class", "strong", "href",
                    tp_page_path(path, "/notices/", id, ""), NULL);
    if (*row->survey)
        tp_html_element(html, "span", row->survey, "class", "id", NULL);
    tp_html_close(html);
    tp_page_cell(html, "Kind", kind_words[row->kind]);
    tp_page_cell(html, "From", tp_page_day(row->from, listing->today, day));
    tp_page_cell(html, "Until", tp_page_day(row->until, listing->today, day));
    tp_page_cell(html, "#Languages", tp_page_number(row->languages, number));
    state_cell(html, tp_notice_standing(row->state, row->from, row->until, listing->today));
    tp_html_close(html);
    return true;
}

enum tp_next tp_web_notices(struct tp_central *central, struct tp_exchange *exchange)
{
    struct tp_sql *db = tp_sql_pool_take(central->readers);
    bool writes = tp_access_may(exchange, TP_OFFICER);
    struct tp_html html;
    struct listing listing = {.html = &html};
    bool ok;

    tp_central_day(central, tp_clock_wall_ms(&central->clock), listing.today);
    tp_page_begin_with(central, exchange, &html, 200, TP_SECTION_NOTICES, "Notices",
                       writes ? "Write a notice" : NULL, "/notices/new");
    tp_html_element(&html, "p",
                    "News, \"You said, we did\" and words about the service. Every screen shows "
                    "them, also without a network, from their first day to their last.",
                    "class", "hint", NULL);
    ok = tp_notice_rows(db, add_row, &listing, NULL);
    if (listing.count)
        tp_page_table_end(&html);
    else
        tp_html_element(&html, "p", "There is no notice yet.", "class", "panel", NULL);
    tp_page_end(&html);
    tp_sql_pool_give(central->readers, db);
    if (!ok)
        tp_page_not_ready(exchange);
    return TP_RESPOND;
}
