/* What stands in a line with what: rows that end where others end, nothing alone in the middle. */
#include "tp_test.h"

#include "ui_one_stage.h"

#define WALL 0
#define TABLET 2

static struct tp_page *begin(const char *id)
{
    return tp_ui_begin(stage.ui, &(struct tp_page_spec){.id = id, .progress = -1});
}

/* A tablet held upright. */
static void open_upright(enum tp_size size)
{
    open_on(TABLET, size);
    tp_ui_set_screen(stage.ui, tp_screen_make(800, 1280, 135.6, 0));
}

static int end_of(const struct tp_seen *seen)
{
    return seen->box.x + seen->box.w;
}

/* ---- answers ---- */

static void show_answers(const char *third)
{
    const char *labels[] = {"Yes", "No", third};

    add_answers(tp_page_body(begin("three")), labels, 3, 0, TP_MARK_RADIO);
    end_or_fail();
}

static void three_short_answers_stand_side_by_side(void **state)
{
    (void)state;
    open_on(WALL, TP_SIZE_MEDIUM);
    show_answers("I do not know");
    assert_int_equal(seen_of("choice:2").box.y, seen_of("choice:0").box.y);
    /* Words of two lines in a third of the width have half of it. */
    show_answers("I did not know what it offers, or where it is");
    assert_int_equal(seen_of("choice:1").box.y, seen_of("choice:0").box.y);
    assert_true(seen_of("choice:2").box.y > seen_of("choice:0").box.y);
}

/* ---- flows ---- */

/* Nine buttons that take two rows. */
static void show_flow(bool fills)
{
    struct tp_node *flow = tp_ui_flow(tp_page_body(begin("flow")), 0);

    if (fills)
        (void)tp_ui_filling(flow);
    for (int i = 0; i < 9; i++) {
        char id[32];

        (void)snprintf(id, sizeof(id), "flow:%d", i);
        (void)tp_ui_button(flow, &(struct tp_button){.id = id,
                                                     .label = tp_words("Touch to begin"),
                                                     .kind = TP_BUTTON_PLAIN,
                                                     .action = act(ACT_ONE)});
    }
    end_or_fail();
}

static void rows_that_fill_end_in_one_line(void **state)
{
    struct tp_seen row, last;

    (void)state;
    open_on(WALL, TP_SIZE_MEDIUM);
    show_flow(false);
    assert_int_equal(seen_of("flow:5").box.y, seen_of("flow:0").box.y);
    assert_true(seen_of("flow:8").box.y > seen_of("flow:0").box.y);
    show_flow(true);
    row = seen_of("flow:4");
    last = seen_of("flow:8");
    assert_int_equal(row.box.y, seen_of("flow:0").box.y);
    assert_int_equal(seen_of("flow:5").box.y, last.box.y);
    assert_true(last.box.y > row.box.y);
    assert_in_range(end_of(&row), end_of(&last) - 5, end_of(&last) + 5); /* a pixel a button */
    assert_in_range(seen_of("flow:0").x_mm, 15, 17);
}

/* ---- boxes ---- */

static void a_strong_box_is_as_wide_as_its_words(void **state)
{
    struct tp_node *body;
    struct tp_seen strong, plain;

    (void)state;
    open_on(WALL, TP_SIZE_MEDIUM);
    body = tp_page_body(begin("panels"));
    (void)tp_ui_text(tp_ui_panel(body, true), TP_STYLE_HUGE, tp_words("Maple 47 River"));
    (void)tp_ui_text(tp_ui_panel(body, false), TP_STYLE_BODY, tp_words("This is how"));
    end_or_fail();
    strong = seen_of("panel 1");
    plain = seen_of("panel 2");
    assert_true(strong.box.w < plain.box.w / 2);
    assert_true(strong.box.w > seen_of("text 1").texts[0].width);
}

/* ---- rows of what was answered ---- */

