/* kiosk/screens/surveys: in which order the consultations stand. */
#include <stdlib.h>

#include "resident.h"

static char own[] = "/tmp/tp-surveys-XXXXXX";

static void write_survey(const char *id, const char *english, const char *polish,
                         const char *closes)
{
    char path[256], text[1024];

    (void)snprintf(path, sizeof(path), "%s/%s", own, id);
    assert_true(tp_dir_make(path, 0700, NULL));
    (void)snprintf(path, sizeof(path), "%s/%s/%s.md", own, id, id);
    (void)snprintf(text, sizeof(text),
                   "| survey |\n| | type | name | label | label::Polski (pl) |\n"
                   "| | text | a | A | A |\n"
                   "| settings |\n| | form_title | form_id | version |\n| | %s | %s | 1 |\n"
                   "| consultation |\n| | name | value | value::Polski (pl) |\n"
                   "| | title | %s | %s |\n| | opens | 2026-11-01 | |\n| | closes | %s | |\n",
                   english, id, english, polish, closes);
    assert_true(tp_file_write_atomic(path, text, strlen(text), 0600, NULL));
}

static int set_up_surveys(void **state)
{
    if (!mkdtemp(own))
        return -1;
    write_survey("one", "Zebras", "Mosty", "2026-12-20");
    write_survey("two", "Apples", "Żaby", "2026-12-20");
    write_survey("three", "Moss", "Łąka", "2026-12-20");
    write_survey("four", "Yews", "Źrebak", "2026-12-01");
    surveys = own;
    return set_up_all(state);
}

static int tear_down_surveys(void **state)
{
    return tp_dir_remove(own, NULL) ? tear_down_all(state) : -1;
}

struct order {
    char ids[128];
};

static void note(void *context, const struct tp_seen *seen)
{
    static const char *const ids[] = {"one", "two", "three", "four"};
    struct order *order = context;
    size_t used = strlen(order->ids);

    for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++)
        if (seen->touchable && seen->id && strcmp(seen->id, ids[i]) == 0)
            (void)snprintf(order->ids + used, sizeof(order->ids) - used, "%s ", ids[i]);
}

static void assert_order(const char *expected)
{
    struct order order = {.ids = ""};

    on("surveys");
    for (size_t part = 0; part < tp_ui_parts(app->ui); part++) {
        tp_ui_show_part(app->ui, part);
        tp_ui_walk(app->ui, note, &order);
    }
    assert_string_equal(order.ids, expected);
}

static void those_of_one_day_stand_in_the_alphabet_of_the_language(void **state)
{
    (void)state;
    touch("start");
    touch("Continue");
    assert_order("four two three one "); /* Yews, which closes first; Apples, Moss, Zebras */
    tp_app_set_language(app, "pl");
    tp_app_refresh(app);
    assert_true(tp_app_build(app, NULL));
    assert_order("four three one two "); /* Źrebak; Łąka, Mosty, Żaby */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(those_of_one_day_stand_in_the_alphabet_of_the_language,
                                        set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, set_up_surveys, tear_down_surveys);
}
