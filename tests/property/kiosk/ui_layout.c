/*
 * Random pages on every display in every size: nothing leaves the screen, nothing overlaps, every
 * target is as large and as far from the next as ACCESSIBILITY.md P1 asks, every word is whole and
 * large enough, and everything can be reached through "More" (P6).
 */
#include "tp_test.h"

#include "../../unit/kiosk/ui_pages.h"
#include "audit/rects.h"
#include "base/random.h"
#include "kiosk/ui/lengths.h"

/* Pages on each display in each size and direction. */
#define PAGES_EACH 6
#define LEAVES_MAX 512
/* The least capital of any word (the smallest size of ACCESSIBILITY.md T2 begins at 3.5 mm). */
#define CAPITAL_LEAST_MM 3.5
#define CHARACTERS_MOST 80

struct leaf {
    SDL_Rect box;
    char id[64];
    bool target, choice;
};

struct seen_page {
    const struct tp_screen *screen;
    struct leaf leaves[LEAVES_MAX];
    size_t count;
    char where[160];
    double capital_least;
};

/* ---- random words and pages ---- */

static const char *const words_ltr[] = {
    "a",        "bus",      "the",         "library", "wheelchair",    "in",
    "evening",  "I",        "would",       "quiet",   "accessibility", "to",
    "Zażółć",   "gęślą",    "представник", "час",     "Llanfairpwll",  "or",
    "crossing", "020 7946", "(optional)",  "you",     "consultation",  "by",
};
static const char *const words_rtl[] = {
    "مكتبة", "في", "الحافلة", "كرسي", "متحرك", "أو", "01865", "سؤال", "المجلس", "من",
};

static void random_words(const struct tp_random *random, bool rtl, size_t most, char *out,
                         size_t size)
{
    size_t count = 1 + tp_random_below(random, (uint32_t)most), used = 0;

    out[0] = '\0';
    for (size_t i = 0; i < count; i++) {
        const char *word =
            rtl ? words_rtl[tp_random_below(random, 10)] : words_ltr[tp_random_below(random, 24)];
        int put = snprintf(out + used, size - used, "%s%s", i ? " " : "", word);

        if (put < 0 || (size_t)put >= size - used) {
            out[used] = '\0';
            return;
        }
        used += (size_t)put;
    }
}

static size_t random_choices(const struct tp_random *random, struct tp_node *body, bool rtl)
{
    bool pictures = tp_random_below(random, 3) == 0;
    struct tp_node *list =
        pictures && tp_random_below(random, 2) ? tp_ui_picture_choices(body) : tp_ui_choices(body);
    size_t count = 1 + tp_random_below(random, 14);
    uint32_t longest = 1 + tp_random_below(random, 12);

    for (size_t i = 0; i < count; i++) {
        char id[32], label[512];

        (void)snprintf(id, sizeof(id), "choice:%zu", i);
        random_words(random, rtl, longest, label, sizeof(label));
        (void)tp_ui_choice(list,
                           &(struct tp_answer){.id = id,
                                               .label = tp_words(label),
                                               .picture = pictures ? PICTURES "bus.svg" : NULL,
                                               .picture_alt = "A bus",
                                               .mark = TP_MARK_CHECKBOX,
                                               .chosen = tp_random_below(random, 3) == 0,
                                               .action = act(ACT_ONE)});
    }
    return count;
}

