/* Surveys: publish a workbook or read what is wrong with it; close and open. */
#include "central/web/surveys.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "central/data/notices.h"
#include "central/http/access.h"
#include "central/publish.h"
#include "central/web/web.h"

struct gathering {
    struct tp_survey *list;
    size_t count;
};

static bool gather(void *context, const struct tp_form_row *form)
{
    struct gathering *gathering = context;

    gathering->list[gathering->count].form = *form;
    gathering->count++;
    return gathering->count < TP_SURVEYS_MAX;
}

static bool add_counts(void *context, const struct tp_form_counts *counts)
{
    struct gathering *gathering = context;

    for (size_t i = 0; i < gathering->count; i++) {
        if (strcmp(gathering->list[i].form.id, counts->form) == 0)
            gathering->list[i].counts = *counts;
    }
    return true;
}

static bool add_outcome(void *context, const char *survey)
{
    struct gathering *gathering = context;

    for (size_t i = 0; i < gathering->count; i++)
        if (strcmp(gathering->list[i].form.id, survey) == 0)
            gathering->list[i].no_outcome = false;
    return true;
}

static bool add_outcomes(struct tp_sql *db, struct gathering *gathering, struct tp_error *error)
{
    for (size_t i = 0; i < gathering->count; i++)
        gathering->list[i].no_outcome = strcmp(gathering->list[i].form.kind, "consultation") == 0;
    return tp_notice_outcomes(db, add_outcome, gathering, error);
}

bool tp_survey_list(struct tp_sql *db, struct tp_survey **list, size_t *count,
                    struct tp_error *error)
{
    struct gathering gathering = {.count = 0};
    int64_t forms = 0;

    if (!tp_sql_number(db, "SELECT count(*) FROM form", TP_NO_VALUES, 0, &forms, error))
        return false;
    if (forms > (int64_t)TP_SURVEYS_MAX)
        forms = TP_SURVEYS_MAX;
    /* One more: a survey may be published between the two questions. */
    gathering.list = tp_calloc((size_t)forms + 1, sizeof(*gathering.list));
    if (!gathering.list)
        return tp_fail_memory(error);
    if (!tp_forms_each(db, gather, &gathering, error) ||
        !tp_submissions_counts(db, add_counts, &gathering, error)) {
        tp_free(gathering.list);
        return false;
    }
    if (!add_outcomes(db, &gathering, error)) {
        tp_free(gathering.list);
        return false;
    }
    *list = gathering.list;
    *count = gathering.count;
    return true;
}

const char *tp_survey_state(const struct tp_form_row *form, const char *today,
                            char text[TP_WHEN_TEXT_MAX * 2])
{
    char day[TP_WHEN_TEXT_MAX];
    const size_t size = TP_WHEN_TEXT_MAX * 2;

    switch (tp_form_phase(form, today)) {
    case TP_FORM_BEFORE:
        (void)snprintf(text, size, "Opens %s", tp_page_day(form->opens, today, day));
        break;
    case TP_FORM_CLOSED:
        if (form->closed_ms)
            (void)snprintf(text, size, "Closed by hand");
        else
            (void)snprintf(text, size, "Closed %s", tp_page_day(form->closes, today, day));
        break;
    case TP_FORM_OPEN:
        if (*form->closes)
            (void)snprintf(text, size, "Open, closes %s", tp_page_day(form->closes, today, day));
        else
            (void)snprintf(text, size, "Open");
        break;
    }
    return text;
}

static const char *kind_name(const char *kind)
{
    static const char *const names[][2] = {{"equality", "shared equality questions"},
                                           {"format_request", "request for another format"},
                                           {"comments", "comments form"}};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strcmp(kind, names[i][0]) == 0)
            return names[i][1];
    }
    return kind;
}

static void download_link(struct tp_html *html, const struct tp_form_row *form, const char *label,
                          const char *query)
{
    char path[TP_PAGE_PATH_MAX];
    char spoken[TP_FORM_TITLE_MAX + 32];

    (void)tp_page_path(path, "/responses/", form->id, query);
    (void)snprintf(spoken, sizeof(spoken), "Download %s as %s", form->title, label);
    tp_html_element(html, "a", label, "class", "quiet", "href", path, "aria-label", spoken, NULL);
}

