/*
 * kiosk/app: the flow from the welcome page to the saved answer, driven by the actions of the pages
 * that it builds, with a real store, a real seal and a fake clock; nothing is drawn on a screen.
 */
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kiosk/app_answer.h"
#include "kiosk/screens/screens.h"
#include "resident.h"
#include "store/counters.h"

static uint64_t counted(const char *form, const char *name)
{
    uint64_t total = 0;

    assert_true(tp_counters_total(app->store, form, name, &total, NULL));
    return total;
}

/* ---- the journey ---- */

static void a_whole_survey_is_saved_sealed_with_its_context(void **state)
{
    char receipt[TP_RECEIPT_CODE_MAX], about[TP_SESSION_ID_MAX + 32];
    struct tp_buf xml;

    (void)state;
    go_to_check();
    see("By bus");
    see("72");
    touch("Send my answers");
    on("equality");
    assert_int_equal(waiting(), 1);
    (void)snprintf(receipt, sizeof(receipt), "%s", app->person.receipt);
    (void)snprintf(about, sizeof(about), ">%s<", app->person.about);
    assert_null(app->person.session);
    touch("Yes, ask me");
    touch("40 or over");
    touch("Continue");
    on("check");
    touch("Send my answers");
    on("thanks");
    assert_true(says(receipt));
    see("15 March 2027");
    assert_int_equal(waiting(), 2);
    unseal(0, &xml);
    assert_has(&xml, "<travel>bus</travel>");
    assert_has(&xml, "<age>72</age>");
    assert_has(&xml, receipt);
    assert_has(&xml, "Cowley Library");
    assert_has(&xml, "park-2");
    assert_has(&xml, "library");
    assert_has(&xml, "standard");
    tp_buf_finish(&xml);
    unseal(1, &xml);
    assert_has(&xml, "<age_band>old</age_band>");
    assert_has(&xml, about);
    assert_null(strstr(tp_buf_text(&xml), receipt));
    tp_buf_finish(&xml);
    assert_int_equal(counted("short", "open"), 1);
    assert_int_equal(counted("short", "complete"), 1);
    assert_int_equal(counted("equality", "complete"), 1);
    touch("I have finished");
    on("welcome");
    assert_true(tp_person_hash(&app->person) == app->fresh_hash);
}

static void an_answer_says_how_far_its_clock_is_to_be_believed(void **state)
{
    struct tp_buf xml;

    (void)state;
    assert_true(tp_store_clock_check(app->store, now.wall, NULL));
    go_to_check();
    touch("Send my answers");
    unseal(0, &xml);
    assert_has(&xml, "clock>checked<");
    tp_buf_finish(&xml);
}

/* Help and the rest of the bar are everywhere: no screen's own doing takes them. Only the warning
 * has no bar: all that is done there says that someone is. */
static void no_screen_acts_in_the_bars_place(void **state)
{
    static const struct tp_action bar[] = {
        {.id = TP_ACT_BAR_HELP},      {.id = TP_ACT_BAR_SIZE}, {.id = TP_ACT_BAR_LANGUAGE},
        {.id = TP_ACT_BAR_EASY_READ}, {.id = TP_ACT_LISTEN},   {.id = TP_ACT_LEAVE}};

    (void)state;
    go_to_age();
    for (size_t i = 0; i < TP_SCREEN_COUNT; i++)
        for (size_t k = 0; k < sizeof(bar) / sizeof(bar[0]); k++)
            if (i != TP_SCREEN_IDLE && tp_screens[i]->act && tp_screens[i]->act(app, &bar[k]))
                fail_msg("the screen '%s' takes %d", tp_screens[i]->name, bar[k].id);
}

static void equality_questions_can_be_left_out(void **state)
{
    (void)state;
    go_to_check();
    touch("Send my answers");
    touch("No, finish now");
    on("thanks");
    assert_int_equal(waiting(), 1);
    touch("Answer another");
    on("surveys");
    assert_int_equal(app->person.receipt[0], 0);
    assert_int_equal(app->person.about[0], 0);
}

static void comments_need_no_open_consultation_and_name_no_other_answer(void **state)
{
    struct tp_buf xml;

    (void)state;
    touch("bar:help");
    touch("Comments, compliments and complaints");
    on("front");
    touch("Start");
    type("Good work");
    touch("Continue");
    touch("Continue");
    touch("Send my answers");
    on("thanks");
    unseal(0, &xml);
    assert_has(&xml, "Good work");
    assert_null(strstr(tp_buf_text(&xml), "about>"));
    tp_buf_finish(&xml);
}

/* ---- reading ---- */

