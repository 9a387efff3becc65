#include "central/web/chart.h"

#include <stdio.h>
#include <string.h>

#include "central/data/submissions.h"

#define DAY_MS (24 * 3600 * 1000LL)
/* In the drawing's own units; the page scales it. */
#define WIDTH 420
#define HEIGHT 96
#define BAR_PART 72 /* of a day's width, in hundredths */

struct days {
    char name[TP_CHART_DAYS][TP_DAY_TEXT_MAX];
    int64_t count[TP_CHART_DAYS];
};

static bool add_day(void *context, const char *day, int64_t count)
{
    struct days *days = context;

    for (size_t i = 0; i < TP_CHART_DAYS; i++) {
        if (strcmp(days->name[i], day) == 0)
            days->count[i] = count;
    }
    return true;
}

static void number(char text[32], double value)
{
    (void)snprintf(text, 32, "%.2f", value);
}

static void bar(struct tp_html *html, size_t index, int64_t count, int64_t most)
{
    double step = (double)WIDTH / TP_CHART_DAYS;
    double width = step * BAR_PART / 100;
    double height = most ? (double)count * HEIGHT / (double)most : 0;
    char x[32];
    char y[32];
    char w[32];
    char h[32];

    if (count == 0)
        return;
    /* A single answer among many must still be seen. */
    if (height < 2)
        height = 2;
    number(x, (double)index * step + (step - width) / 2);
    number(y, HEIGHT - height);
    number(w, width);
    number(h, height);
    tp_html_void(html, "rect", "x", x, "y", y, "width", w, "height", h, "rx", "2", NULL);
}

/* The highest day's count and, in words, what the picture shows. */
static void describe(const struct days *days, const char *first, const char *last, char text[160],
                     int64_t *most)
{
    int64_t sum = 0;
    char a[TP_NUMBER_TEXT_MAX];
    char b[TP_NUMBER_TEXT_MAX];

    *most = 0;
    for (size_t i = 0; i < TP_CHART_DAYS; i++) {
        sum += days->count[i];
        if (days->count[i] > *most)
            *most = days->count[i];
    }
    (void)snprintf(text, 160, "%s responses from %s to %s, at most %s in a day",
                   tp_page_number(sum, a), first, last, tp_page_number(*most, b));
}

bool tp_chart_days(struct tp_central *central, struct tp_sql *db, struct tp_html *html,
                   const char *form, struct tp_error *error)
{
    struct days days = {.count = {0}};
    int64_t now_ms = tp_clock_wall_ms(&central->clock);
    const char *today = days.name[TP_CHART_DAYS - 1];
    char first[TP_WHEN_TEXT_MAX];
    char last[TP_WHEN_TEXT_MAX];
    char words[160];
    int64_t most;

    for (int i = 0; i < TP_CHART_DAYS; i++)
        tp_central_day(central, now_ms - (TP_CHART_DAYS - 1 - i) * DAY_MS, days.name[i]);
    if (!tp_submissions_by_day(db, form, days.name[0], today, add_day, &days, error))
        return false;
    (void)tp_page_day(days.name[0], today, first);
    (void)tp_page_day(today, today, last);
    describe(&days, first, last, words, &most);
    tp_html_open(html, "figure", "class", "chart panel", NULL);
    tp_html_open(html, "svg", "viewBox", "0 0 420 98", "role", "img", "aria-label", words,
                 "preserveAspectRatio", "none", NULL);
    for (size_t i = 0; i < TP_CHART_DAYS; i++)
        bar(html, i, days.count[i], most);
    tp_html_void(html, "line", "x1", "0", "y1", "97", "x2", "420", "y2", "97", NULL);
    tp_html_close(html);
    tp_html_open(html, "figcaption", NULL);
    tp_html_element(html, "span", first, NULL);
    tp_html_element(html, "span", last, NULL);
    tp_html_close(html);
    tp_html_close(html);
    return true;
}
