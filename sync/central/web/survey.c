/* One survey: who starts it, who finishes, where people stop, and how long responses are kept. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "central/data/edits.h"
#include "central/data/removal.h"
#include "central/export/schema.h"
#include "central/http/access.h"
#include "central/web/surveys.h"
#include "central/web/web.h"
#include "form/consultation.h"

/* Questions shown; the rest lose few people. */
#define STOPS_SHOWN 40u
#define MODES_MAX 24u

struct mode {
    char name[48];
    int64_t opened;
    int64_t completed;
};

struct stop {
    char question[200];
    char mode[48];
    int64_t left;
    int64_t timed_out;
};

struct survey_page {
    struct tp_form_row form;
    int64_t answers;
    int64_t opened;
    int64_t completed;
    struct mode modes[MODES_MAX];
    size_t mode_count;
    struct stop *stops; /* owned */
    size_t stop_count;
    struct tp_schema schema; /* the questions' words; empty where they cannot be read */
    bool own_key;            /* some version has a public_key */
    int64_t keep_months;
    int64_t replaced; /* by an edit */
    char today[TP_DAY_TEXT_MAX];
};

/* ---- reading ---- */

static struct mode *find_mode(struct survey_page *page, const char *name)
{
    for (size_t i = 0; i < page->mode_count; i++) {
        if (strcmp(page->modes[i].name, name) == 0)
            return &page->modes[i];
    }
    if (page->mode_count == MODES_MAX)
        return &page->modes[MODES_MAX - 1];
    (void)snprintf(page->modes[page->mode_count].name, sizeof(page->modes[0].name), "%s", name);
    return &page->modes[page->mode_count++];
}

static struct stop *find_stop(struct survey_page *page, const char *question, const char *mode)
{
    struct stop *stops;

    for (size_t i = 0; i < page->stop_count; i++) {
        if (strcmp(page->stops[i].question, question) == 0 &&
            strcmp(page->stops[i].mode, mode) == 0)
            return &page->stops[i];
    }
    stops = tp_realloc(page->stops, page->stop_count + 1, sizeof(*stops));
    if (!stops)
        return NULL;
    page->stops = stops;
    stops[page->stop_count] = (struct stop){.left = 0};
    (void)snprintf(stops[page->stop_count].question, sizeof(stops[0].question), "%s", question);
    (void)snprintf(stops[page->stop_count].mode, sizeof(stops[0].mode), "%s", mode);
    return &stops[page->stop_count++];
}

static bool add_counter(void *context, const char *name, const char *mode, int64_t count)
{
    struct survey_page *page = context;
    bool left = strncmp(name, "abandon:", 8) == 0;
    struct stop *stop;

    if (strcmp(name, "open") == 0) {
        find_mode(page, mode)->opened += count;
        page->opened += count;
    } else if (strcmp(name, "complete") == 0) {
        find_mode(page, mode)->completed += count;
        page->completed += count;
    } else if (left || strncmp(name, "timeout:", 8) == 0) {
        stop = find_stop(page, name + 8, mode);
        if (!stop)
            return false;
        *(left ? &stop->left : &stop->timed_out) += count;
    }
    return true;
}

static int by_loss(const void *a, const void *b)
{
    const struct stop *left = a;
    const struct stop *right = b;
    int64_t difference = (right->left + right->timed_out) - (left->left + left->timed_out);

    if (difference)
        return difference > 0 ? 1 : -1;
    return strcmp(left->question, right->question);
}

static bool add_answers(void *context, const struct tp_form_counts *counts)
{
    struct survey_page *page = context;

    if (strcmp(counts->form, page->form.id) == 0)
        page->answers = counts->answers;
    return true;
}

static bool add_version(void *context, const char *version, const void *xml, size_t length)
{
    struct survey_page *page = context;

    static const char key[] = "base64RsaPublicKey";

    (void)version;
    page->own_key = page->own_key || memmem(xml, length, key, sizeof(key) - 1);
    return tp_schema_add(&page->schema, xml, length, NULL, NULL);
}

