/* Responses: how many, when, and the download. */
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "central/export/export.h"
#include "central/http/access.h"
#include "central/web/chart.h"
#include "central/web/surveys.h"
#include "central/web/web.h"

/* Downloads at once: each unseals as fast as a core can. */
#define DOWNLOADS_MAX 2

static void links(struct tp_html *html, const struct tp_form_row *form)
{
    static const struct {
        const char *label;
        const char *query;
        const char *spoken;
    } kinds[] = {{"Excel", "/download?format=csv&bom=yes&labels=yes", "for Excel, with labels"},
                 {"CSV", "/download?format=csv", "as CSV, with codes"},
                 {"JSON", "/download?format=json", "as JSON"}};

    char path[TP_PAGE_PATH_MAX];
    char spoken[TP_FORM_TITLE_MAX + 64];

    tp_html_open(html, "td", "class", "actions", NULL);
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        (void)tp_page_path(path, "/responses/", form->id, kinds[i].query);
        (void)snprintf(spoken, sizeof(spoken), "Download %s %s", form->title, kinds[i].spoken);
        tp_html_element(html, "a", kinds[i].label, "class", "quiet", "href", path, "aria-label",
                        spoken, NULL);
    }
    (void)tp_page_path(path, "/responses/", form->id, "");
    (void)snprintf(spoken, sizeof(spoken), "Choose how to download %s", form->title);
    tp_html_element(html, "a", "Choose", "class", "quiet", "href", path, "aria-label", spoken,
                    NULL);
    tp_html_close(html);
}

static void row(struct tp_central *central, struct tp_html *html,
                const struct tp_exchange *exchange, const struct tp_survey *survey, int64_t now_ms)
{
    char number[TP_NUMBER_TEXT_MAX];
    char when[TP_WHEN_TEXT_MAX];

    tp_html_open(html, "tr", NULL);
    tp_html_open(html, "th", "scope", "row", NULL);
    tp_html_element(html, "span", survey->form.title, "class", "strong", NULL);
    tp_html_element(html, "span", survey->form.id, "class", "id", NULL);
    tp_html_close(html);
    tp_page_cell(html, "#Responses", tp_page_number(survey->counts.answers, number));
    tp_page_cell(html, "Newest",
                 survey->counts.newest_ms
                     ? tp_page_ago(central, survey->counts.newest_ms, now_ms, when)
                     : "\xe2\x80\x93");
    if (tp_access_may(exchange, TP_OFFICER))
        links(html, &survey->form);
    else
        tp_html_element(html, "td", "", NULL);
    tp_html_close(html);
}

/* A chart for all, and one for each survey that has answers. */
static bool charts(struct tp_central *central, struct tp_sql *db, struct tp_html *html,
                   const struct tp_survey *list, size_t count)
{
    bool ok = true;

    tp_html_element(html, "h2", "Responses a day", NULL);
    tp_html_open(html, "div", "class", "charts", NULL);
    for (size_t i = 0; ok && i < count; i++) {
        if (list[i].counts.answers == 0)
            continue;
        tp_html_open(html, "section", NULL);
        tp_html_element(html, "h3", list[i].form.title, NULL);
        ok = tp_chart_days(central, db, html, list[i].form.id, NULL);
        tp_html_close(html);
    }
    tp_html_close(html);
    return ok;
}

static bool show(struct tp_central *central, struct tp_sql *db, struct tp_exchange *exchange)
{
    static const char *const headings[] = {"Survey", "#Responses", "Newest", "#Download", NULL};
    struct tp_survey *list = NULL;
    struct tp_html html;
    size_t count = 0;
    int64_t answers = 0;
    bool ok = tp_survey_list(db, &list, &count, NULL);

    tp_page_begin(central, exchange, &html, 200, TP_SECTION_RESPONSES, "Responses");
    if (count)
        tp_page_table(&html, "Responses by survey", headings);
    else
        tp_html_element(&html, "p", "No survey yet.", "class", "panel", NULL);
    for (size_t i = 0; i < count; i++) {
        row(central, &html, exchange, &list[i], tp_clock_wall_ms(&central->clock));
        answers += list[i].counts.answers;
    }
    if (count)
        tp_page_table_end(&html);
    tp_html_element(&html, "p",
                    "Downloads hold what people wrote. Keep them where only your team can open "
                    "them, and delete them when the survey's retention says so.",
                    "class", "hint", NULL);
    if (tp_access_may(exchange, TP_ADMINISTRATOR)) {
        tp_html_open(&html, "p", "class", "buttons", NULL);
        tp_html_element(&html, "a", "Withdraw a response", "class", "button plain", "href",
                        "/withdraw", NULL);
        tp_html_element(&html, "a", "Quarantine", "class", "button plain", "href", "/quarantine",
                        NULL);
        tp_html_close(&html);
    }
    if (answers)
        ok = charts(central, db, &html, list, count) && ok;
    tp_page_end(&html);
    tp_free(list);
    return ok;
}

