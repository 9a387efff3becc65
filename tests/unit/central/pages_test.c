/* The administrators' pages: signing in, tokens in forms, and that nothing that came in from
 * outside gets out unescaped. */
#include "central/web/html.h"
#include "unit/central/office.h"

static int try_sign_in(const char *fields)
{
    struct tp_exchange exchange;
    int status;

    assert_int_equal(
        world_status(&world, &(struct world_request){.method = "GET", .target = "/sign-in"}), 200);
    status = world_post(&world, "/sign-in", fields, true, &exchange);
    tp_exchange_finish(&exchange);
    return status;
}

#define WRONG "name=admin&password=wrong+horse+battery"
#define RIGHT "name=Admin&password=correct+horse+battery"

static const char *const pages[] = {"/",          "/surveys", "/screens",
                                    "/responses", "/people",  "/withdraw"};
#define PAGE_COUNT (sizeof(pages) / sizeof(pages[0]))
/* These name one thing each, or nothing that came from outside. */
static const char *const more_pages[] = {"/surveys/hours", "/people/1/remove", "/quarantine",
                                         "/log"};

static void no_page_without_signing_in(void **state)
{
    struct tp_exchange exchange;

    (void)state;
    for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
        assert_int_equal(get(pages[i], &exchange), 303);
        assert_string_equal(world_response_header(&exchange, "Location"), "/sign-in");
        tp_exchange_finish(&exchange);
    }
    assert_int_equal(get_status("/responses/hours/download"), 303);
    world_sign_in(&world);
    for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++)
        assert_int_equal(get_status(pages[i]), 200);
}

static void signing_in_makes_a_new_cookie_with_its_guards(void **state)
{
    struct tp_exchange exchange;
    char before[64];
    const char *set;

    (void)state;
    assert_int_equal(
        world_status(&world, &(struct world_request){.method = "GET", .target = "/sign-in"}), 200);
    (void)snprintf(before, sizeof(before), "%s", world.cookie);
    assert_int_equal(world_post(&world, "/sign-in", RIGHT, true, &exchange), 303);
    set = world_response_header(&exchange, "Set-Cookie");
    assert_non_null(strstr(set, "; HttpOnly"));
    assert_non_null(strstr(set, "; SameSite=Strict"));
    assert_null(strstr(set, "; Secure"));
    assert_string_not_equal(world.cookie, before);
    tp_exchange_finish(&exchange);

    /* Behind a proxy, or on any other host, it must go over TLS. */
    assert_int_equal(
        world_ask(&world,
                  &(struct world_request){.method = "GET", .target = "/sign-in", .proto = "https"},
                  &exchange),
        200);
    set = world_response_header(&exchange, "Set-Cookie");
    assert_non_null(strstr(set, "__Host-talkpoint="));
    assert_non_null(strstr(set, "; Secure"));
    tp_exchange_finish(&exchange);
    assert_int_equal(world_ask(&world,
                               &(struct world_request){.method = "GET",
                                                       .target = "/sign-in",
                                                       .host = "talkpoint.example.gov.uk"},
                               &exchange),
                     200);
    assert_non_null(strstr(world_response_header(&exchange, "Set-Cookie"), "; Secure"));
    tp_exchange_finish(&exchange);
}

static void a_form_without_its_token_does_nothing(void **state)
{
    struct tp_exchange exchange;

    (void)state;
    assert_int_equal(
        world_status(&world, &(struct world_request){.method = "GET", .target = "/sign-in"}), 200);
    assert_int_equal(world_post(&world, "/sign-in", RIGHT, false, &exchange), 403);
    tp_exchange_finish(&exchange);
    world_sign_in(&world);
    assert_int_equal(world_post(&world, "/surveys/hours/close", "", false, &exchange), 403);
    tp_exchange_finish(&exchange);
    assert_int_equal(
        world_post(&world, "/people/add", "name=x&password=123456789012", false, &exchange), 403);
    tp_exchange_finish(&exchange);
    assert_int_equal(world_number(&world, "SELECT count(*) FROM person"), 1);
    assert_int_equal(world_number(&world, "SELECT count(*) FROM form WHERE closed_ms IS NOT NULL"),
                     0);
}

