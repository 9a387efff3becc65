/*
 * tests/audit: every rule fails where it should: a page (or what the page says of itself) is made
 * to break each rule, and the fault is named. Then a reduced audit: the kiosk's own screens and one
 * survey, in the variants of the reduced plan, hold every rule.
 */
#include "tp_test.h"

#include <stdio.h>
#include <string.h>

#include "audit/audit.h"
#include "audit/rules.h"
#include "kiosk/gfx/display.h"
#include "kiosk/gfx/draw.h"
#include "kiosk/ui/page.h"

static struct audit audit;
static struct audit_report report;
static struct audit_variant variant;

/* ---- a page that is made by hand ---- */

static bool nothing(const struct audit_variant *asked)
{
    (void)asked;
    return false;
}

static bool small_only(const struct audit_variant *asked)
{
    return asked->display == 3 && asked->language == 0 && !asked->easy_read &&
           asked->size == TP_SIZE_MEDIUM;
}

static const struct audit_plan plan_none = {nothing, nothing};
static const struct audit_plan plan_small = {small_only, small_only};

static int set_up(void **state)
{
    struct tp_error error;

    (void)state;
    memset(&report, 0, sizeof(report));
    if (!audit_open(&audit, "tests/surveys", "build/locale", &plan_none, &report, &error)) {
        (void)fprintf(stderr, "%s\n", error.text);
        return -1;
    }
    variant = (struct audit_variant){.display = 3, .size = TP_SIZE_MEDIUM};
    audit_use(&audit, &variant);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    audit_close(&audit);
    audit_report_finish(&report);
    return 0;
}

/* A good page: a title, a heading, two answers, Back and Continue. */
static void build_good(struct tp_ui *ui)
{
    struct tp_page *page =
        tp_ui_begin(ui, &(struct tp_page_spec){.id = "good", .title = "A survey", .progress = 0.4});
    struct tp_node *body = tp_page_body(page), *list;
    struct tp_error error;

    (void)tp_ui_heading(body, tp_words("How do you usually travel to the library?"));
    (void)tp_ui_text(body, TP_STYLE_BODY,
                     tp_words("We ask so that buses run when you need them, "
                              "and so that you can always get in and out."));
    list = tp_ui_choices(body);
    (void)tp_ui_choice(list, &(struct tp_answer){.id = "bus",
                                                 .label = tp_words("By bus"),
                                                 .mark = TP_MARK_RADIO,
                                                 .chosen = true,
                                                 .action = {.id = 1}});
    (void)tp_ui_choice(list, &(struct tp_answer){.id = "car",
                                                 .label = tp_words("By car"),
                                                 .mark = TP_MARK_RADIO,
                                                 .action = {.id = 1}});
    (void)tp_page_back(page, "Back", (struct tp_action){.id = 1});
    (void)tp_page_primary(page, "Continue", (struct tp_action){.id = 1});
    if (!tp_ui_end(ui, &error))
        fail_msg("%s", error.text);
}

static const struct audit_rule *rule_of(const char *id, const char *name)
{
    for (size_t i = 0; i < audit_rule_count; i++)
        if (strcmp(audit_rules[i].id, id) == 0 && strcmp(audit_rules[i].name, name) == 0)
            return &audit_rules[i];
    fail_msg("there is no rule %s %s", id, name);
    return NULL;
}

static struct audit_page *see(void)
{
    struct audit_page *page = &audit.page;

    page->audit = &audit;
    page->name = "made/question:travel";
    page->subject = "made";
    page->variant = &audit.variant;
    page->screen = audit.app->screen;
    assert_true(audit_see(page, audit.app->ui));
    return page;
}

static struct audit_page *see_good(void)
{
    build_good(audit.app->ui);
    return see();
}

static SDL_Surface *draw(struct audit_page *page)
{
    SDL_Surface *canvas = tp_surface_create(page->screen.width, page->screen.height);
    SDL_Rect rects[TP_UI_DIRTY_MAX];
    int count;

    assert_non_null(canvas);
    tp_ui_redraw_all(audit.app->ui);
    tp_ui_draw(audit.app->ui, canvas, rects, &count);
    SDL_FreeSurface(audit.canvas);
    audit.canvas = page->canvas = canvas;
    return canvas;
}

static struct tp_seen *box_of(struct audit_page *page, const char *id)
{
    for (size_t i = 0; i < page->count; i++)
        if (strcmp(page->boxes[i].seen.id, id) == 0)
            return &page->boxes[i].seen;
    fail_msg("there is no '%s'", id);
    return NULL;
}