static void random_rest(const struct tp_random *random, struct tp_page *page, bool rtl)
{
    struct tp_node *body = tp_page_body(page), *holder;
    char one[1024], two[1024];

    random_words(random, rtl, 60, one, sizeof(one));
    random_words(random, rtl, 20, two, sizeof(two));
    switch (tp_random_below(random, 7)) {
    case 0:
        (void)tp_ui_summary(body, &(struct tp_summary){.question = tp_words(two),
                                                       .answer = tp_words(one),
                                                       .change = rtl ? "تغيير" : "Change",
                                                       .action = act(ACT_ONE),
                                                       .remove = rtl ? NULL : "Remove",
                                                       .remove_action = act(ACT_ONE)});
        break;
    case 1:
        holder = tp_ui_panel(body, true);
        (void)tp_ui_text(holder, TP_STYLE_BODY, tp_words(one));
        (void)tp_ui_text(holder, TP_STYLE_BOLD, tp_words(two));
        break;
    case 2:
        holder = tp_ui_row(body, 8, 100);
        (void)tp_ui_text(holder, TP_STYLE_BODY, tp_words(one));
        (void)tp_ui_text(tp_ui_panel(holder, false), TP_STYLE_BODY, tp_words(two));
        break;
    case 3:
        holder = tp_ui_alarm(body, tp_words(two));
        (void)tp_ui_field(
            holder,
            &(struct tp_field){.text = one, .lines = 1, .max_lines = 3, .action = act(ACT_ONE)});
        break;
    case 4:
        (void)tp_ui_stepper(body, &(struct tp_stepper){.value = tp_words("7"),
                                                       .less = "Less",
                                                       .more = "More",
                                                       .less_action = act(ACT_ONE),
                                                       .more_action = act(ACT_ONE)});
        break;
    case 5:
        (void)tp_ui_ranked(body, &(struct tp_ranked){.place = "12",
                                                     .label = tp_words(two),
                                                     .up_action = act(ACT_ONE),
                                                     .down_action = act(ACT_ONE)});
        break;
    default:
        (void)tp_ui_text(body, TP_STYLE_BODY, tp_words(one));
        break;
    }
}

static void random_keyboard(const struct tp_random *random, struct tp_page *page, bool rtl)
{
    struct tp_node *dock = tp_page_dock(page), *keyboard;
    char typed[512];

    random_words(random, rtl, 30, typed, sizeof(typed));
    (void)tp_ui_field(
        dock, &(struct tp_field){
                  .text = typed, .caret = SIZE_MAX, .editing = true, .lines = 2, .max_lines = 3});
    keyboard = tp_ui_keyboard(dock);
    add_keys(keyboard, "qwertyuiop");
    add_keys(keyboard, "asdfghjkl");
    add_keys(keyboard, "zxcvbnm");
    add_word_key(tp_ui_key_row(keyboard), "space", 5, TP_ICON_SPACE, false);
}

static size_t random_page(const struct tp_random *random, struct stage *stage, unsigned number,
                          bool rtl)
{
    char id[32], heading[512], hint[256];
    bool easy = tp_random_below(random, 4) == 0;
    struct tp_page *page;
    struct tp_node *body;
    size_t choices = 0;

    (void)snprintf(id, sizeof(id), "page:%u", number);
    random_words(random, rtl, 14, heading, sizeof(heading));
    random_words(random, rtl, 10, hint, sizeof(hint));
    page = tp_ui_begin(stage->ui, &(struct tp_page_spec){
                                      .id = id,
                                      .title = rtl ? "مكتبتك" : "Getting to your library",
                                      .status = rtl ? "سؤال 3 من 9" : "Question 3 of 9",
                                      .progress = 0.4,
                                      .picture = easy ? PICTURES "book.svg" : NULL,
                                      .picture_alt = "A book",
                                      .more = tp_random_below(random, 2) ? "More answers" : NULL});
    body = tp_page_body(page);
    if (tp_random_below(random, 5) == 0)
        (void)tp_ui_problem(body, &(struct tp_problem_box){.title = tp_words("There is a problem"),
                                                           .message = tp_words(hint)});
    (void)tp_ui_heading(body, tp_words(heading));
    if (tp_random_below(random, 2))
        (void)tp_ui_text(body, TP_STYLE_HINT, tp_words(hint));
    if (tp_random_below(random, 4)) {
        choices = random_choices(random, body, rtl);
    } else {
        for (uint32_t i = 1 + tp_random_below(random, 4); i; i--)
            random_rest(random, page, rtl);
    }
    if (tp_random_below(random, 6) == 0)
        random_keyboard(random, page, rtl);
    (void)tp_page_back(page, rtl ? "رجوع" : "Back", act(ACT_BACK));
    (void)tp_page_primary(page, rtl ? "متابعة" : "Continue", act(ACT_NEXT));
    if (tp_random_below(random, 3) == 0)
        (void)tp_page_extra(page, "Skip this question", TP_ICON_NONE, act(ACT_ONE));
    add_bar(page, NULL);
    return choices;
}