static void guessing_is_held_up_longer_each_time(void **state)
{
    struct tp_exchange exchange;

    (void)state;
    for (int i = 0; i < 4; i++)
        assert_int_equal(try_sign_in(WRONG), 403);
    assert_int_equal(try_sign_in(RIGHT), 429);
    tp_clock_fake_advance(&world.time, 1000);
    assert_int_equal(try_sign_in(WRONG), 403);
    tp_clock_fake_advance(&world.time, 1000);
    assert_int_equal(try_sign_in(RIGHT), 429);
    tp_clock_fake_advance(&world.time, 1000);
    assert_int_equal(try_sign_in(WRONG), 403);
    assert_int_equal(
        world_status(&world, &(struct world_request){.method = "GET", .target = "/sign-in"}), 200);
    assert_int_equal(world_post(&world, "/sign-in", RIGHT, true, &exchange), 429);
    assert_string_equal(world_response_header(&exchange, "Retry-After"), "4");
    tp_exchange_finish(&exchange);
    tp_clock_fake_advance(&world.time, 4000);
    assert_int_equal(try_sign_in(RIGHT), 303);
    /* All is forgotten once the right one came. */
    for (int i = 0; i < 3; i++)
        assert_int_equal(try_sign_in(WRONG), 403);
    assert_int_equal(try_sign_in(RIGHT), 303);
}

static void unknown_names_are_held_up_alike(void **state)
{
    (void)state;
    for (int i = 0; i < 4; i++)
        assert_int_equal(try_sign_in("name=nobody&password=wrong+horse+battery"), 403);
    assert_int_equal(try_sign_in("name=Nobody&password=wrong+horse+battery"), 429);
    assert_int_equal(try_sign_in("name=&password="), 403);
    assert_int_equal(try_sign_in("x=y"), 400);
}

static void sessions_end(void **state)
{
    struct tp_exchange exchange;

    (void)state;
    world_sign_in(&world);
    for (int i = 0; i < 13; i++) {
        tp_clock_fake_advance(&world.time, TP_SESSION_IDLE_MS * 9 / 10);
        assert_int_equal(get_status("/people"), 200);
    }
    tp_clock_fake_advance(&world.time, TP_SESSION_IDLE_MS * 9 / 10);
    assert_int_equal(get_status("/people"), 303); /* twelve hours in all */
    world_sign_in(&world);
    tp_clock_fake_advance(&world.time, TP_SESSION_IDLE_MS + 1);
    assert_int_equal(get_status("/people"), 303);
    world_sign_in(&world);
    assert_int_equal(world_post(&world, "/sign-out", "", true, &exchange), 303);
    assert_non_null(strstr(world_response_header(&exchange, "Set-Cookie"), "Max-Age=0"));
    tp_exchange_finish(&exchange);
    assert_int_equal(world_number(&world, "SELECT count(*) FROM session WHERE seen_ms > 0"), 0);
}

static void a_new_password_ends_the_sessions_of_whoever_had_the_old_one(void **state)
{
    char stolen[sizeof(world.cookie)];
    char own[sizeof(world.cookie)];

    (void)state;
    world_sign_in(&world);
    memcpy(stolen, world.cookie, sizeof(stolen));
    world_sign_in(&world);
    memcpy(own, world.cookie, sizeof(own));
    assert_string_not_equal(stolen, own);
    assert_int_equal(post("/people/password",
                          "old=correct+horse+battery&new=a+longer+secret&again=a+longer+secret"),
                     303);
    memcpy(world.cookie, stolen, sizeof(stolen));
    assert_int_equal(get_status("/people"), 303);
    memcpy(world.cookie, own, sizeof(own));
    assert_int_equal(get_status("/people"), 200);
}

