/* What stands around a page: the title line, the actions, the bar; whole, folded, quiet, low. */
#include "tp_test.h"

#include <stdlib.h>

#include "kiosk/ui/lengths.h"
#include "ui_pages.h"
#include "ui_seen.h"

static void show(struct stage *stage, struct tp_look look, size_t language,
                 void (*build)(struct stage *stage))
{
    struct tp_error error = {0};

    bar_language = language;
    tp_ui_forget(stage->ui);
    tp_ui_set_look(stage->ui, look);
    tp_ui_set_language(stage->ui, bar_words[language].tag);
    build(stage);
    bar_language = 0;
    if (!tp_ui_end(stage->ui, &error))
        fail_msg("%s", error.text);
}

static struct tp_look look_of(enum tp_size size)
{
    struct tp_look look = tp_look_default();

    look.size = size;
    return look;
}

static size_t display_of(const char *name)
{
    size_t i = 0;

    while (strcmp(displays[i].name, name) != 0)
        i++;
    return i;
}

static bool seen(struct stage *stage, const char *id)
{
    struct tp_seen found;

    return ui_seen(stage->ui, id, &found);
}

/* ---- T1 ---- */

struct least {
    double capital_mm;
    const char *where;
};

static void check_capital(void *context, const struct tp_seen *node)
{
    const struct least *least = context;

    for (size_t i = 0; i < node->text_count; i++)
        if (node->texts[i].capital_mm < least->capital_mm)
            fail_msg("%s: '%s' is %.2f mm, not %.2f", least->where, node->texts[i].text,
                     node->texts[i].capital_mm, least->capital_mm);
}

/* Every word of a page in the largest size subtends 0.7 degrees (EN 301 549 5.1.4), those of the
 * frame included, on every display, in long languages, at two distances. */
static void the_largest_size_is_large_on_every_display(void **state)
{
    static const double distances[] = {400, 500, 600};

    (void)state;
    for (size_t d = 0; d < DISPLAYS; d++) {
        struct stage stage;

        assert_true(stage_open(&stage, d));
        for (size_t k = 0; k < sizeof(distances) / sizeof(distances[0]); k++)
            for (size_t language = 0; language < BAR_LANGUAGES; language++) {
                struct tp_screen screen = stage.screen;
                struct least least = {.where = displays[d].name};

                screen.viewing_distance_mm = distances[k];
                least.capital_mm = tp_screen_mm_of(&screen, 0.7) - 0.001;
                tp_ui_set_screen(stage.ui, screen);
                show(&stage, look_of(TP_SIZE_LARGEST), language, page_question);
                for (size_t part = 0; part < tp_ui_parts(stage.ui); part++) {
                    tp_ui_show_part(stage.ui, part);
                    tp_ui_walk(stage.ui, check_capital, &least);
                }
                assert_true(seen(&stage, "bar:help"));
                assert_true(seen(&stage, "bar:settings") != seen(&stage, "bar:size"));
            }
        stage_close(&stage);
    }
}

/* ---- the bar ---- */

static void long_words_take_two_lines_and_the_bar_stays_one_row(void **state)
{
    static const char *const ids[] = {"bar:size",   "bar:colours",  "bar:easy",
                                      "bar:listen", "bar:language", "bar:help"};
    struct stage stage;

    (void)state;
    assert_true(stage_open(&stage, display_of("tablet")));
    for (size_t language = 0; language < BAR_LANGUAGES; language++) {
        size_t most = 0;

        show(&stage, look_of(TP_SIZE_MEDIUM), language, page_question);
        for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
            struct tp_seen first, button;

            assert_true(ui_seen(stage.ui, ids[0], &first));
            assert_true(ui_seen(stage.ui, ids[i], &button));
            assert_int_equal(button.box.y, first.box.y);
            assert_false(button.texts[0].split_word);
            assert_true(button.texts[0].capital_mm >= tp_sizes[TP_SIZE_SMALL].capital_mm);
            most = button.texts[0].lines > most ? button.texts[0].lines : most;
        }
        assert_true(most <= 2);
        if (strcmp(bar_words[language].tag, "pl") == 0)
            assert_int_equal(most, 2);
        assert_false(seen(&stage, "bar:settings"));
    }
    stage_close(&stage);
}

/* Folded, it has the settings, what stays, and Help where it stands when the bar is whole. */
static void a_folded_bar_keeps_help_in_its_place(void **state)
{
    struct tp_look quiet = look_of(TP_SIZE_MEDIUM);
    struct tp_seen whole, folded;
    struct tp_action action;
    struct stage stage;

    (void)state;
    quiet.quiet = true;
    assert_true(stage_open(&stage, display_of("wall")));
    show(&stage, look_of(TP_SIZE_MEDIUM), 0, page_question);
    assert_true(ui_seen(stage.ui, "bar:help", &whole));
    assert_false(seen(&stage, "bar:settings"));
    show(&stage, quiet, 0, page_question);
    assert_true(ui_seen(stage.ui, "bar:help", &folded));
    assert_true(abs(folded.box.x + folded.box.w - whole.box.x - whole.box.w) <= 1);
    assert_int_equal(folded.box.y, whole.box.y);
    assert_true(seen(&stage, "bar:settings"));
    assert_true(seen(&stage, "bar:listen"));
    assert_false(seen(&stage, "bar:size"));
    /* What is folded away cannot be reached by keys either. */
    assert_false(tp_ui_action_of(stage.ui, tp_ui_target_of(stage.ui, "bar:size"), &action));
    tp_ui_focus(stage.ui, tp_ui_target_of(stage.ui, "bar:settings"));
    tp_ui_focus_next(stage.ui);
    assert_int_equal(tp_ui_focused(stage.ui), tp_ui_target_of(stage.ui, "bar:listen"));
    tp_ui_focus_next(stage.ui);
    assert_int_equal(tp_ui_focused(stage.ui), tp_ui_target_of(stage.ui, "bar:help"));
    stage_close(&stage);
}

