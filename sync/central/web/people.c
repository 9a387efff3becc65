/* People: who may sign in here. */
#include "central/data/people.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "central/web/page.h"
#include "central/web/web.h"

static const char *const notices[] = {
    "added",    "The person can sign in now.", "removed", "The person can no longer sign in.",
    "password", "Your password is changed.",   NULL};

struct listing {
    struct tp_central *central;
    struct tp_html *html;
    const struct tp_exchange *exchange;
    int64_t now_ms;
};

static bool row(void *context, const struct tp_person *person)
{
    struct listing *listing = context;
    struct tp_html *html = listing->html;
    char text[TP_WHEN_TEXT_MAX];
    char path[64];
    char spoken[TP_PERSON_NAME_MAX + 16];

    tp_html_open(html, "tr", NULL);
    tp_html_element(html, "th", person->name, "scope", "row", "class", "strong", NULL);
    tp_page_cell(html, "Last signed in",
                 tp_page_ago(listing->central, person->seen_ms, listing->now_ms, text));
    tp_html_open(html, "td", "class", "actions", NULL);
    if (person->id == listing->exchange->person) {
        tp_html_element(html, "span", "You", "class", "tag off", NULL);
    } else {
        (void)snprintf(path, sizeof(path), "/people/%lld/remove", (long long)person->id);
        (void)snprintf(spoken, sizeof(spoken), "Remove %s", person->name);
        tp_html_element(html, "a", "Remove", "class", "quiet", "href", path, "aria-label", spoken,
                        NULL);
    }
    tp_html_close(html);
    tp_html_close(html);
    return tp_buf_ok(html->out);
}

static void forms(struct tp_html *html, const struct tp_exchange *exchange, const char *name)
{
    tp_html_open(html, "div", "class", "columns even", NULL);
    tp_html_open(html, "section", NULL);
    tp_html_element(html, "h2", "Add a person", NULL);
    tp_page_form(html, exchange, "/people/add", "panel");
    tp_page_field(html, "name", "Name", NULL, "text", name, "off");
    tp_page_field(html, "password", "First password",
                  "At least 12 characters. Ask the person to change it.", "password", NULL,
                  "new-password");
    tp_html_element(html, "button", "Add", "class", "button", NULL);
    tp_html_close(html);
    tp_html_close(html);
    tp_html_open(html, "section", NULL);
    tp_html_element(html, "h2", "Change your password", NULL);
    tp_page_form(html, exchange, "/people/password", "panel");
    tp_page_field(html, "old", "Password now", NULL, "password", NULL, "current-password");
    tp_page_field(html, "new", "New password", "At least 12 characters.", "password", NULL,
                  "new-password");
    tp_page_field(html, "again", "New password again", NULL, "password", NULL, "new-password");
    tp_html_element(html, "button", "Change", "class", "button", NULL);
    tp_html_close(html);
    tp_html_close(html);
    tp_html_close(html);
}

static void show(struct tp_central *central, struct tp_exchange *exchange, int status,
                 const char *name, const char *problem)
{
    static const char *const headings[] = {"Name", "Last signed in", "", NULL};
    struct tp_sql *db = tp_sql_pool_take(central->readers);
    struct tp_html html;
    struct listing listing = {.central = central,
                              .html = &html,
                              .exchange = exchange,
                              .now_ms = tp_clock_wall_ms(&central->clock)};
    bool ok;

    tp_page_begin(central, exchange, &html, status, TP_SECTION_PEOPLE, "People");
    tp_page_done_word(&html, exchange, notices);
    tp_page_problem(&html, problem);
    tp_page_table(&html, "Who may sign in", headings);
    ok = tp_people_each(db, row, &listing, NULL);
    tp_sql_pool_give(central->readers, db);
    tp_page_table_end(&html);
    forms(&html, exchange, name);
    tp_page_end(&html);
    if (!ok)
        tp_respond_problem(exchange, 503, "the store is not ready; try again in a few seconds");
}

enum tp_next tp_web_people(struct tp_central *central, struct tp_exchange *exchange)
{
    show(central, exchange, 200, NULL, NULL);
    return TP_RESPOND;
}

struct changing {
    const char *name;
    const char *session;
    char hash[TP_PASSWORD_HASH_MAX];
    int64_t id;
    int64_t now_ms;
    enum tp_person_result result;
};

static bool run_add(struct tp_sql *db, void *context, struct tp_error *error)
{
    struct changing *changing = context;

    return tp_person_add(db, changing->name, changing->hash, changing->now_ms, &changing->result,
                         error);
}

static bool run_remove(struct tp_sql *db, void *context, struct tp_error *error)
{
    struct changing *changing = context;

    return tp_person_remove(db, changing->id, &changing->result, error);
}

static bool run_password(struct tp_sql *db, void *context, struct tp_error *error)
{
    struct changing *changing = context;

    return tp_person_set_password(db, changing->id, changing->hash, changing->session,
                                  changing->now_ms, error);
}

/* Sentence case, with a full stop, of an error's text. */
static void sentence(char text[TP_ERROR_TEXT_MAX + 2], const struct tp_error *error)
{
    (void)snprintf(text, TP_ERROR_TEXT_MAX + 2, "%s.", error->text);
    if (text[0] >= 'a' && text[0] <= 'z')
        text[0] = (char)(text[0] - 32);
}