static void people_are_added_changed_and_removed(void **state)
{
    (void)state;
    world_sign_in(&world);
    assert_int_equal(post("/people/add", "name=Priya&password=short"), 400);
    assert_int_equal(post("/people/add", "name=&password=long+enough+words"), 400);
    assert_int_equal(post("/people/add", "name=ADMIN&password=long+enough+words&role=officer"),
                     409);
    assert_int_equal(post("/people/add", "name=Priya&password=long+enough+words"), 400);
    assert_int_equal(post("/people/add", "name=Priya&password=long+enough+words&role=king"), 400);
    assert_int_equal(
        post("/people/add", "name=Priya&password=long+enough+words&role=administrator"), 303);
    assert_int_equal(post("/people/1/remove", ""), 400);
    assert_int_equal(
        post("/people/password", "old=wrong&new=a+longer+secret&again=a+longer+secret"), 403);
    assert_int_equal(post("/people/password",
                          "old=correct+horse+battery&new=a+longer+secret&again=a+longer+secre"),
                     400);
    assert_int_equal(post("/people/password",
                          "old=correct+horse+battery&new=a+longer+secret&again=a+longer+secret"),
                     303);
    assert_int_equal(get_status("/people"), 200);
    assert_int_equal(try_sign_in(RIGHT), 403);
    assert_int_equal(try_sign_in("name=priya&password=long+enough+words"), 303);
    assert_int_equal(get_status("/people/1/remove"), 200);
    assert_int_equal(post("/people/1/remove", ""), 303);
    assert_int_equal(post("/people/1/remove", ""), 404);
    assert_int_equal(try_sign_in("name=admin&password=a+longer+secret"), 403);
}

static void what_came_in_is_escaped_wherever_it_goes(void **state)
{
#define EVIL "</td><script>alert(1)</script>\"'"
    (void)state;
    world_enrol(&world, "BCDE-FGHJ", EVIL);
    world_publish(&world, EVIL, "9" EVIL, "consultation", "<x/>", NULL);
    world_sign_in(&world);
    assert_int_equal(post("/people/add", "name=%3Cscript%3Ealert(1)%3C%2Fscript%3E&password="
                                         "long+enough+words&role=viewer"),
                     303);
    for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
        struct tp_exchange exchange;

        assert_int_equal(get(pages[i], &exchange), 200);
        assert_null(strstr(world_body(&exchange), "<script"));
        assert_null(strstr(world_body(&exchange), " style="));
        assert_null(strstr(world_body(&exchange), " on"
                                                  "click"));
        if (strcmp(pages[i], "/people") != 0)
            assert_non_null(strstr(world_body(&exchange), "&lt;script&gt;"));
        assert_non_null(strstr(world_response_header(&exchange, "Content-Security-Policy"),
                               "default-src 'none'"));
        assert_string_equal(world_response_header(&exchange, "X-Frame-Options"), "DENY");
        assert_string_equal(world_response_header(&exchange, "Cache-Control"), "no-store");
        tp_exchange_finish(&exchange);
    }
}

static void every_field_has_its_label_and_every_page_one_heading(void **state)
{
    (void)state;
    world_sign_in(&world);
    for (size_t i = 0; i < PAGE_COUNT + sizeof(more_pages) / sizeof(more_pages[0]); i++) {
        struct tp_exchange exchange;
        const char *at;

        assert_int_equal(get(i < PAGE_COUNT ? pages[i] : more_pages[i - PAGE_COUNT], &exchange),
                         200);
        at = strstr(world_body(&exchange), "<h1>");
        assert_non_null(at);
        assert_null(strstr(at + 1, "<h1>"));
        assert_non_null(strstr(world_body(&exchange), "<html lang=\"en-GB\">"));
        assert_non_null(strstr(world_body(&exchange), "aria-current=\"page\""));
        for (at = world_body(&exchange); (at = strstr(at, "<input type=\""));) {
            char id[64] = "";
            char wanted[96];
            const char *found = strstr(at, " id=\"");

            at += 13;
            if (strncmp(at, "hidden", 6) == 0)
                continue;
            if (strncmp(at, "radio", 5) == 0) {
                static const char label[] = "<label class=\"choice\"><input type=\"";

                assert_memory_equal(at - strlen(label), label, strlen(label));
                continue;
            }
            assert_non_null(found);
            (void)snprintf(id, sizeof(id), "%.*s", (int)strcspn(found + 5, "\""), found + 5);
            (void)snprintf(wanted, sizeof(wanted), "<label for=\"%s\">", id);
            assert_non_null(strstr(world_body(&exchange), wanted));
        }
        for (at = world_body(&exchange); (at = strstr(at, "<select id=\"")); at++)
            assert_non_null(strstr(world_body(&exchange), "<label for=\"form\">"));
        tp_exchange_finish(&exchange);
    }
}

