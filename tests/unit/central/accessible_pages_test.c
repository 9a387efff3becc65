/* The administrators' pages for keyboards and screen readers: every page of the table of routes,
 * to each role, with something in every table; what a problem says, and where; the colours. */
#include <math.h>

#include "unit/central/html_rules.h"
#include "unit/central/office.h"

/* A target for each address that is a page; @ is the screen's ID. */
static const char *const targets[] = {"/",
                                      "/surveys",
                                      "/surveys/hours",
                                      "/notices",
                                      "/notices/new",
                                      "/notices/1",
                                      "/notices/1/words/en-simple",
                                      "/notices/1/words/ar",
                                      "/screens",
                                      "/screens/@/revoke",
                                      "/responses",
                                      "/responses/hours",
                                      "/withdraw",
                                      "/quarantine",
                                      "/quarantine/1/discard",
                                      "/quarantine/1/swap",
                                      "/log",
                                      "/people",
                                      "/people/2/remove",
                                      "/not-there"};
#define TARGET_COUNT (sizeof(targets) / sizeof(targets[0]))

#define BEAT                                                                                       \
    "{\"version\":\"0.1.0\",\"waiting\":3,\"sent\":1,\"quarantined\":1,\"clock_ms\":0,"            \
    "\"counters\":[{\"form\":\"hours\",\"version\":\"1\",\"day\":\"2026-11-23\",\"mode\":"         \
    "\"easy-read\",\"name\":\"open\",\"count\":20},{\"form\":\"hours\",\"version\":\"1\","         \
    "\"day\":\"2026-11-23\",\"mode\":\"easy-read\",\"name\":\"abandon:why\",\"count\":5}]}"

static void beat(void)
{
    assert_int_equal(world_status(&world, &(struct world_request){.method = "POST",
                                                                  .target = "/talkpoint/heartbeat",
                                                                  .type = "application/json",
                                                                  .body = BEAT,
                                                                  .length = strlen(BEAT),
                                                                  .with_token = true}),
                     200);
}

/* Something in every table. */
static int make(void **state)
{
    static const char enrolment[] =
        "{\"code\":\"AAAA-BBBB\",\"secret_sha256\":"
        "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\",\"name\":\"Witney\","
        "\"version\":\"0.1.0\"}";

    (void)office_make_signed_in(state);
    world_answer(&world, "hours", "uuid:a", "<data id=\"hours\"/>", 201);
    world_answer(&world, "hours", "uuid:a", "<data id=\"hours\"> </data>", 409);
    world_publish(&world, "village", "1", "consultation", world_form, NULL);
    beat();
    assert_int_equal(world_status(&world, &(struct world_request){.method = "POST",
                                                                  .target = "/talkpoint/enrolments",
                                                                  .type = "application/json",
                                                                  .body = enrolment,
                                                                  .length = strlen(enrolment)}),
                     201);
    assert_int_equal(post("/people/add", "name=Bob&password=long+enough+words&role=officer"), 303);
    assert_int_equal(post("/people/add", "name=Cy&password=long+enough+words&role=viewer"), 303);
    assert_int_equal(post("/phones", "login=Team+phone"), 200);
    assert_int_equal(post("/notices", "kind=news&survey=&from=2026-11-20&until=2026-12-31"
                                      "&title=Sunday+opening&text=We+open+on+Sundays."),
                     303);
    return 0;
}

static void sign_in_as(const char *name)
{
    struct tp_exchange exchange;
    char fields[128];

    assert_int_equal(
        world_status(&world, &(struct world_request){.method = "GET", .target = "/sign-in"}), 200);
    (void)snprintf(fields, sizeof(fields), "name=%s&password=long+enough+words", name);
    assert_int_equal(world_post(&world, "/sign-in", fields, true, &exchange), 303);
    tp_exchange_finish(&exchange);
}

static void target_of(size_t index, char target[128])
{
    const char *at = strchr(targets[index], '@');

    if (at)
        (void)snprintf(target, 128, "%.*s%s%s", (int)(at - targets[index]), targets[index],
                       world.device, at + 1);
    else
        (void)snprintf(target, 128, "%s", targets[index]);
}

