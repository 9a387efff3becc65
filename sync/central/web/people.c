/* People: who may sign in here. */
#include "central/data/people.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "central/http/access.h"
#include "central/http/aside.h"
#include "central/web/page.h"
#include "central/web/web.h"

/* One at a time is hashed; the others wait, each on a thread. */
#define CHANGING_MAX 4

static const char *const notices[] = {
    "added",    "The person can sign in now.", "removed", "The person can no longer sign in.",
    "password", "Your password is changed.",   "role",    "The role is changed.",
    NULL};

static const char *const roles[] = {
    "viewer",
    "Viewer: sees counts and screens, no answers",
    "officer",
    "Officer: also publishes surveys, approves screens, downloads responses",
    "administrator",
    "Administrator: everything, people and deleting too",
    NULL};

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
    char role[16];
    char path[64];
    char spoken[TP_PERSON_NAME_MAX + 16];

    tp_html_open(html, "tr", NULL);
    tp_html_element(html, "th", person->name, "scope", "row", "class", "strong", NULL);
    tp_page_cell(html, "Last signed in",
                 tp_page_ago(listing->central, person->seen_ms, listing->now_ms, text));
    (void)snprintf(role, sizeof(role), "%s", tp_role_name(person->role));
    role[0] = (char)(role[0] - 32);
    tp_page_cell(html, "Role", role);
    tp_html_open(html, "td", "class", "actions", NULL);
    if (person->id == listing->exchange->person) {
        tp_html_element(html, "span", "You", "class", "tag off", NULL);
    } else {
        (void)snprintf(path, sizeof(path), "/people/%lld/remove", (long long)person->id);
        (void)snprintf(spoken, sizeof(spoken), "Change %s", person->name);
        tp_html_element(html, "a", "Change", "class", "quiet", "href", path, "aria-label", spoken,
                        NULL);
    }
    tp_html_close(html);
    tp_html_close(html);
    return tp_buf_ok(html->out);
}

static void add_form(struct tp_html *html, const struct tp_exchange *exchange, const char *name)
{
    tp_html_open(html, "section", NULL);
    tp_html_element(html, "h2", "Add a person", NULL);
    tp_page_form(html, exchange, "/people/add", "panel");
    tp_page_field(html, "name", "Name", NULL, "text", name, "off");
    tp_page_field(html, "password", "First password",
                  "At least 12 characters. Ask the person to change it.", "password", NULL,
                  "new-password");
    tp_page_choice(html, "role", "Role", roles, "officer");
    tp_html_element(html, "button", "Add", "class", "button", NULL);
    tp_html_close(html);
    tp_html_close(html);
}

static void password_form(struct tp_html *html, const struct tp_exchange *exchange)
{
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
}

/* The people, for administrators; everybody changes their own password here. */
static void show(struct tp_central *central, struct tp_exchange *exchange, int status,
                 const char *name, const char *problem, const char *field)
{
    static const char *const headings[] = {"Name", "Last signed in", "Role", "", NULL};
    bool all = tp_access_may(exchange, TP_ADMINISTRATOR);
    struct tp_sql *db = tp_sql_pool_take(central->readers);
    struct tp_html html;
    struct listing listing = {.central = central,
                              .html = &html,
                              .exchange = exchange,
                              .now_ms = tp_clock_wall_ms(&central->clock)};
    bool ok = true;

    tp_page_begin_with(central, exchange, &html, status, TP_SECTION_PEOPLE, "People",
                       all ? "What was done" : NULL, "/log");
    tp_page_done_word(&html, exchange, notices);
    tp_page_problem(&html, problem, field);
    if (all) {
        tp_page_table(&html, "Who may sign in", headings);
        ok = tp_people_each(db, row, &listing, NULL);
        tp_page_table_end(&html);
    }
    tp_sql_pool_give(central->readers, db);
    tp_html_open(&html, "div", "class", "columns even", NULL);
    if (all)
        add_form(&html, exchange, name);
    password_form(&html, exchange);
    tp_page_end(&html);
    if (!ok)
        tp_page_not_ready(exchange);
}

enum tp_next tp_web_people(struct tp_central *central, struct tp_exchange *exchange)
{
    show(central, exchange, 200, NULL, NULL, NULL);
    return TP_RESPOND;
}

struct changing {
    const char *name;
    const char *session;
    char hash[TP_PASSWORD_HASH_MAX];
    int64_t id;
    struct tp_person person; /* where one was named */
    enum tp_role role;
    struct tp_deed deed;
    enum tp_person_result result;
};

