/* Notices: a new one, one of them, and what is done with it. */
#include "central/web/notices.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "central/http/access.h"
#include "central/web/fields.h"
#include "central/web/surveys.h"
#include "central/web/web.h"
#include "form/lint_prose.h"

static const char *const notices[] = {
    "saved",     "It is saved.",
    "shown",     "It is on its way to the screens. Each shows it after its next contact.",
    "withdrawn", "It is withdrawn. Each screen takes it away at its next contact.",
    NULL};

/* ---- its facts ---- */

static void survey_select(struct tp_sql *db, struct tp_html *html, const char *chosen)
{
    struct tp_survey *surveys = NULL;
    struct tp_option *options;
    size_t count = 0;

    (void)tp_survey_list(db, &surveys, &count, NULL);
    options = tp_calloc(count + 1, sizeof(*options));
    if (options) {
        options[0] = (struct tp_option){"", "None"};
        for (size_t i = 0; i < count; i++)
            options[i + 1] = (struct tp_option){surveys[i].form.id, surveys[i].form.title};
        tp_page_select(html, "survey", "The survey it belongs to",
                       "\"You said, we did\" names the survey that people answered.", options,
                       count + 1, chosen);
    }
    tp_free(options);
    tp_free(surveys);
}

static void fact_fields(struct tp_sql *db, struct tp_html *html, const struct tp_notice *notice)
{
    static const char *const kinds[] = {"news",    "News",
                                        "outcome", "You said, we did",
                                        "service", "About our service: closing days, changes",
                                        NULL};

    tp_page_choice(html, "kind", "What it is", kinds, tp_notice_kind_name(notice->kind));
    survey_select(db, html, notice->survey);
    tp_html_open(html, "div", "class", "row", NULL);
    tp_page_field(html, "from", "First day", NULL, "date", notice->from, "off");
    tp_page_field(html, "until", "Last day", NULL, "date", notice->until, "off");
    tp_html_close(html);
}

/* What is wrong with the facts that were sent, in plain words, or NULL. */
static const char *take_facts(const struct tp_exchange *exchange, struct tp_notice *notice)
{
    const char *kind = tp_exchange_field(exchange, "kind");
    const char *survey = tp_exchange_field(exchange, "survey");
    const char *from = tp_exchange_field(exchange, "from");
    const char *until = tp_exchange_field(exchange, "until");

    survey = survey ? survey : "";
    (void)snprintf(notice->from, sizeof(notice->from), "%s", from ? from : "");
    (void)snprintf(notice->until, sizeof(notice->until), "%s", until ? until : "");
    if (!tp_notice_kind_find(kind, &notice->kind))
        return "Choose what it is.";
    if (strlen(survey) >= sizeof(notice->survey) || (*survey && !tp_is_line(survey, 128)))
        return "Choose a survey from the list.";
    (void)snprintf(notice->survey, sizeof(notice->survey), "%s", survey);
    if (notice->kind == TP_NOTICE_OUTCOME && !*survey)
        return "Choose the survey that \"You said, we did\" is about.";
    if (!from || !until || !tp_notice_is_day(from) || !tp_notice_is_day(until))
        return "Write both days, such as 2026-11-26.";
    if (strcmp(from, until) > 0)
        return "The last day is before the first.";
    return NULL;
}

/* ---- a new one ---- */

static void show_new(struct tp_central *central, struct tp_exchange *exchange, int status,
                     const struct tp_notice *typed, const struct tp_notice_words *words,
                     const char *problem)
{
    struct tp_sql *db = tp_sql_pool_take(central->readers);
    struct tp_html html;

    tp_page_begin(central, exchange, &html, status, TP_SECTION_NOTICES, "Write a notice");
    tp_page_problem(&html, problem, NULL);
    tp_page_form(&html, exchange, "/notices", "panel");
    fact_fields(db, &html, typed);
    tp_html_element(&html, "h2", "In English", NULL);
    tp_notice_words_fields(&html, tp_notice_language(0), words);
    tp_html_element(&html, "p",
                    "It is a draft first. On the next page you add Easy Read and other languages, "
                    "and then show it.",
                    "class", "hint", NULL);
    tp_html_element(&html, "button", "Save the draft", "class", "button", NULL);
    tp_page_end(&html);
    tp_sql_pool_give(central->readers, db);
}

