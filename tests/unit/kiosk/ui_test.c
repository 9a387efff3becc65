/* A page under hands: what can be touched and focused, what is drawn again, parts. */
#include "tp_test.h"

#include "ui_hand.h"

static const char *focused(void)
{
    static char id[64];

    id[0] = '\0';
    for (size_t i = 0; i < 8; i++) {
        char choice[32];

        (void)snprintf(choice, sizeof(choice), "choice:%zu", i);
        if (tp_ui_focused(stage.ui) && tp_ui_target_of(stage.ui, choice) == tp_ui_focused(stage.ui))
            (void)snprintf(id, sizeof(id), "%s", choice);
    }
    static const char *const others[] = {"page:primary", "page:back", "page:more",
                                         "page:up",      "bar:size",  "bar:help"};
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
        if (tp_ui_focused(stage.ui) &&
            tp_ui_target_of(stage.ui, others[i]) == tp_ui_focused(stage.ui))
            (void)snprintf(id, sizeof(id), "%s", others[i]);
    return id;
}

/* ---- touch ---- */

static void a_touch_finds_what_is_under_it(void **state)
{
    int x, y;
    uint32_t target;
    struct tp_action action;

    (void)state;
    show(page_question);
    target = tp_ui_target_of(stage.ui, "choice:2");
    assert_true(target != 0);
    assert_true(tp_ui_centre_of(stage.ui, target, &x, &y));
    assert_int_equal(tp_ui_target_at(stage.ui, x, y), target);
    assert_int_equal(tp_ui_target_at(stage.ui, 3, 3), 0);
    assert_false(handle(TP_INTENT_PRESS, target, false, &action));
    assert_true(seen_of("choice:2").pressed);
    assert_true(handle(TP_INTENT_ACTIVATE, target, false, &action));
    assert_int_equal(action.id, ACT_ONE);
    assert_int_equal(action.argument, 2);
    assert_false(seen_of("choice:2").pressed);
}

static void a_disabled_answer_cannot_be_touched(void **state)
{
    struct tp_page *page;
    struct tp_error error;
    struct tp_action action;
    int x, y;

    (void)state;
    tp_ui_forget(stage.ui);
    page = tp_ui_begin(stage.ui, &(struct tp_page_spec){.id = "disabled", .progress = -1});
    (void)tp_ui_choice(
        tp_ui_choices(tp_page_body(page)),
        &(struct tp_answer){
            .id = "choice:0", .label = tp_words("No"), .disabled = true, .action = act(ACT_ONE)});
    assert_true(tp_ui_end(stage.ui, &error));
    assert_true(tp_ui_centre_of(stage.ui, tp_ui_target_of(stage.ui, "choice:0"), &x, &y));
    assert_int_equal(tp_ui_target_at(stage.ui, x, y), 0);
    assert_false(handle(TP_INTENT_ACTIVATE, tp_ui_target_of(stage.ui, "choice:0"), false, &action));
    tp_ui_focus_next(stage.ui);
    assert_int_equal(tp_ui_focused(stage.ui), 0);
}

/* ---- what is drawn ---- */

static void nothing_is_drawn_when_nothing_changed(void **state)
{
    SDL_Rect rects[TP_UI_DIRTY_MAX];
    int count = -1;

    (void)state;
    show(page_question);
    assert_false(tp_ui_is_dirty(stage.ui));
    tp_ui_draw(stage.ui, stage.canvas, rects, &count);
    assert_int_equal(count, 0);
}

static void a_press_draws_its_own_box_only(void **state)
{
    SDL_Rect rects[TP_UI_DIRTY_MAX];
    struct tp_action action;
    struct tp_seen seen;
    int count;

    (void)state;
    show(page_question);
    seen = seen_of("choice:2");
    (void)handle(TP_INTENT_PRESS, tp_ui_target_of(stage.ui, "choice:2"), false, &action);
    tp_ui_draw(stage.ui, stage.canvas, rects, &count);
    assert_int_equal(count, 1);
    assert_true(rects[0].w < seen.box.w + 40);
    assert_true(rects[0].h < seen.box.h + 40);
}

static SDL_Surface *copy_canvas(void)
{
    return SDL_ConvertSurface(stage.canvas, stage.canvas->format, 0);
}

static bool same_pixels(SDL_Surface *a, SDL_Surface *b)
{
    for (int y = 0; y < a->h; y++)
        if (memcmp((char *)a->pixels + y * a->pitch, (char *)b->pixels + y * b->pitch,
                   (size_t)a->w * 4) != 0)
            return false;
    return true;
}

/* Drawing only what changed gives the picture that drawing all of it gives. */
static void partial_drawing_equals_whole_drawing(void **state)
{
    struct tp_action action;

    (void)state;
    show(page_question);
    for (int i = 0; i < 12; i++) {
        SDL_Surface *partly, *whole;

        if (i % 3 == 2)
            (void)handle(TP_INTENT_PRESS, tp_ui_target_of(stage.ui, "choice:3"), false, &action);
        else
            (void)handle(i % 2 ? TP_INTENT_NEXT : TP_INTENT_DOWN, 0, true, &action);
        (void)stage_draw(&stage);
        partly = copy_canvas();
        tp_ui_redraw_all(stage.ui);
        (void)stage_draw(&stage);
        whole = copy_canvas();
        assert_true(same_pixels(partly, whole));
        SDL_FreeSurface(partly);
        SDL_FreeSurface(whole);
    }
}

