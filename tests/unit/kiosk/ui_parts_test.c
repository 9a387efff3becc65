/* How a page that is too long for the display is cut: evenly, between sentences, and with the
 * picture of an idea beside every part of its words. */
#include "tp_test.h"

#include "ui_one_stage.h"

#define WALL 0
#define TABLET 2
#define PORTRAIT 1

static struct tp_node *begin(const char *id)
{
    return tp_page_body(
        tp_ui_begin(stage.ui, &(struct tp_page_spec){.id = id, .progress = -1, .more = "More"}));
}

static void count_choice(void *context, const struct tp_seen *seen)
{
    size_t *count = context;

    *count += seen->kind == TP_KIND_CHOICE;
}

/* How many answers each part of a page of `all` of them shows: on the first and on the last. */
static void count_answers(int all, size_t *first, size_t *last)
{
    struct tp_node *list = tp_ui_choices(begin("answers"));
    size_t sum = 0;

    for (int i = 0; i < all; i++) {
        char id[32];

        (void)snprintf(id, sizeof(id), "choice:%d", i);
        (void)tp_ui_choice(list, &(struct tp_answer){.id = id,
                                                     .label = tp_words("I get there on the bus"),
                                                     .mark = TP_MARK_RADIO,
                                                     .action = act(ACT_ONE)});
    }
    end_or_fail();
    for (size_t part = 0; part < tp_ui_parts(stage.ui); part++) {
        *last = 0;
        tp_ui_show_part(stage.ui, part);
        tp_ui_walk(stage.ui, count_choice, last);
        *first = part ? *first : *last;
        sum += *last;
    }
    assert_int_equal(sum, all);
}

/* A portrait screen has five of these answers on a part: a sixth does not stand alone on the next.
 */
static void no_part_is_left_with_one_answer(void **state)
{
    size_t first, last, full = 0;

    (void)state;
    open_on(PORTRAIT, TP_SIZE_LARGEST);
    for (int all = 2; all < 40; all++) {
        count_answers(all, &first, &last);
        full = first > full ? first : full;
        assert_true(tp_ui_parts(stage.ui) == 1 || last * 3 >= first);
    }
    assert_true(full > 3); /* else one answer would be no little */
    count_answers((int)full, &first, &last);
    assert_int_equal(first, full); /* what fits is not parted */
}

static void count_lines(void *context, const struct tp_seen *seen)
{
    size_t *lines = context;

    if (seen->place == TP_PLACE_BODY && seen->kind == TP_KIND_TEXT)
        *lines += seen->texts[0].lines;
}

static size_t lines_of(size_t part)
{
    size_t lines = 0;

    tp_ui_show_part(stage.ui, part);
    tp_ui_walk(stage.ui, count_lines, &lines);
    return lines;
}

/* Each of these sentences takes two lines of a tablet in the largest size; three lines fit. */
static void a_part_ends_with_a_sentence(void **state)
{
    static const char text[] = "We want to know what times are good.\n"
                               "Tell us about the library that you use.\n"
                               "We want to know what times are bad.\n"
                               "Tell us about the library that you like.";

    (void)state;
    open_on(TABLET, TP_SIZE_LARGEST);
    (void)tp_ui_text(begin("sentences"), TP_STYLE_BODY, tp_words(text));
    end_or_fail();
    assert_true(tp_ui_parts(stage.ui) > 1);
    for (size_t part = 0; part < tp_ui_parts(stage.ui); part++) {
        size_t lines = lines_of(part);

        assert_true(lines > 0);
        assert_int_equal(lines % 2, 0);
    }
}

/* The address takes more than one line of a tablet held upright in the largest size. */
#define ADDRESS "libraries@oxfordshire.example.gov.uk"

/* A page of some short lines, and of addresses after them. */
static void show_addresses(size_t before, size_t addresses)
{
    char text[16 * sizeof(ADDRESS)] = "";

    for (size_t i = 0; i < before + addresses; i++)
        (void)snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s%s", i ? "\n" : "",
                       i < before ? "Write." : ADDRESS);
    (void)tp_ui_text(begin("addresses"), TP_STYLE_BODY, tp_words(text));
    end_or_fail();
}