/* What a question asks; its name where that is not known. Screens count by the name, or the path.
 */
static const char *question_words(const struct survey_page *page, const char *name)
{
    for (size_t i = 0; i < page->schema.count; i++) {
        const char *path = page->schema.questions[i].path;
        const char *slash = strrchr(path, '/');

        if (strcmp(path, name) == 0 || (slash && strcmp(slash + 1, name) == 0))
            return page->schema.questions[i].label;
    }
    return name;
}

static bool read_page(struct tp_sql *db, const char *id, struct survey_page *page, bool *found)
{
    bool ok = tp_forms_get(db, id, &page->form, found, NULL) &&
              (!*found || (tp_form_counters(db, id, add_counter, page, NULL) &&
                           tp_submissions_counts(db, add_answers, page, NULL) &&
                           tp_forms_versions(db, id, add_version, page, NULL) &&
                           tp_form_keep(db, id, &page->keep_months, NULL) &&
                           tp_edits_count(db, id, &page->replaced, NULL)));

    if (ok && page->stop_count)
        qsort(page->stops, page->stop_count, sizeof(*page->stops), by_loss);
    return ok;
}

/* What the survey itself tells people about keeping, into `text`; "" where it says nothing. */
static void promise(struct tp_sql *db, const struct tp_form_row *form, char text[512])
{
    struct tp_consultation *facts = NULL;
    struct tp_buf json;
    bool found = false;

    text[0] = '\0';
    tp_buf_init(&json, TP_CONSULTATION_BYTES_MAX);
    if (tp_forms_media(db, form->id, form->version, "consultation.json", &json, &found, NULL) &&
        found && tp_consultation_parse(tp_buf_text(&json), json.length, &facts, NULL)) {
        const char *words = tp_consultation_text(facts, "retention", NULL);

        (void)snprintf(text, 512, "%s", words ? words : "");
    }
    tp_consultation_destroy(facts);
    tp_buf_finish(&json);
}

/* ---- showing ---- */

static void percent(char text[TP_NUMBER_TEXT_MAX], int64_t part, int64_t whole)
{
    if (whole > 0)
        (void)snprintf(text, TP_NUMBER_TEXT_MAX, "%lld %%",
                       part > whole ? 100LL : (long long)(part * 100 / whole));
    else
        (void)snprintf(text, TP_NUMBER_TEXT_MAX, "\xe2\x80\x93");
}

static void cards(struct tp_html *html, const struct survey_page *page)
{
    char number[TP_NUMBER_TEXT_MAX];
    char under[TP_NUMBER_TEXT_MAX + 24];
    char state[TP_WHEN_TEXT_MAX * 2];

    tp_html_open(html, "div", "class", "cards", NULL);
    tp_page_card(html, "Responses", tp_page_number(page->answers, number),
                 tp_survey_state(&page->form, page->today, state), false);
    tp_page_card(html, "Started on screens", tp_page_number(page->opened, number),
                 "since it opened", false);
    percent(number, page->completed, page->opened);
    (void)snprintf(under, sizeof(under), "%lld finished", (long long)page->completed);
    tp_page_card(html, "Finished of started", number, under, false);
    tp_html_close(html);
}

/* The words of a mode for people: "large-print" is "Large print", and Easy Read has its name. */
static void mode_words(const char *mode, char text[48])
{
    if (strcmp(mode, "easy-read") == 0) {
        (void)snprintf(text, 48, "Easy Read");
        return;
    }
    (void)snprintf(text, 48, "%s", mode);
    for (char *c = text; *c; c++) {
        if (*c == '-' || *c == '_')
            *c = ' ';
    }
    if (text[0] >= 'a' && text[0] <= 'z')
        text[0] = (char)(text[0] - 32);
}