/* ---- what is checked ---- */

static bool is_leaf(enum tp_kind kind)
{
    switch (kind) {
    case TP_KIND_CHOICE:
    case TP_KIND_BUTTON:
    case TP_KIND_KEY:
    case TP_KIND_FIELD:
    case TP_KIND_SAMPLE:
    case TP_KIND_TEXT:
    case TP_KIND_PICTURE:
    case TP_KIND_ICON:
    case TP_KIND_PROGRESS:
        return true;
    default:
        return false;
    }
}

#define CHECK(seen_page, condition, ...)                                                           \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            print_error("%s: ", (seen_page)->where);                                               \
            print_error(__VA_ARGS__);                                                              \
            fail();                                                                                \
        }                                                                                          \
    } while (0)

static void check_words(const struct seen_page *page, const struct tp_seen *seen)
{
    for (size_t i = 0; i < seen->text_count; i++) {
        const struct tp_seen_text *text = &seen->texts[i];

        CHECK(page, !text->truncated, "'%s' is cut\n", text->text);
        CHECK(page, seen->kind == TP_KIND_SAMPLE || text->capital_mm >= page->capital_least,
              "'%s' is %.1f mm\n", text->text, text->capital_mm);
        CHECK(page, text->characters <= CHARACTERS_MOST, "'%s' has a line of %zu\n", text->text,
              text->characters);
        CHECK(page, seen->kind == TP_KIND_TEXT || rect_holds(seen->box, text->box),
              "'%s' leaves its box %s\n", text->text, seen->id);
    }
}

static void visit(void *context, const struct tp_seen *seen)
{
    struct seen_page *page = context;
    SDL_Rect screen = {0, 0, page->screen->width, page->screen->height};
    struct leaf *leaf;

    CHECK(page, rect_holds(screen, seen->box), "%s leaves the screen: %d,%d %dx%d\n", seen->id,
          seen->box.x, seen->box.y, seen->box.w, seen->box.h);
    check_words(page, seen);
    if (!is_leaf(seen->kind))
        return;
    assert_true(page->count < LEAVES_MAX);
    leaf = &page->leaves[page->count++];
    leaf->box = seen->box;
    leaf->target = seen->target != 0;
    leaf->choice = seen->kind == TP_KIND_CHOICE;
    (void)snprintf(leaf->id, sizeof(leaf->id), "%s", seen->id);
    if (leaf->target)
        CHECK(page, seen->width_mm >= TP_TARGET_MM && seen->height_mm >= TP_TARGET_MM,
              "%s is %.1f x %.1f mm\n", seen->id, seen->width_mm, seen->height_mm);
}

static void check_pairs(const struct seen_page *page)
{
    for (size_t i = 0; i < page->count; i++)
        for (size_t k = i + 1; k < page->count; k++) {
            const struct leaf *a = &page->leaves[i], *b = &page->leaves[k];
            int distance = rects_apart(a->box, b->box);

            CHECK(page, distance >= 0, "%s and %s overlap by %d\n", a->id, b->id, -distance);
            if (a->target && b->target)
                CHECK(page, tp_px_to_mm(page->screen, distance) >= TP_TARGET_GAP_MM - 0.02,
                      "%s and %s are %.2f mm apart\n", a->id, b->id,
                      tp_px_to_mm(page->screen, distance));
        }
}