static void an_address_is_not_parted(void **state)
{
    size_t each;

    (void)state;
    open_on(TABLET, TP_SIZE_LARGEST);
    tp_ui_set_screen(stage.ui, tp_screen_make(800, 1280, 135.6, 0));
    show_addresses(0, 1);
    each = lines_of(0);
    assert_true(each > 1);
    for (size_t before = 0; before < each; before++)
        for (size_t addresses = 4; addresses < 12; addresses++) {
            show_addresses(before, addresses);
            assert_true(tp_ui_parts(stage.ui) > 1);
            assert_int_equal((lines_of(0) - before) % each, 0);
            for (size_t part = 1; part < tp_ui_parts(stage.ui); part++)
                assert_int_equal(lines_of(part) % each, 0);
        }
}

static void remember_style(void *context, const struct tp_seen *seen)
{
    enum tp_style *style = context;

    if (seen->place == TP_PLACE_BODY && seen->kind == TP_KIND_TEXT)
        *style = seen->texts[0].style;
}

static void no_part_ends_with_a_title(void **state)
{
    (void)state;
    open_on(TABLET, TP_SIZE_MEDIUM);
    for (int lines = 1; lines < 8; lines++) {
        struct tp_node *body = begin("titles");

        for (int i = 0; i < 8; i++) {
            (void)tp_ui_text(body, TP_STYLE_BOLD, tp_words("Your privacy"));
            for (int line = 0; line < lines; line++)
                (void)tp_ui_text(body, TP_STYLE_BODY, tp_words("We do not ask for your name."));
        }
        end_or_fail();
        assert_true(tp_ui_parts(stage.ui) > 1);
        for (size_t part = 0; part < tp_ui_parts(stage.ui); part++) {
            enum tp_style last = TP_STYLE_BOLD;

            tp_ui_show_part(stage.ui, part);
            tp_ui_walk(stage.ui, remember_style, &last);
            assert_int_equal(last, TP_STYLE_BODY);
        }
    }
}

static struct tp_node *begin_with_heading(void)
{
    struct tp_node *body = begin("heading");

    (void)tp_ui_text(
        body, TP_STYLE_HEADING,
        tp_words("How happy are you with the times that your library is open now, in "
                 "the week and at the weekend, in winter and in summer, and what would "
                 "you say to us about all of it if nobody else were in the room"));
    return body;
}

/* A heading goes with what it leads to; where that has no room, all of it stands alone. */
static void a_heading_is_not_parted_in_the_middle_of_its_words(void **state)
{
    static const char piece[] = "people who come on the bus and go home late, ";
    char label[900] = ""; /* taller than a part, its words would be smaller */
    size_t all;

    (void)state;
    open_on(PORTRAIT, TP_SIZE_LARGEST);
    (void)begin_with_heading();
    end_or_fail();
    all = lines_of(0);
    assert_true(all > 3 && tp_ui_parts(stage.ui) == 1); /* fewer would be whole in any case */
    for (size_t at = 0; at + sizeof(piece) < sizeof(label); at += strlen(piece)) {
        struct tp_node *body = begin_with_heading();

        memcpy(label + at, piece, sizeof(piece));
        (void)tp_ui_choice(tp_ui_choices(body), &(struct tp_answer){.id = "choice:one",
                                                                    .label = tp_words(label),
                                                                    .mark = TP_MARK_RADIO,
                                                                    .action = act(ACT_ONE)});
        end_or_fail();
        assert_int_equal(lines_of(0), all);
    }
    assert_true(tp_ui_parts(stage.ui) > 1);
}

static void count_steps(void *context, const struct tp_seen *seen)
{
    size_t *count = context;

    *count += strncmp(seen->id, "step:", 5) == 0;
}

static void add_steps(struct tp_node *scale, int count, const char *label, const char *picture)
{
    (void)tp_ui_scale(scale);
    for (int i = 0; i < count; i++) {
        char id[32];

        (void)snprintf(id, sizeof(id), "step:%d", i);
        (void)tp_ui_choice(scale, &(struct tp_answer){.id = id,
                                                      .label = tp_words(label),
                                                      .mark = TP_MARK_RADIO,
                                                      .picture = picture,
                                                      .action = act(ACT_ONE)});
    }
}

/* Five stars under a question of more and more words, until they no longer stand below it. */
static void a_scale_is_not_parted_between_its_steps(void **state)
{
    char question[200] = "";
    bool apart = false;

    (void)state;
    open_on(TABLET, TP_SIZE_LARGEST);
    for (size_t words = 0; words < 30; words++) {
        struct tp_node *body = begin("scale");
        size_t steps = 0;

        (void)snprintf(question + strlen(question), sizeof(question) - strlen(question), "happy ");
        (void)tp_ui_heading(body, tp_words(question));
        add_steps(tp_ui_grid(body, 40, 0), 5, "1", NULL);
        end_or_fail();
        tp_ui_show_part(stage.ui, tp_ui_parts(stage.ui) - 1);
        tp_ui_walk(stage.ui, count_steps, &steps);
        assert_int_equal(steps, 5);
        apart = apart || tp_ui_parts(stage.ui) > 1;
    }
    assert_true(apart);
}

