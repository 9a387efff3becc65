/* Paragraphs: where their lines end. */
#include <string.h>

#include "gfx_fonts.h"

static void lines_break_between_words(void **state)
{
    static const char text[] = "How do you usually travel to the library when it rains?";
    struct tp_text_layout *layout = lay(text, 300);
    struct tp_text_line line;

    (void)state;
    assert_true(tp_text_lines(layout) > 2);
    assert_false(tp_text_split_word(layout));
    for (size_t i = 0; tp_text_line_at(layout, i, &line); i++) {
        assert_true(line.width <= 300);
        assert_true(line.start == 0 || text[line.start - 1] == ' ');
        assert_true(text[line.start + line.length] == ' ' || text[line.start + line.length] == 0);
    }
    tp_text_free(layout);
}

static void nothing_is_lost_between_lines(void **state)
{
    static const char text[] = "one two three four five six seven eight nine ten eleven twelve";

    (void)state;
    for (int width = 130; width < 700; width += 37) {
        struct tp_text_layout *layout = lay(text, width);
        struct tp_text_line line;
        char joined[128] = "";

        for (size_t i = 0; tp_text_line_at(layout, i, &line); i++) {
            size_t used = strlen(joined);

            (void)snprintf(joined + used, sizeof(joined) - used, "%s%.*s", used ? " " : "",
                           (int)line.length, text + line.start);
        }
        assert_string_equal(joined, text);
        tp_text_free(layout);
    }
}

static void a_word_is_split_only_when_it_alone_is_too_wide(void **state)
{
    struct tp_text_layout *layout =
        lay("Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch", 200);
    struct tp_text_line line;

    (void)state;
    assert_true(tp_text_split_word(layout));
    assert_true(tp_text_lines(layout) > 3);
    for (size_t i = 0; tp_text_line_at(layout, i, &line); i++)
        assert_true(line.width <= 200);
    tp_text_free(layout);
}

static void an_address_goes_on_after_its_at(void **state)
{
    static const char *const lines[] = {"comments@", "oxfordshire.", "example.", "gov.uk"};
    struct tp_text_layout *layout = lay("comments@oxfordshire.example.gov.uk", 200);
    struct tp_text_line line;

    (void)state;
    assert_false(tp_text_split_word(layout));
    assert_int_equal(tp_text_lines(layout), sizeof(lines) / sizeof(lines[0]));
    for (size_t i = 0; tp_text_line_at(layout, i, &line); i++) {
        assert_int_equal(line.length, strlen(lines[i]));
        assert_memory_equal("comments@oxfordshire.example.gov.uk" + line.start, lines[i],
                            line.length);
    }
    tp_text_free(layout);
}

static void a_cluster_is_never_split(void **state)
{
    /* e and a combining acute, over and over: every line holds whole pairs of three bytes. */
    char text[3 * 60 + 1] = "";
    struct tp_text_layout *layout;
    struct tp_text_line line;

    (void)state;
    for (int i = 0; i < 60; i++)
        memcpy(text + (size_t)i * 3, "e\xCC\x81", 4);
    layout = lay(text, 150);
    assert_true(tp_text_lines(layout) > 1);
    for (size_t i = 0; tp_text_line_at(layout, i, &line); i++)
        assert_int_equal(line.length % 3, 0);
    tp_text_free(layout);
}

static void no_line_has_more_than_eighty_characters(void **state)
{
    char text[1200] = "";
    struct tp_text_layout *layout;
    struct tp_text_line line;

    (void)state;
    for (int i = 0; i < 200; i++)
        memcpy(text + (size_t)i * 3, "il ", 4);
    layout = lay(text, 5000);
    assert_true(tp_text_lines(layout) > 1);
    for (size_t i = 0; tp_text_line_at(layout, i, &line); i++)
        assert_true(line.characters <= TP_LINE_CHARACTERS_MAX);
    tp_text_free(layout);
}