enum tp_next tp_web_notice_new(struct tp_central *central, struct tp_exchange *exchange)
{
    struct tp_notice notice = {.kind = TP_NOTICE_NEWS};
    char survey[TP_NOTICE_SURVEY_MAX], today[TP_DAY_TEXT_MAX];

    tp_central_day(central, tp_clock_wall_ms(&central->clock), today);
    (void)snprintf(notice.from, sizeof(notice.from), "%.10s", today);
    /* From the page of a survey that is closed. */
    if (tp_exchange_query(exchange, "survey", survey, sizeof(survey))) {
        (void)snprintf(notice.survey, sizeof(notice.survey), "%s", survey);
        notice.kind = TP_NOTICE_OUTCOME;
    }
    show_new(central, exchange, 200, &notice, NULL, NULL);
    return TP_RESPOND;
}

struct change {
    struct tp_central *central;
    int64_t id;
    const struct tp_notice *notice;
    enum tp_notice_state state;
    struct tp_deed deed;
    bool found;
};

/* The end of every change: what screens should have must still travel. */
static bool fits(const struct change *change, struct tp_sql *db, struct tp_error *error)
{
    char today[TP_DAY_TEXT_MAX];

    tp_central_day(change->central, change->deed.at_ms, today);
    return tp_notice_list_fits(db, today, error);
}

static bool run_add(struct tp_sql *db, void *context, struct tp_error *error)
{
    struct change *change = context;

    return tp_notice_add(db, change->notice, &change->deed, &change->id, error);
}

/* 303 to the page of notice `id`, which says what was done ("saved"). */
static void see_notice(struct tp_exchange *exchange, int64_t id, const char *done)
{
    char path[64];

    (void)snprintf(path, sizeof(path), "/notices/%" PRId64 "?done=%s", id, done);
    tp_respond_see_other(exchange, path);
}

enum tp_next tp_web_notice_add(struct tp_central *central, struct tp_exchange *exchange)
{
    struct tp_notice_words words = {.tag = ""};
    struct tp_notice notice = {.words = &words, .count = 1};
    struct change change = {
        .central = central, .notice = &notice, .deed = tp_page_deed(central, exchange)};
    const char *problem = take_facts(exchange, &notice);
    const char *wrong = tp_notice_take_words(exchange, "en", &words);

    if (!problem)
        problem = wrong;
    if (!problem && words.count == 0)
        problem = "Write a title and a text.";
    if (problem)
        show_new(central, exchange, 400, &notice, &words, problem);
    else if (!tp_committer_run(central->committer, run_add, &change, NULL))
        tp_page_not_ready(exchange);
    else
        see_notice(exchange, change.id, "saved");
    tp_notice_words_finish(&words);
    return TP_RESPOND;
}

/* ---- one of them ---- */

struct advising {
    struct tp_html *html;
    size_t count;
};

static void add_advice(void *context, const char *advice)
{
    struct advising *advising = context;

    if (advising->count++ == 0) {
        tp_html_element(advising->html, "h2", "Plain words", NULL);
        tp_html_element(advising->html, "p",
                        "Advice, not a rule. The notice can be shown as it is.", "class", "hint",
                        NULL);
        tp_html_open(advising->html, "ul", "class", "advice", NULL);
    }
    tp_html_element(advising->html, "li", advice, NULL);
}

static void advise(struct tp_html *html, const struct tp_notice *notice)
{
    struct advising advising = {.html = html};
    bool easy = false, pictured = true;

    for (size_t i = 0; i < notice->count; i++) {
        const struct tp_notice_words *words = &notice->words[i];
        bool simple = strcmp(words->tag, "en-simple") == 0;

        if (!simple && strcmp(words->tag, "en") != 0)
            continue;
        easy = easy || simple;
        tp_lint_prose(words->title, simple, add_advice, &advising);
        for (size_t k = 0; k < words->count; k++) {
            tp_lint_prose(words->parts[k].text, simple, add_advice, &advising);
            pictured = pictured && (!simple || *words->parts[k].picture);
        }
    }
    if (!easy)
        add_advice(&advising, "There is no Easy Read, so people who choose it are shown the "
                              "standard words.");
    if (!pictured)
        add_advice(&advising, "An idea of the Easy Read has no picture beside it.");
    if (advising.count)
        tp_html_close(html);
}