/* A tablet held upright has no second row to give: the buttons stand closer before they take one.
 */
static void a_folded_bar_of_long_words_is_one_row_on_an_upright_tablet(void **state)
{
    static const char *const ids[] = {"bar:settings", "bar:listen", "bar:help"};
    struct stage stage;

    (void)state;
    assert_true(stage_open(&stage, display_of("tablet")));
    tp_ui_set_screen(stage.ui, tp_screen_make(800, 1280, 135.6, 0));
    for (size_t language = 0; language < BAR_LANGUAGES; language++) {
        struct tp_seen first;

        /* "Налаштування" is too long for any row of three. */
        if (strcmp(bar_words[language].tag, "uk") == 0)
            continue;
        show(&stage, look_of(TP_SIZE_LARGEST), language, page_question);
        assert_true(ui_seen(stage.ui, ids[0], &first));
        for (size_t i = 0; i < 3; i++) {
            struct tp_seen button;

            assert_true(ui_seen(stage.ui, ids[i], &button));
            assert_int_equal(button.box.y, first.box.y);
            assert_int_equal(button.texts[0].lines, 1);
            assert_false(button.texts[0].split_word);
            assert_true(button.width_mm >= TP_TARGET_MM);
        }
    }
    stage_close(&stage);
}

static void a_bar_without_settings_is_never_folded(void **state)
{
    struct tp_look quiet = look_of(TP_SIZE_LARGEST);
    struct stage stage;

    (void)state;
    quiet.quiet = true;
    assert_true(stage_open(&stage, display_of("tablet")));
    bar_folds = false;
    show(&stage, quiet, 0, page_question);
    bar_folds = true;
    assert_true(seen(&stage, "bar:size"));
    assert_true(seen(&stage, "bar:help"));
    stage_close(&stage);
}

/* ---- reduced clutter, lower controls ---- */

static void a_quiet_page_has_what_is_needed_only(void **state)
{
    struct tp_look look = look_of(TP_SIZE_MEDIUM);
    struct tp_seen plain, quiet;
    struct stage stage;

    (void)state;
    assert_true(stage_open(&stage, display_of("wall")));
    show(&stage, look, 0, page_question);
    assert_true(seen(&stage, "page:progress"));
    show(&stage, look, 0, page_welcome);
    assert_true(seen(&stage, "picture 1"));
    assert_true(ui_seen(stage.ui, "start", &plain));
    look.quiet = true;
    show(&stage, look, 0, page_welcome);
    assert_false(seen(&stage, "picture 1"));
    assert_true(ui_seen(stage.ui, "start", &quiet));
    show(&stage, look, 0, page_question);
    assert_false(seen(&stage, "page:progress"));
    assert_true(seen(&stage, "page:status"));
    assert_true(seen(&stage, "choice:7"));
    stage_close(&stage);
}

struct top {
    int least;
};

static void find_top(void *context, const struct tp_seen *node)
{
    struct top *top = context;

    if (node->box.h > 0 && node->box.y < top->least)
        top->least = node->box.y;
}

static int top_of(struct stage *stage)
{
    struct top top = {.least = stage->screen.height};

    tp_ui_walk(stage->ui, find_top, &top);
    return top.least;
}

/* On a tall screen a person who sits reaches everything; on a wide one they do anyway. */
static void lower_controls_stand_in_the_lower_part_of_a_tall_screen(void **state)
{
    static const struct {
        void (*build)(struct stage *stage);
    } built[] = {{page_question}, {page_keyboard}, {page_easy_read}, {page_thanks}};

    (void)state;
    for (size_t i = 0; i < sizeof(built) / sizeof(built[0]); i++)
        for (int size = 0; size < TP_SIZE_COUNT; size++) {
            struct tp_look look = look_of((enum tp_size)size);
            struct stage tall, wide;
            int before;

            look.lower = true;
            assert_true(stage_open(&tall, display_of("portrait")));
            show(&tall, look, 0, built[i].build);
            for (size_t part = 0; part < tp_ui_parts(tall.ui); part++) {
                tp_ui_show_part(tall.ui, part);
                assert_true(top_of(&tall) > tall.screen.height * 0.38);
            }
            stage_close(&tall);
            assert_true(stage_open(&wide, display_of("wall")));
            show(&wide, look_of((enum tp_size)size), 0, built[i].build);
            before = top_of(&wide);
            show(&wide, look, 0, built[i].build);
            assert_int_equal(top_of(&wide), before);
            stage_close(&wide);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_largest_size_is_large_on_every_display),
        cmocka_unit_test(long_words_take_two_lines_and_the_bar_stays_one_row),
        cmocka_unit_test(a_folded_bar_keeps_help_in_its_place),
        cmocka_unit_test(a_folded_bar_of_long_words_is_one_row_on_an_upright_tablet),
        cmocka_unit_test(a_bar_without_settings_is_never_folded),
        cmocka_unit_test(a_quiet_page_has_what_is_needed_only),
        cmocka_unit_test(lower_controls_stand_in_the_lower_part_of_a_tall_screen),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