static void a_press_changes_the_picture_and_its_end_restores_it(void **state)
{
    struct tp_action action;
    SDL_Surface *before, *pressed, *after;

    (void)state;
    show(page_question);
    before = copy_canvas();
    (void)handle(TP_INTENT_PRESS, tp_ui_target_of(stage.ui, "page:primary"), false, &action);
    (void)stage_draw(&stage);
    pressed = copy_canvas();
    (void)handle(TP_INTENT_CANCEL, tp_ui_target_of(stage.ui, "page:primary"), false, &action);
    (void)stage_draw(&stage);
    after = copy_canvas();
    assert_false(same_pixels(before, pressed));
    assert_true(same_pixels(before, after));
    SDL_FreeSurface(before);
    SDL_FreeSurface(pressed);
    SDL_FreeSurface(after);
}

/* The chosen answer is told apart in grey as well (ACCESSIBILITY.md T4): its mark differs. */
static void the_chosen_answer_differs_by_more_than_colour(void **state)
{
    struct tp_seen plain, chosen;

    (void)state;
    show(page_question);
    plain = seen_of("choice:0");
    chosen = seen_of("choice:1");
    assert_true(chosen.chosen);
    assert_false(plain.chosen);
    assert_true(tp_contrast(plain.fill, chosen.fill) >= 3);
}

/* ---- focus ---- */

static void the_ring_goes_round_everything(void **state)
{
    size_t count = 0;
    uint32_t first;

    (void)state;
    show(page_question);
    tp_ui_focus_next(stage.ui);
    assert_string_equal(focused(), "choice:0");
    first = tp_ui_focused(stage.ui);
    do {
        tp_ui_focus_next(stage.ui);
        count++;
        assert_true(count < 50);
    } while (tp_ui_focused(stage.ui) != first);
    assert_int_equal(count, 8 + 2 + 6);
    tp_ui_focus_previous(stage.ui);
    assert_string_equal(focused(), "bar:help");
}

static void continue_comes_right_after_the_answers(void **state)
{
    (void)state;
    show(page_question);
    tp_ui_focus(stage.ui, tp_ui_target_of(stage.ui, "choice:7"));
    tp_ui_focus_next(stage.ui);
    assert_string_equal(focused(), "page:primary");
    tp_ui_focus_next(stage.ui);
    assert_string_equal(focused(), "page:back");
    tp_ui_focus_next(stage.ui);
    assert_string_equal(focused(), "bar:size");
}

static void arrows_go_where_they_point(void **state)
{
    (void)state;
    show(page_question);
    tp_ui_focus(stage.ui, tp_ui_target_of(stage.ui, "choice:0"));
    tp_ui_focus_move(stage.ui, 1, 0);
    assert_string_equal(focused(), "choice:1");
    tp_ui_focus_move(stage.ui, 0, 1);
    assert_string_equal(focused(), "choice:3");
    tp_ui_focus_move(stage.ui, -1, 0);
    assert_string_equal(focused(), "choice:2");
    tp_ui_focus_move(stage.ui, 0, -1);
    assert_string_equal(focused(), "choice:0");
    tp_ui_focus_move(stage.ui, -1, 0);
    assert_string_equal(focused(), "choice:0");
}

static void select_does_what_has_the_focus(void **state)
{
    struct tp_action action = {0};

    (void)state;
    show(page_question);
    assert_false(handle(TP_INTENT_SELECT, 0, true, &action));
    assert_false(handle(TP_INTENT_NEXT, 0, true, &action));
    assert_true(handle(TP_INTENT_SELECT, 0, true, &action));
    assert_int_equal(action.id, ACT_ONE);
    assert_int_equal(action.argument, 0);
    assert_true(handle(TP_INTENT_BACK, 0, true, &action));
    assert_int_equal(action.id, ACT_BACK);
}

static void a_rebuilt_page_keeps_its_focus_and_another_page_does_not(void **state)
{
    struct tp_error error;
    unsigned serial;

    (void)state;
    show(page_question);
    serial = tp_ui_page_serial(stage.ui);
    tp_ui_focus(stage.ui, tp_ui_target_of(stage.ui, "choice:5"));
    page_question(&stage);
    assert_true(tp_ui_end(stage.ui, &error));
    assert_string_equal(focused(), "choice:5");
    assert_int_equal(tp_ui_page_serial(stage.ui), serial);
    page_check(&stage);
    assert_true(tp_ui_end(stage.ui, &error));
    assert_int_equal(tp_ui_focused(stage.ui), 0);
    assert_int_equal(tp_ui_page_serial(stage.ui), serial + 1);
}