static void modes_table(struct tp_html *html, const struct survey_page *page)
{
    static const char *const headings[] = {"Way of reading", "#Started", "#Finished",
                                           "#Finished of started", NULL};

    if (page->mode_count == 0)
        return;
    tp_html_element(html, "h2", "How people read it", NULL);
    tp_page_table(html, "Started and finished by way of reading", headings);
    for (size_t i = 0; i < page->mode_count; i++) {
        const struct mode *mode = &page->modes[i];
        char text[48];
        char number[TP_NUMBER_TEXT_MAX];

        mode_words(mode->name, text);
        tp_html_open(html, "tr", NULL);
        tp_html_element(html, "th", text, "scope", "row", NULL);
        tp_page_cell(html, "#Started", tp_page_number(mode->opened, number));
        tp_page_cell(html, "#Finished", tp_page_number(mode->completed, number));
        percent(number, mode->completed, mode->opened);
        tp_page_cell(html, "#Finished of started", number);
        tp_html_close(html);
    }
    tp_page_table_end(html);
}

static void stops_table(struct tp_html *html, const struct survey_page *page)
{
    static const char *const headings[] = {"Question",        "Way of reading",    "#Left there",
                                           "#Screen cleared", "#Of those started", NULL};

    tp_html_element(html, "h2", "Where people stop", NULL);
    if (page->stop_count == 0) {
        tp_html_element(html, "p", "Nobody who started has stopped before the end.", "class",
                        "panel", NULL);
        return;
    }
    tp_page_table(html, "Where people stop, by question and way of reading", headings);
    for (size_t i = 0; i < page->stop_count && i < STOPS_SHOWN; i++) {
        const struct stop *stop = &page->stops[i];
        char text[48];
        char number[TP_NUMBER_TEXT_MAX];

        mode_words(stop->mode, text);
        tp_html_open(html, "tr", NULL);
        tp_html_element(html, "th", question_words(page, stop->question), "scope", "row", NULL);
        tp_page_cell(html, "Way of reading", text);
        tp_page_cell(html, "#Left there", tp_page_number(stop->left, number));
        tp_page_cell(html, "#Screen cleared", tp_page_number(stop->timed_out, number));
        percent(number, stop->left + stop->timed_out, page->opened);
        tp_page_cell(html, "#Of those started", number);
        tp_html_close(html);
    }
    tp_page_table_end(html);
}

struct deletions {
    struct tp_central *central;
    struct tp_html *html;
    size_t count;
};

static bool add_deletion(void *context, const struct tp_deletion *deletion)
{
    static const char *const headings[] = {"When", "#Deleted", "#Left over", NULL};
    struct deletions *deletions = context;
    char text[TP_WHEN_TEXT_MAX];

    if (deletions->count++ == 0)
        tp_page_table(deletions->html, "What was deleted", headings);
    tp_html_open(deletions->html, "tr", NULL);
    tp_html_element(deletions->html, "th",
                    tp_page_clock(deletions->central, deletion->at_ms,
                                  tp_clock_wall_ms(&deletions->central->clock), text),
                    "scope", "row", NULL);
    tp_page_cell(deletions->html, "#Deleted", tp_page_number(deletion->answers, text));
    tp_html_open(deletions->html, "td", "data-label", "Left over", "class", "number", NULL);
    tp_html_element(deletions->html, "span", tp_page_number(deletion->left_over, text), "class",
                    deletion->left_over ? "tag alarm" : NULL, NULL);
    tp_html_close(deletions->html);
    tp_html_close(deletions->html);
    return true;
}

static void keep_form(struct tp_html *html, const struct tp_exchange *exchange,
                      const struct survey_page *page)
{
    const char *typed = tp_exchange_field(exchange, "months");
    char path[TP_PAGE_PATH_MAX];
    char months[TP_NUMBER_TEXT_MAX] = "";

    if (page->keep_months)
        (void)snprintf(months, sizeof(months), "%lld", (long long)page->keep_months);
    tp_page_form(html, exchange, tp_page_path(path, "/surveys/", page->form.id, "/keep"), "panel");
    tp_page_field(html, "months",
                  *page->form.closes ? "Months after the survey closes"
                                     : "Months after each response",
                  "Then responses are deleted, and cannot be brought back. 0 keeps them until you "
                  "change this.",
                  "number", typed ? typed : months, "off");
    tp_html_element(html, "button", "Set", "class", "button", NULL);
    tp_html_close(html);
}