/* Six steps below one another: closer together they have room that they have not as they are. */
static void a_scale_stands_closer_sooner_than_it_is_parted(void **state)
{
    struct tp_page *page;
    struct tp_node *body;
    size_t steps = 0;

    (void)state;
    open_on(WALL, TP_SIZE_LARGEST);
    page = tp_ui_begin(
        stage.ui, &(struct tp_page_spec){.id = "close", .title = "Your library", .progress = 0.5});
    end_page(page, "Back", "Continue");
    body = tp_page_body(page);
    (void)tp_ui_heading(body, tp_words("Opening without staff"));
    (void)tp_ui_text(body, TP_STYLE_BODY,
                     tp_words("Some libraries in England open early and late with no staff. People "
                              "go in with a library card and a PIN. There are cameras."));
    (void)tp_ui_text(body, TP_STYLE_SUBHEAD, tp_words("Would you like that at some times?"));
    add_steps(tp_ui_column(body, 0), 6, "I do not mind", NULL);
    end_or_fail();
    assert_int_equal(tp_ui_parts(stage.ui), 2);
    tp_ui_show_part(stage.ui, 1);
    tp_ui_walk(stage.ui, count_steps, &steps);
    assert_int_equal(steps, 6);
}

/* Six steps with pictures on a tablet held upright, in each size: the actions take the place of the
 * title line, and the pictures get smaller, sooner than the steps are parted; where even so there
 * is no room for all, they stand on two parts, three on each. */
static void a_scale_of_pictures_stays_together_on_a_tall_tablet(void **state)
{
    (void)state;
    for (int size = 0; size < TP_SIZE_COUNT; size++) {
        bool room = size < TP_SIZE_LARGEST;
        size_t parts = 0, most = 0;
        struct tp_page *page;

        open_on(TABLET, (enum tp_size)size);
        tp_ui_set_screen(stage.ui, tp_screen_make(800, 1280, 135.6, 0));
        page = tp_ui_begin(stage.ui,
                           &(struct tp_page_spec){.id = "tall", .title = "Hours", .progress = 0.5});
        end_page(page, "Back", "Continue");
        (void)tp_ui_heading(tp_page_body(page), tp_words("Do you want your library to open "
                                                         "without staff sometimes?"));
        add_steps(tp_ui_choices(tp_page_body(page)), 6,
                  room ? "I do not know" : "No, I do not like it", "tests/golden/none.png");
        end_or_fail();
        for (size_t part = 0; part < tp_ui_parts(stage.ui); part++) {
            size_t steps = 0;

            tp_ui_show_part(stage.ui, part);
            tp_ui_walk(stage.ui, count_steps, &steps);
            parts += steps > 0;
            most = steps > most ? steps : most;
        }
        assert_int_equal(parts, room ? 1 : 2);
        assert_int_equal(most, room ? 6 : 3);
        stage_close(&stage);
    }
    open_on(TABLET, TP_SIZE_MEDIUM);
}

static void count_headings(void *context, const struct tp_seen *seen)
{
    size_t *count = context;

    *count += seen->text_count && seen->texts[0].style == TP_STYLE_HEADING;
}

/* Eight answers of three lines each, on a tablet held upright: with the question on every part one
 * of them would have room on each, without it two. Short ones keep it on every part. */
