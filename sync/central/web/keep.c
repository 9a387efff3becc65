/* How long responses of a survey are kept: set by an administrator, who is asked again where some
 * would be deleted at once. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "central/data/removal.h"
#include "central/web/surveys.h"
#include "central/web/web.h"

struct keep_change {
    const char *form;
    int64_t months;
    struct tp_deed deed;
    bool found;
};

static bool run_keep(struct tp_sql *db, void *context, struct tp_error *error)
{
    struct keep_change *change = context;

    return tp_form_set_keep(db, change->form, change->months, &change->deed, &change->found, error);
}

/* How many responses the next daily round would delete. */
static bool count_gone(struct tp_central *central, const struct keep_change *change,
                       struct tp_form_row *form, bool *found, int64_t *gone)
{
    struct tp_sql *db = tp_sql_pool_take(central->readers);
    int64_t limit_ms;
    bool ok = tp_forms_get(db, change->form, form, found, NULL);

    *gone = 0;
    if (ok && *found) {
        limit_ms = tp_form_limit(form, change->months, change->deed.at_ms);
        ok = limit_ms == 0 || tp_form_count_before(db, change->form, limit_ms, gone, NULL);
    }
    tp_sql_pool_give(central->readers, db);
    return ok;
}

static void ask(struct tp_central *central, struct tp_exchange *exchange,
                const struct keep_change *change, const struct tp_form_row *form, int64_t gone)
{
    struct tp_html html;
    char path[TP_PAGE_PATH_MAX];
    char number[TP_NUMBER_TEXT_MAX];
    char months[TP_NUMBER_TEXT_MAX];

    tp_page_begin(central, exchange, &html, 200, TP_SECTION_SURVEYS, "Delete responses");
    tp_html_open(&html, "div", "class", "panel narrow", NULL);
    tp_html_element(&html, "p", form->title, "class", "lead strong", NULL);
    tp_html_open(&html, "p", NULL);
    tp_html_textf(&html,
                  "%s response%s older than that. Within a day they are deleted, and cannot be "
                  "brought back.",
                  tp_page_number(gone, number), gone == 1 ? " is" : "s are");
    tp_html_close(&html);
    tp_page_form(&html, exchange, tp_page_path(path, "/surveys/", change->form, "/keep"), NULL);
    (void)snprintf(months, sizeof(months), "%lld", (long long)change->months);
    tp_html_void(&html, "input", "type", "hidden", "name", "months", "value", months, NULL);
    tp_html_void(&html, "input", "type", "hidden", "name", "sure", "value", "yes", NULL);
    tp_html_open(&html, "div", "class", "buttons", NULL);
    tp_html_element(&html, "button", "Delete them", "class", "button danger", NULL);
    tp_html_element(&html, "a", "Keep them", "class", "button plain", "href",
                    tp_page_path(path, "/surveys/", change->form, ""), NULL);
    tp_page_end(&html);
}

static bool is_sure(const struct tp_exchange *exchange)
{
    const char *sure = tp_exchange_field(exchange, "sure");

    return sure && strcmp(sure, "yes") == 0;
}

static void set(struct tp_central *central, struct tp_exchange *exchange,
                struct keep_change *change)
{
    struct tp_form_row form;
    char path[TP_PAGE_PATH_MAX];
    int64_t gone = 0;

    if (!count_gone(central, change, &form, &change->found, &gone)) {
        tp_page_not_ready(exchange);
    } else if (gone > 0 && !is_sure(exchange)) {
        ask(central, exchange, change, &form, gone);
    } else if (!tp_committer_run(central->committer, run_keep, change, NULL)) {
        tp_page_not_ready(exchange);
    } else if (!change->found) {
        tp_respond_problem(exchange, 404, "there is no such survey");
    } else {
        tp_respond_see_other(exchange, tp_page_path(path, "/surveys/", change->form, "?done=kept"));
    }
}

enum tp_next tp_web_keep(struct tp_central *central, struct tp_exchange *exchange)
{
    const char *text = tp_exchange_field(exchange, "months");
    struct keep_change change = {.form = exchange->names[0],
                                 .deed = tp_page_deed(central, exchange)};
    char *end = NULL;

    change.months = text && *text ? strtoll(text, &end, 10) : -1;
    if (change.months < 0 || change.months > TP_KEEP_MONTHS_MAX || *end)
        tp_survey_show(central, exchange, "Write a number of months from 0 to 240.");
    else
        set(central, exchange, &change);
    return TP_RESPOND;
}