static void the_language_changes_in_the_middle_and_the_answers_stay(void **state)
{
    (void)state;
    go_to_age();
    type("44");
    touch("bar:language");
    on("language");
    touch("العربية");
    on("question");
    see("كم عمرك؟");
    see("44");
    touch("bar:size");
    on("read");
    touch("largest");
    assert_int_equal(app->person.look.size, TP_SIZE_LARGEST);
    touch("bar:colours");
    on("question");
    see("44");
}

static void easy_read_takes_the_simple_words_and_is_told_to_the_survey(void **state)
{
    struct tp_buf xml;

    (void)state;
    touch("bar:easy-read");
    touch("start");
    touch("Next");
    touch("short");
    touch("Start");
    see("How do you get there?");
    touch("On the bus");
    touch("Next");
    touch("Next");
    type("72");
    for (int i = 0; i < 10; i++)
        touch("Next");
    touch("Send my answers");
    unseal(0, &xml);
    assert_has(&xml, "<tp_reading_mode>easy-read</tp_reading_mode>");
    tp_buf_finish(&xml);
}

/* tests/surveys/comments has no Easy Read, and short no Polish. */
static void what_a_survey_lacks_is_said_on_its_front_page(void **state)
{
    (void)state;
    tp_answer_open(app, tp_library_find(app->library, "comments"));
    assert_true(tp_app_build(app, NULL));
    on("front");
    assert_false(says("not in Easy Read"));
    assert_false(says("not in your language"));
    touch("bar:easy-read");
    see("This survey is not in Easy Read.");
    tp_app_home(app);
    tp_answer_open(app, tp_library_find(app->library, "short"));
    assert_true(tp_app_build(app, NULL));
    touch("bar:easy-read");
    assert_false(says("not in Easy Read"));
    touch("bar:easy-read");
    assert_false(says("not in your language"));
    tp_app_set_language(app, "pl");
    assert_true(tp_app_build(app, NULL));
    see("Ta ankieta nie jest w Twoim języku. Jej język: English");
}

static void easy_read_is_offered_on_the_first_page_and_asks_one_thing_a_page(void **state)
{
    (void)state;
    touch("start:easy-read");
    on("read");
    assert_true(app->person.look.easy_read);
    assert_false(says("Buttons lower down")); /* a wide screen is low as it is */
    touch("look:quiet");
    assert_true(app->person.look.quiet);
    touch("look:quiet");
    touch("Next");
    touch("short");
    touch("Start");
    touch("On the bus");
    for (int i = 0; i < 2; i++)
        touch("Next");
    type("72");
    touch("Next");
    see("Think of last week.");
    assert_false(says("Which day?"));
    touch("Next");
    see("A day"); /* the words of the group */
    see("Which day?");
    assert_false(says("What time?"));
}

static void the_bar_comes_back_to_where_the_person_was(void **state)
{
    static const char *const over[] = {"bar:size", "bar:language", "bar:help"};

    (void)state;
    go_to_age();
    for (size_t i = 0; i < 3; i++) {
        touch(over[i]);
        assert_int_not_equal(tp_app_screen(app), TP_SCREEN_QUESTION);
        touch(over[(i + 1) % 3]); /* another takes its place */
        touch(over[(i + 1) % 3]); /* and closes again */
        on("question");
    }
}

/* ---- leaving ---- */

static void leaving_asks_only_where_there_is_something_to_lose(void **state)
{
    (void)state;
    go_to_survey();
    touch("bar:help");
    touch("Stop and leave");
    on("welcome");
    assert_int_equal(counted("short", "abandon:travel"), 1);
    go_to_age();
    type("4");
    touch("bar:help");
    touch("Stop and leave");
    on("leave");
    touch("No, go back");
    touch("bar:help");
    on("question");
    see("4");
    touch("bar:help");
    touch("Ask for this in another format");
    on("leave");
    touch("Yes, leave");
    on("front");
    assert_string_equal(app->person.survey->id, "format-request");
    assert_int_equal(counted("short", "abandon:age"), 1);
    assert_int_equal(waiting(), 0);
}

static void a_quiet_screen_warns_and_then_forgets(void **state)
{
    bool moved;

    (void)state;
    touch("bar:easy-read");
    touch("bar:easy-read");
    go_to_age();
    type("4");
    assert_int_equal(tp_app_tick(app, &moved), 5 * 60000); /* the loop may sleep until then */
    pass(5 * 60000 - 1);
    on("question");
    pass(1);
    on("idle");
    assert_false(says("How old are you?"));
    touch("I'm still here");
    on("question");
    see("4");
    pass(5 * 60000);
    on("idle");
    tp_app_activity(app); /* a touch beside the button is no answer */
    pass(44999);
    on("idle");
    pass(1);
    on("welcome");
    assert_int_equal(counted("short", "timeout:age"), 1);
    assert_true(tp_person_hash(&app->person) == app->fresh_hash);
}

