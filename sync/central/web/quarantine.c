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
    size_t count;
};

static void choice(struct tp_html *html, int64_t id, const char *what, const char *label,
                   const char *instance)
{
    char path[96];
    char spoken[160];

    (void)snprintf(path, sizeof(path), "/quarantine/%lld/%s", (long long)id, what);
    (void)snprintf(spoken, sizeof(spoken), "%s %.100s", label, instance);
    tp_html_element(html, "a", label, "class", "quiet", "href", path, "aria-label", spoken, NULL);
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
    tp_page_cell(html, "Survey", put->title);
    tp_page_cell(html, "Came", tp_page_ago(listing->central, put->received_ms, now_ms, text));
    tp_page_cell(html, "From", *put->device_name ? put->device_name : "\xe2\x80\x93");
    (void)snprintf(text, sizeof(text), "%lld KiB", (long long)(put->length + 1023) / 1024);
    tp_page_cell(html, "#Size", text);
    tp_html_open(html, "td", "class", "actions", NULL);
    choice(html, put->id, "swap", "Use this one", put->instance_id);
    choice(html, put->id, "discard", "Discard", put->instance_id);
    tp_html_close(html);
    tp_html_close(html);
    return tp_buf_ok(html->out);
}

enum tp_next tp_web_quarantine(struct tp_central *central, struct tp_exchange *exchange)
{
    struct tp_sql *db = tp_sql_pool_take(central->readers);
    struct tp_html html;
    struct listing listing = {.central = central, .html = &html};
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

/* ---- looking twice, since neither is undone ---- */

struct finding {
    int64_t id;
    bool found;
    char instance_id[TP_INSTANCE_ID_MAX];
};

static bool find(void *context, const struct tp_put_aside *put)
{
    struct finding *finding = context;

    finding->found = put->id == finding->id;
    (void)snprintf(finding->instance_id, sizeof(finding->instance_id), "%s", put->instance_id);
    return !finding->found;
}

static enum tp_next ask(struct tp_central *central, struct tp_exchange *exchange, const char *title,
                        const char *words, const char *what, const char *label)
{
    struct tp_sql *db = tp_sql_pool_take(central->readers);
    struct finding finding = {.id = strtoll(exchange->names[0], NULL, 10)};
    struct tp_html html;
    char path[96];
    bool ok = tp_quarantine_each(db, INT64_MAX, find, &finding, NULL);

    tp_sql_pool_give(central->readers, db);
    if (!ok || !finding.found) {
        if (ok)
            tp_respond_problem(exchange, 404, "that is in quarantine no longer");
        else
            tp_page_not_ready(exchange);
        return TP_RESPOND;
    }
    tp_page_begin(central, exchange, &html, 200, TP_SECTION_RESPONSES, title);
    tp_html_open(&html, "div", "class", "panel narrow", NULL);
    tp_html_element(&html, "p", finding.instance_id, "class", "id", NULL);
    tp_html_element(&html, "p", words, NULL);
    (void)snprintf(path, sizeof(path), "/quarantine/%lld/%s", (long long)finding.id, what);
    tp_html_open(&html, "div", "class", "buttons", NULL);
    tp_page_button(&html, exchange, path, "button danger", label, NULL);
    tp_html_element(&html, "a", "Keep both", "class", "button plain", "href", "/quarantine", NULL);
    tp_page_end(&html);
    return TP_RESPOND;
}

enum tp_next tp_web_quarantine_discard_page(struct tp_central *central,
                                            struct tp_exchange *exchange)
{
    return ask(central, exchange, "Discard what is in quarantine",
               "What came later is deleted, and cannot be brought back. The answer that is kept "
               "stays as it is.",
               "discard", "Discard it");
}

enum tp_next tp_web_quarantine_swap_page(struct tp_central *central, struct tp_exchange *exchange)
{
    return ask(central, exchange, "Use what is in quarantine",
               "What came later takes the place of the answer that is kept. That one is deleted, "
               "and cannot be brought back.",
               "swap", "Use it");
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
