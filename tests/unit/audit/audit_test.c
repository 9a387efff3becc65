/*
 * tests/audit: every rule of the layout fails where it should: a page (or what the page says of
 * itself) is made to break it, and the fault is named.
 */
#include "audit_made.h"

/* ---- geometry ---- */

static void small_capitals_are_named(void **state)
{
    struct audit_page *page = see_good();

    (void)state;
    HOLDS(page, "T2", "capital");
    text_of(page, TP_STYLE_BODY)->texts[0].capital_mm = 3.0;
    broken(page, "T2", "capital", text_of(page, TP_STYLE_BODY)->id, "wanted 3.5 mm at least");
}

static void a_size_below_its_range_is_named(void **state)
{
    struct audit_page *page = see_good();

    (void)state;
    text_of(page, TP_STYLE_BODY)->texts[0].capital_mm = 4.3;
    broken(page, "T2", "capital", text_of(page, TP_STYLE_BODY)->id, "wanted 4.8 to 5.6");
}

static void too_small_an_angle_in_the_largest_size_is_named(void **state)
{
    struct audit_page *page;

    (void)state;
    audit.variant.size = variant.size = TP_SIZE_LARGEST;
    audit_use(&audit, &variant);
    page = see_good();
    HOLDS(page, "T1", "angle");
    text_of(page, TP_STYLE_BODY)->texts[0].capital_mm = 5.0;
    broken(page, "T1", "angle", text_of(page, TP_STYLE_BODY)->id, "0.58 degrees at 500 mm");
}

static void a_sign_smaller_than_its_words_is_named(void **state)
{
    struct audit_page *page = see_good();

    (void)state;
    HOLDS(page, "T2", "icon");
    box_of(page, "bus")->sign = (SDL_Rect){100, 100, 8, 8};
    broken(page, "T2", "icon", "bus", "the sign is 2.0 mm");
}

static void what_is_cut_is_named(void **state)
{
    struct audit_page *page = see_good();

    (void)state;
    HOLDS(page, "T2", "cut");
    box_of(page, "car")->texts[0].truncated = true;
    broken(page, "T2", "cut", "answers", "is cut off");
    page = see_good();
    box_of(page, "page:back")->texts[0].box.y -= 200;
    broken(page, "T2", "cut", "page:back", "leaves its box");
}

static void what_leaves_the_screen_is_named(void **state)
{
    struct audit_page *page = see_good();

    (void)state;
    HOLDS(page, "T2", "sideways");
    box_of(page, "car")->box.x = page->screen.width - 20;
    broken(page, "T2", "sideways", "answers", "of a screen of 1366 px");
    page = see_good();
    box_of(page, "page:back")->texts[0].width = 9000;
    broken(page, "T2", "sideways", "page:back", "9000 px wide");
}

static void what_overlaps_is_named(void **state)
{
    struct audit_page *page = see_good();

    (void)state;
    HOLDS(page, "T2", "overlap");
    box_of(page, "car")->box = box_of(page, "bus")->box;
    broken(page, "T2", "overlap", "car", "it stands over 'bus'");
}

static void words_that_are_not_clear_print_are_named(void **state)
{
    struct audit_page *page = see_good();
    struct tp_seen_text *text = &text_of(page, TP_STYLE_BODY)->texts[0];
    const char *id = text_of(page, TP_STYLE_BODY)->id;

    (void)state;
    HOLDS(page, "T3", "split word");
    text->split_word = true;
    broken(page, "T3", "split word", id, "split over lines");
    text->fitted = true;
    HOLDS(page, "T3", "split word");
    HOLDS(page, "T3", "long line");
    text->characters = 81;
    broken(page, "T3", "long line", id, "81 characters, wanted 80");
    HOLDS(page, "T3", "line spacing");
    text->lines *= 2;
    broken(page, "T3", "line spacing", id, "wanted 1.5");
    HOLDS(page, "T3", "block of capitals");
    text->text = "Do NOT TOUCH THESE THINGS";
    broken(page, "T3", "block of capitals", id, "TOUCH THESE");
}