static void check_page(struct stage *stage, struct seen_page *page, size_t choices)
{
    bool found[16] = {false};

    for (size_t part = 0; part < tp_ui_parts(stage->ui); part++) {
        bool more = part + 1 < tp_ui_parts(stage->ui);

        tp_ui_show_part(stage->ui, part);
        page->count = 0;
        tp_ui_walk(stage->ui, visit, page);
        check_pairs(page);
        bool has_more = false, has_up = false;

        for (size_t i = 0; i < page->count; i++) {
            unsigned number;

            if (sscanf(page->leaves[i].id, "choice:%u", &number) == 1 && number < 16)
                found[number] = true;
            has_more = has_more || strcmp(page->leaves[i].id, "page:more") == 0;
            has_up = has_up || strcmp(page->leaves[i].id, "page:up") == 0;
        }
        CHECK(page, has_more == more && has_up == (part > 0), "part %zu of %zu: more %d up %d\n",
              part, tp_ui_parts(stage->ui), has_more, has_up);
    }
    for (size_t i = 0; i < choices; i++)
        CHECK(page, found[i], "choice %zu of %zu cannot be reached\n", i, choices);
}

static void every_random_page_is_whole(void **state)
{
    uint64_t seed = 20261123;
    struct tp_random random = tp_random_seeded(&seed);
    unsigned number = 0;

    (void)state;
    for (size_t d = 0; d < DISPLAYS; d++) {
        struct stage stage;

        assert_true(stage_open(&stage, d));
        for (int size = 0; size < TP_SIZE_COUNT; size++)
            for (int i = 0; i < PAGES_EACH * 2; i++) {
                bool rtl = i % 2;
                struct seen_page page = {.screen = &stage.screen,
                                         .capital_least = CAPITAL_LEAST_MM};
                struct tp_look look;
                struct tp_error error = {0};
                size_t choices;

                stage_look(&stage, (enum tp_size)size, TP_THEME_STANDARD, false, rtl ? "ar" : "en");
                look = tp_ui_look(stage.ui);
                look.quiet = tp_random_below(&random, 5) == 0;
                look.lower = tp_random_below(&random, 4) == 0;
                tp_ui_set_look(stage.ui, look);
                bar_folds = rtl || tp_random_below(&random, 3) > 0;
                bar_language = rtl         ? BAR_LANGUAGES - 1
                               : bar_folds ? tp_random_below(&random, (uint32_t)BAR_LANGUAGES - 1)
                                           : 0;
                choices = random_page(&random, &stage, ++number, rtl);
                (void)snprintf(page.where, sizeof(page.where), "page %u on %s in %s", number,
                               displays[d].name, tp_sizes[size].id);
                if (!tp_ui_end(stage.ui, &error))
                    fail_msg("%s", error.text);
                check_page(&stage, &page, choices);
            }
        stage_close(&stage);
    }
}

static void every_sketch_is_whole(void **state)
{
    (void)state;
    for (size_t d = 0; d < DISPLAYS; d++) {
        struct stage stage;

        assert_true(stage_open(&stage, d));
        for (size_t p = 0; p < PAGES; p++)
            for (int size = 0; size < TP_SIZE_COUNT; size++) {
                struct seen_page page = {.screen = &stage.screen,
                                         .capital_least = size == TP_SIZE_LARGEST
                                                              ? tp_screen_mm_of(&stage.screen, 0.7)
                                                              : CAPITAL_LEAST_MM};
                struct tp_error error = {0};

                bar_folds = true;
                bar_language = p % (BAR_LANGUAGES - 1);

                stage_look(&stage, (enum tp_size)size, TP_THEME_STANDARD, pages[p].easy_read,
                           pages[p].tag);
                pages[p].build(&stage);
                (void)snprintf(page.where, sizeof(page.where), "%s on %s in %s", pages[p].name,
                               displays[d].name, tp_sizes[size].id);
                if (!tp_ui_end(stage.ui, &error))
                    fail_msg("%s", error.text);
                check_page(&stage, &page, 0);
            }
        stage_close(&stage);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_sketch_is_whole),
        cmocka_unit_test(every_random_page_is_whole),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