static void answers_stand_in_one_line_whatever_their_buttons(void **state)
{
    static const char *const buttons[] = {"Send now", "Use the stick", NULL};
    struct tp_node *body;

    (void)state;
    open_on(WALL, TP_SIZE_MEDIUM);
    body = tp_page_body(begin("rows"));
    for (int i = 0; i < 3; i++) {
        char id[32];

        (void)snprintf(id, sizeof(id), "row:%d", i);
        (void)tp_ui_summary(body, &(struct tp_summary){.id = id,
                                                       .question = tp_words("Answers"),
                                                       .answer = tp_words("12 waiting, 2 sent"),
                                                       .change = buttons[i],
                                                       .action = act(ACT_ONE)});
    }
    end_or_fail();
    /* Question and answer of each row, in turn. */
    assert_int_equal(seen_of("text 4").box.x, seen_of("text 2").box.x);
    assert_int_equal(seen_of("text 6").box.x, seen_of("text 2").box.x);
    assert_true(seen_of("text 2").box.x > seen_of("text 1").box.x);
}

/* ---- the actions ---- */

static void what_turns_the_page_stands_above_back_and_continue(void **state)
{
    struct tp_seen more, up, back, primary;
    struct tp_page *page;

    (void)state;
    open_upright(TP_SIZE_MEDIUM);
    page = begin("turning");
    for (int i = 0; i < 24; i++)
        (void)tp_ui_text(tp_page_body(page), TP_STYLE_BODY,
                         tp_words("These questions show us who we have not heard from yet."));
    (void)tp_page_back(page, "Back", act(ACT_BACK));
    (void)tp_page_primary(page, "Continue", act(ACT_NEXT));
    end_or_fail();
    tp_ui_show_part(stage.ui, 1);
    more = seen_of("page:more");
    up = seen_of("page:up");
    back = seen_of("page:back");
    primary = seen_of("page:primary");
    assert_true(more.box.y < back.box.y);
    assert_int_equal(up.box.y, more.box.y);
    assert_int_equal(up.box.x, back.box.x);
    assert_int_equal(end_of(&more), end_of(&primary));
}

static void an_action_alone_begins_with_the_words(void **state)
{
    struct tp_page *page;

    (void)state;
    open_on(WALL, TP_SIZE_MEDIUM);
    page = begin("alone");
    (void)tp_ui_heading(tp_page_body(page), tp_words("Are you still there?"));
    (void)tp_page_extra(page, "Clear and start again", TP_ICON_NONE, act(ACT_ONE));
    end_or_fail();
    assert_int_equal(seen_of("page:extra").box.x, seen_of("text 1").box.x);
}

/* ---- keys ---- */

static void digits_beside_a_field_begin_where_their_half_does(void **state)
{
    struct tp_node *row, *keyboard, *keys;

    (void)state;
    open_on(WALL, TP_SIZE_MEDIUM);
    row = tp_ui_row(tp_page_dock(begin("digits")), 12, 80);
    (void)tp_ui_field(tp_ui_column(row, 0), &(struct tp_field){.id = "field", .text = ""});
    keyboard = tp_ui_keyboard(row);
    keys = tp_ui_key_row(keyboard);
    (void)tp_ui_key(keys, &(struct tp_key){.id = "key:1", .label = "1"});
    end_or_fail();
    assert_int_equal(seen_of("key:1").box.x, seen_of("keyboard 1").box.x);
}

/* ---- the title line ---- */

/* A title of two lines would cost every part of a cut page a line. */
static void a_long_title_gives_way_on_a_page_that_is_cut(void **state)
{
    struct tp_seen title;

    (void)state;
    open_upright(TP_SIZE_LARGEST);
    for (int lines = 1; lines < 20; lines += 18) {
        struct tp_page *page = tp_ui_begin(
            stage.ui, &(struct tp_page_spec){
                          .id = "title", .title = "Oxfordshire County Council", .progress = -1});

        for (int i = 0; i < lines; i++)
            (void)tp_ui_text(tp_page_body(page), TP_STYLE_BODY, tp_words("We read all."));
        (void)tp_page_back(page, "Back", act(ACT_BACK));
        add_bar(page, NULL);
        end_or_fail();
        assert_int_equal(ui_seen(stage.ui, "page:title", &title), tp_ui_parts(stage.ui) == 1);
    }
    assert_true(tp_ui_parts(stage.ui) > 1);
}