static bool keeping(struct tp_central *central, struct tp_sql *db, struct tp_html *html,
                    const struct tp_exchange *exchange, const struct survey_page *page)
{
    struct deletions deletions = {.central = central, .html = html};
    char words[512];
    bool ok;

    tp_html_element(html, "h2", "How long responses are kept", NULL);
    promise(db, &page->form, words);
    if (*words) {
        tp_html_open(html, "p", "class", "quote", NULL);
        tp_html_textf(html, "The survey tells people: %s", words);
        tp_html_close(html);
    }
    if (tp_access_may(exchange, TP_ADMINISTRATOR)) {
        keep_form(html, exchange, page);
    } else {
        tp_html_open(html, "p", "class", "panel", NULL);
        if (page->keep_months)
            tp_html_textf(html, "%lld month%s after %s.", (long long)page->keep_months,
                          page->keep_months == 1 ? "" : "s",
                          *page->form.closes ? "the survey closes" : "each response");
        else
            tp_html_text(html, "Until an administrator says.");
        tp_html_close(html);
    }
    ok = tp_form_deletions(db, page->form.id, 12, add_deletion, &deletions, NULL);
    if (deletions.count)
        tp_page_table_end(html);
    return ok;
}

static const char *const notices[] = {"kept", "It is set.", NULL};

static bool show(struct tp_central *central, struct tp_sql *db, struct tp_exchange *exchange,
                 struct survey_page *page, const char *problem)
{
    char path[TP_PAGE_PATH_MAX];
    struct tp_html html;
    bool found = false;
    bool ok = read_page(db, exchange->names[0], page, &found);

    if (!ok || !found) {
        if (ok)
            tp_respond_problem(exchange, 404, "there is no such survey");
        return ok;
    }
    tp_central_day(central, tp_clock_wall_ms(&central->clock), page->today);
    tp_page_begin_with(central, exchange, &html, problem ? 400 : 200, TP_SECTION_SURVEYS,
                       page->form.title,
                       tp_access_may(exchange, TP_OFFICER) ? "Download responses" : NULL,
                       tp_page_path(path, "/responses/", page->form.id, ""));
    tp_page_done_word(&html, exchange, notices);
    tp_page_problem(&html, problem, "months");
    if (page->own_key)
        tp_html_element(
            &html, "p",
            "Answers to this survey are encrypted to a key of its own. This store keeps "
            "and counts them and cannot read them: a download says so in the column "
            "\"problem\". The person who has the private key reads them from a backup.",
            "class", "panel", NULL);
    if (page->replaced) {
        tp_html_open(&html, "p", "class", "panel", NULL);
        tp_html_textf(&html,
                      "Earlier versions of responses that were edited on a phone: %lld. They are "
                      "kept, and are in no download and no count.",
                      (long long)page->replaced);
        tp_html_close(&html);
    }
    cards(&html, page);
    modes_table(&html, page);
    stops_table(&html, page);
    ok = keeping(central, db, &html, exchange, page);
    tp_page_end(&html);
    return ok;
}

void tp_survey_show(struct tp_central *central, struct tp_exchange *exchange, const char *problem)
{
    struct tp_sql *db = tp_sql_pool_take(central->readers);
    struct survey_page *page = tp_calloc(1, sizeof(*page));
    bool ok = page && show(central, db, exchange, page, problem);

    tp_sql_pool_give(central->readers, db);
    if (page) {
        tp_schema_finish(&page->schema);
        tp_free(page->stops);
    }
    tp_free(page);
    if (!ok)
        tp_page_not_ready(exchange);
}

enum tp_next tp_web_survey(struct tp_central *central, struct tp_exchange *exchange)
{
    tp_survey_show(central, exchange, NULL);
    return TP_RESPOND;
}
