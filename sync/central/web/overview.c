/* The first page: is everything well, and what came in. */
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "central/data/quarantine.h"
#include "central/http/access.h"
#include "central/web/chart.h"
#include "central/web/devices.h"
#include "central/web/surveys.h"
#include "central/web/web.h"

/* Screens shown here; the rest are on their own page, those in need come first. */
#define SCREENS_SHOWN 12u

struct overview {
    struct tp_device *devices;
    size_t device_count;
    struct tp_survey *surveys;
    size_t survey_count;
    int64_t quarantine;
    int64_t answers;
    int64_t answers_today;
    int64_t opened;
    int64_t completed;
    int64_t waiting;
    int64_t waiting_on; /* screens */
    int64_t in_use;     /* screens */
    size_t in_need;
    char need[192]; /* the first in words */
    char today[TP_DAY_TEXT_MAX];
    int64_t now_ms;
};

static bool add_today(void *context, const char *day, int64_t count)
{
    struct overview *overview = context;

    (void)day;
    overview->answers_today = count;
    return true;
}

static void sum_up(struct tp_central *central, struct overview *overview)
{
    char state[192];

    for (size_t i = 0; i < overview->survey_count; i++) {
        overview->answers += overview->surveys[i].counts.answers;
        overview->opened += overview->surveys[i].counts.opened;
        overview->completed += overview->surveys[i].counts.completed;
    }
    for (size_t i = 0; i < overview->device_count; i++) {
        const struct tp_device *device = &overview->devices[i];

        if (device->revoked_ms)
            continue;
        overview->in_use++;
        overview->waiting += device->waiting;
        overview->waiting_on += device->waiting > 0;
        if (tp_device_state(central, device, overview->now_ms, state) != TP_MOOD_ALARM)
            continue;
        if (overview->in_need++ == 0)
            (void)snprintf(overview->need, sizeof(overview->need), "%.100s is %s", device->name,
                           strncmp(state, "Silent", 6) == 0 ? "silent" : "in trouble");
    }
    if (overview->quarantine) {
        if (overview->in_need++ == 0)
            (void)snprintf(overview->need, sizeof(overview->need), "%lld answer%s in quarantine",
                           (long long)overview->quarantine, overview->quarantine == 1 ? "" : "s");
    }
}

static bool read_overview(struct tp_central *central, struct tp_sql *db, struct overview *overview,
                          struct tp_error *error)
{
    overview->now_ms = tp_clock_wall_ms(&central->clock);
    tp_central_day(central, overview->now_ms, overview->today);
    if (!tp_device_list(db, false, &overview->devices, &overview->device_count, error) ||
        !tp_survey_list(db, &overview->surveys, &overview->survey_count, error) ||
        !tp_quarantine_count(db, &overview->quarantine, error) ||
        !tp_submissions_by_day(db, NULL, overview->today, overview->today, add_today, overview,
                               error))
        return false;
    sum_up(central, overview);
    return true;
}

static void cards(struct tp_html *html, const struct overview *overview)
{
    char figure[TP_NUMBER_TEXT_MAX];
    char small[TP_NUMBER_TEXT_MAX];
    char words[192];

    tp_html_open(html, "div", "class", "cards", NULL);
    (void)snprintf(words, sizeof(words), "%s today",
                   tp_page_number(overview->answers_today, small));
    tp_page_card(html, "Responses", tp_page_number(overview->answers, figure), words, false);
    (void)snprintf(words, sizeof(words), "on %s screen%s",
                   tp_page_number(overview->waiting_on, small),
                   overview->waiting_on == 1 ? "" : "s");
    tp_page_card(html, "Waiting on screens", tp_page_number(overview->waiting, figure), words,
                 false);
    if (overview->opened > 0) {
        int64_t percent = overview->completed * 100 / overview->opened;

        (void)snprintf(figure, sizeof(figure), "%lld %%",
                       (long long)(percent > 100 ? 100 : percent));
        (void)snprintf(words, sizeof(words), "%s started", tp_page_number(overview->opened, small));
        tp_page_card(html, "Finished of started", figure, words, false);
    } else {
        tp_page_card(html, "Finished of started", "\xe2\x80\x93", "none started yet", false);
    }
    if (overview->in_need > 1)
        (void)snprintf(words, sizeof(words), "%.120s, and %zu more", overview->need,
                       overview->in_need - 1);
    else
        (void)snprintf(words, sizeof(words), "%s",
                       overview->in_need ? overview->need : "all is well");
    tp_page_card(html, "Needs someone", tp_page_number((int64_t)overview->in_need, figure), words,
                 overview->in_need > 0);
    tp_html_close(html);
}

