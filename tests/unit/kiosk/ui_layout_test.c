/* A page: where things stand, in millimetres. */
#include "tp_test.h"

#include <math.h>

#include "kiosk/ui/lengths.h"
#include "ui_one_stage.h"

static void show_in(enum tp_size size, void (*build)(struct stage *stage))
{
    tp_ui_forget(stage.ui);
    stage_look(&stage, size, TP_THEME_STANDARD, false, "en");
    build(&stage);
    end_or_fail();
}

static void show(void (*build)(struct stage *stage))
{
    show_in(TP_SIZE_MEDIUM, build);
}

/* The design's lengths, on the display that they were drawn for. */
static void the_sketch_has_its_millimetres(void **state)
{
    struct tp_seen choice, chosen, back, primary, bar, progress;

    (void)state;
    show(page_question);
    choice = seen_of("choice:0");
    chosen = seen_of("choice:1");
    back = seen_of("page:back");
    primary = seen_of("page:primary");
    bar = seen_of("bar:size");
    progress = seen_of("page:progress");
    assert_true(fabs(choice.x_mm - 16) < 0.3);
    assert_true(choice.height_mm >= 24);
    assert_true(choice.height_mm < 24.5);
    assert_true(fabs(chosen.x_mm - choice.x_mm - choice.width_mm - 4) < 0.5);
    assert_true(fabs(back.height_mm - 22) < 0.3);
    assert_true(fabs(back.x_mm - 16) < 0.3);
    assert_true(fabs(primary.x_mm + primary.width_mm - (476 - 16)) < 0.5);
    assert_true(fabs(progress.height_mm - 2) < 0.3);
    assert_true(fabs(bar.height_mm - 19) < 0.3);
    assert_true(fabs(267.75 - bar.y_mm - bar.height_mm - 3.5) < 0.5);
    assert_true(fabs(choice.texts[0].capital_mm - 5.2) < 0.01);
}

static void answers_stand_in_two_columns_on_a_wide_screen_and_one_on_a_tall(void **state)
{
    struct stage tall;
    struct tp_error error;
    struct tp_seen seen;

    (void)state;
    show(page_question);
    assert_int_equal(seen_of("choice:0").box.y, seen_of("choice:1").box.y);
    assert_true(stage_open(&tall, 1));
    page_question(&tall);
    assert_true(tp_ui_end(tall.ui, &error));
    assert_true(ui_seen(tall.ui, "choice:1", &seen));
    assert_true(seen.box.w > tall.screen.width / 2);
    stage_close(&tall);
}

static void arabic_is_mirrored_whole(void **state)
{
    struct tp_error error;
    struct tp_seen left, right, back, primary;

    (void)state;
    show(page_question);
    left = seen_of("choice:0");
    back = seen_of("page:back");
    tp_ui_set_language(stage.ui, "ar");
    page_question(&stage);
    assert_true(tp_ui_end(stage.ui, &error));
    right = seen_of("choice:0");
    primary = seen_of("page:back");
    assert_int_equal(left.box.x, stage.screen.width - right.box.x - right.box.w);
    assert_int_equal(back.box.x, stage.screen.width - primary.box.x - primary.box.w);
    assert_int_equal(left.box.y, right.box.y);
    tp_ui_set_language(stage.ui, "en");
}

static void every_size_sets_larger_words(void **state)
{
    double last = 0;

    (void)state;
    for (int size = 0; size < TP_SIZE_COUNT; size++) {
        struct tp_error error;

        stage_look(&stage, (enum tp_size)size, TP_THEME_STANDARD, false, "en");
        page_question(&stage);
        assert_true(tp_ui_end(stage.ui, &error));
        struct tp_seen seen = seen_of("choice:0");

        assert_true(seen.texts[0].capital_mm > last);
        last = seen.texts[0].capital_mm;
        assert_true(fabs(last - tp_sizes[size].capital_mm) < 0.01);
        assert_false(tp_ui_shrunk(stage.ui));
    }
}

/* ---- lists that are put in order, entries, answers that are pictures ---- */

/* The buttons that move a thing are as large as answers have to be (ACCESSIBILITY.md P1), apart,
 * within its box; that of an end rests. */
static void what_is_ranked_moves_by_large_buttons(void **state)
{
    (void)state;
    for (int size = 0; size < TP_SIZE_COUNT; size++) {
        show_in((enum tp_size)size, page_ranked);
        struct tp_seen row = seen_of("rank:1"), up = seen_of("rank:1:up"),
                       down = seen_of("rank:1:down"), out = seen_of("rank:1:out");

        assert_true(up.width_mm >= 16 && up.height_mm >= 16);
        assert_true(down.width_mm >= 16 && down.height_mm >= 16);
        assert_true(down.x_mm - up.x_mm - up.width_mm >= TP_TARGET_GAP_MM);
        assert_true(out.width_mm >= 16 && out.height_mm >= 16);
        assert_true(out.x_mm - down.x_mm - down.width_mm >= TP_TARGET_GAP_MM);
        assert_true(out.x_mm + out.width_mm < row.x_mm + row.width_mm);
        assert_true(up.y_mm > row.y_mm && up.y_mm + up.height_mm < row.y_mm + row.height_mm);
        assert_string_equal(row.texts[0].text, "Later opening on one evening");
        assert_string_equal(row.texts[1].text, "2");
        assert_false(seen_of("rank:0:up").enabled);
        assert_true(seen_of("rank:0:down").enabled);
    }
}