static struct tp_seen *text_of(struct audit_page *page, enum tp_style style)
{
    for (size_t i = 0; i < page->count; i++)
        if (page->boxes[i].seen.kind == TP_KIND_TEXT && page->boxes[i].seen.text_count &&
            page->boxes[i].seen.texts[0].style == style &&
            page->boxes[i].seen.place == TP_PLACE_BODY)
            return &page->boxes[i].seen;
    fail_msg("there is no such text");
    return NULL;
}

static size_t ask(struct audit_page *page, const char *id, const char *name)
{
    size_t before = report.count;

    page->rule = rule_of(id, name);
    if (page->rule->layout)
        page->rule->layout(page);
    else
        page->rule->pixels(page);
    return report.count - before;
}

/* The rule says nothing of the page as it is, and names the fault once the page is broken. */
#define HOLDS(page, id, name) assert_int_equal(ask(page, id, name), 0)

static void broken(struct audit_page *page, const char *id, const char *name, const char *thing,
                   const char *told)
{
    size_t before = report.count;
    char rule[64];

    assert_true(ask(page, id, name) > 0);
    (void)snprintf(rule, sizeof(rule), "%s %s", id, name);
    assert_string_equal(report.faults[before].rule, rule);
    assert_string_equal(report.faults[before].thing, thing);
    if (!strstr(report.faults[before].told, told))
        fail_msg("'%s' does not say '%s'", report.faults[before].told, told);
}

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

/* ---- pixels ---- */

static void blot(SDL_Surface *canvas, SDL_Rect at, tp_rgb colour)
{
    tp_fill(canvas, &at, colour);
}

static void faint_words_are_named(void **state)
{
    struct audit_page *page = see_good();
    const struct tp_seen *text = text_of(page, TP_STYLE_BODY);
    SDL_Surface *canvas = draw(page);

    (void)state;
    HOLDS(page, "T4", "contrast");
    blot(canvas, text->texts[0].box, 0xFFFFFF);
    blot(canvas, (SDL_Rect){text->texts[0].box.x + 10, text->texts[0].box.y + 10, 40, 20},
         0x777777);
    broken(page, "T4", "contrast", text->id, "is #777777 on #FFFFFF, 4.5:1, wanted 10.0:1");
}

static void too_much_contrast_in_the_soft_theme_is_named(void **state)
{
    struct audit_page *page;
    const struct tp_seen *text;

    (void)state;
    variant.theme = TP_THEME_SOFT;
    audit_use(&audit, &variant);
    page = see_good();
    text = text_of(page, TP_STYLE_BODY);
    SDL_Surface *canvas = draw(page);

    HOLDS(page, "T4", "contrast");
    blot(canvas, (SDL_Rect){text->texts[0].box.x + 10, text->texts[0].box.y + 10, 40, 20},
         0x000000);
    broken(page, "T4", "contrast", text->id, "in the soft theme, wanted 8.0:1 at most");
}

static void a_border_that_fades_is_named(void **state)
{
    struct audit_page *page = see_good();
    SDL_Rect box = box_of(page, "car")->box;
    SDL_Surface *canvas = draw(page);

    (void)state;
    HOLDS(page, "T4", "border");
    blot(canvas, (SDL_Rect){box.x - 6, box.y, 16, box.h}, 0xFBFAF6);
    broken(page, "T4", "border", "car", "its edge stands out by 1.0:1, wanted 3:1");
}

static void a_sign_that_fades_is_named(void **state)
{
    struct audit_page *page = see_good();
    SDL_Surface *canvas = draw(page);

    (void)state;
    HOLDS(page, "T4", "sign");
    blot(canvas, box_of(page, "car")->mark, 0xFFFFFF);
    broken(page, "T4", "sign", "car", "its mark is");
}

static void a_chosen_answer_without_a_sign_is_named(void **state)
{
    struct audit_page *page = see_good();
    struct tp_seen *bus = box_of(page, "bus"), *car = box_of(page, "car");

    (void)state;
    (void)draw(page);
    HOLDS(page, "T4", "chosen by colour");
    bus->mark = car->mark;
    bus->fill = car->fill ^ 0x000030;
    bus->line = car->line;
    broken(page, "T4", "chosen by colour", "bus", "only its colour says");
}

static void a_focus_that_does_not_show_is_named(void **state)
{
    struct audit_page *page = see_good();

    (void)state;
    (void)draw(page);
    HOLDS(page, "T4", "focus");
    box_of(page, "bus")->target = 0xFFFF; /* no node: nothing is drawn around it */
    broken(page, "T4", "focus", "bus", "changes 0.00 mm");
}

static void words_off_the_reading_edge_are_named(void **state)
{
    struct audit_page *page = see_good();
    struct tp_seen *text = text_of(page, TP_STYLE_BODY);

    (void)state;
    (void)draw(page);
    HOLDS(page, "T3", "reading edge");
    text->texts[0].box.x -= 60;
    text->texts[0].box.w += 60;
    broken(page, "T3", "reading edge", text->id, "px from the edge");
}

