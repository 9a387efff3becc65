/* A person asks for their response back: find it by the code they were given, then delete it. */
#include <string.h>

#include "base/mem.h"
#include "central/data/removal.h"
#include "central/export/find.h"
#include "central/http/aside.h"
#include "central/web/surveys.h"
#include "central/web/web.h"

/* A search unseals as a download does, and counts as one. */
#define SEARCHES_MAX 2
/* Answers looked at before it gives up: some ten seconds of a browser's patience. */
#define SEARCHED_MAX 200000

static const char *const notices[] = {
    "withdrawn", "The response is deleted, with its answers to the equality questions.", NULL};

static void survey_choice(struct tp_html *html, const struct tp_survey *list, size_t count,
                          const char *chosen)
{
    tp_html_open(html, "div", "class", "field", NULL);
    tp_html_element(html, "label", "Survey", "for", "form", NULL);
    tp_html_open(html, "select", "id", "form", "name", "form", "required", "required", NULL);
    for (size_t i = 0; i < count; i++)
        tp_html_element(html, "option", list[i].form.title, "value", list[i].form.id, "selected",
                        chosen && strcmp(chosen, list[i].form.id) == 0 ? "selected" : NULL, NULL);
    tp_html_close(html);
    tp_html_close(html);
}

static void show(struct tp_central *central, struct tp_exchange *exchange, int status,
                 const char *problem)
{
    struct tp_sql *db = tp_sql_pool_take(central->readers);
    struct tp_survey *list = NULL;
    struct tp_html html;
    size_t count = 0;
    bool ok = tp_survey_list(db, &list, &count, NULL);

    tp_sql_pool_give(central->readers, db);
    if (!ok) {
        tp_page_not_ready(exchange);
        return;
    }
    tp_page_begin(central, exchange, &html, status, TP_SECTION_RESPONSES, "Withdraw a response");
    tp_page_done_word(&html, exchange, notices);
    tp_page_problem(&html, problem, "code");
    tp_page_form(&html, exchange, "/withdraw/find", "panel narrow");
    survey_choice(&html, list, count, tp_exchange_field(exchange, "form"));
    tp_page_field(&html, "code", "Code that the person was given",
                  "It was on the last page of the survey.", "text",
                  tp_exchange_field(exchange, "code"), "off");
    tp_html_element(&html, "button", "Find it", "class", "button", NULL);
    tp_page_end(&html);
    tp_free(list);
}

enum tp_next tp_web_withdraw_page(struct tp_central *central, struct tp_exchange *exchange)
{
    show(central, exchange, 200, NULL);
    return TP_RESPOND;
}

static void hidden(struct tp_html *html, const char *name, const char *value)
{
    tp_html_void(html, "input", "type", "hidden", "name", name, "value", value, NULL);
}

static void confirm(struct tp_central *central, struct tp_exchange *exchange, const char *form,
                    const char *code, const struct tp_finding *finding)
{
    struct tp_html html;
    char when[TP_WHEN_TEXT_MAX];

    tp_page_begin(central, exchange, &html, 200, TP_SECTION_RESPONSES, "Withdraw this response");
    tp_html_open(&html, "div", "class", "panel narrow", NULL);
    tp_html_open(&html, "p", "class", "lead strong", NULL);
    tp_html_textf(
        &html, "Received %s from %s",
        tp_page_clock(central, finding->received_ms, tp_clock_wall_ms(&central->clock), when),
        *finding->device ? finding->device : "a screen that is no longer known");
    tp_html_close(&html);
    tp_html_element(&html, "p",
                    "It is deleted for good, and does not come back if a screen sends it again. "
                    "Copies that were downloaded before stay where they are.",
                    NULL);
    tp_html_open(&html, "div", "class", "buttons", NULL);
    tp_page_form(&html, exchange, "/withdraw", "inline");
    hidden(&html, "form", form);
    hidden(&html, "code", code);
    tp_html_element(&html, "button", "Delete it", "class", "button danger", NULL);
    tp_html_close(&html);
    tp_html_element(&html, "a", "Keep it", "class", "button plain", "href", "/withdraw", NULL);
    tp_page_end(&html);
}

/* Finds what the form names; false with the response ready where there is nothing. */
static bool search(struct tp_central *central, struct tp_exchange *exchange, const char *form,
                   const char *code, struct tp_finding *finding)
{
    struct tp_error error;

    if (!form || !code || !*code) {
        show(central, exchange, 400, "Choose a survey and write the code.");
        return false;
    }
    if (!tp_find_receipt(central->readers, &central->keys, form, code, SEARCHED_MAX, finding,
                         &error)) {
        tp_respond_problem(exchange, 503, "%s", error.text);
        return false;
    }
    if (finding->seq)
        return true;
    show(central, exchange, 404,
         finding->gave_up
             ? "It is not among the newest 200,000 responses. Use the command talkpoint-central "
               "withdraw."
             : "No response of that survey has this code. Look at the code and the survey again. "
               "A response may still wait on its screen.");
    return false;
}

static void find(struct tp_central *central, struct tp_exchange *exchange)
{
    const char *form = tp_exchange_field(exchange, "form");
    const char *code = tp_exchange_field(exchange, "code");
    struct tp_finding finding;

    if (search(central, exchange, form, code, &finding))
        confirm(central, exchange, form, code, &finding);
}

static void withdraw(struct tp_central *central, struct tp_exchange *exchange)
{
    const char *form = tp_exchange_field(exchange, "form");
    const char *code = tp_exchange_field(exchange, "code");
    struct tp_finding finding;
    struct tp_finding about = {.seq = 0};
    struct tp_withdrawal withdrawal = {.deed = tp_page_deed(central, exchange)};

    if (!search(central, exchange, form, code, &finding))
        return;
    if (!tp_find_about(central->readers, &central->keys, finding.instance_id, &about, NULL)) {
        tp_page_not_ready(exchange);
        return;
    }
    withdrawal.seq[0] = finding.seq;
    withdrawal.seq[1] = about.seq;
    tp_central_day(central, finding.received_ms, withdrawal.day[0]);
    tp_central_day(central, about.received_ms, withdrawal.day[1]);
    if (!tp_committer_run(central->committer, tp_withdrawal_run, &withdrawal, NULL))
        tp_page_not_ready(exchange);
    else if (!withdrawal.found)
        show(central, exchange, 404,
             "The response was changed or deleted a moment ago. Look for it once more.");
    else
        tp_respond_see_other(exchange, "/withdraw?done=withdrawn");
}

static enum tp_next aside(struct tp_central *central, struct tp_exchange *exchange,
                          void (*work)(struct tp_central *central, struct tp_exchange *exchange))
{
    if (tp_aside(exchange, &central->exports, SEARCHES_MAX, work))
        return TP_WAIT;
    show(central, exchange, 503, "Two downloads or searches run already. Try again later.");
    return TP_RESPOND;
}

enum tp_next tp_web_withdraw_find(struct tp_central *central, struct tp_exchange *exchange)
{
    return aside(central, exchange, find);
}

enum tp_next tp_web_withdraw(struct tp_central *central, struct tp_exchange *exchange)
{
    return aside(central, exchange, withdraw);
}