static void language_row(struct tp_html *html, const struct tp_exchange *exchange,
                         const struct tp_notice *notice, const struct tp_notice_language *language)
{
    const struct tp_notice_words *words = NULL;
    char path[TP_PAGE_PATH_MAX], tail[64], spoken[80];

    for (size_t i = 0; i < notice->count; i++)
        if (strcmp(notice->words[i].tag, language->tag) == 0)
            words = &notice->words[i];
    tp_html_open(html, "tr", "class", words ? NULL : "off", NULL);
    tp_html_element(html, "th", language->name, "scope", "row", NULL);
    tp_html_open(html, "td", "data-label", "Title", NULL);
    if (words)
        tp_html_element(html, "span", words->title, "lang", language->tag, "dir",
                        language->rtl ? "rtl" : NULL, NULL);
    else
        tp_html_text(html, "Not written");
    tp_html_close(html);
    tp_html_open(html, "td", "class", "actions", NULL);
    if (tp_access_may(exchange, TP_OFFICER)) {
        (void)snprintf(tail, sizeof(tail), "/words/%s", language->tag);
        (void)snprintf(spoken, sizeof(spoken), "%s it in %s", words ? "Change" : "Write",
                       language->name);
        tp_html_element(html, "a", words ? "Change" : "Write", "class", "quiet", "href",
                        tp_page_path(path, "/notices/", notice->id, tail), "aria-label", spoken,
                        NULL);
    }
    tp_html_close(html);
    tp_html_close(html);
}

static void languages_table(struct tp_html *html, const struct tp_exchange *exchange,
                            const struct tp_notice *notice)
{
    static const char *const headings[] = {"Language", "Title", "", NULL};
    const struct tp_notice_language *language;

    tp_html_element(html, "h2", "Words", NULL);
    tp_page_table(html, "The notice by language", headings);
    for (size_t i = 0; (language = tp_notice_language(i)); i++)
        language_row(html, exchange, notice, language);
    tp_page_table_end(html);
}

/* As a reader finds it. */
static void as_it_reads(struct tp_html *html, const struct tp_notice *notice)
{
    const struct tp_notice_words *words = tp_notice_words_for(notice, "en", false);

    tp_html_open(html, "div", "class", "panel", NULL);
    for (size_t i = 0; i < words->count; i++)
        tp_html_element(html, "p", words->parts[i].text, NULL);
    tp_html_close(html);
}

static void state_panel(struct tp_central *central, struct tp_html *html,
                        const struct tp_exchange *exchange, const struct tp_notice *notice,
                        enum tp_notice_state state)
{
    char today[TP_DAY_TEXT_MAX], from[TP_WHEN_TEXT_MAX], until[TP_WHEN_TEXT_MAX];
    char path[TP_PAGE_PATH_MAX];
    struct tp_notice_standing standing;

    tp_central_day(central, tp_clock_wall_ms(&central->clock), today);
    standing = tp_notice_standing(state, notice->from, notice->until, today);
    tp_html_open(html, "div", "class", "panel", NULL);
    tp_html_open(html, "p", NULL);
    tp_html_element(html, "span", standing.words, "class", standing.tag, NULL);
    tp_html_textf(html, " %s, from %s to %s%s%s", tp_notice_kind_words(notice->kind),
                  tp_page_day(notice->from, today, from), tp_page_day(notice->until, today, until),
                  *notice->about ? ", about " : "", notice->about);
    tp_html_close(html);
    if (tp_access_may(exchange, TP_OFFICER)) {
        tp_html_open(html, "div", "class", "buttons", NULL);
        if (state == TP_NOTICE_SHOWN)
            tp_page_button(html, exchange, tp_page_path(path, "/notices/", notice->id, "/withdraw"),
                           "button danger", "Withdraw", NULL);
        else
            tp_page_button(html, exchange, tp_page_path(path, "/notices/", notice->id, "/show"),
                           "button", "Show on screens", NULL);
        tp_html_close(html);
    }
    tp_html_close(html);
}

static void facts_form(struct tp_sql *db, struct tp_html *html, const struct tp_exchange *exchange,
                       const struct tp_notice *notice)
{
    char path[TP_PAGE_PATH_MAX];

    if (!tp_access_may(exchange, TP_OFFICER))
        return;
    tp_html_element(html, "h2", "What, and when", NULL);
    tp_page_form(html, exchange, tp_page_path(path, "/notices/", notice->id, ""), "panel");
    fact_fields(db, html, notice);
    tp_html_element(html, "button", "Save", "class", "button", NULL);
    tp_html_close(html);
}