static void line_feeds_part_lines(void **state)
{
    struct tp_text_layout *layout = lay("one\ntwo\n\nfour", 0);
    struct tp_text_line line;

    (void)state;
    assert_int_equal(tp_text_lines(layout), 4);
    assert_true(tp_text_line_at(layout, 2, &line));
    assert_int_equal(line.length, 0);
    assert_true(tp_text_line_at(layout, 3, &line));
    assert_int_equal(line.length, 4);
    tp_text_free(layout);
    layout = lay("", 100);
    assert_int_equal(tp_text_lines(layout), 1);
    tp_text_free(layout);
    layout = lay("end\n", 100);
    assert_int_equal(tp_text_lines(layout), 2);
    tp_text_free(layout);
}

static void lines_past_the_limit_are_dropped_and_said_so(void **state)
{
    struct tp_text_layout *layout =
        tp_text_layout(fonts, &(struct tp_text_spec){.text = "one two three four five six",
                                                     .capital_px = CAPITAL,
                                                     .width = 120,
                                                     .max_lines = 2});

    (void)state;
    assert_int_equal(tp_text_lines(layout), 2);
    assert_true(tp_text_truncated(layout));
    tp_text_free(layout);
}

/* The words of the line, which has to be there. */
static void has_line(const struct tp_text_layout *layout, const char *text, size_t index,
                     const char *words)
{
    struct tp_text_line line;

    assert_true(tp_text_line_at(layout, index, &line));
    assert_int_equal(line.length, strlen(words));
    assert_memory_equal(text + line.start, words, line.length);
}

static struct tp_text_layout *lay_typed(const char *text, int width)
{
    struct tp_text_layout *layout = tp_text_layout(
        fonts,
        &(struct tp_text_spec){.text = text, .capital_px = CAPITAL, .width = width, .typed = true});

    assert_non_null(layout);
    return layout;
}

static void two_lines_are_shared(void **state)
{
    static const char text[] = "This can be using a library from home.\nIt is free.";
    struct tp_text_layout *layout = lay(text, 470);

    (void)state;
    has_line(layout, text, 0, "This can be using a");
    has_line(layout, text, 1, "library from home.");
    has_line(layout, text, 2, "It is free.");
    tp_text_free(layout);
}

static void no_last_line_is_a_word_alone(void **state)
{
    static const char text[] = "Libraries Survey Team, Room Four, County Hall, New Road, OX1 1ND";
    size_t alone = 0;

    (void)state;
    for (int width = 300; width < 900; width += 7) {
        struct tp_text_layout *full = lay_typed(text, width), *fair = lay(text, width);
        struct tp_text_line line;

        assert_int_equal(tp_text_lines(fair), tp_text_lines(full));
        assert_true(tp_text_line_at(full, tp_text_lines(full) - 1, &line));
        alone += line.length <= strlen("1ND");
        assert_true(tp_text_line_at(fair, tp_text_lines(fair) - 1, &line));
        assert_true(line.length > strlen("1ND"));
        tp_text_free(full);
        tp_text_free(fair);
    }
    assert_true(alone > 0);
}

static void words_stay_where_they_were_typed(void **state)
{
    static const char text[] = "This can be using a library from home.";
    struct tp_text_layout *layout = lay_typed(text, 470);

    (void)state;
    has_line(layout, text, 1, "home.");
    tp_text_free(layout);
}

static void scripts_without_spaces_break_too(void **state)
{
    struct tp_text_layout *layout = lay("您通常怎样去图书馆？请选择一个答案。", 200);

    (void)state;
    assert_true(tp_text_lines(layout) > 1);
    assert_false(tp_text_split_word(layout));
    tp_text_free(layout);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_break_between_words),
        cmocka_unit_test(nothing_is_lost_between_lines),
        cmocka_unit_test(a_word_is_split_only_when_it_alone_is_too_wide),
        cmocka_unit_test(an_address_goes_on_after_its_at),
        cmocka_unit_test(a_cluster_is_never_split),
        cmocka_unit_test(no_line_has_more_than_eighty_characters),
        cmocka_unit_test(line_feeds_part_lines),
        cmocka_unit_test(lines_past_the_limit_are_dropped_and_said_so),
        cmocka_unit_test(two_lines_are_shared),
        cmocka_unit_test(no_last_line_is_a_word_alone),
        cmocka_unit_test(words_stay_where_they_were_typed),
        cmocka_unit_test(scripts_without_spaces_break_too),
    };

    return cmocka_run_group_tests(tests, open_fonts, close_fonts);
}