/* A survey that is closed owes people an answer: what came of theirs. */
static void outcome_cell(struct tp_html *html, const struct tp_exchange *exchange,
                         const struct tp_survey *survey, const char *state)
{
    char path[TP_PAGE_PATH_MAX];

    tp_html_open(html, "td", "data-label", "State", NULL);
    tp_html_text(html, state);
    tp_html_open(html, "span", "class", "id", NULL);
    tp_html_element(html, "span", "No \"You said, we did\" yet", "class", "tag alarm", NULL);
    tp_html_close(html);
    if (tp_access_may(exchange, TP_OFFICER))
        tp_html_element(html, "a", "Write it", "href",
                        tp_page_path(path, "/notices/new?survey=", survey->form.id, ""),
                        "aria-label", "Write \"You said, we did\" about this survey", NULL);
    tp_html_close(html);
}

static void actions(struct tp_html *html, const struct tp_exchange *exchange,
                    const struct tp_form_row *form)
{
    bool closed = form->closed_ms != 0;
    char path[TP_PAGE_PATH_MAX];
    char spoken[TP_FORM_TITLE_MAX + 16];

    tp_html_open(html, "td", "class", "actions", NULL);
    download_link(html, form, "CSV", "/download?format=csv");
    download_link(html, form, "JSON", "/download?format=json");
    (void)snprintf(spoken, sizeof(spoken), "%s %s", closed ? "Open" : "Close", form->title);
    (void)tp_page_path(path, "/surveys/", form->id, closed ? "/open" : "/close");
    tp_page_button(html, exchange, path, "quiet", closed ? "Open again" : "Close", spoken);
    tp_html_close(html);
}

static void table(struct tp_central *central, struct tp_html *html,
                  const struct tp_exchange *exchange, const struct tp_survey *list, size_t count)
{
    static const char *const headings[] = {"Survey", "Version", "State", "#Responses", "", NULL};
    char today[TP_DAY_TEXT_MAX];

    tp_central_day(central, tp_clock_wall_ms(&central->clock), today);
    tp_page_table(html, "All surveys", headings);
    for (size_t i = 0; i < count; i++) {
        const struct tp_form_row *form = &list[i].form;
        char number[TP_NUMBER_TEXT_MAX];
        char state[TP_WHEN_TEXT_MAX * 2];
        char path[TP_PAGE_PATH_MAX];

        tp_html_open(html, "tr", NULL);
        tp_html_open(html, "th", "scope", "row", NULL);
        (void)tp_page_path(path, "/surveys/", form->id, "");
        tp_html_element(html, "a", form->title, "class", "strong", "href", path, NULL);
        tp_html_open(html, "span", "class", "id", NULL);
        tp_html_textf(html, strcmp(form->kind, "consultation") == 0 ? "%s" : "%s \xc2\xb7 %s",
                      form->id, kind_name(form->kind));
        tp_html_close(html);
        tp_html_close(html);
        tp_page_cell(html, "Version", form->version);
        (void)tp_survey_state(form, today, state);
        if (list[i].no_outcome && tp_form_phase(form, today) == TP_FORM_CLOSED)
            outcome_cell(html, exchange, &list[i], state);
        else
            tp_page_cell(html, "State", state);
        tp_page_cell(html, "#Responses", tp_page_number(list[i].counts.answers, number));
        if (tp_access_may(exchange, TP_OFFICER))
            actions(html, exchange, form);
        else
            tp_html_element(html, "td", "", NULL);
        tp_html_close(html);
    }
    tp_page_table_end(html);
}