static void settings_changed_on_the_welcome_page_go_back_by_themselves(void **state)
{
    (void)state;
    touch("bar:easy-read");
    assert_false(tp_person_hash(&app->person) == app->fresh_hash);
    pass(5 * 60000);
    on("welcome");
    assert_true(tp_person_hash(&app->person) == app->fresh_hash);
}

static void somebody_else_can_clear_what_was_left(void **state)
{
    (void)state;
    go_to_age();
    pass(5 * 60000);
    touch("Clear and start again");
    on("welcome");
    assert_true(tp_person_hash(&app->person) == app->fresh_hash);
    assert_int_equal(counted("short", "timeout:age"), 1);
}

/* ---- what cannot be ---- */

static void without_a_key_nobody_is_asked_in_vain(void **state)
{
    (void)state;
    tp_app_destroy(app);
    start(false);
    see("This screen cannot take answers now");
    assert_int_equal(tp_ui_target_of(app->ui, "start"), 0);
    write_device(true); /* enrolled while it runs */
    pass(60000);
    assert_int_not_equal(tp_ui_target_of(app->ui, "start"), 0);
}

static void with_nothing_open_comments_are_offered_where_they_can_be_made(void **state)
{
    static const char still[] = "You can still tell us what you think of our services.";
    char only[64], link[96], *comments = realpath("tests/surveys/comments", NULL);

    (void)state;
    assert_non_null(comments);
    tp_app_destroy(app);
    (void)snprintf(settings.surveys, sizeof(settings.surveys), "tests/surveys/none");
    start(true);
    see("No consultations are open now");
    assert_int_equal(tp_ui_target_of(app->ui, "start"), 0);
    assert_false(says(still));
    tp_app_destroy(app);
    (void)snprintf(only, sizeof(only), "%s/only", folder);
    (void)snprintf(link, sizeof(link), "%s/comments", only);
    assert_int_equal(mkdir(only, 0700), 0);
    assert_int_equal(symlink(comments, link), 0);
    (void)snprintf(settings.surveys, sizeof(settings.surveys), "%s", only);
    start(true);
    see("No consultations are open now");
    see(still);
    assert_int_not_equal(tp_ui_target_of(app->ui, "comments"), 0);
    free(comments);
}

static void a_failed_save_keeps_the_answers_and_the_code(void **state)
{
    struct tp_store *store;
    char receipt[TP_RECEIPT_CODE_MAX];

    (void)state;
    go_to_check();
    store = app->store;
    app->store = NULL;
    touch("Send my answers");
    on("unsaved");
    assert_non_null(app->person.session);
    (void)snprintf(receipt, sizeof(receipt), "%s", app->person.receipt);
    touch("Back to your answers");
    on("check");
    app->store = store;
    touch("Send my answers");
    on("equality");
    assert_string_equal(app->person.receipt, receipt);
    assert_int_equal(waiting(), 1);
}

static void practice_keeps_and_counts_nothing(void **state)
{
    (void)state;
    app->practice = true;
    go_to_check();
    see("Practice: nothing is counted");
    touch("Send my answers");
    touch("No, finish now");
    on("thanks");
    see("This was practice");
    assert_int_equal(waiting(), 0);
    assert_int_equal(counted("short", "open"), 0);
    assert_int_equal(counted("short", "complete"), 0);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        CASE(a_whole_survey_is_saved_sealed_with_its_context),
        CASE(an_answer_says_how_far_its_clock_is_to_be_believed),
        CASE(no_screen_acts_in_the_bars_place),
        CASE(equality_questions_can_be_left_out),
        CASE(comments_need_no_open_consultation_and_name_no_other_answer),
        CASE(the_language_changes_in_the_middle_and_the_answers_stay),
        CASE(easy_read_takes_the_simple_words_and_is_told_to_the_survey),
        CASE(what_a_survey_lacks_is_said_on_its_front_page),
        CASE(easy_read_is_offered_on_the_first_page_and_asks_one_thing_a_page),
        CASE(the_bar_comes_back_to_where_the_person_was),
        CASE(leaving_asks_only_where_there_is_something_to_lose),
        CASE(a_quiet_screen_warns_and_then_forgets),
        CASE(settings_changed_on_the_welcome_page_go_back_by_themselves),
        CASE(somebody_else_can_clear_what_was_left),
        CASE(without_a_key_nobody_is_asked_in_vain),
        CASE(with_nothing_open_comments_are_offered_where_they_can_be_made),
        CASE(a_failed_save_keeps_the_answers_and_the_code),
        CASE(practice_keeps_and_counts_nothing),
    };
#undef CASE

    return cmocka_run_group_tests(tests, set_up_all, tear_down_all);
}
