/* The largest size on a small display: everything is there, apart, and as large as the size says.
 * What gives way is what is beside the words, then how much stands on a part, never the words. */
#include "tp_test.h"

#include <stdlib.h>

#include "ui_one_stage.h"

#define WALL 0
#define PORTRAIT 1
#define TABLET 2
/* A letter is laid out in fractions of a pixel, and measured in whole ones. */
#define HAIR_MM 0.01

static struct tp_page *begin(const char *more)
{
    return tp_ui_begin(stage.ui, &(struct tp_page_spec){.id = "room",
                                                        .title = "About you",
                                                        .status = "Question 3 of 9",
                                                        .progress = 0.3,
                                                        .more = more});
}

static void add_long_words(struct tp_node *body)
{
    (void)tp_ui_heading(body, tp_words("Your answers are safe. Can we ask about you?"));
    for (int i = 0; i < 6; i++)
        (void)tp_ui_text(body, TP_STYLE_BODY,
                         tp_words("These questions show us who we have not heard from yet."));
}

static struct tp_seen must_see(const char *id)
{
    struct tp_seen seen = {0};

    if (!ui_seen(stage.ui, id, &seen))
        fail_msg("'%s' does not show", id);
    return seen;
}

/* ---- the actions ---- */

static void more_says_less_where_words_are_long(void **state)
{
    struct tp_seen more, back;
    struct tp_page *page;

    (void)state;
    open_on(TABLET, TP_SIZE_LARGEST);
    page = begin("Більше відповідей");
    add_long_words(tp_page_body(page));
    (void)tp_page_back(page, "Назад", act(ACT_BACK));
    (void)tp_page_primary(page, "Далі", act(ACT_NEXT));
    end_or_fail();
    more = must_see("page:more");
    back = must_see("page:back");
    assert_string_equal(more.texts[0].text, "More");
    assert_string_equal(more.spoken, "Більше відповідей");
    assert_int_equal(more.box.y, back.box.y);
    assert_int_equal(must_see("page:primary").box.y, back.box.y);
}

static void more_says_what_of_where_there_is_room(void **state)
{
    struct tp_page *page;

    (void)state;
    open_on(TABLET, TP_SIZE_MEDIUM);
    page = begin("More answers");
    add_long_words(tp_page_body(page));
    add_long_words(tp_page_body(page));
    (void)tp_page_back(page, "Back", act(ACT_BACK));
    (void)tp_page_primary(page, "Continue", act(ACT_NEXT));
    end_or_fail();
    assert_string_equal(must_see("page:more").texts[0].text, "More answers");
}

/* Two long actions keep their distance; a third ends what is read. */
static void an_action_without_room_ends_the_body(void **state)
{
    struct tp_seen back, primary, extra;
    struct tp_page *page;
    struct tp_action action;

    (void)state;
    open_on(TABLET, TP_SIZE_LARGEST);
    page = begin("Ler mais");
    add_long_words(tp_page_body(page));
    (void)tp_page_back(page, "Não, terminar agora", act(ACT_BACK));
    (void)tp_page_extra(page, "Aviso de privacidade", TP_ICON_LOCK, act(ACT_ONE));
    (void)tp_page_primary(page, "Sim, podem perguntar", act(ACT_NEXT));
    end_or_fail();
    assert_true(tp_ui_parts(stage.ui) > 1);
    for (size_t part = 0; part < tp_ui_parts(stage.ui); part++) {
        tp_ui_show_part(stage.ui, part);
        back = must_see("page:back");
        primary = must_see("page:primary");
        assert_true(primary.x_mm - back.x_mm - back.width_mm >= 2.54 - HAIR_MM);
        assert_int_equal(ui_seen(stage.ui, "page:extra", &extra),
                         part + 1 == tp_ui_parts(stage.ui));
    }
    assert_int_equal(extra.place, TP_PLACE_BODY);
    assert_true(tp_ui_action_of(stage.ui, tp_ui_target_of(stage.ui, "page:extra"), &action));
    assert_int_equal(action.id, ACT_ONE);
}