static void small_and_close_targets_are_named(void **state)
{
    struct audit_page *page = see_good();
    SDL_Rect box;

    (void)state;
    HOLDS(page, "P1", "target");
    box_of(page, "page:back")->height_mm = 12.6;
    broken(page, "P1", "target", "page:back", "12.60 mm, wanted 12.7");
    HOLDS(page, "P1", "answer");
    box_of(page, "car")->height_mm = 15.9;
    broken(page, "P1", "answer", "answers", "15.90 mm, wanted 16");
    HOLDS(page, "P1", "gap");
    box = box_of(page, "bus")->box;
    box_of(page, "car")->box = (SDL_Rect){box.x, box.y + box.h + 10, box.w, box.h};
    broken(page, "P1", "gap", "car", "2.52 mm from 'bus', wanted 2.54");
}

/* A page of three parts whose second is hidden, and whose last has More. */
static void what_is_not_reached_is_named(void **state)
{
    struct tp_ui *ui = audit.app->ui;
    struct tp_page *made = tp_ui_begin(ui, &(struct tp_page_spec){.id = "long", .progress = -1});
    struct audit_page *page;
    struct tp_error error;

    (void)state;
    for (int i = 0; i < 30; i++)
        (void)tp_ui_text(tp_page_body(made), TP_STYLE_BODY, tp_words("One more paragraph."));
    assert_true(tp_ui_end(ui, &error));
    page = see();
    assert_true(page->parts > 2);
    HOLDS(page, "P6", "more");
    HOLDS(page, "P6", "reach");
    page->parts--;
    page->count = page->first[page->parts];
    broken(page, "P6", "more", "page:more", "has a More");
    broken(page, "P6", "reach", "text 21", "shows on none of");
}

/* Two steps of a scale, the second on a part of its own though both have room. */
static void a_parted_scale_is_named(void **state)
{
    struct audit_page *page = see_good();

    (void)state;
    HOLDS(page, "C3", "scale");
    box_of(page, "bus")->scale = box_of(page, "car")->scale = "row 1";
    HOLDS(page, "C3", "scale");
    for (size_t i = 0; i < page->count; i++)
        page->boxes[i].part = strcmp(page->boxes[i].seen.id, "car") == 0;
    broken(page, "C3", "scale", "row 1", "goes on from part 1 on part 2");
    for (size_t t = 0; t < 2; t++)
        box_of(page, t ? "bus" : "car")->texts[0].box.h = page->screen.height / 2;
    HOLDS(page, "C3", "scale");
}

static void easy_read_without_pictures_is_named(void **state)
{
    struct audit_page *page;

    (void)state;
    audit.variant.easy_read = variant.easy_read = true;
    audit_use(&audit, &variant);
    page = see_good();
    broken(page, "C1", "picture beside", text_of(page, TP_STYLE_HEADING)->id, "no picture stands");
    broken(page, "C1", "sentence", text_of(page, TP_STYLE_BODY)->id, "words, wanted 15 at most");
    text_of(page, TP_STYLE_BODY)->texts[0].text = "You come here. You read.";
    page->name = "made/question:other";
    broken(page, "C1", "sentence", text_of(page, TP_STYLE_BODY)->id,
           "'You read.' is not on a line of its own");
}

