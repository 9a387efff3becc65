/* kiosk/app_person: one struct for the person, and nothing of it left for the next (S3, S4). */
#include "tp_test.h"

#include <string.h>

#include "base/mem.h"
#include "kiosk/app_person.h"

static struct tp_settings settings;

static int set_up(void **state)
{
    (void)state;
    tp_settings_default(&settings);
    return 0;
}

static void every_fresh_person_is_the_same(void **state)
{
    struct tp_person one, other;

    (void)state;
    memset(&one, 0x5a, sizeof(one));
    memset(&other, 0xa5, sizeof(other));
    tp_person_init(&one, &settings);
    tp_person_init(&other, &settings);
    assert_true(tp_person_hash(&one) == tp_person_hash(&other));
    assert_memory_equal(&one, &other, sizeof(one));
}

/* Each thing a person can change shows in the hash, and a reset brings the first hash back. */
static void a_reset_brings_everything_back(void **state)
{
    struct tp_person person;
    uint64_t fresh;

    (void)state;
    tp_person_init(&person, &settings);
    fresh = tp_person_hash(&person);
    for (int change = 0; change < 11; change++) {
        switch (change) {
        case 0:
            person.look.size = TP_SIZE_LARGEST;
            break;
        case 1:
            person.look.theme = &tp_themes[TP_THEME_YELLOW_ON_BLACK];
            break;
        case 2:
            person.look.easy_read = true;
            break;
        case 3:
            (void)snprintf(person.language, sizeof(person.language), "ar");
            break;
        case 4:
            person.listening = true;
            break;
        case 5:
            tp_person_push(&person, TP_SCREEN_READ);
            break;
        case 6:
            (void)tp_person_draft(&person, 7, 0, "canary");
            break;
        case 7:
            tp_person_visit(&person, 7);
            break;
        case 8:
            person.look.quiet = true;
            break;
        case 9:
            person.look.lower = true;
            break;
        default:
            (void)snprintf(person.receipt, sizeof(person.receipt), "Maple 47 River");
            break;
        }
        assert_false(tp_person_hash(&person) == fresh);
        tp_person_reset(&person, &settings);
        assert_true(tp_person_hash(&person) == fresh);
    }
    tp_person_finish(&person);
}

static void the_history_never_loses_the_welcome_page(void **state)
{
    struct tp_person person;

    (void)state;
    tp_person_init(&person, &settings);
    for (int i = 0; i < 10 * TP_HISTORY_MAX; i++)
        tp_person_push(&person, i % 2 ? TP_SCREEN_HELP : TP_SCREEN_READ);
    assert_in_range(person.depth, 2, TP_HISTORY_MAX);
    for (int i = 0; i < 10 * TP_HISTORY_MAX; i++)
        tp_person_pop(&person);
    assert_int_equal(tp_person_screen(&person), TP_SCREEN_WELCOME);
    assert_int_equal(person.depth, 1);
    tp_person_finish(&person);
}

static void going_back_to_a_screen_drops_what_came_after(void **state)
{
    struct tp_person person;

    (void)state;
    tp_person_init(&person, &settings);
    tp_person_push(&person, TP_SCREEN_READ);
    tp_person_push(&person, TP_SCREEN_SURVEYS);
    tp_person_push(&person, TP_SCREEN_SURVEYS); /* the same again is one step */
    tp_person_push(&person, TP_SCREEN_FRONT);
    assert_int_equal(person.depth, 4);
    assert_true(tp_person_pop_to(&person, TP_SCREEN_READ));
    assert_int_equal(tp_person_screen(&person), TP_SCREEN_READ);
    assert_false(tp_person_pop_to(&person, TP_SCREEN_CHECK));
    assert_int_equal(tp_person_screen(&person), TP_SCREEN_READ);
    tp_person_finish(&person);
}

static void drafts_are_by_question_and_part(void **state)
{
    struct tp_person person;
    struct tp_draft *day;

    (void)state;
    tp_person_init(&person, &settings);
    day = tp_person_draft(&person, 3, 0, "27");
    assert_non_null(day);
    assert_ptr_not_equal(tp_person_draft(&person, 3, 1, "3"), day);
    assert_ptr_equal(tp_person_draft(&person, 3, 0, "other"), day);
    assert_string_equal(tp_text_edit_text(&day->edit), "27");
    assert_null(tp_person_find_draft(&person, 4, 0));
    for (tp_node node = 10; node < 10 + TP_DRAFTS_MAX - 2; node++)
        assert_non_null(tp_person_draft(&person, node, 0, ""));
    assert_null(tp_person_draft(&person, 9999, 0, ""));
    assert_ptr_equal(tp_person_find_draft(&person, 3, 0), day);
    tp_person_clear_page(&person);
    assert_null(tp_person_find_draft(&person, 3, 0));
    tp_person_finish(&person);
}

static void without_memory_a_draft_is_refused_and_nothing_breaks(void **state)
{
    struct tp_person person;

    (void)state;
    tp_person_init(&person, &settings);
    tp_mem_fail_at(1);
    assert_null(tp_person_draft(&person, 3, 0, "x"));
    tp_mem_fail_at(1);
    tp_person_visit(&person, 3);
    assert_false(tp_person_visited(&person, 3));
    tp_person_visit(&person, 3);
    assert_true(tp_person_visited(&person, 3));
    tp_person_finish(&person);
}

static void easy_read_is_a_tag_of_its_own(void **state)
{
    struct tp_person person;
    char tag[TP_LANGUAGE_TAG_MAX + 8];

    (void)state;
    tp_person_init(&person, &settings);
    tp_person_tag(&person, tag);
    assert_string_equal(tag, "en");
    person.look.easy_read = true;
    tp_person_tag(&person, tag);
    assert_string_equal(tag, "en-simple");
    tp_person_finish(&person);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_fresh_person_is_the_same),
        cmocka_unit_test(a_reset_brings_everything_back),
        cmocka_unit_test(the_history_never_loses_the_welcome_page),
        cmocka_unit_test(going_back_to_a_screen_drops_what_came_after),
        cmocka_unit_test(drafts_are_by_question_and_part),
        cmocka_unit_test(without_memory_a_draft_is_refused_and_nothing_breaks),
        cmocka_unit_test(easy_read_is_a_tag_of_its_own),
    };

    return cmocka_run_group_tests(tests, set_up, NULL);
}