static void an_entry_has_a_button_to_change_and_one_to_remove(void **state)
{
    struct tp_action action;

    (void)state;
    show(page_entries);
    struct tp_seen change = seen_of("entry:1:change"), remove = seen_of("entry:1:remove");

    assert_int_equal(change.box.y, remove.box.y);
    assert_true(remove.x_mm - change.x_mm - change.width_mm >= TP_TARGET_GAP_MM);
    assert_true(tp_ui_action_of(stage.ui, remove.target, &action));
    /* Where there is no room beside the words they stand below. */
    struct stage tall;
    struct tp_error error;
    struct tp_seen words;

    assert_true(stage_open(&tall, 1));
    stage_look(&tall, TP_SIZE_LARGEST, TP_THEME_STANDARD, false, "en");
    page_entries(&tall);
    assert_true(tp_ui_end(tall.ui, &error));
    assert_true(ui_seen(tall.ui, "entry:1:change", &change));
    assert_true(ui_seen(tall.ui, "entry:1", &words));
    assert_true(change.y_mm > words.y_mm + words.height_mm / 2);
    stage_close(&tall);
}

/* Pictures of a row stand in one line, above their words; no word is split, however large. */
static void pictures_to_choose_stand_above_their_words(void **state)
{
    (void)state;
    for (int size = 0; size < TP_SIZE_COUNT; size++) {
        show_in((enum tp_size)size, page_picture_choices);
        struct tp_seen first = seen_of("choice:0"), second = seen_of("choice:1");

        assert_int_equal(first.box.y, second.box.y);
        assert_int_equal(first.box.h, second.box.h);
        assert_true(first.texts[0].box.y > first.box.y + first.box.h / 2);
        for (size_t part = 0; part < tp_ui_parts(stage.ui); part++) {
            struct tp_seen last;

            tp_ui_show_part(stage.ui, part);
            if (ui_seen(stage.ui, "choice:5", &last))
                assert_false(last.texts[0].split_word);
        }
    }
}

/* Answers with pictures are 50 mm high where there is room. */
static void answers_with_pictures_use_the_room(void **state)
{
    (void)state;
    show(page_easy_read);
    assert_true(seen_of("choice:0").height_mm >= 49.9);
    assert_true(seen_of("choice:0").height_mm < 51);
    assert_int_equal(tp_ui_parts(stage.ui), 1);
}

/* A question stands again above each part of its answers; what is only read has the room. */
static void a_question_is_repeated_and_a_title_is_not(void **state)
{
    static const char *const labels[] = {"By bus",  "By car",  "By train", "On foot",
                                         "By boat", "By tram", "By taxi",  "By bike",
                                         "I skate", "I ride",  "I do not", "Other"};
    struct stage tablet;

    (void)state;
    assert_true(stage_open(&tablet, 2));
    for (int asks = 0; asks < 2; asks++) {
        struct tp_error error;
        struct tp_page *page =
            tp_ui_begin(tablet.ui, &(struct tp_page_spec){.id = asks ? "asks" : "tells"});
        struct tp_seen heading;

        (void)tp_ui_heading(tp_page_body(page), tp_words("How do you come here?"));
        if (asks)
            add_answers(tp_page_body(page), labels, 12, 0, TP_MARK_RADIO);
        for (int i = 0; !asks && i < 12; i++)
            (void)tp_ui_text(tp_page_body(page), TP_STYLE_BODY, tp_words("We read every answer."));
        assert_true(tp_ui_end(tablet.ui, &error));
        assert_true(tp_ui_parts(tablet.ui) > 1);
        assert_true(ui_seen(tablet.ui, "text 1", &heading));
        tp_ui_show_part(tablet.ui, 1);
        assert_int_equal(ui_seen(tablet.ui, "text 1", &heading), asks);
    }
    stage_close(&tablet);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_sketch_has_its_millimetres),
        cmocka_unit_test(answers_stand_in_two_columns_on_a_wide_screen_and_one_on_a_tall),
        cmocka_unit_test(arabic_is_mirrored_whole),
        cmocka_unit_test(every_size_sets_larger_words),
        cmocka_unit_test(what_is_ranked_moves_by_large_buttons),
        cmocka_unit_test(an_entry_has_a_button_to_change_and_one_to_remove),
        cmocka_unit_test(pictures_to_choose_stand_above_their_words),
        cmocka_unit_test(answers_with_pictures_use_the_room),
        cmocka_unit_test(a_question_is_repeated_and_a_title_is_not),
    };

    return cmocka_run_group_tests(tests, open_stage, close_stage);
}