static void a_picture_that_is_not_drawn_is_named(void **state)
{
    struct audit_page *page = see_good();

    (void)state;
    (void)draw(page);
    HOLDS(page, "C1", "picture drawn");
    text_of(page, TP_STYLE_BODY)->picture = (SDL_Rect){2, 2, 10, 10};
    broken(page, "C1", "picture drawn", text_of(page, TP_STYLE_BODY)->id, "stands out by 1.0:1");
}

static void what_is_drawn_again_by_itself_is_named(void **state)
{
    struct audit_page *page = see_good();

    (void)state;
    (void)draw(page);
    HOLDS(page, "T5", "still");
    tp_ui_redraw_all(audit.app->ui);
    broken(page, "T5", "still", "page", "are drawn again");
}

/* ---- measuring ---- */

static void every_rule_is_broken_above(void **state)
{
    static const char *const tried[] = {"angle",
                                        "capital",
                                        "icon",
                                        "cut",
                                        "sideways",
                                        "overlap",
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
                                        "picture beside",
                                        "sentence",
                                        "picture drawn"};

    (void)state;
    assert_int_equal(audit_rule_count, sizeof(tried) / sizeof(tried[0]));
    for (size_t i = 0; i < audit_rule_count; i++)
        assert_string_equal(audit_rules[i].name, tried[i]);
}

static void plans_cover_what_they_say(void **state)
{
    struct audit_variant step = {0};
    bool started = false;
    unsigned displays = 0, sizes = 0, languages = 0, modes = 0;

    (void)state;
    assert_int_equal(audit_plan_count(&audit_plan_all), AUDIT_DISPLAYS * TP_SIZE_COUNT *
                                                            TP_THEME_COUNT * AUDIT_LANGUAGES *
                                                            AUDIT_MODES);
    while (audit_plan_next(&audit_plan_reduced, &step, &started)) {
        displays |= 1u << step.display;
        sizes |= 1u << step.size;
        languages |= 1u << step.language;
        modes |= 1u << audit_variant_mode(&step);
    }
    assert_int_equal(displays, (1u << AUDIT_DISPLAYS) - 1);
    assert_int_equal(sizes, (1u << TP_SIZE_COUNT) - 1);
    assert_int_equal(languages, (1u << AUDIT_LANGUAGES) - 1);
    assert_int_equal(modes, (1u << AUDIT_MODES) - 1);
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

/* ---- the kiosk itself, reduced ---- */

static void walk(const struct audit_plan *plan, const char *wanted)
{
    struct tp_error error;
    const char *subject;

    audit.plan = plan;
    for (size_t i = 0; (subject = audit_subject(&audit, i)); i++) {
        struct audit_variant step = {0};
        bool started = false;

        if (strcmp(subject, wanted) != 0)
            continue;
        while (audit_plan_next(plan, &step, &started)) {
            audit_use(&audit, &step);
            if (!audit_walk(&audit, i, &error))
                fail_msg("%s", error.text);
        }
    }
    assert_true(audit.laid_out > 0);
    for (size_t i = 0; i < report.count; i++)
        fail_msg("%s: %s: %s: %s", report.faults[i].rule, report.faults[i].page,
                 report.faults[i].thing, report.faults[i].told);
}

static const struct audit_plan plan_laid_out = {NULL, nothing};

static void the_kiosk_holds_every_rule(void **state)
{
    struct audit_plan plan = plan_laid_out;

    (void)state;
    plan.lay_out = audit_plan_reduced.lay_out;
    walk(&plan, "kiosk");
    walk(&plan_small, "kiosk");
    assert_true(audit.drawn > 0);
}

static void a_survey_holds_every_rule(void **state)
{
    (void)state;
    walk(&plan_small, "comments");
    assert_true(audit.drawn > 0);
}

#define EACH(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

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
        EACH(easy_read_without_pictures_is_named),
        EACH(a_cut_row_keeps_its_picture),
        EACH(faint_words_are_named),
        EACH(too_much_contrast_in_the_soft_theme_is_named),
        EACH(a_border_that_fades_is_named),
        EACH(a_sign_that_fades_is_named),
        EACH(a_chosen_answer_without_a_sign_is_named),
        EACH(a_focus_that_does_not_show_is_named),
        EACH(words_off_the_reading_edge_are_named),
        EACH(a_picture_that_is_not_drawn_is_named),
        EACH(what_is_drawn_again_by_itself_is_named),
        EACH(every_rule_is_broken_above),
        EACH(plans_cover_what_they_say),
        EACH(a_fault_is_told_once),
        EACH(the_kiosk_holds_every_rule),
        EACH(a_survey_holds_every_rule),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