static void pages_that_are_not_there_say_so_in_their_kind(void **state)
{
    struct tp_exchange exchange;

    (void)state;
    assert_int_equal(get("/nothing", &exchange), 404);
    assert_non_null(strstr(world_body(&exchange), "<h1>That did not work</h1>"));
    tp_exchange_finish(&exchange);
    assert_int_equal(world_ask(&world,
                               &(struct world_request){.method = "GET", .target = "/nothing"},
                               &exchange),
                     404);
    assert_string_equal(world_body(&exchange), "there is nothing at this address\n");
    tp_exchange_finish(&exchange);
    assert_int_equal(get("/static/style.css", &exchange), 200);
    assert_non_null(strstr(world_body(&exchange), "font-family: Andika"));
    tp_exchange_finish(&exchange);
}

static void surveys_can_be_downloaded_from_their_page(void **state)
{
    struct tp_exchange exchange;

    (void)state;
    world_sign_in(&world);
    assert_int_equal(get("/surveys", &exchange), 200);
    assert_non_null(strstr(world_body(&exchange), "href=\"/responses/hours/download?format=csv\""));
    assert_non_null(
        strstr(world_body(&exchange), "href=\"/responses/hours/download?format=json\""));
    tp_exchange_finish(&exchange);
    assert_int_equal(get_status("/responses/hours/download?format=csv"), 200);
    assert_int_equal(get_status("/responses/hours/download?format=json"), 200);
}

/* ---- the writer ---- */

static void writer_escapes_and_balances(void **state)
{
    struct tp_html html;
    struct tp_buf out;

    (void)state;
    tp_buf_init(&out, 4096);
    tp_html_init(&html, &out);
    tp_html_open(&html, "p", "class", "a\"b", "id", NULL, "title", "<&'>", NULL);
    tp_html_text(&html, "x < y & \"z\"\x01 \xff\xc5 ok \xc5\x82");
    tp_html_void(&html, "br", NULL);
    tp_html_open(&html, "b", NULL);
    tp_html_textf(&html, "%d%%", 5);
    tp_html_close_to(&html, 0);
    tp_html_close(&html);
    assert_string_equal(tp_buf_text(&out),
                        "<p class=\"a&quot;b\" title=\"&lt;&amp;&#39;&gt;\">x &lt; y &amp; "
                        "&quot;z&quot;\xef\xbf\xbd \xef\xbf\xbd\xef\xbf\xbd ok \xc5\x82<br />"
                        "<b>5%</b></p>");
    tp_buf_finish(&out);
}

/* What a page says to a form that it does not take. */
static void assert_says(const char *fields, const char *words)
{
    struct tp_exchange exchange;

    assert_int_equal(world_post(&world, "/people/add", fields, true, &exchange), 400);
    if (!strstr(world_body(&exchange), words))
        fail_msg("'%s' is not said", words);
    tp_exchange_finish(&exchange);
}

static void a_problem_is_a_sentence(void **state)
{
    (void)state;
    world_sign_in(&world);
    assert_says("name=Dee&password=short&role=viewer", ">The password is too short; use");
    assert_says("name=Dee&password=short&role=viewer", "to do with each other.<");
    assert_says("name=Dee&role=viewer", ">Write a password.<");
}

static void a_page_says_what_was_done_and_nothing_else(void **state)
{
    (void)state;
    world_sign_in(&world);
    assert_true(page_says("/people?done=added", "The person can sign in now."));
    assert_false(page_says("/people?done=added", "no longer sign in"));
    assert_true(page_says("/people?done=role", "The role is changed."));
    assert_false(page_says("/people?done=%3Cb%3E", "notice done"));
    assert_false(page_says("/people", "notice done"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, office_make, office_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(no_page_without_signing_in),
        TEST(signing_in_makes_a_new_cookie_with_its_guards),
        TEST(a_form_without_its_token_does_nothing),
        TEST(guessing_is_held_up_longer_each_time),
        TEST(unknown_names_are_held_up_alike),
        TEST(sessions_end),
        TEST(a_new_password_ends_the_sessions_of_whoever_had_the_old_one),
        TEST(people_are_added_changed_and_removed),
        TEST(what_came_in_is_escaped_wherever_it_goes),
        TEST(every_field_has_its_label_and_every_page_one_heading),
        TEST(pages_that_are_not_there_say_so_in_their_kind),
        TEST(surveys_can_be_downloaded_from_their_page),
        TEST(a_problem_is_a_sentence),
        TEST(a_page_says_what_was_done_and_nothing_else),
        cmocka_unit_test(writer_escapes_and_balances),
    };

    return databases_run(tests);
}