enum tp_next tp_web_person_add(struct tp_central *central, struct tp_exchange *exchange)
{
    const char *password = tp_exchange_field(exchange, "password");
    struct changing changing = {.name = tp_exchange_field(exchange, "name"),
                                .now_ms = tp_clock_wall_ms(&central->clock)};
    struct tp_error error;
    char text[TP_ERROR_TEXT_MAX + 2];

    if (!changing.name || !*changing.name || !tp_is_line(changing.name, TP_PERSON_NAME_MAX)) {
        show(central, exchange, 400, NULL, "Write a name of at most 64 characters.");
    } else if (!password || !tp_password_check(password, &error)) {
        if (password)
            sentence(text, &error);
        show(central, exchange, 400, changing.name, password ? text : "Write a password.");
    } else if (!tp_password_hash(central, password, changing.hash, &error) ||
               !tp_committer_run(central->committer, run_add, &changing, &error)) {
        tp_respond_problem(exchange, 503, "the store is not ready; try again in a few seconds");
    } else if (changing.result == TP_PERSON_TAKEN) {
        show(central, exchange, 409, changing.name, "Someone with that name is there already.");
    } else {
        tp_respond_see_other(exchange, "/people?done=added");
    }
    tp_wipe(&changing, sizeof(changing));
    return TP_RESPOND;
}

struct finding {
    int64_t id;
    char name[TP_PERSON_NAME_MAX + 1];
};

static bool find(void *context, const struct tp_person *person)
{
    struct finding *finding = context;

    if (person->id == finding->id)
        (void)snprintf(finding->name, sizeof(finding->name), "%s", person->name);
    return true;
}

enum tp_next tp_web_person_remove_page(struct tp_central *central, struct tp_exchange *exchange)
{
    struct tp_sql *db = tp_sql_pool_take(central->readers);
    struct finding finding = {.id = strtoll(exchange->names[0], NULL, 10)};
    struct tp_html html;
    char path[64];
    bool ok = tp_people_each(db, find, &finding, NULL);

    tp_sql_pool_give(central->readers, db);
    if (!ok || !*finding.name) {
        tp_respond_problem(exchange, ok ? 404 : 503,
                           ok ? "there is no such person"
                              : "the store is not ready; try again in a few seconds");
        return TP_RESPOND;
    }
    (void)snprintf(path, sizeof(path), "/people/%lld/remove", (long long)finding.id);
    tp_page_begin(central, exchange, &html, 200, TP_SECTION_PEOPLE, "Remove a person");
    tp_html_open(&html, "div", "class", "panel narrow", NULL);
    tp_html_element(&html, "p", finding.name, "class", "lead strong", NULL);
    tp_html_element(&html, "p", "This person can then no longer sign in here.", NULL);
    tp_html_open(&html, "div", "class", "buttons", NULL);
    tp_page_button(&html, exchange, path, "button danger", "Remove", NULL);
    tp_html_element(&html, "a", "Keep", "class", "button plain", "href", "/people", NULL);
    tp_page_end(&html);
    return TP_RESPOND;
}

enum tp_next tp_web_person_remove(struct tp_central *central, struct tp_exchange *exchange)
{
    struct changing changing = {.id = strtoll(exchange->names[0], NULL, 10)};

    if (changing.id == exchange->person)
        show(central, exchange, 400, NULL, "You cannot remove yourself. Ask another person.");
    else if (!tp_committer_run(central->committer, run_remove, &changing, NULL))
        tp_respond_problem(exchange, 503, "the store is not ready; try again in a few seconds");
    else if (changing.result != TP_PERSON_OK)
        show(central, exchange, 404, NULL, "There is no such person.");
    else
        tp_respond_see_other(exchange, "/people?done=removed");
    return TP_RESPOND;
}

static bool old_is_right(struct tp_central *central, struct tp_exchange *exchange, const char *old)
{
    bool right = false;

    return old && strlen(old) <= TP_PASSWORD_MAX &&
           tp_people_verify(central, exchange->person, old, &right, NULL) && right;
}

enum tp_next tp_web_password(struct tp_central *central, struct tp_exchange *exchange)
{
    const char *new = tp_exchange_field(exchange, "new");
    const char *again = tp_exchange_field(exchange, "again");
    struct changing changing = {.id = exchange->person,
                                .session = exchange->session,
                                .now_ms = tp_clock_wall_ms(&central->clock)};
    struct tp_error error;
    char text[TP_ERROR_TEXT_MAX + 2];

    if (!old_is_right(central, exchange, tp_exchange_field(exchange, "old"))) {
        show(central, exchange, 403, NULL, "The password now is not right.");
    } else if (!new || !again || strcmp(new, again) != 0) {
        show(central, exchange, 400, NULL, "The two new passwords differ.");
    } else if (!tp_password_check(new, &error)) {
        sentence(text, &error);
        show(central, exchange, 400, NULL, text);
    } else if (!tp_password_hash(central, new, changing.hash, &error) ||
               !tp_committer_run(central->committer, run_password, &changing, &error)) {
        tp_respond_problem(exchange, 503, "the store is not ready; try again in a few seconds");
    } else {
        tp_respond_see_other(exchange, "/people?done=password");
    }
    tp_wipe(&changing, sizeof(changing));
    return TP_RESPOND;
}
