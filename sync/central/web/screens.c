/* Screens: approve by the code that one shows, see how each is, take one off. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "central/data/brought.h"
#include "central/http/access.h"
#include "central/web/devices.h"
#include "central/web/surveys.h"
#include "central/web/web.h"

/* Lines of who brought what. */
#define BROUGHT_MAX 100

struct bringing {
    struct tp_html *html;
    size_t shown;
};

static const char *const notices[] = {
    "approved", "The screen is approved. It fetches its key within a minute.",
    "refused",  "The request is refused.",
    "revoked",  "It is taken off. The store takes nothing from it any more.",
    NULL};

static void row(struct tp_central *central, struct tp_html *html,
                const struct tp_exchange *exchange, const struct tp_device *device, int64_t now_ms)
{
    char disk[TP_NUMBER_TEXT_MAX + 8] = "\xe2\x80\x93";
    char clock[TP_WHEN_TEXT_MAX];
    char state[192];
    char when[TP_WHEN_TEXT_MAX];
    char waiting[TP_NUMBER_TEXT_MAX];
    char sent[TP_NUMBER_TEXT_MAX];
    enum tp_mood mood = tp_device_state(central, device, now_ms, state);

    tp_html_open(html, "tr", "class", mood == TP_MOOD_OFF ? "off" : NULL, NULL);
    tp_html_open(html, "th", "scope", "row", NULL);
    tp_html_element(html, "span", device->name, "class", "strong", NULL);
    if (*device->venue && strcmp(device->venue, device->name) != 0)
        tp_html_element(html, "span", device->venue, "class", "id", NULL);
    tp_html_close(html);
    tp_page_cell(html, "Last heard", tp_page_ago(central, device->seen_ms, now_ms, when));
    tp_page_cell(html, "#Waiting", tp_page_number(device->waiting, waiting));
    tp_page_cell(html, "#Sent", tp_page_number(device->sent, sent));
    if (device->disk_free_mib >= 0)
        (void)snprintf(disk, sizeof(disk), "%.1f GiB", (double)device->disk_free_mib / 1024);
    tp_page_cell(html, "#Disk free", disk);
    tp_page_cell(html, "Clock", tp_device_clock(device, clock));
    tp_page_cell(html, "Version", *device->version ? device->version : "\xe2\x80\x93");
    tp_device_state_cell(html, mood, state);
    tp_device_take_off_cell(html, exchange, device);
    tp_html_close(html);
}

/* Those in use, then those that were taken off. */
static void table(struct tp_central *central, struct tp_html *html,
                  const struct tp_exchange *exchange, const struct tp_device *list, size_t count,
                  int64_t now_ms)
{
    static const char *const headings[] = {"Screen",     "Last heard", "#Waiting", "#Sent",
                                           "#Disk free", "Clock",      "Version",  "State",
                                           "",           NULL};
    size_t shown = 0;

    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < count; i++) {
            if (list[i].collects || (list[i].revoked_ms != 0) != (pass == 1))
                continue;
            if (shown++ == 0)
                tp_page_table(html, "All screens", headings);
            row(central, html, exchange, &list[i], now_ms);
        }
    }
    if (shown)
        tp_page_table_end(html);
    else
        tp_html_element(html, "p", "No screen yet.", "class", "panel", NULL);
}

/* What people begin on them, of each survey; its page says where they stop, by question and by way
 * of reading. */