static bool run_add(struct tp_sql *db, void *context, struct tp_error *error)
{
    struct changing *changing = context;

    return tp_person_add(db, changing->name, changing->hash, changing->role, changing->deed.at_ms,
                         &changing->result, error) &&
           (changing->result != TP_PERSON_OK ||
            tp_audit_add(db, &changing->deed, "added the person", changing->name, error));
}

static bool run_remove(struct tp_sql *db, void *context, struct tp_error *error)
{
    struct changing *changing = context;

    return tp_person_remove(db, changing->id, &changing->result, error) &&
           (changing->result != TP_PERSON_OK ||
            tp_audit_add(db, &changing->deed, "removed the person", changing->name, error));
}

static bool run_role(struct tp_sql *db, void *context, struct tp_error *error)
{
    static const char *const actions[] = {[TP_ROLE_VIEWER] = "made a viewer of",
                                          [TP_ROLE_OFFICER] = "made an officer of",
                                          [TP_ROLE_ADMINISTRATOR] = "made an administrator of"};
    struct changing *changing = context;

    return tp_person_set_role(db, changing->id, changing->role, &changing->result, error) &&
           (changing->result != TP_PERSON_OK ||
            tp_audit_add(db, &changing->deed, actions[changing->role], changing->name, error));
}

static bool run_password(struct tp_sql *db, void *context, struct tp_error *error)
{
    struct changing *changing = context;

    return tp_person_set_password(db, changing->id, changing->hash, changing->session,
                                  changing->deed.at_ms, error) &&
           tp_audit_add(db, &changing->deed, "changed their password", "", error);
}

/* A password is hashed, which takes long. */
static enum tp_next aside(struct tp_central *central, struct tp_exchange *exchange,
                          void (*work)(struct tp_central *central, struct tp_exchange *exchange))
{
    if (tp_aside(exchange, &central->changing_passwords, CHANGING_MAX, work))
        return TP_WAIT;
    tp_respond_problem(exchange, 503, "others are changing passwords; try again in a few seconds");
    return TP_RESPOND;
}

static void add_person(struct tp_central *central, struct tp_exchange *exchange)
{
    const char *password = tp_exchange_field(exchange, "password");
    const char *role = tp_exchange_field(exchange, "role");
    struct changing changing = {.name = tp_exchange_field(exchange, "name"),
                                .deed = tp_page_deed(central, exchange)};
    struct tp_error error;

    if (!changing.name || !*changing.name || !tp_is_line(changing.name, TP_PERSON_NAME_MAX)) {
        show(central, exchange, 400, NULL, "Write a name of at most 64 characters.", "name");
    } else if (!password || !tp_password_check(password, &error)) {
        show(central, exchange, 400, changing.name, password ? error.text : "Write a password.",
             "password");
    } else if (!role || !tp_role_parse(role, &changing.role)) {
        show(central, exchange, 400, changing.name, "Choose a role.", NULL);
    } else if (!tp_password_hash(central, password, changing.hash, &error) ||
               !tp_committer_run(central->committer, run_add, &changing, &error)) {
        tp_page_not_ready(exchange);
    } else if (changing.result == TP_PERSON_TAKEN) {
        show(central, exchange, 409, changing.name, "Someone with that name is there already.",
             "name");
    } else {
        tp_respond_see_other(exchange, "/people?done=added");
    }
    tp_wipe(&changing, sizeof(changing));
}

enum tp_next tp_web_person_add(struct tp_central *central, struct tp_exchange *exchange)
{
    return aside(central, exchange, add_person);
}

struct finding {
    int64_t id;
    struct tp_person person;
};

static bool find(void *context, const struct tp_person *person)
{
    struct finding *finding = context;

    if (person->id == finding->id)
        finding->person = *person;
    return true;
}

/* The person that the path names; false with the response ready where there is none. */
static bool find_named(struct tp_central *central, struct tp_exchange *exchange,
                       struct tp_person *person)
{
    struct tp_sql *db = tp_sql_pool_take(central->readers);
    struct finding finding = {.id = strtoll(exchange->names[0], NULL, 10)};
    bool ok = tp_people_each(db, find, &finding, NULL);

    tp_sql_pool_give(central->readers, db);
    if (!ok)
        tp_page_not_ready(exchange);
    else if (finding.person.id == 0)
        tp_respond_problem(exchange, 404, "there is no such person");
    *person = finding.person;
    return ok && finding.person.id != 0;
}