static void check_target(const char *target, char title[HTML_NAME_MAX])
{
    static struct html_page page;
    struct tp_exchange exchange;

    (void)get(target, &exchange);
    html_open(&page, target, world_body(&exchange));
    html_check(&page);
    if (*page.broken)
        fail_msg("%s", page.broken);
    html_text(html_first(&page, "title"), title);
    html_close(&page);
    tp_exchange_finish(&exchange);
}

static void every_page_keeps_the_rules(void **state)
{
    static char titles[TARGET_COUNT][HTML_NAME_MAX];
    char target[128];

    (void)state;
    for (size_t i = 0; i < TARGET_COUNT; i++) {
        target_of(i, target);
        check_target(target, titles[i]);
        for (size_t k = 0; k < i; k++) {
            if (strcmp(titles[i], titles[k]) == 0)
                fail_msg("%s and %s have one title: %s (2.4.2)", target, targets[k], titles[i]);
        }
    }
}

static void every_page_keeps_them_for_those_who_may_less(void **state)
{
    static const char *const people[] = {"Bob", "Cy"};
    char title[HTML_NAME_MAX];
    char target[128];

    (void)state;
    for (size_t p = 0; p < 2; p++) {
        sign_in_as(people[p]);
        for (size_t i = 0; i < TARGET_COUNT; i++) {
            target_of(i, target);
            check_target(target, title);
        }
    }
}

/* A '*' of the pattern is one segment of the path. */
static bool matches(const char *pattern, const char *path)
{
    while (*pattern && *path) {
        if (*pattern == '*') {
            path += strcspn(path, "/");
            pattern++;
        } else if (*pattern++ != *path++) {
            return false;
        }
    }
    return !*pattern && !*path;
}

static void no_page_is_left_out(void **state)
{
    (void)state;
    for (const struct tp_route *route = tp_routes; route->pattern; route++) {
        bool found = strcmp(route->pattern, "/responses/*/download") == 0;
        char target[128];

        if (route->method != TP_GET || route->access < TP_VIEWER)
            continue;
        for (size_t i = 0; !found && i < TARGET_COUNT; i++) {
            target_of(i, target);
            found = matches(route->pattern, target);
        }
        if (!found)
            fail_msg("the page %s is not looked at", route->pattern);
    }
}

static void check_upload(const char *workbook, int status)
{
    static struct html_page page;
    struct tp_exchange exchange;

    assert_int_equal(upload("survey.md", workbook, &exchange), status);
    html_open(&page, "an upload", world_body(&exchange));
    html_check(&page);
    if (*page.broken)
        fail_msg("%s", page.broken);
    assert_true(html_number(&page, "table") >= 1);
    html_close(&page);
    tp_exchange_finish(&exchange);
}

static void what_is_said_of_a_workbook_keeps_the_rules(void **state)
{
    (void)state;
    check_upload("| survey | | | |\n| | type | name | label |\n| | select_on yes_no | q | Q? |\n",
                 422);
}

static void signing_in_keeps_the_rules(void **state)
{
    char title[HTML_NAME_MAX];

    (void)state;
    *world.cookie = '\0';
    check_target("/sign-in", title);
}

/* ---- problems ---- */

struct mistake {
    const char *target;
    const char *fields;
    const char *field; /* the one that is marked */
    const char *kept;  /* what was typed there and stays; NULL: a secret, or nothing */
};

static void check_mistake(const struct mistake *mistake)
{
    static struct html_page page;
    struct tp_exchange exchange;
    char text[HTML_NAME_MAX];
    char link[64];
    const xmlNode *field;
    bool led = false;

    assert_true(world_post(&world, mistake->target, mistake->fields, true, &exchange) >= 400);
    html_open(&page, mistake->target, world_body(&exchange));
    html_check(&page);
    html_text(html_first(&page, "title"), text);
    html_want(&page, strncmp(text, "Problem: ", 9) == 0, "2.4.2 the title says so",
              html_first(&page, "title"));
    (void)snprintf(link, sizeof(link), "#%s", mistake->field);
    for (size_t i = 0; i < page.count; i++)
        led = led || (html_is(page.nodes[i], "a") && html_has(page.nodes[i], "href", link));
    html_want(&page, led, "3.3.1 the summary leads to the field", NULL);
    field = html_by_id(&page, mistake->field);
    html_want(&page, field && html_has(field, "aria-invalid", "true"), "3.3.1 the field is marked",
              field);
    html_want(&page,
              field && html_attr(field, "aria-describedby") &&
                  strncmp(html_attr(field, "aria-describedby"), "problem", 7) == 0,
              "3.3.1 the field says what is wrong", field);
    html_want(&page, !mistake->kept || html_has(field, "value", mistake->kept),
              "3.3.7 the field keeps what was typed", field);
    if (*page.broken)
        fail_msg("%s", page.broken);
    html_close(&page);
    tp_exchange_finish(&exchange);
}