static bool use_table(struct tp_sql *db, struct tp_html *html)
{
    static const char *const headings[] = {"Survey", "#Started", "#Finished",
                                           "#Left before the end", NULL};
    struct tp_survey *list = NULL;
    size_t count = 0;
    size_t shown = 0;
    bool ok = tp_survey_list(db, &list, &count, NULL);

    for (size_t i = 0; i < count; i++) {
        const struct tp_form_counts *counts = &list[i].counts;
        int64_t left = counts->opened - counts->completed;
        char path[TP_PAGE_PATH_MAX];
        char number[TP_NUMBER_TEXT_MAX];

        if (counts->opened == 0)
            continue;
        if (shown++ == 0) {
            tp_html_element(html, "h2", "What people start on screens", NULL);
            tp_page_table(html, "Surveys that were started on screens", headings);
        }
        tp_html_open(html, "tr", NULL);
        tp_html_open(html, "th", "scope", "row", "class", "strong", NULL);
        tp_html_element(html, "a", list[i].form.title, "href",
                        tp_page_path(path, "/surveys/", list[i].form.id, ""), NULL);
        tp_html_close(html);
        tp_page_cell(html, "#Started", tp_page_number(counts->opened, number));
        tp_page_cell(html, "#Finished", tp_page_number(counts->completed, number));
        tp_page_cell(html, "#Left before the end", tp_page_number(left > 0 ? left : 0, number));
        tp_html_close(html);
    }
    if (shown)
        tp_page_table_end(html);
    tp_free(list);
    return ok;
}

static void approve_form(struct tp_html *html, const struct tp_exchange *exchange)
{
    tp_html_element(html, "h2", "Approve a screen", NULL);
    tp_page_form(html, exchange, "/screens/approve", "panel row");
    tp_page_field(html, "code", "Code on the screen",
                  "Eight letters and digits, such as K7QM-4TXB.", "text",
                  tp_exchange_field(exchange, "code"), "off");
    tp_html_element(html, "button", "Approve", "class", "button", NULL);
    tp_html_close(html);
}

static void waiting_table(struct tp_central *central, struct tp_html *html,
                          const struct tp_exchange *exchange, const struct tp_enrolment *list,
                          size_t count, int64_t now_ms)
{
    static const char *const headings[] = {"Asks to be", "Asked", "Version", "", NULL};

    if (count == 0)
        return;
    tp_html_element(html, "h2", "Waiting to be approved", NULL);
    tp_page_table(html, "Screens that wait to be approved", headings);
    for (size_t i = 0; i < count; i++) {
        char when[TP_WHEN_TEXT_MAX];
        char id[TP_NUMBER_TEXT_MAX];
        char spoken[TP_DEVICE_NAME_MAX + 16];

        (void)snprintf(id, sizeof(id), "%lld", (long long)list[i].id);
        (void)snprintf(spoken, sizeof(spoken), "Refuse %s", list[i].name);
        tp_html_open(html, "tr", NULL);
        tp_html_element(html, "th", list[i].name, "scope", "row", "class", "strong", NULL);
        tp_page_cell(html, "Asked", tp_page_ago(central, list[i].created_ms, now_ms, when));
        tp_page_cell(html, "Version", list[i].version);
        tp_html_open(html, "td", "class", "actions", NULL);
        tp_page_form(html, exchange, "/screens/refuse", "inline");
        tp_html_void(html, "input", "type", "hidden", "name", "id", "value", id, NULL);
        tp_html_element(html, "button", "Refuse", "class", "quiet", "aria-label", spoken, NULL);
        tp_html_close(html);
        tp_html_close(html);
        tp_html_close(html);
    }
    tp_page_table_end(html);
}

static bool brought_row(void *context, const struct tp_brought *brought)
{
    static const char *const headings[] = {"Given on", "Brought by", "#Responses", "Newest", NULL};
    struct bringing *bringing = context;
    char number[TP_NUMBER_TEXT_MAX];

    if (bringing->shown++ == 0) {
        tp_html_element(bringing->html, "h2", "Brought another way", NULL);
        tp_page_table(bringing->html, "Responses that their screen did not send itself", headings);
    }
    tp_html_open(bringing->html, "tr", NULL);
    tp_html_element(bringing->html, "th", brought->device, "scope", "row", "class", "strong", NULL);
    tp_page_cell(bringing->html, "Brought by",
                 *brought->carrier ? brought->carrier : "A USB stick, to the store");
    tp_page_cell(bringing->html, "#Responses", tp_page_number(brought->answers, number));
    tp_page_cell(bringing->html, "Newest", brought->newest_day);
    tp_html_close(bringing->html);
    return true;
}