static void upload_form(struct tp_html *html, const struct tp_exchange *exchange)
{
    char described[TP_DESCRIBED_MAX];

    tp_html_element(html, "h2", "Publish a survey", NULL);
    tp_page_upload(html, exchange, "/surveys", "panel");
    tp_html_open(html, "div", "class", "field", NULL);
    tp_html_element(html, "label", "The survey, with its pictures and recordings", "for", "files",
                    NULL);
    tp_html_element(html, "p",
                    "One workbook (.xlsx or .md) and every file that it names, or an XForm (.xml) "
                    "with its consultation.json. The survey is checked first; with any error "
                    "nothing is published.",
                    "class", "hint", "id", "files-hint", NULL);
    tp_html_void(html, "input", "type", "file", "id", "files", "name", "files", "multiple",
                 "multiple", "required", "required", "aria-describedby",
                 tp_page_described(html, "files", "files-hint", described), "aria-invalid",
                 tp_page_is_wrong(html, "files") ? "true" : NULL, NULL);
    tp_html_close(html);
    tp_html_element(html, "button", "Check and publish", "class", "button", NULL);
    tp_html_close(html);
}

/* The table of what is wrong. */
static void problems_table(struct tp_html *html, const struct tp_problems *problems)
{
    static const char *const headings[] = {"Weight", "Sheet", "#Row", "Column", "What to do", NULL};

    tp_page_table(html, "What was found in the survey", headings);
    for (size_t i = 0; i < problems->count; i++) {
        const struct tp_problem *problem = &problems->items[i];
        bool heavy = problem->severity == TP_SEVERITY_ERROR;
        char row[TP_NUMBER_TEXT_MAX] = "";

        if (problem->row)
            (void)snprintf(row, sizeof(row), "%u", problem->row);
        tp_html_open(html, "tr", NULL);
        tp_html_open(html, "td", "data-label", "Weight", NULL);
        tp_html_element(html, "span", heavy ? "Error" : "Advice", "class",
                        heavy ? "tag alarm" : "tag note", NULL);
        tp_html_close(html);
        tp_page_cell(html, "Sheet", problem->sheet ? problem->sheet : "");
        tp_page_cell(html, "#Row", row);
        tp_page_cell(html, "Column", problem->column ? problem->column : "");
        tp_html_open(html, "td", "data-label", "What to do", NULL);
        tp_html_text(html, problem->text);
        if (problem->value && *problem->value && !strstr(problem->text, problem->value))
            tp_html_element(html, "span", problem->value, "class", "value", NULL);
        tp_html_close(html);
        tp_html_close(html);
    }
    tp_page_table_end(html);
}

static void show_problems(struct tp_html *html, const struct tp_problems *problems, bool published)
{
    char text[160];

    if (!problems || problems->count == 0)
        return;
    if (!published) {
        (void)snprintf(text, sizeof(text),
                       "%zu error%s in the survey. Nothing was published. Mend the file and send "
                       "it again.",
                       problems->errors, problems->errors == 1 ? "" : "s");
        tp_page_problem(html, text, "files");
    } else {
        tp_html_element(html, "h2", "Advice on this survey", NULL);
    }
    problems_table(html, problems);
    if (problems->errors + problems->warnings > problems->count) {
        (void)snprintf(text, sizeof(text), "And %zu more.",
                       problems->errors + problems->warnings - problems->count);
        tp_html_element(html, "p", text, NULL);
    }
}

#define CLOSED_NOTICE "The survey is closed. Screens take it away at their next contact."

static const char *const notices[] = {"closed", CLOSED_NOTICE, "opened",
                                      "The survey is open again.", NULL};

/* `done` and `problem` may be NULL. */
static void show(struct tp_central *central, struct tp_exchange *exchange, int status,
                 const char *done, const char *problem, const struct tp_problems *problems)
{
    struct tp_sql *db = tp_sql_pool_take(central->readers);
    struct tp_survey *list = NULL;
    struct tp_error error;
    struct tp_html html;
    size_t count = 0;
    bool ok = tp_survey_list(db, &list, &count, &error);

    tp_sql_pool_give(central->readers, db);
    if (!ok) {
        tp_page_not_ready(exchange);
        return;
    }
    tp_page_begin(central, exchange, &html, status, TP_SECTION_SURVEYS, "Surveys");
    tp_page_done_word(&html, exchange, notices);
    tp_page_done(&html, done);
    tp_page_problem(&html, problem, "files");
    show_problems(&html, problems, done != NULL);
    if (problems && problems->count)
        tp_html_element(&html, "h2", "Published surveys", NULL);
    if (count)
        table(central, &html, exchange, list, count);
    else
        tp_html_element(&html, "p", "No survey yet.", "class", "panel", NULL);
    if (tp_access_may(exchange, TP_OFFICER))
        upload_form(&html, exchange);
    tp_page_end(&html);
    tp_free(list);
}