enum tp_next tp_web_person_remove_page(struct tp_central *central, struct tp_exchange *exchange)
{
    struct tp_person person;
    struct tp_html html;
    char path[64];

    if (!find_named(central, exchange, &person))
        return TP_RESPOND;
    tp_page_begin(central, exchange, &html, 200, TP_SECTION_PEOPLE, person.name);
    tp_html_element(&html, "h2", "Role", "class", "first", NULL);
    (void)snprintf(path, sizeof(path), "/people/%lld/role", (long long)person.id);
    tp_page_form(&html, exchange, path, "panel");
    tp_page_choice(&html, "role", "What this person may do", roles, tp_role_name(person.role));
    tp_html_element(&html, "button", "Change the role", "class", "button", NULL);
    tp_html_close(&html);
    tp_html_element(&html, "h2", "Remove", NULL);
    tp_html_open(&html, "div", "class", "panel", NULL);
    tp_html_element(&html, "p", "This person can then no longer sign in here.", NULL);
    (void)snprintf(path, sizeof(path), "/people/%lld/remove", (long long)person.id);
    tp_html_open(&html, "div", "class", "buttons", NULL);
    tp_page_button(&html, exchange, path, "button danger", "Remove", NULL);
    tp_html_element(&html, "a", "Keep", "class", "button plain", "href", "/people", NULL);
    tp_page_end(&html);
    return TP_RESPOND;
}

/* Runs a change of another person. Nobody removes or lowers themselves by a slip. */
static enum tp_next change(struct tp_central *central, struct tp_exchange *exchange,
                           struct changing *changing,
                           bool (*run)(struct tp_sql *, void *, struct tp_error *),
                           const char *done)
{
    if (!find_named(central, exchange, &changing->person))
        return TP_RESPOND;
    changing->id = changing->person.id;
    changing->name = changing->person.name;
    changing->deed = tp_page_deed(central, exchange);
    if (changing->id == exchange->person)
        show(central, exchange, 400, NULL,
             "You cannot change or remove yourself. Ask another administrator.", NULL);
    else if (!tp_committer_run(central->committer, run, changing, NULL))
        tp_page_not_ready(exchange);
    else if (changing->result != TP_PERSON_OK)
        show(central, exchange, 404, NULL, "There is no such person.", NULL);
    else
        tp_respond_see_other(exchange, done);
    return TP_RESPOND;
}

enum tp_next tp_web_person_remove(struct tp_central *central, struct tp_exchange *exchange)
{
    struct changing changing = {.id = 0};

    return change(central, exchange, &changing, run_remove, "/people?done=removed");
}

enum tp_next tp_web_person_role(struct tp_central *central, struct tp_exchange *exchange)
{
    const char *role = tp_exchange_field(exchange, "role");
    struct changing changing = {.id = 0};

    if (!role || !tp_role_parse(role, &changing.role)) {
        show(central, exchange, 400, NULL, "Choose a role.", NULL);
        return TP_RESPOND;
    }
    return change(central, exchange, &changing, run_role, "/people?done=role");
}

static bool old_is_right(struct tp_central *central, struct tp_exchange *exchange, const char *old)
{
    bool right = false;

    return old && strlen(old) <= TP_PASSWORD_MAX &&
           tp_people_verify(central, exchange->person, old, &right, NULL) && right;
}

static void change_password(struct tp_central *central, struct tp_exchange *exchange)
{
    const char *new = tp_exchange_field(exchange, "new");
    const char *again = tp_exchange_field(exchange, "again");
    struct changing changing = {.id = exchange->person,
                                .session = exchange->session,
                                .deed = tp_page_deed(central, exchange)};
    struct tp_error error;

    if (!old_is_right(central, exchange, tp_exchange_field(exchange, "old"))) {
        show(central, exchange, 403, NULL, "The password now is not right.", "old");
    } else if (!new || !again || strcmp(new, again) != 0) {
        show(central, exchange, 400, NULL, "The two new passwords differ.", "again");
    } else if (!tp_password_check(new, &error)) {
        show(central, exchange, 400, NULL, error.text, "new");
    } else if (!tp_password_hash(central, new, changing.hash, &error) ||
               !tp_committer_run(central->committer, run_password, &changing, &error)) {
        tp_page_not_ready(exchange);
    } else {
        tp_respond_see_other(exchange, "/people?done=password");
    }
    tp_wipe(&changing, sizeof(changing));
}

enum tp_next tp_web_password(struct tp_central *central, struct tp_exchange *exchange)
{
    return aside(central, exchange, change_password);
}