static void a_question_stands_once_where_it_leaves_room_for_one_answer(void **state)
{
    static const struct {
        const char *label;
        bool everywhere;
    } cases[] = {{"Borrowing books, films or games", false}, {"Something else", true}};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        size_t headings = 0, parts;
        struct tp_page *page;

        open_on(TABLET, TP_SIZE_LARGEST);
        tp_ui_set_screen(stage.ui, tp_screen_make(800, 1280, 135.6, 0));
        page = tp_ui_begin(stage.ui,
                           &(struct tp_page_spec){.id = "long", .title = "Hours", .progress = 0.5});
        end_page(page, "Back", "Continue");
        (void)tp_ui_heading(tp_page_body(page), tp_words("What do you use the library for?"));
        for (int answer = 0; answer < 8; answer++)
            (void)tp_ui_choice(tp_page_body(page),
                               &(struct tp_answer){.id = "answer",
                                                   .label = tp_words(cases[i].label),
                                                   .mark = TP_MARK_CHECKBOX,
                                                   .action = act(ACT_ONE)});
        end_or_fail();
        parts = tp_ui_parts(stage.ui);
        for (size_t part = 0; part < parts; part++) {
            tp_ui_show_part(stage.ui, part);
            tp_ui_walk(stage.ui, count_headings, &headings);
        }
        assert_in_range(parts, 2, 5);
        assert_int_equal(headings, cases[i].everywhere ? parts : 1);
        stage_close(&stage);
    }
    open_on(TABLET, TP_SIZE_MEDIUM);
}

/* An answer that is taken away, say, while its part shows. */
static void a_page_that_gets_shorter_shows_its_last_part(void **state)
{
    struct tp_seen turn;
    size_t lines = 0;

    (void)state;
    open_on(TABLET, TP_SIZE_LARGEST);
    (void)tp_ui_text(begin("shorter"), TP_STYLE_BODY,
                     tp_words("One.\nTwo.\nThree.\nFour.\nFive.\nSix.\nSeven.\nEight.\nNine."));
    end_or_fail();
    assert_true(tp_ui_parts(stage.ui) > 1);
    tp_ui_show_part(stage.ui, tp_ui_parts(stage.ui) - 1);
    (void)tp_ui_text(begin("shorter"), TP_STYLE_BODY, tp_words("One."));
    end_or_fail();
    tp_ui_walk(stage.ui, count_lines, &lines);
    assert_int_equal(lines, 1);
    assert_int_equal(tp_ui_part(stage.ui), 0);
    assert_false(ui_seen(stage.ui, "page:up", &turn));
}

static void the_picture_stands_beside_every_part_of_its_idea(void **state)
{
    struct tp_node *row, *column;

    (void)state;
    open_on(TABLET, TP_SIZE_LARGEST);
    row = tp_ui_row(begin("idea"), 0, 0);
    (void)tp_ui_weight(tp_ui_picture(row, &(struct tp_picture){.id = "idea:picture",
                                                               .path = PICTURES "book.svg",
                                                               .alt = "A book",
                                                               .width_mm = 30,
                                                               .height_mm = 30,
                                                               .border = true}),
                       0);
    column = tp_ui_column(row, 1.5);
    (void)tp_ui_text(column, TP_STYLE_BOLD, tp_words("Why we ask"));
    (void)tp_ui_text(column, TP_STYLE_BODY,
                     tp_words("We can change when libraries open.\n"
                              "We want to know what times are good for you.\n"
                              "We want to know what your library should have.\n"
                              "Councillors choose the new times in March."));
    end_or_fail();
    assert_true(tp_ui_parts(stage.ui) > 1);
    for (size_t part = 0; part < tp_ui_parts(stage.ui); part++) {
        struct tp_seen picture = {0}, back = {0};

        assert_true(lines_of(part) > 0);
        assert_true(ui_seen(stage.ui, "idea:picture", &picture));
        assert_true(ui_seen(stage.ui, part ? "page:up" : "page:more", &back));
        assert_true(picture.box.y + picture.box.h <= back.box.y);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(no_part_is_left_with_one_answer, close_stage),
        cmocka_unit_test_teardown(a_part_ends_with_a_sentence, close_stage),
        cmocka_unit_test_teardown(an_address_is_not_parted, close_stage),
        cmocka_unit_test_teardown(no_part_ends_with_a_title, close_stage),
        cmocka_unit_test_teardown(a_heading_is_not_parted_in_the_middle_of_its_words, close_stage),
        cmocka_unit_test_teardown(a_scale_is_not_parted_between_its_steps, close_stage),
        cmocka_unit_test_teardown(a_scale_stands_closer_sooner_than_it_is_parted, close_stage),
        cmocka_unit_test_teardown(a_scale_of_pictures_stays_together_on_a_tall_tablet, close_stage),
        cmocka_unit_test_teardown(a_question_stands_once_where_it_leaves_room_for_one_answer,
                                  close_stage),
        cmocka_unit_test_teardown(a_page_that_gets_shorter_shows_its_last_part, close_stage),
        cmocka_unit_test_teardown(the_picture_stands_beside_every_part_of_its_idea, close_stage),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