/* Which screens' responses another screen or a stick brought. */
static bool brought_table(struct tp_sql *db, struct tp_html *html)
{
    struct bringing bringing = {.html = html};
    bool ok = tp_brought_each(db, BROUGHT_MAX, brought_row, &bringing, NULL);

    if (bringing.shown)
        tp_page_table_end(html);
    return ok;
}

void tp_screens_show(struct tp_central *central, struct tp_exchange *exchange, int status,
                     const char *problem, const char *field)
{
    struct tp_sql *db = tp_sql_pool_take(central->readers);
    struct tp_enrolment *waiting = tp_calloc(TP_ENROLMENT_WAITING_MAX, sizeof(*waiting));
    int64_t now_ms = tp_clock_wall_ms(&central->clock);
    struct tp_device *list = NULL;
    size_t count = 0;
    size_t waiting_count = 0;
    struct tp_error error;
    struct tp_html html;
    bool ok = waiting && tp_enrolment_list(db, now_ms, waiting, &waiting_count, &error) &&
              tp_device_list(db, true, &list, &count, &error);

    if (ok) {
        tp_page_begin(central, exchange, &html, status, TP_SECTION_SCREENS, "Screens");
        tp_page_done_word(&html, exchange, notices);
        tp_page_problem(&html, problem, field);
        table(central, &html, exchange, list, count, now_ms);
        if (tp_access_may(exchange, TP_OFFICER)) {
            waiting_table(central, &html, exchange, waiting, waiting_count, now_ms);
            approve_form(&html, exchange);
        }
        ok = use_table(db, &html) && brought_table(db, &html);
        tp_phones_section(central, exchange, &html, list, count);
        tp_page_end(&html);
    }
    tp_sql_pool_give(central->readers, db);
    if (!ok)
        tp_page_not_ready(exchange);
    tp_free(waiting);
    tp_free(list);
}

enum tp_next tp_web_screens(struct tp_central *central, struct tp_exchange *exchange)
{
    tp_screens_show(central, exchange, 200, NULL, NULL);
    return TP_RESPOND;
}

struct deciding {
    struct tp_central *central;
    char code[TP_ENROLMENT_CODE_MAX];
    int64_t id;
    struct tp_deed deed;
    enum tp_enrolment_result result;
    char name[TP_DEVICE_NAME_MAX + 1];
};

static bool run_approve(struct tp_sql *db, void *context, struct tp_error *error)
{
    struct deciding *deciding = context;

    return tp_enrolment_approve(db, deciding->code, NULL, &deciding->central->random,
                                deciding->deed.at_ms, &deciding->result, deciding->name, error) &&
           (deciding->result != TP_ENROLMENT_OK ||
            tp_audit_add(db, &deciding->deed, "approved the screen", deciding->name, error));
}

static bool run_refuse(struct tp_sql *db, void *context, struct tp_error *error)
{
    struct deciding *deciding = context;

    return tp_enrolment_refuse(db, deciding->id, deciding->deed.at_ms, &deciding->result, error) &&
           (deciding->result != TP_ENROLMENT_OK ||
            tp_audit_add(db, &deciding->deed, "refused a screen", "", error));
}

static enum tp_next decide(struct tp_central *central, struct tp_exchange *exchange,
                           struct deciding *deciding,
                           bool (*run)(struct tp_sql *, void *, struct tp_error *),
                           const char *done)
{
    deciding->central = central;
    deciding->deed = tp_page_deed(central, exchange);
    if (!tp_committer_run(central->committer, run, deciding, NULL))
        tp_page_not_ready(exchange);
    else if (deciding->result != TP_ENROLMENT_OK)
        tp_screens_show(
            central, exchange, 404,
            "No screen waits with that code. Look at the code on the screen again. A code lasts "
            "24 hours.",
            "code");
    else
        tp_respond_see_other(exchange, done);
    return TP_RESPOND;
}

