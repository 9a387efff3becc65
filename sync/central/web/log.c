/* What was done, by whom, and when. */
#include <stdio.h>
#include <stdlib.h>

#include "central/data/audit.h"
#include "central/web/page.h"
#include "central/web/web.h"

#define SHOWN 100

struct listing {
    struct tp_central *central;
    struct tp_html *html;
    size_t count;
    int64_t last_id;
};

static bool row(void *context, const struct tp_audit_row *deed)
{
    struct listing *listing = context;
    char when[TP_WHEN_TEXT_MAX];

    listing->count++;
    listing->last_id = deed->id;
    tp_html_open(listing->html, "tr", NULL);
    tp_page_cell(listing->html, "When",
                 tp_page_clock(listing->central, deed->at_ms,
                               tp_clock_wall_ms(&listing->central->clock), when));
    tp_page_cell(listing->html, "Who", deed->who);
    tp_html_open(listing->html, "td", "data-label", "What", NULL);
    tp_html_textf(listing->html, "%s %s", deed->action, deed->subject);
    tp_html_close(listing->html);
    tp_html_close(listing->html);
    return tp_buf_ok(listing->html->out);
}

enum tp_next tp_web_log(struct tp_central *central, struct tp_exchange *exchange)
{
    static const char *const headings[] = {"When", "Who", "What", NULL};
    struct tp_sql *db = tp_sql_pool_take(central->readers);
    struct tp_html html;
    struct listing listing = {.central = central, .html = &html};
    char before[24] = "";
    char older[48];
    bool ok;

    (void)tp_exchange_query(exchange, "before", before, sizeof(before));
    tp_page_begin(central, exchange, &html, 200, TP_SECTION_PEOPLE, "What was done");
    tp_page_table(&html, "What was done, the newest first", headings);
    ok = tp_audit_each(db, strtoll(before, NULL, 10), SHOWN, row, &listing, NULL);
    tp_sql_pool_give(central->readers, db);
    tp_page_table_end(&html);
    if (listing.count == SHOWN) {
        (void)snprintf(older, sizeof(older), "/log?before=%lld", (long long)listing.last_id);
        tp_html_open(&html, "p", "class", "buttons", NULL);
        tp_html_element(&html, "a", "Older", "class", "button plain", "href", older, NULL);
        tp_html_close(&html);
    }
    tp_page_end(&html);
    if (!ok)
        tp_page_not_ready(exchange);
    return TP_RESPOND;
}