/* Whoever is asked whether they are still there answers without turning the page. */
static void a_large_button_stands_on_every_part(void **state)
{
    struct tp_action action;
    struct tp_page *page;

    (void)state;
    open_on(TABLET, TP_SIZE_LARGEST);
    page = begin(NULL);
    add_long_words(tp_page_body(page));
    (void)tp_ui_button(tp_page_body(page), &(struct tp_button){.id = "still-here",
                                                               .label = tp_words("I'm still here"),
                                                               .kind = TP_BUTTON_PRIMARY,
                                                               .large = true,
                                                               .action = act(ACT_ONE)});
    (void)tp_page_extra(page, "Clear and start again", TP_ICON_NONE, act(ACT_NEXT));
    end_or_fail();
    assert_true(tp_ui_parts(stage.ui) > 1);
    for (size_t part = 0; part < tp_ui_parts(stage.ui); part++) {
        tp_ui_show_part(stage.ui, part);
        assert_int_equal(must_see("still-here").place, TP_PLACE_ACTIONS);
    }
    assert_true(tp_ui_action_of(stage.ui, tp_ui_target_of(stage.ui, "still-here"), &action));
    assert_int_equal(action.id, ACT_ONE);
    /* Where there is room it is large. */
    tp_ui_set_screen(stage.ui, tp_screen_make(1920, 1080, 476, 0));
    stage_look(&stage, TP_SIZE_SMALL, TP_THEME_STANDARD, true, "en");
    page = begin(NULL);
    (void)tp_ui_button(tp_page_body(page), &(struct tp_button){.id = "still-here",
                                                               .label = tp_words("I'm still here"),
                                                               .large = true,
                                                               .action = act(ACT_ONE)});
    end_or_fail();
    assert_int_equal(must_see("still-here").place, TP_PLACE_BODY);
}

/* ---- the keys ---- */

static void check_key(void *context, const struct tp_seen *key)
{
    double least = *(const double *)context;

    if (key->kind != TP_KIND_KEY)
        return;
    if (!key->text_count && key->sign.w <= 0)
        fail_msg("the key '%s' shows nothing", key->label);
    if (!key->text_count)
        return;
    if (key->texts[0].capital_mm < least - HAIR_MM)
        fail_msg("'%s' is %.2f mm, not %.2f", key->label, key->texts[0].capital_mm, least);
    if (key->texts[0].lines != 1 || key->texts[0].box.h > key->box.h)
        fail_msg("'%s' has no room in its key", key->label);
}

static void a_sign_stands_for_words_that_are_too_long_for_their_key(void **state)
{
    static const struct tp_key keys[] = {
        {.label = "123", .units = 1.8, .word = true},
        {.label = "ú", .units = 1},
        {.label = "espaço", .units = 2.2, .icon = TP_ICON_SPACE},
        {.label = "Apagar", .units = 1.8, .icon = TP_ICON_DELETE, .word = true},
        {.label = "Ștergeți cuvântul", .units = 2.4, .icon = TP_ICON_DELETE_WORD, .word = true},
    };
    struct tp_node *row;
    struct tp_page *page;
    double least;

    (void)state;
    for (int size = 0; size < TP_SIZE_COUNT; size++) {
        open_on(TABLET, (enum tp_size)size);
        least = size == TP_SIZE_LARGEST ? tp_screen_mm_of(&stage.screen, 0.7)
                                        : tp_sizes[TP_SIZE_SMALL].capital_mm;
        page = begin(NULL);
        row = tp_ui_key_row(tp_ui_keyboard(tp_page_dock(page)));
        for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
            (void)tp_ui_key(row, &keys[i]);
        end_or_fail();
        tp_ui_walk(stage.ui, check_key, &least);
        if (size + 1 < TP_SIZE_COUNT)
            stage_close(&stage);
    }
}

/* ---- the body ---- */

static void check_size(void *context, const struct tp_seen *seen)
{
    (void)context;
    for (size_t i = 0; i < seen->text_count; i++)
        if (seen->place == TP_PLACE_BODY &&
            seen->texts[i].capital_mm < tp_sizes[TP_SIZE_LARGEST].capital_mm - HAIR_MM)
            fail_msg("'%s' is %.2f mm", seen->texts[i].text, seen->texts[i].capital_mm);
}

static void nothing_is_smaller_than_its_size(void)
{
    for (size_t part = 0; part < tp_ui_parts(stage.ui); part++) {
        tp_ui_show_part(stage.ui, part);
        tp_ui_walk(stage.ui, check_size, NULL);
    }
    tp_ui_show_part(stage.ui, 0);
}