/* The page of the notice that the path names, with what could not be done, or NULL. */
static void show_notice(struct tp_central *central, struct tp_exchange *exchange, int status,
                        const char *problem)
{
    struct tp_sql *db = tp_sql_pool_take(central->readers);
    enum tp_notice_state state = TP_NOTICE_DRAFT;
    struct tp_notice notice = {.id = ""};
    struct tp_html html;
    bool found = false;
    bool ok = tp_notice_read(db, tp_notice_named(exchange), &state, &notice, &found, NULL);

    if (ok && found) {
        tp_page_begin(central, exchange, &html, status, TP_SECTION_NOTICES,
                      tp_notice_words_for(&notice, "en", false)->title);
        tp_page_done_word(&html, exchange, notices);
        tp_page_problem(&html, problem, NULL);
        state_panel(central, &html, exchange, &notice, state);
        as_it_reads(&html, &notice);
        languages_table(&html, exchange, &notice);
        advise(&html, &notice);
        facts_form(db, &html, exchange, &notice);
        tp_page_end(&html);
    }
    tp_sql_pool_give(central->readers, db);
    tp_notice_finish(&notice);
    if (!ok)
        tp_page_not_ready(exchange);
    else if (!found)
        tp_respond_problem(exchange, 404, "there is no such notice");
}

void tp_notice_answer(struct tp_central *central, struct tp_exchange *exchange, int64_t id, bool ok,
                      bool found, const struct tp_error *error, const char *done)
{
    if (!ok && error->code == TP_ERR_LIMIT)
        show_notice(central, exchange, 400, error->text);
    else if (!ok)
        tp_page_not_ready(exchange);
    else if (!found)
        tp_respond_problem(exchange, 404, "there is no such notice");
    else
        see_notice(exchange, id, done);
}

enum tp_next tp_web_notice(struct tp_central *central, struct tp_exchange *exchange)
{
    show_notice(central, exchange, 200, NULL);
    return TP_RESPOND;
}

static bool run_set(struct tp_sql *db, void *context, struct tp_error *error)
{
    struct change *change = context;

    return tp_notice_set(db, change->id, change->notice, &change->deed, &change->found, error) &&
           fits(change, db, error);
}

enum tp_next tp_web_notice_set(struct tp_central *central, struct tp_exchange *exchange)
{
    struct tp_notice notice = {.id = ""};
    struct change change = {.central = central,
                            .id = tp_notice_named(exchange),
                            .notice = &notice,
                            .deed = tp_page_deed(central, exchange)};
    const char *problem = take_facts(exchange, &notice);
    struct tp_error error = {.text = ""};
    bool ok;

    if (problem) {
        show_notice(central, exchange, 400, problem);
        return TP_RESPOND;
    }
    ok = tp_committer_run(central->committer, run_set, &change, &error);
    tp_notice_answer(central, exchange, change.id, ok, change.found, &error, "saved");
    return TP_RESPOND;
}

static bool run_state(struct tp_sql *db, void *context, struct tp_error *error)
{
    struct change *change = context;

    return tp_notice_set_state(db, change->id, change->state, &change->deed, &change->found,
                               error) &&
           fits(change, db, error);
}

static void set_state(struct tp_central *central, struct tp_exchange *exchange,
                      enum tp_notice_state state, const char *done)
{
    struct change change = {.central = central,
                            .id = tp_notice_named(exchange),
                            .state = state,
                            .deed = tp_page_deed(central, exchange)};
    struct tp_error error = {.text = ""};
    bool ok = tp_committer_run(central->committer, run_state, &change, &error);

    tp_notice_answer(central, exchange, change.id, ok, change.found, &error, done);
}

enum tp_next tp_web_notice_show(struct tp_central *central, struct tp_exchange *exchange)
{
    set_state(central, exchange, TP_NOTICE_SHOWN, "shown");
    return TP_RESPOND;
}

enum tp_next tp_web_notice_withdraw(struct tp_central *central, struct tp_exchange *exchange)
{
    set_state(central, exchange, TP_NOTICE_WITHDRAWN, "withdrawn");
    return TP_RESPOND;
}