enum tp_next tp_web_approve(struct tp_central *central, struct tp_exchange *exchange)
{
    const char *code = tp_exchange_field(exchange, "code");
    struct deciding deciding = {.id = 0};

    if (!code || !tp_enrolment_code(code, deciding.code)) {
        tp_screens_show(central, exchange, 400,
                        "That is not a code. It has two groups of four letters and digits.",
                        "code");
        return TP_RESPOND;
    }
    return decide(central, exchange, &deciding, run_approve, "/screens?done=approved");
}

enum tp_next tp_web_refuse(struct tp_central *central, struct tp_exchange *exchange)
{
    const char *id = tp_exchange_field(exchange, "id");
    struct deciding deciding = {.id = id ? strtoll(id, NULL, 10) : 0};

    return decide(central, exchange, &deciding, run_refuse, "/screens?done=refused");
}

struct finding {
    const char *id;
    struct tp_device device;
    bool found;
};

static bool find(void *context, const struct tp_device *device)
{
    struct finding *finding = context;

    if (strcmp(device->id, finding->id) != 0)
        return true;
    finding->device = *device;
    finding->found = true;
    return false;
}

/* Asks first: a screen that is taken off has to be enrolled again by hand. */
enum tp_next tp_web_revoke_page(struct tp_central *central, struct tp_exchange *exchange)
{
    struct tp_sql *db = tp_sql_pool_take(central->readers);
    struct finding finding = {.id = exchange->names[0]};
    struct tp_html html;
    char path[TP_PAGE_PATH_MAX];
    bool ok = tp_devices_each(db, find, &finding, NULL);

    tp_sql_pool_give(central->readers, db);
    if (!ok || !finding.found) {
        tp_respond_problem(exchange, ok ? 404 : 503,
                           ok ? "there is no such screen"
                              : "the store is not ready; try again in a few seconds");
        return TP_RESPOND;
    }
    tp_page_begin(central, exchange, &html, 200, TP_SECTION_SCREENS, "Take off a screen");
    tp_html_open(&html, "div", "class", "panel narrow", NULL);
    tp_html_element(&html, "p", finding.device.name, "class", "lead strong", NULL);
    tp_html_element(&html, "p",
                    "The store takes nothing more from this screen. Answers that wait on it stay "
                    "there, sealed, until it is enrolled again.",
                    NULL);
    if (finding.device.waiting > 0) {
        tp_html_open(&html, "p", "class", "strong", NULL);
        tp_html_textf(&html, "%lld answer%s still on it.", (long long)finding.device.waiting,
                      finding.device.waiting == 1 ? " is" : "s are");
        tp_html_close(&html);
    }
    (void)tp_page_path(path, "/screens/", finding.device.id, "/revoke");
    tp_html_open(&html, "div", "class", "buttons", NULL);
    tp_page_button(&html, exchange, path, "button danger", "Take it off", NULL);
    tp_html_element(&html, "a", "Keep it", "class", "button plain", "href", "/screens", NULL);
    tp_page_end(&html);
    return TP_RESPOND;
}

struct revoking {
    const char *id;
    struct tp_deed deed;
    bool found;
};

static bool run_revoke(struct tp_sql *db, void *context, struct tp_error *error)
{
    struct revoking *revoking = context;
    char name[TP_DEVICE_NAME_MAX + 1];

    return tp_devices_revoke(db, revoking->id, revoking->deed.at_ms, &revoking->found, name,
                             error) &&
           (!revoking->found || tp_audit_add(db, &revoking->deed, "took off", name, error));
}

enum tp_next tp_web_revoke(struct tp_central *central, struct tp_exchange *exchange)
{
    struct revoking revoking = {.id = exchange->names[0], .deed = tp_page_deed(central, exchange)};

    if (!tp_committer_run(central->committer, run_revoke, &revoking, NULL))
        tp_page_not_ready(exchange);
    else if (!revoking.found)
        tp_screens_show(central, exchange, 404, "There is no such screen in use.", NULL);
    else
        tp_respond_see_other(exchange, "/screens?done=revoked");
    return TP_RESPOND;
}
