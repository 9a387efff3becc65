/* What a page says and holds: words, ids, memory. */
#include "tp_test.h"

#include "base/mem.h"
#include "ui_hand.h"

/* ---- what is said ---- */

struct said {
    char text[4096];
};

static void say(void *context, const struct tp_seen *seen)
{
    struct said *said = context;
    size_t used = strlen(said->text);

    (void)snprintf(said->text + used, sizeof(said->text) - used, "%s|", seen->spoken);
}

static void everything_is_said_in_order_over_all_parts(void **state)
{
    struct said said = {""};

    (void)state;
    show(page_problem);
    tp_ui_walk_spoken(stage.ui, say, &said);
    assert_non_null(strstr(said.text, "Getting to your library|Question 7 of 9|"));
    assert_non_null(strstr(said.text, "There is a problem|Enter your age"));
    assert_non_null(strstr(said.text, "How old are you?|"));
    assert_non_null(strstr(said.text, "|Back|Continue|"));
    assert_true(strstr(said.text, "How old") < strstr(said.text, "Back|"));
    said.text[0] = '\0';
    show(page_easy_read);
    tp_ui_walk_spoken(stage.ui, say, &said);
    assert_non_null(strstr(said.text, "A book|"));
}

/* ---- building ---- */

static void twins_are_told_apart(void **state)
{
    struct tp_page *page;
    struct tp_node *list;
    struct tp_error error;
    int x, y, count = 0;

    (void)state;
    tp_ui_forget(stage.ui);
    page = tp_ui_begin(stage.ui, &(struct tp_page_spec){.id = "twins", .progress = -1});
    list = tp_ui_choices(tp_page_body(page));
    for (int i = 0; i < 3; i++)
        (void)tp_ui_choice(list, &(struct tp_answer){.id = "same",
                                                     .label = tp_words("Same"),
                                                     .action = {ACT_ONE, i, NULL}});
    assert_true(tp_ui_end(stage.ui, &error));
    for (uint32_t target = tp_ui_target_of(stage.ui, "same"); count < 3; count++) {
        struct tp_action action;

        tp_ui_focus_next(stage.ui);
        target = tp_ui_focused(stage.ui);
        assert_true(tp_ui_centre_of(stage.ui, target, &x, &y));
        assert_int_equal(tp_ui_target_at(stage.ui, x, y), target);
        assert_true(tp_ui_action_of(stage.ui, target, &action));
        assert_int_equal(action.argument, count);
    }
}

static void strings_are_copied(void **state)
{
    char label[32] = "Before", id[32] = "choice:0", text[32] = "value";
    struct tp_page *page;
    struct tp_error error;
    struct tp_action action;

    (void)state;
    tp_ui_forget(stage.ui);
    page = tp_ui_begin(stage.ui, &(struct tp_page_spec){.id = "copy", .progress = -1});
    (void)tp_ui_choice(
        tp_ui_choices(tp_page_body(page)),
        &(struct tp_answer){.id = id, .label = tp_words(label), .action = {ACT_ONE, 0, text}});
    memset(label, 'x', 5);
    memset(id, 'x', 5);
    memset(text, 'x', 5);
    assert_true(tp_ui_end(stage.ui, &error));
    assert_string_equal(seen_of("choice:0").label, "Before");
    assert_true(tp_ui_action_of(stage.ui, tp_ui_target_of(stage.ui, "choice:0"), &action));
    assert_string_equal(action.text, "value");
}

static void markdown_is_shown_bold_without_its_marks(void **state)
{
    struct tp_page *page;
    struct tp_error error;

    (void)state;
    tp_ui_forget(stage.ui);
    page = tp_ui_begin(stage.ui, &(struct tp_page_spec){.id = "md", .progress = -1});
    (void)tp_ui_text(tp_page_body(page), TP_STYLE_BODY, tp_words_markdown("It is **free** here"));
    assert_true(tp_ui_end(stage.ui, &error));
    assert_string_equal(seen_of("text 1").label, "It is free here");
}

static void too_much_is_refused_and_the_last_page_stays(void **state)
{
    struct tp_page *page;
    struct tp_error error = {0};

    (void)state;
    show(page_question);
    page = tp_ui_begin(stage.ui, &(struct tp_page_spec){.id = "much", .progress = -1});
    for (unsigned i = 0; i < TP_UI_NODES_MAX + 10; i++)
        (void)tp_ui_text(tp_page_body(page), TP_STYLE_BODY, tp_words("A"));
    assert_false(tp_ui_end(stage.ui, &error));
    assert_int_equal(error.code, TP_ERR_LIMIT);
    assert_true(is_seen("choice:0"));
    page = tp_ui_begin(stage.ui, &(struct tp_page_spec){.id = "bar", .progress = -1});
    for (int i = 0; i < TP_BAR_MAX + 1; i++)
        (void)tp_page_bar(page, &(struct tp_button){.label = tp_words("One")});
    assert_false(tp_ui_end(stage.ui, &error));
    assert_false(tp_ui_end(stage.ui, &error));
    assert_int_equal(error.code, TP_ERR_MISUSE);
}

static void a_failed_allocation_leaves_the_last_page(void **state)
{
    struct tp_error error;
    uint64_t before, count;

    (void)state;
    show(page_check);
    before = tp_mem_count();
    page_question(&stage);
    assert_true(tp_ui_end(stage.ui, &error));
    count = tp_mem_count() - before;
    show(page_check);
    for (uint64_t nth = 1; nth <= count; nth += 1 + nth / 40) {
        tp_mem_fail_at(nth);
        page_question(&stage);
        bool ok = tp_ui_end(stage.ui, &error);

        tp_mem_fail_at(0);
        if (!ok)
            assert_true(is_seen("summary 1"));
        else
            show(page_check);
    }
}

static void forgetting_leaves_no_page(void **state)
{
    struct tp_action action;

    (void)state;
    show(page_question);
    tp_ui_forget(stage.ui);
    assert_false(is_seen("choice:0"));
    assert_int_equal(tp_ui_parts(stage.ui), 0);
    assert_int_equal(tp_ui_target_at(stage.ui, 500, 300), 0);
    assert_false(handle(TP_INTENT_NEXT, 0, true, &action));
    assert_true(stage_draw(&stage));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_is_said_in_order_over_all_parts),
        cmocka_unit_test(twins_are_told_apart),
        cmocka_unit_test(strings_are_copied),
        cmocka_unit_test(markdown_is_shown_bold_without_its_marks),
        cmocka_unit_test(too_much_is_refused_and_the_last_page_stays),
        cmocka_unit_test(a_failed_allocation_leaves_the_last_page),
        cmocka_unit_test(forgetting_leaves_no_page),
    };

    return cmocka_run_group_tests(tests, open_stage, close_stage);
}