static void a_problem_leads_to_its_field(void **state)
{
    static const struct mistake mistakes[] = {
        {"/people/add", "name=&password=long+enough+words&role=viewer", "name", NULL},
        {"/people/add", "name=Dee&password=short&role=viewer", "password", NULL},
        {"/people/password", "old=wrong&new=a&again=a", "old", NULL},
        {"/people/password", "old=correct+horse+battery&new=a&again=b", "again", NULL},
        {"/people/password", "old=correct+horse+battery&new=a&again=a", "new", NULL},
        {"/screens/approve", "code=zz", "code", "zz"},
        {"/screens/approve", "code=ZZZZ-ZZZZ", "code", "ZZZZ-ZZZZ"},
        {"/phones", "login=", "login", NULL},
        {"/withdraw/find", "form=hours&code=CCCC-CCCC", "code", "CCCC-CCCC"},
        {"/surveys/hours/keep", "months=many", "months", "many"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(mistakes) / sizeof(mistakes[0]); i++)
        check_mistake(&mistakes[i]);
    *world.cookie = '\0';
    assert_int_equal(
        world_status(&world, &(struct world_request){.method = "GET", .target = "/sign-in"}), 200);
    check_mistake(&(struct mistake){"/sign-in", "name=admin&password=wrong", "name", "admin"});
}

/* ---- colours ---- */

extern const char tp_style_css[];

/* The value of "--name: #rrggbb" as its relative luminance (WCAG 2.2, "relative luminance"). */
static double luminance(const char *name)
{
    double light = 0;
    char wanted[32];
    const char *at;
    unsigned long value;
    bool shorthand;

    (void)snprintf(wanted, sizeof(wanted), "--%s: #", name);
    at = strstr(tp_style_css, wanted);
    assert_non_null(at);
    at += strlen(wanted);
    shorthand = strcspn(at, ";") == 3;
    value = strtoul(at, NULL, 16);
    for (int i = 0; i < 3; i++) {
        static const double weights[] = {0.2126, 0.7152, 0.0722};
        unsigned long part =
            shorthand ? ((value >> (8 - 4 * i)) & 15) * 17 : (value >> (16 - 8 * i)) & 255;
        double share = (double)part / 255;

        light +=
            weights[i] * (share <= 0.04045 ? share / 12.92 : pow((share + 0.055) / 1.055, 2.4));
    }
    return light;
}

static double contrast(const char *one, const char *other)
{
    double a = luminance(one) + 0.05;
    double b = luminance(other) + 0.05;

    return a > b ? a / b : b / a;
}

static void colours_have_their_contrast(void **state)
{
    static const struct {
        const char *ink;
        const char *ground;
        double least; /* 4.5 for words (1.4.3), 3 for what is not words (1.4.11) */
    } pairs[] = {
        {"ink", "ground", 4.5},       {"ink", "card", 4.5},       {"ink", "soft", 4.5},
        {"ink", "key-soft", 4.5},     {"ink", "note", 4.5},       {"ink", "alarm-soft", 4.5},
        {"second", "ground", 4.5},    {"second", "card", 4.5},    {"second", "soft", 4.5},
        {"key", "ground", 4.5},       {"key", "card", 4.5},       {"card", "key", 4.5},
        {"card", "key-dark", 4.5},    {"card", "alarm", 4.5},     {"alarm", "alarm-soft", 4.5},
        {"alarm", "card", 4.5},       {"key", "alarm-soft", 4.5}, {"line-strong", "card", 3},
        {"line-strong", "ground", 3}, {"bar", "card", 3},         {"focus", "key", 3},
        {"ink", "ground", 3},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        double got = contrast(pairs[i].ink, pairs[i].ground);

        if (got < pairs[i].least)
            fail_msg("%s on %s is %.2f:1", pairs[i].ink, pairs[i].ground, got);
    }
}

#define GOOD                                                                                       \
    "<!DOCTYPE html><html lang=\"en-GB\"><head><title>A page</title></head><body>"                 \
    "<a href=\"#main\">Skip</a><header><nav aria-label=\"Main\"><a href=\"/\">Home</a></nav>"      \
    "</header><main id=\"main\"><h1>One</h1><h2>Two</h2><table><caption>T</caption><thead><tr>"    \
    "<th scope=\"col\">A</th></tr></thead><tbody><tr><th "                                         \
    "scope=\"row\">1</th></tr></tbody></table>"                                                    \
    "<form action=\"/x\"><label for=\"n\">Name</label><input id=\"n\" type=\"password\" "          \
    "autocomplete=\"off\" aria-describedby=\"h\"><p id=\"h\">Hint</p><button>Go</button></form>"   \
    "<p><a href=\"/a\">A</a> <a href=\"/b\">B</a></p></main></body></html>"

/* GOOD with one text replaced by another; the rule that is then broken. */
static void breaks(const char *text, const char *by, const char *rule)
{
    static struct html_page page;
    const char *at = strstr(GOOD, text);
    char body[2048];

    assert_non_null(at);
    (void)snprintf(body, sizeof(body), "%.*s%s%s", (int)(at - GOOD), GOOD, by, at + strlen(text));
    html_open(&page, "page", body);
    html_check(&page);
    if (*rule ? !strstr(page.broken, rule) : *page.broken)
        fail_msg("'%s' for '%s': wanted '%s', got '%s'", by, text, rule, page.broken);
    html_close(&page);
}

static void each_rule_can_fail(void **state)
{
    (void)state;
    breaks("One", "One", "");
    breaks(" lang=\"en-GB\"", "", "3.1.1");
    breaks("A page", "", "2.4.2");
    breaks("id=\"main\"", "", "one main");
    breaks(" aria-label=\"Main\"", "", "navigation is named");
    breaks("<a href=\"#main\">Skip</a>", "", "2.4.1");
    breaks("</main>", "</main><p>x</p>", "landmark");
    breaks("<h2>Two</h2>", "<h3>Two</h3>", "no level is left out");
    breaks("<h2>Two</h2>", "<h1>Two</h1>", "one first heading");
    breaks("<h2>Two</h2>", "<h2 id=\"n\">Two</h2>", "an ID is there once");
    breaks("id=\"h\"", "", "aria-describedby");
    breaks("for=\"n\"", "", "a control has its name");
    breaks(" autocomplete=\"off\"", "", "3.3.8");
    breaks("<button>Go", "<button aria-label=\"Send\">Go", "2.5.3");
    breaks("type=\"password\"", "type=\"radio\"", "legend");
    breaks("type=\"password\"", "tabindex=\"2\"", "2.4.3");
    breaks("<caption>T</caption>", "", "caption");
    breaks("<th scope=\"col\">A</th>", "<th>A</th>", "scope");
    breaks("<th scope=\"col\">A</th>", "<th scope=\"col\"></th>", "heading of a table has words");
    breaks("<th scope=\"col\">A</th>", "<th scope=\"col\">A</th><th scope=\"col\">B</th>",
           "a cell for each heading");
    breaks(">B</a>", ">A</a>", "purpose of a link");
    breaks("<h2>Two</h2>", "<h2>Two</h2><svg></svg>", "1.1.1");
    breaks("<h2>Two</h2>", "<h2>Two</h2><p class=\"notice done\">x</p>", "4.1.3");
    assert_true(contrast("line", "card") < 3);
    assert_false(matches("/surveys/*", "/surveys"));
    assert_false(matches("/surveys", "/surveys/hours"));
    assert_true(matches("/notices/*/words/*", "/notices/1/words/ar"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make, office_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_page_keeps_the_rules),
        TEST(every_page_keeps_them_for_those_who_may_less),
        TEST(no_page_is_left_out),
        TEST(what_is_said_of_a_workbook_keeps_the_rules),
        TEST(signing_in_keeps_the_rules),
        TEST(a_problem_leads_to_its_field),
        cmocka_unit_test(colours_have_their_contrast),
        cmocka_unit_test(each_rule_can_fail),
    };

    return databases_run(tests);
}