/* Words that take two lines stand in the middle of their button with the sign after them. */
static void words_on_two_lines_stand_in_the_middle_of_their_button(void **state)
{
    struct tp_seen start;
    int left, right;

    (void)state;
    open_upright(TP_SIZE_LARGEST);
    (void)tp_ui_button(tp_page_body(begin("start")),
                       &(struct tp_button){.id = "start",
                                           .label = tp_words("Touch here if you want to start"),
                                           .kind = TP_BUTTON_PRIMARY,
                                           .after = TP_ICON_FORWARD,
                                           .large = true,
                                           .action = {ACT_ONE, 0, NULL}});
    end_or_fail();
    assert_true(ui_seen(stage.ui, "start", &start));
    assert_true(start.texts[0].lines > 1);
    assert_int_equal(start.texts[0].box.w, start.texts[0].width);
    left = start.texts[0].box.x - start.box.x;
    right = end_of(&start) - start.texts[0].box.x - start.texts[0].box.w;
    /* The sign and the space before it. */
    assert_true(left >= 30);
    assert_in_range(right - left, 20, 200);
}

/* ---- boxes, and pictures beside words ---- */

static void what_follows_a_box_is_as_far_from_it_as_what_comes_before(void **state)
{
    const char *const labels[] = {"Yes", "No"};
    struct tp_seen panel, above, below;
    struct tp_node *body;

    (void)state;
    open_on(WALL, TP_SIZE_MEDIUM);
    body = tp_page_body(begin("box"));
    add_answers(body, labels, 1, 0, TP_MARK_RADIO);
    (void)tp_ui_text(tp_ui_panel(body, true), TP_STYLE_BODY, tp_words("Your receipt code"));
    add_answers(body, labels + 1, 1, 1, TP_MARK_RADIO);
    end_or_fail();
    assert_true(ui_seen(stage.ui, "panel 1", &panel));
    assert_true(ui_seen(stage.ui, "grid 1", &above));
    assert_true(ui_seen(stage.ui, "grid 2", &below));
    assert_int_equal(below.box.y - panel.box.y - panel.box.h,
                     panel.box.y - above.box.y - above.box.h);
}

static void a_picture_stands_in_the_middle_of_a_taller_line(void **state)
{
    struct tp_seen picture, words;
    struct tp_node *row;
    int line;

    (void)state;
    open_on(WALL, TP_SIZE_LARGEST);
    row = tp_ui_centred(tp_ui_row(tp_page_body(begin("code")), 0, 0));
    (void)tp_ui_picture(row, &(struct tp_picture){.id = "code:picture",
                                                  .path = "tests/golden/none.png",
                                                  .width_mm = 12,
                                                  .height_mm = 12});
    (void)tp_ui_weight(tp_ui_text(row, TP_STYLE_HUGE, tp_words("Maple 47 River")), 1);
    end_or_fail();
    assert_true(ui_seen(stage.ui, "code:picture", &picture));
    assert_true(ui_seen(stage.ui, "text 1", &words));
    line = words.texts[0].box.h;
    assert_true(line * 3 > picture.box.h * 4);
    assert_in_range(picture.box.y - words.texts[0].box.y + 1, (line - picture.box.h) / 2,
                    (line - picture.box.h) / 2 + 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(three_short_answers_stand_side_by_side, close_stage),
        cmocka_unit_test_teardown(rows_that_fill_end_in_one_line, close_stage),
        cmocka_unit_test_teardown(a_strong_box_is_as_wide_as_its_words, close_stage),
        cmocka_unit_test_teardown(answers_stand_in_one_line_whatever_their_buttons, close_stage),
        cmocka_unit_test_teardown(what_turns_the_page_stands_above_back_and_continue, close_stage),
        cmocka_unit_test_teardown(an_action_alone_begins_with_the_words, close_stage),
        cmocka_unit_test_teardown(digits_beside_a_field_begin_where_their_half_does, close_stage),
        cmocka_unit_test_teardown(a_long_title_gives_way_on_a_page_that_is_cut, close_stage),
        cmocka_unit_test_teardown(words_on_two_lines_stand_in_the_middle_of_their_button,
                                  close_stage),
        cmocka_unit_test_teardown(what_follows_a_box_is_as_far_from_it_as_what_comes_before,
                                  close_stage),
        cmocka_unit_test_teardown(a_picture_stands_in_the_middle_of_a_taller_line, close_stage),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