static void screen_row(struct tp_central *central, struct tp_html *html,
                       const struct overview *overview, const struct tp_device *device)
{
    char state[192];
    char when[TP_WHEN_TEXT_MAX];
    char waiting[TP_NUMBER_TEXT_MAX];
    enum tp_mood mood = tp_device_state(central, device, overview->now_ms, state);

    tp_html_open(html, "tr", NULL);
    tp_html_element(html, "th", device->name, "scope", "row", NULL);
    tp_page_cell(html, "Last heard", tp_page_ago(central, device->seen_ms, overview->now_ms, when));
    tp_page_cell(html, "#Waiting", tp_page_number(device->waiting, waiting));
    tp_device_state_cell(html, mood, state);
    tp_html_close(html);
}

static void screens(struct tp_central *central, struct tp_html *html,
                    const struct overview *overview)
{
    static const char *const headings[] = {"Screen", "Last heard", "#Waiting", "State", NULL};
    size_t shown = 0;
    char state[192];

    tp_html_element(html, "h2", "Screens", NULL);
    if (overview->in_use == 0) {
        tp_html_element(html, "p", "No screen yet. Enrol one on the page Screens.", "class",
                        "panel", NULL);
        return;
    }
    tp_page_table(html, "Screens and when they were last heard", headings);
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < overview->device_count && shown < SCREENS_SHOWN; i++) {
            const struct tp_device *device = &overview->devices[i];
            bool alarm = tp_device_state(central, device, overview->now_ms, state) == TP_MOOD_ALARM;

            if (device->revoked_ms || alarm != (pass == 0))
                continue;
            screen_row(central, html, overview, device);
            shown++;
        }
    }
    tp_page_table_end(html);
    if ((int64_t)shown < overview->in_use) {
        tp_html_open(html, "p", NULL);
        tp_html_element(html, "a", "All screens", "href", "/screens", NULL);
        tp_html_close(html);
    }
}

static void surveys(struct tp_central *central, struct tp_html *html,
                    const struct overview *overview)
{
    static const char *const headings[] = {
        "Survey", "State", "#Responses", "#Newest", "#Easy Read or large print", NULL};
    size_t shown = 0;

    tp_html_element(html, "h2", "Surveys", NULL);
    for (size_t i = 0; i < overview->survey_count; i++) {
        const struct tp_survey *survey = &overview->surveys[i];
        char text[TP_WHEN_TEXT_MAX * 2];
        char number[TP_NUMBER_TEXT_MAX];
        char path[TP_PAGE_PATH_MAX];

        if (tp_form_phase(&survey->form, overview->today) == TP_FORM_CLOSED)
            continue;
        if (shown++ == 0)
            tp_page_table(html, "Surveys that are open or about to open", headings);
        tp_html_open(html, "tr", NULL);
        tp_html_open(html, "th", "scope", "row", NULL);
        tp_html_element(html, "a", survey->form.title, "class", "strong", "href",
                        tp_page_path(path, "/surveys/", survey->form.id, ""), NULL);
        tp_html_close(html);
        tp_page_cell(html, "State", tp_survey_state(&survey->form, overview->today, text));
        tp_page_cell(html, "#Responses", tp_page_number(survey->counts.answers, number));
        tp_page_cell(html, "#Newest",
                     survey->counts.newest_ms
                         ? tp_page_ago(central, survey->counts.newest_ms, overview->now_ms, text)
                         : "\xe2\x80\x93");
        if (survey->counts.completed > 0)
            (void)snprintf(
                number, sizeof(number), "%lld %%",
                (long long)(survey->counts.completed_other_way * 100 / survey->counts.completed));
        tp_page_cell(html, "#Easy Read or large print",
                     survey->counts.completed > 0 ? number : "\xe2\x80\x93");
        tp_html_close(html);
    }
    if (shown)
        tp_page_table_end(html);
    else
        tp_html_element(html, "p", "No survey is open. Publish one on the page Surveys.", "class",
                        "panel", NULL);
}

enum tp_next tp_web_overview(struct tp_central *central, struct tp_exchange *exchange)
{
    struct overview overview = {.device_count = 0};
    struct tp_sql *db = tp_sql_pool_take(central->readers);
    struct tp_error error;
    struct tp_html html;
    bool ok = read_overview(central, db, &overview, &error);

    tp_page_begin_with(central, exchange, &html, 200, TP_SECTION_OVERVIEW, "Overview",
                       tp_access_may(exchange, TP_OFFICER) ? "Download responses" : NULL,
                       "/responses");
    if (ok) {
        cards(&html, &overview);
        tp_html_open(&html, "div", "class", "columns", NULL);
        tp_html_open(&html, "section", NULL);
        screens(central, &html, &overview);
        tp_html_close(&html);
        tp_html_open(&html, "section", NULL);
        tp_html_element(&html, "h2", "Responses a day", NULL);
        ok = tp_chart_days(central, db, &html, NULL, &error);
        tp_html_close(&html);
        tp_html_close(&html);
        surveys(central, &html, &overview);
    }
    tp_page_end(&html);
    tp_sql_pool_give(central->readers, db);
    tp_free(overview.devices);
    tp_free(overview.surveys);
    if (!ok)
        tp_respond_problem(exchange, 503, "the store is not ready; try again in a few seconds");
    return TP_RESPOND;
}