static void add_answer(struct tp_node *list, const char *id, const char *words, const char *hint)
{
    (void)tp_ui_choice(list, &(struct tp_answer){.id = id,
                                                 .label = tp_words(words),
                                                 .hint = tp_words(hint),
                                                 .picture = PICTURES "book.svg",
                                                 .picture_alt = "A book",
                                                 .mark = TP_MARK_RADIO,
                                                 .action = act(ACT_ONE)});
}

static void answers_side_by_side_split_no_word(void **state)
{
    struct tp_node *row;

    (void)state;
    open_on(PORTRAIT, TP_SIZE_LARGEST);
    row = tp_ui_row(tp_page_body(begin(NULL)), 0, 60);
    add_answer(row, "standard", "Standard", "");
    add_answer(row, "easy", "Easy Read, with pictures", "");
    end_or_fail();
    assert_false(must_see("easy").texts[0].split_word);
    assert_true(must_see("easy").box.y > must_see("standard").box.y);
}

/* In two columns these are taller than a part. */
static void answers_that_are_too_tall_in_two_columns_stand_in_one(void **state)
{
    struct tp_node *list;

    (void)state;
    open_on(TABLET, TP_SIZE_LARGEST);
    list = tp_ui_choices(tp_page_body(begin(NULL)));
    add_answer(list, "one", "20 mph limits and crossings", "About 7 minutes");
    add_answer(list, "two", "Opening hours and services", "About 6 minutes");
    end_or_fail();
    nothing_is_smaller_than_its_size();
    assert_true(must_see("one").width_mm > 150);
}

/* Four lines beside a picture have no room between title line and actions. */
static void the_title_line_gives_way_to_the_tallest_answer(void **state)
{
    struct tp_page *page;
    struct tp_node *list;
    struct tp_seen title;

    (void)state;
    open_on(TABLET, TP_SIZE_LARGEST);
    page = begin("More answers");
    list = tp_ui_choices(tp_page_body(page));
    add_answer(list, "british", "Angielska, walijska, szkocka, północnoirlandzka lub brytyjska",
               "");
    add_answer(list, "irish", "Irlandzka", "");
    add_answer(list, "other", "Inne białe pochodzenie", "");
    (void)tp_page_back(page, "Wstecz", act(ACT_BACK));
    (void)tp_page_primary(page, "Dalej", act(ACT_NEXT));
    add_bar(page, NULL);
    end_or_fail();
    nothing_is_smaller_than_its_size();
    assert_false(ui_seen(stage.ui, "page:title", &title));
    assert_true(must_see("page:back").box.y < must_see("british").box.y);
}

/* Between title line and actions a seven-inch display has two lines of text. */
static void the_title_line_gives_way_where_a_part_is_low(void **state)
{
    struct tp_page *page;
    struct tp_seen title;

    (void)state;
    open_on(TABLET, TP_SIZE_MEDIUM);
    for (int low = 0; low < 2; low++) {
        tp_ui_set_screen(stage.ui, low ? tp_screen_make(800, 480, 154, 0) : stage.screen);
        page = begin("Read more");
        add_long_words(tp_page_body(page));
        (void)tp_page_back(page, "Back", act(ACT_BACK));
        (void)tp_page_primary(page, "Start", act(ACT_NEXT));
        add_bar(page, NULL);
        end_or_fail();
        assert_true(tp_ui_parts(stage.ui) > 1);
        assert_int_equal(ui_seen(stage.ui, "page:title", &title), !low);
        assert_int_equal(must_see("page:back").y_mm < 30, low);
    }
}

/* The picture is taller than the room that the keys leave, and stands beside them. */
static void the_picture_beside_keys_keeps_below_the_title(void **state)
{
    struct tp_seen progress, picture;
    struct tp_node *keyboard;
    struct tp_page *page;

    (void)state;
    open_on(WALL, TP_SIZE_SMALL);
    page = tp_ui_begin(stage.ui, &(struct tp_page_spec){.id = "picture",
                                                        .title = "About you",
                                                        .progress = 0.3,
                                                        .picture = PICTURES "book.svg",
                                                        .picture_alt = "A book"});
    (void)tp_ui_heading(tp_page_body(page), tp_words("What day was it?"));
    keyboard = tp_ui_keyboard(tp_page_dock(page));
    for (int i = 0; i < 6; i++)
        (void)tp_ui_key(tp_ui_key_row(keyboard), &(struct tp_key){.label = "1", .units = 1});
    end_or_fail();
    progress = must_see("page:progress");
    picture = must_see("page:picture");
    assert_true(picture.box.y >= progress.box.y + progress.box.h);
}