enum tp_next tp_web_surveys(struct tp_central *central, struct tp_exchange *exchange)
{
    show(central, exchange, 200, NULL, NULL, NULL);
    return TP_RESPOND;
}

static bool run_publish(struct tp_sql *db, void *context, struct tp_error *error)
{
    struct tp_publishing *publishing = context;
    const struct tp_deed deed = {publishing->who, publishing->now_ms};

    return tp_forms_publish(db, &publishing->package, publishing->now_ms, &publishing->result,
                            error) &&
           (publishing->result == TP_PUBLISH_CONFLICT ||
            tp_audit_add(db, &deed, "published the survey", publishing->package.id, error));
}

static void done_text(const struct tp_publishing *publishing, char text[400])
{
    const struct tp_package *package = &publishing->package;

    switch (publishing->result) {
    case TP_PUBLISHED:
        (void)snprintf(text, 400,
                       "%s is published (version %s). Screens fetch it at their next "
                       "contact.",
                       package->title, *package->version ? package->version : "without number");
        break;
    case TP_PUBLISHED_MEDIA:
        (void)snprintf(text, 400, "%s: the pictures and texts beside the questions are updated.",
                       package->title);
        break;
    default:
        (void)snprintf(text, 400, "%s was published before, with nothing different.",
                       package->title);
        break;
    }
}

static void publish(struct tp_central *central, struct tp_exchange *exchange,
                    struct tp_publishing *publishing)
{
    struct tp_error error = {.code = TP_OK};
    char text[TP_ERROR_TEXT_MAX];

    if (!tp_publish_read_parts(publishing, exchange, &error)) {
        if (publishing->problems.errors)
            show(central, exchange, 422, NULL, NULL, &publishing->problems);
        else
            show(central, exchange, 422, NULL, error.text, NULL);
        return;
    }
    publishing->now_ms = tp_clock_wall_ms(&central->clock);
    publishing->who = exchange->person_name;
    if (!tp_committer_run(central->committer, run_publish, publishing, &error)) {
        tp_page_not_ready(exchange);
        return;
    }
    if (publishing->result == TP_PUBLISH_CONFLICT) {
        tp_publish_conflict(&publishing->package, text);
        show(central, exchange, 409, NULL, text, NULL);
        return;
    }
    done_text(publishing, text);
    show(central, exchange, 200, text, NULL, &publishing->problems);
}

enum tp_next tp_web_publish(struct tp_central *central, struct tp_exchange *exchange)
{
    struct tp_publishing publishing;

    tp_publishing_init(&publishing);
    publish(central, exchange, &publishing);
    tp_publishing_finish(&publishing);
    return TP_RESPOND;
}

struct closing {
    const char *id;
    bool closed;
    struct tp_deed deed;
    bool found;
};

static bool run_close(struct tp_sql *db, void *context, struct tp_error *error)
{
    struct closing *closing = context;

    return tp_forms_close(db, closing->id, closing->closed, closing->deed.at_ms, &closing->found,
                          error) &&
           (!closing->found ||
            tp_audit_add(db, &closing->deed,
                         closing->closed ? "closed the survey" : "opened the survey again",
                         closing->id, error));
}

static enum tp_next set_closed(struct tp_central *central, struct tp_exchange *exchange,
                               bool closed)
{
    struct closing closing = {
        .id = exchange->names[0], .closed = closed, .deed = tp_page_deed(central, exchange)};

    if (!tp_committer_run(central->committer, run_close, &closing, NULL))
        tp_page_not_ready(exchange);
    else if (!closing.found)
        tp_respond_problem(exchange, 404, "there is no such survey");
    else
        tp_respond_see_other(exchange, closed ? "/surveys?done=closed" : "/surveys?done=opened");
    return TP_RESPOND;
}

enum tp_next tp_web_close(struct tp_central *central, struct tp_exchange *exchange)
{
    return set_closed(central, exchange, true);
}

enum tp_next tp_web_open(struct tp_central *central, struct tp_exchange *exchange)
{
    return set_closed(central, exchange, false);
}
