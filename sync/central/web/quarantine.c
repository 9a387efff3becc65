/* Quarantine: what came under an ID that was taken, and what to do with each. */
#include "central/data/quarantine.h"

#include <stdio.h>
#include <stdlib.h>

#include "central/web/page.h"
#include "central/web/web.h"

#define SHOWN 100

static const char *const notices[] = {"discarded", "It is deleted.", "replaced",
                                      "It took the place of the one that was kept.", NULL};

struct listing {
    struct tp_central *central;
    struct tp_html *html;
    const struct tp_exchange *exchange;
    size_t count;
};

static void button(struct tp_html *html, const struct tp_exchange *exchange, int64_t id,
                   const char *what, const char *class, const char *label, const char *instance)
{
    char path[96];
    char spoken[160];

    (void)snprintf(path, sizeof(path), "/quarantine/%lld/%s", (long long)id, what);
    (void)snprintf(spoken, sizeof(spoken), "%s %.100s", label, instance);
    tp_page_button(html, exchange, path, class, label, spoken);
}

static bool row(void *context, const struct tp_put_aside *put)
{
    static const char *const headings[] = {"Answer", "Survey", "Came", "From", "#Size", "", NULL};
    struct listing *listing = context;
    struct tp_html *html = listing->html;
    int64_t now_ms = tp_clock_wall_ms(&listing->central->clock);
    char text[TP_WHEN_TEXT_MAX];

    if (listing->count++ == 0)
        tp_page_table(html, "Answers in quarantine", headings);
    tp_html_open(html, "tr", NULL);
    tp_html_open(html, "th", "scope", "row", NULL);
    tp_html_element(html, "span", *put->part ? put->part : "The whole answer", "class", "strong",
                    NULL);
    tp_html_element(html, "span", put->instance_id, "class", "id", NULL);
    tp_html_close(html);
    tp_page_cell(html, "Survey", put->form);
    tp_page_cell(html, "Came", tp_page_ago(listing->central, put->received_ms, now_ms, text));
    tp_page_cell(html, "From", *put->device_name ? put->device_name : "\xe2\x80\x93");
    (void)snprintf(text, sizeof(text), "%lld KiB", (long long)(put->length + 1023) / 1024);
    tp_page_cell(html, "#Size", text);
    tp_html_open(html, "td", "class", "actions", NULL);
    button(html, listing->exchange, put->id, "swap", "quiet", "Use this one", put->instance_id);
    button(html, listing->exchange, put->id, "discard", "quiet", "Discard", put->instance_id);
    tp_html_close(html);
    tp_html_close(html);
    return tp_buf_ok(html->out);
}

enum tp_next tp_web_quarantine(struct tp_central *central, struct tp_exchange *exchange)
{
    struct tp_sql *db = tp_sql_pool_take(central->readers);
    struct tp_html html;
    struct listing listing = {.central = central, .html = &html, .exchange = exchange};
    bool ok;

    tp_page_begin(central, exchange, &html, 200, TP_SECTION_RESPONSES, "Quarantine");
    tp_page_done_word(&html, exchange, notices);
    tp_html_element(
        &html, "p",
        "Each of these came under the ID of an answer that is kept, with other words in "
        "it. The one that came first counts until you choose.",
        "class", "hint", NULL);
    ok = tp_quarantine_each(db, SHOWN, row, &listing, NULL);
    tp_sql_pool_give(central->readers, db);
    if (listing.count)
        tp_page_table_end(&html);
    else
        tp_html_element(&html, "p", "Nothing is in quarantine.", "class", "panel", NULL);
    tp_page_end(&html);
    if (!ok)
        tp_page_not_ready(exchange);
    return TP_RESPOND;
}

struct choosing {
    int64_t id;
    struct tp_deed deed;
    bool found;
};

static bool run_discard(struct tp_sql *db, void *context, struct tp_error *error)
{
    struct choosing *choosing = context;

    return tp_quarantine_discard(db, choosing->id, &choosing->deed, &choosing->found, error);
}

static bool run_swap(struct tp_sql *db, void *context, struct tp_error *error)
{
    struct choosing *choosing = context;

    return tp_quarantine_swap(db, choosing->id, &choosing->deed, &choosing->found, error);
}

static enum tp_next choose(struct tp_central *central, struct tp_exchange *exchange,
                           bool (*run)(struct tp_sql *, void *, struct tp_error *),
                           const char *done)
{
    struct choosing choosing = {.id = strtoll(exchange->names[0], NULL, 10),
                                .deed = tp_page_deed(central, exchange)};

    if (!tp_committer_run(central->committer, run, &choosing, NULL))
        tp_page_not_ready(exchange);
    else if (!choosing.found)
        tp_respond_problem(exchange, 404, "that is in quarantine no longer");
    else
        tp_respond_see_other(exchange, done);
    return TP_RESPOND;
}

enum tp_next tp_web_quarantine_discard(struct tp_central *central, struct tp_exchange *exchange)
{
    return choose(central, exchange, run_discard, "/quarantine?done=discarded");
}

enum tp_next tp_web_quarantine_swap(struct tp_central *central, struct tp_exchange *exchange)
{
    return choose(central, exchange, run_swap, "/quarantine?done=replaced");
}