static void find_answer(void *context, const struct tp_seen *seen)
{
    bool *found = context;

    *found = *found || strcmp(seen->label, "Prefer not to say") == 0;
}

/* Question, answer and button are taller than a part together: the button stays with the answer. */
static void an_answer_stands_with_the_button_that_changes_it(void **state)
{
    struct tp_page *page;
    struct tp_seen change;
    bool answer = false;
    size_t part = 0;

    (void)state;
    open_on(TABLET, TP_SIZE_LARGEST);
    page = begin("More answers");
    (void)tp_ui_summary(
        tp_page_body(page),
        &(struct tp_summary){.id = "row",
                             .question = tp_words("Why have you not used a library in the last "
                                                  "12 months?"),
                             .answer = tp_words("Prefer not to say"),
                             .change = "Change this answer",
                             .action = act(ACT_ONE)});
    (void)tp_page_primary(page, "Send my answers", act(ACT_NEXT));
    add_bar(page, NULL);
    end_or_fail();
    assert_true(tp_ui_parts(stage.ui) > 1);
    while (tp_ui_show_part(stage.ui, part), !ui_seen(stage.ui, "row:change", &change))
        part++;
    tp_ui_walk(stage.ui, find_answer, &answer);
    assert_true(answer);
}

/* ---- a page without end ---- */

/* More than anybody writes: every answer is there, on as many parts as it takes. */
static void the_longest_answers_are_cut_into_as_many_parts_as_they_take(void **state)
{
    static const char sentence[] = "The bus comes once an hour and never when you are open. ";
    char *answer = calloc(200, sizeof(sentence));
    struct tp_page *page;
    struct tp_seen last;

    (void)state;
    assert_non_null(answer);
    for (int i = 0; i < 200; i++)
        memcpy(answer + (size_t)i * (sizeof(sentence) - 1), sentence, sizeof(sentence));
    open_on(TABLET, TP_SIZE_LARGEST);
    page = begin("More answers");
    for (int i = 0; i < 8; i++) {
        char id[32];

        (void)snprintf(id, sizeof(id), "row:%d", i);
        (void)tp_ui_summary(tp_page_body(page),
                            &(struct tp_summary){.id = id,
                                                 .question = tp_words("What would be better?"),
                                                 .answer = tp_words(answer),
                                                 .change = "Change",
                                                 .action = act(ACT_ONE)});
    }
    (void)tp_page_primary(page, "Send my answers", act(ACT_NEXT));
    end_or_fail();
    free(answer);
    assert_true(tp_ui_parts(stage.ui) > 512);
    tp_ui_show_part(stage.ui, tp_ui_parts(stage.ui) - 1);
    assert_true(ui_seen(stage.ui, "row:7", &last));
    assert_true(ui_seen(stage.ui, "row:7:change", &last));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(more_says_less_where_words_are_long, close_stage),
        cmocka_unit_test_teardown(more_says_what_of_where_there_is_room, close_stage),
        cmocka_unit_test_teardown(an_action_without_room_ends_the_body, close_stage),
        cmocka_unit_test_teardown(a_large_button_stands_on_every_part, close_stage),
        cmocka_unit_test_teardown(a_sign_stands_for_words_that_are_too_long_for_their_key,
                                  close_stage),
        cmocka_unit_test_teardown(answers_side_by_side_split_no_word, close_stage),
        cmocka_unit_test_teardown(answers_that_are_too_tall_in_two_columns_stand_in_one,
                                  close_stage),
        cmocka_unit_test_teardown(the_title_line_gives_way_to_the_tallest_answer, close_stage),
        cmocka_unit_test_teardown(the_title_line_gives_way_where_a_part_is_low, close_stage),
        cmocka_unit_test_teardown(the_picture_beside_keys_keeps_below_the_title, close_stage),
        cmocka_unit_test_teardown(an_answer_stands_with_the_button_that_changes_it, close_stage),
        cmocka_unit_test_teardown(the_longest_answers_are_cut_into_as_many_parts_as_they_take,
                                  close_stage),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