static void the_ring_shows_with_keys_and_hides_with_a_touch(void **state)
{
    struct tp_action action;
    SDL_Surface *plain, *ringed, *touched;

    (void)state;
    show(page_question);
    plain = copy_canvas();
    (void)handle(TP_INTENT_NEXT, 0, true, &action);
    (void)stage_draw(&stage);
    ringed = copy_canvas();
    (void)handle(TP_INTENT_PRESS, tp_ui_target_of(stage.ui, "bar:help"), false, &action);
    (void)handle(TP_INTENT_CANCEL, tp_ui_target_of(stage.ui, "bar:help"), false, &action);
    (void)stage_draw(&stage);
    touched = copy_canvas();
    assert_false(same_pixels(plain, ringed));
    assert_true(same_pixels(plain, touched));
    tp_ui_set_focus_visible(stage.ui, true);
    (void)stage_draw(&stage);
    SDL_FreeSurface(touched);
    touched = copy_canvas();
    assert_true(same_pixels(ringed, touched));
    tp_ui_set_focus_visible(stage.ui, false);
    SDL_FreeSurface(plain);
    SDL_FreeSurface(ringed);
    SDL_FreeSurface(touched);
}

/* ---- parts ---- */

static void a_long_page_turns_by_more_and_back_by_up(void **state)
{
    struct tp_action action;
    size_t parts;
    unsigned serial;

    (void)state;
    show(page_notice);
    parts = tp_ui_parts(stage.ui);
    serial = tp_ui_page_serial(stage.ui);
    assert_true(parts > 1);
    assert_true(is_seen("page:more"));
    assert_false(is_seen("page:up"));
    assert_false(
        handle(TP_INTENT_ACTIVATE, tp_ui_target_of(stage.ui, "page:more"), false, &action));
    assert_int_equal(tp_ui_part(stage.ui), 1);
    assert_true(is_seen("page:up"));
    /* What is under the finger changed: the input's guard has to know. */
    assert_int_equal(tp_ui_page_serial(stage.ui), serial + 1);
    tp_ui_show_part(stage.ui, parts - 1);
    assert_false(is_seen("page:more"));
    assert_true(is_seen("page:up"));
    assert_true(is_seen("stepper:less"));
    assert_false(handle(TP_INTENT_ACTIVATE, tp_ui_target_of(stage.ui, "page:up"), false, &action));
    assert_int_equal(tp_ui_part(stage.ui), parts - 2);
}

static void focusing_what_is_elsewhere_brings_its_part(void **state)
{
    (void)state;
    show(page_notice);
    tp_ui_focus(stage.ui, tp_ui_target_of(stage.ui, "stepper:less"));
    assert_int_equal(tp_ui_part(stage.ui), tp_ui_parts(stage.ui) - 1);
    assert_true(seen_of("stepper:less").focused);
}

static void three_keys_reach_the_end_of_a_long_page(void **state)
{
    struct tp_action action = {0};
    int steps = 0;

    (void)state;
    show(page_notice);
    while (action.id != ACT_ONE && steps++ < 200) {
        (void)handle(TP_INTENT_NEXT, 0, true, &action);
        if (strcmp(focused(), "page:more") == 0 ||
            tp_ui_focused(stage.ui) == tp_ui_target_of(stage.ui, "stepper:more"))
            (void)handle(TP_INTENT_SELECT, 0, true, &action);
    }
    assert_int_equal(action.id, ACT_ONE);
}

static void a_page_that_fits_has_no_more(void **state)
{
    (void)state;
    show(page_question);
    assert_int_equal(tp_ui_parts(stage.ui), 1);
    assert_false(is_seen("page:more"));
    assert_false(is_seen("page:up"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_touch_finds_what_is_under_it),
        cmocka_unit_test(a_disabled_answer_cannot_be_touched),
        cmocka_unit_test(nothing_is_drawn_when_nothing_changed),
        cmocka_unit_test(a_press_draws_its_own_box_only),
        cmocka_unit_test(partial_drawing_equals_whole_drawing),
        cmocka_unit_test(a_press_changes_the_picture_and_its_end_restores_it),
        cmocka_unit_test(the_chosen_answer_differs_by_more_than_colour),
        cmocka_unit_test(the_ring_goes_round_everything),
        cmocka_unit_test(continue_comes_right_after_the_answers),
        cmocka_unit_test(arrows_go_where_they_point),
        cmocka_unit_test(select_does_what_has_the_focus),
        cmocka_unit_test(a_rebuilt_page_keeps_its_focus_and_another_page_does_not),
        cmocka_unit_test(the_ring_shows_with_keys_and_hides_with_a_touch),
        cmocka_unit_test(a_long_page_turns_by_more_and_back_by_up),
        cmocka_unit_test(focusing_what_is_elsewhere_brings_its_part),
        cmocka_unit_test(three_keys_reach_the_end_of_a_long_page),
        cmocka_unit_test(a_page_that_fits_has_no_more),
    };

    return cmocka_run_group_tests(tests, open_stage, close_stage);
}