enum tp_next tp_web_responses(struct tp_central *central, struct tp_exchange *exchange)
{
    struct tp_sql *db = tp_sql_pool_take(central->readers);
    bool ok = show(central, db, exchange);

    tp_sql_pool_give(central->readers, db);
    if (!ok)
        tp_page_not_ready(exchange);
    return TP_RESPOND;
}

struct downloading {
    struct tp_central *central;
    struct tp_export *export;
};

static bool fill(void *context, struct tp_buf *out, bool *end)
{
    struct downloading *downloading = context;

    return tp_export_fill(downloading->export, out, end, NULL);
}

static void close_download(void *context)
{
    struct downloading *downloading = context;

    tp_export_close(downloading->export);
    (void)atomic_fetch_sub(&downloading->central->exports, 1);
    tp_free(downloading);
}

static bool says_yes(const struct tp_exchange *exchange, const char *name)
{
    char value[8];

    return tp_exchange_query(exchange, name, value, sizeof(value)) && strcmp(value, "yes") == 0;
}

/* "library-hours 2026-11-23.csv", with nothing in it that a file name cannot have. */
static void name_file(struct tp_central *central, struct tp_exchange *exchange, const char *ending)
{
    char day[TP_DAY_TEXT_MAX];
    char name[64];
    size_t length = 0;

    for (const char *p = exchange->names[0]; *p && length + 1 < sizeof(name); p++) {
        bool plain = (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') ||
                     (*p >= '0' && *p <= '9') || *p == '-' || *p == '_';

        name[length++] = plain ? *p : '-';
    }
    name[length] = '\0';
    tp_central_day(central, tp_clock_wall_ms(&central->clock), day);
    tp_respond_header(exchange, "Content-Disposition", "attachment; filename=\"%s-%s.%s\"", name,
                      day, ending);
}

/* The log says who took answers away, before the first is given. */
struct noting {
    struct tp_deed deed;
    const char *form;
};

static bool run_note(struct tp_sql *db, void *context, struct tp_error *error)
{
    const struct noting *noting = context;

    return tp_audit_add(db, &noting->deed, "downloaded the responses of", noting->form, error);
}

static void begin_download(struct tp_central *central, struct tp_exchange *exchange,
                           struct downloading *downloading)
{
    char text[32] = "";
    char language[64] = "";
    bool told = tp_exchange_query(exchange, "format", text, sizeof(text));
    bool json = told && strcmp(text, "json") == 0;
    bool excel = told && strcmp(text, "excel") == 0;
    struct tp_export_options options = {.form = exchange->names[0],
                                        .format = json ? TP_EXPORT_JSON : TP_EXPORT_CSV,
                                        .labels = says_yes(exchange, "labels"),
                                        .bom = excel || says_yes(exchange, "bom"),
                                        .practice = says_yes(exchange, "practice")};
    struct tp_error error;

    if (tp_exchange_query(exchange, "language", language, sizeof(language)))
        options.language = language;
    downloading->central = central;
    if (!tp_committer_run(central->committer, run_note,
                          &(struct noting){tp_page_deed(central, exchange), exchange->names[0]},
                          NULL)) {
        close_download(downloading);
        tp_page_not_ready(exchange);
        return;
    }
    if (!tp_export_open(central->readers, &central->keys, &options, &downloading->export, &error)) {
        close_download(downloading);
        tp_respond_problem(exchange, error.code == TP_ERR_NOT_FOUND ? 404 : 503, "%s", error.text);
        return;
    }
    tp_respond(exchange, 200, json ? "application/json" : "text/csv; charset=utf-8");
    tp_respond_header(exchange, "Cache-Control", "no-store");
    tp_respond_header(exchange, "X-Content-Type-Options", "nosniff");
    name_file(central, exchange, json ? "json" : "csv");
    exchange->response.stream =
        (struct tp_stream){.fill = fill, .close = close_download, .context = downloading};
}

enum tp_next tp_web_download(struct tp_central *central, struct tp_exchange *exchange)
{
    struct downloading *downloading;

    if (atomic_fetch_add(&central->exports, 1) >= DOWNLOADS_MAX) {
        (void)atomic_fetch_sub(&central->exports, 1);
        tp_respond_problem(exchange, 503, "two downloads run already; try again when one is done");
        return TP_RESPOND;
    }
    downloading = tp_calloc(1, sizeof(*downloading));
    if (!downloading) {
        (void)atomic_fetch_sub(&central->exports, 1);
        tp_respond_problem(exchange, 503, "no memory; try again in a few seconds");
        return TP_RESPOND;
    }
    begin_download(central, exchange, downloading);
    return TP_RESPOND;
}