/* A row of the check page, and a problem, longer than a part: each part of them has the picture. */
static void a_cut_row_keeps_its_picture(void **state)
{
    struct tp_ui *ui = audit.app->ui;
    const char *path = tp_app_picture(audit.app, "bus.svg");
    char answer[4000] = "";
    struct tp_page *made;
    struct audit_page *page;
    struct tp_error error;
    size_t pictures = 0;

    (void)state;
    for (size_t length = 0; length + 40 < sizeof(answer); length = strlen(answer))
        (void)snprintf(answer + length, sizeof(answer) - length, "The bus came late again.\n");
    audit.variant.easy_read = variant.easy_read = true;
    audit_use(&audit, &variant);
    made = tp_ui_begin(ui, &(struct tp_page_spec){.id = "rows", .progress = -1});
    (void)tp_ui_problem(tp_page_body(made), &(struct tp_problem_box){.id = "problem",
                                                                     .title = tp_words("Look"),
                                                                     .message = tp_words(answer),
                                                                     .picture = path,
                                                                     .picture_alt = "A bus"});
    (void)tp_ui_summary(tp_page_body(made), &(struct tp_summary){.id = "row",
                                                                 .question = tp_words("What?"),
                                                                 .answer = tp_words(answer),
                                                                 .picture = path,
                                                                 .picture_alt = "A bus",
                                                                 .change = "Change",
                                                                 .action = {.id = 1}});
    assert_true(tp_ui_end(ui, &error));
    page = see();
    assert_true(page->parts > 3);
    HOLDS(page, "C1", "picture beside");
    for (size_t i = 0; i < page->count; i++)
        pictures += page->boxes[i].seen.kind == TP_KIND_PICTURE;
    assert_true(pictures >= page->parts);
    for (size_t i = page->first[page->parts - 1]; i < page->count; i++)
        if (page->boxes[i].seen.kind == TP_KIND_PICTURE)
            page->boxes[i].seen.box.x = page->screen.width;
    broken(page, "C1", "picture beside", "rows", "no picture stands");
}

/* ---- measuring ---- */

static void every_rule_is_broken(void **state)
{
    static const char *const tried[] = {"angle",
                                        "capital",
                                        "icon",
                                        "cut",
                                        "sideways",
                                        "overlap",
                                        "ink",
                                        "split word",
                                        "long line",
                                        "reading edge",
                                        "line spacing",
                                        "block of capitals",
                                        "contrast",
                                        "border",
                                        "sign",
                                        "focus",
                                        "chosen by colour",
                                        "still",
                                        "target",
                                        "gap",
                                        "answer",
                                        "more",
                                        "reach",
                                        "scale",
                                        "picture beside",
                                        "sentence",
                                        "picture drawn"};

    (void)state;
    assert_int_equal(audit_rule_count, sizeof(tried) / sizeof(tried[0]));
    for (size_t i = 0; i < audit_rule_count; i++)
        assert_string_equal(audit_rules[i].name, tried[i]);
}

/* One fault in many variants is one line that says what they have in common. */
static void a_fault_is_told_once(void **state)
{
    struct audit_page *page = see_good();
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    (void)state;
    box_of(page, "page:back")->height_mm = 12.6;
    (void)ask(page, "P1", "target");
    audit.variant.language = 1;
    (void)ask(page, "P1", "target");
    assert_int_equal(report.count, 1);
    audit_report_write(&report, out);
    assert_int_equal(fclose(out), 0);
    if (!strstr(text, "P1 target: made/question:travel: library/medium/standard/en: page:back: "))
        fail_msg("%s", text);
    assert_non_null(strstr(text, "(2 variants; library; medium; en, pl; standard words)"));
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EACH(small_capitals_are_named),
        EACH(a_size_below_its_range_is_named),
        EACH(too_small_an_angle_in_the_largest_size_is_named),
        EACH(a_sign_smaller_than_its_words_is_named),
        EACH(what_is_cut_is_named),
        EACH(what_leaves_the_screen_is_named),
        EACH(what_overlaps_is_named),
        EACH(words_that_are_not_clear_print_are_named),
        EACH(small_and_close_targets_are_named),
        EACH(what_is_not_reached_is_named),
        EACH(a_parted_scale_is_named),
        EACH(easy_read_without_pictures_is_named),
        EACH(a_cut_row_keeps_its_picture),
        EACH(every_rule_is_broken),
        EACH(a_fault_is_told_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
