/*
 * Every screen of the kiosk as it was found right: each row of tp_screens once on the smallest
 * tablet, and once more in another size, theme, language or mode on another display. The states are
 * those that tests/audit walks. TP_GOLDEN_UPDATE=1 writes the pictures (tests/golden.h).
 */
#include "tp_test.h"

#include <stdio.h>
#include <string.h>

#include "golden_page.h"
#include "kiosk/screens/screens.h"

/* All of tests/golden, so that the pictures stay something to clone. */
#define BYTES_MAX (4 * 1024 * 1024)

/* The page that shows a screen at its best, by enum tp_screen_id. */
static const struct {
    const char *surveys, *page;
} shown[TP_SCREEN_COUNT] = {
    [TP_SCREEN_WELCOME] = {"tests/surveys", "kiosk/welcome"},
    [TP_SCREEN_READ] = {"tests/surveys", "kiosk/read"},
    [TP_SCREEN_LANGUAGE] = {"tests/surveys", "kiosk/language"},
    [TP_SCREEN_SURVEYS] = {"tests/surveys", "kiosk/surveys"},
    [TP_SCREEN_FRONT] = {"tests/surveys", "short/front"},
    [TP_SCREEN_PRIVACY] = {"tests/surveys", "short/privacy"},
    [TP_SCREEN_QUESTION] = {"tests/surveys", "short/question:travel+answered"},
    [TP_SCREEN_TYPING] = {"tests/surveys", "short/typing+multiline letters"},
    [TP_SCREEN_CHECK] = {"tests/surveys", "short/check"},
    [TP_SCREEN_REMOVE] = {"surveys", "gallery/remove"},
    [TP_SCREEN_UNSAVED] = {"tests/surveys", "short/unsaved"},
    [TP_SCREEN_EQUALITY] = {"tests/surveys", "about-you/equality"},
    [TP_SCREEN_THANKS] = {"tests/surveys", "short/thanks"},
    [TP_SCREEN_HELP] = {"tests/surveys", "kiosk/help"},
    [TP_SCREEN_LEAVE] = {"tests/surveys", "short/leave"},
    [TP_SCREEN_IDLE] = {"tests/surveys", "kiosk/idle"},
    [TP_SCREEN_LISTEN] = {"tests/surveys", "kiosk/listen"},
    [TP_SCREEN_ALOUD] = {"tests/surveys", "kiosk/aloud"},
    [TP_SCREEN_SCAN] = {"tests/surveys", "kiosk/scan"},
    [TP_SCREEN_BROKEN] = {"tests/surveys", "kiosk/broken"},
    [TP_SCREEN_STAFF_PIN] = {"tests/surveys", "kiosk/staff-pin+wrong"},
    [TP_SCREEN_STAFF] = {"tests/surveys", "kiosk/staff"},
    [TP_SCREEN_STAFF_TYPING] = {"tests/surveys", "kiosk/staff-typing"},
    [TP_SCREEN_STAFF_CHECK] = {"tests/surveys", "kiosk/staff-check"},
    [TP_SCREEN_STAFF_TOUCH] = {"tests/surveys", "kiosk/staff-touch+third"},
    [TP_SCREEN_NEWS] = {"tests/surveys", "kiosk/news"},
    [TP_SCREEN_NOTICE] = {"tests/surveys", "kiosk/notice"},
};

/* The tablet for all; of the others, each screen has one. Indexes of audit_displays and
 * audit_languages. */
static const struct audit_variant variants[] = {
    {.display = 2, .size = TP_SIZE_MEDIUM, .theme = TP_THEME_STANDARD},
    {.display = 1, .size = TP_SIZE_LARGE, .theme = TP_THEME_CREAM, .easy_read = true},
    {.display = 0, .size = TP_SIZE_LARGEST, .theme = TP_THEME_YELLOW_ON_BLACK, .language = 1},
    {.display = 3, .size = TP_SIZE_SMALL, .theme = TP_THEME_SOFT, .language = 5},
};
#define VARIANTS (sizeof(variants) / sizeof(variants[0]))

static bool wants(unsigned screen, size_t variant)
{
    return variant == 0 || variant == 1 + screen % (VARIANTS - 1);
}

/* ---- looking ---- */

struct looking {
    size_t variant;
    const char *surveys;
    bool found[TP_SCREEN_COUNT];
    bool same;
};

static void compare(struct looking *looking, unsigned screen, struct audit_page *page)
{
    char variant[AUDIT_VARIANT_NAME_MAX], name[256];

    audit_variant_name(page->variant, variant);
    for (char *at = variant; *at; at++)
        *at = *at == '/' ? '-' : *at;
    (void)snprintf(name, sizeof(name), "screens/%s-%s", tp_screens[screen]->name, variant);
    looking->same = golden_page(page, name) && looking->same;
}

static void look(void *context, struct audit_page *page)
{
    struct looking *looking = context;

    for (unsigned screen = 0; screen < TP_SCREEN_COUNT; screen++) {
        if (!shown[screen].page || strcmp(page->name, shown[screen].page) != 0 ||
            strcmp(looking->surveys, shown[screen].surveys) != 0 ||
            !wants(screen, looking->variant) || looking->found[screen])
            continue;
        looking->found[screen] = true;
        compare(looking, screen, page);
    }
}

static bool nothing(const struct audit_variant *variant)
{
    (void)variant;
    return false;
}

static bool wants_subject(const struct looking *looking, const char *subject)
{
    for (unsigned screen = 0; screen < TP_SCREEN_COUNT; screen++)
        if (wants(screen, looking->variant) && shown[screen].page &&
            strcmp(shown[screen].surveys, looking->surveys) == 0 &&
            strncmp(shown[screen].page, subject, strlen(subject)) == 0 &&
            shown[screen].page[strlen(subject)] == '/')
            return true;
    return false;
}

static void walk(struct looking *looking)
{
    static const struct audit_plan plan = {nothing, nothing};
    struct audit_report report = {0};
    struct tp_error error;
    struct audit audit;
    const char *subject;

    if (!audit_open(&audit, looking->surveys, "build/locale", &plan, &report, &error))
        fail_msg("%s", error.text);
    audit.shown = look;
    audit.context = looking;
    for (size_t i = 0; (subject = audit_subject(&audit, i)); i++) {
        if (!wants_subject(looking, subject))
            continue;
        audit_use(&audit, &variants[looking->variant]);
        if (!audit_walk(&audit, i, &error))
            fail_msg("%s", error.text);
    }
    audit_close(&audit);
    audit_report_finish(&report);
}

/* ---- the tests ---- */

static void every_screen_has_its_page(void **state)
{
    (void)state;
    for (unsigned screen = 0; screen < TP_SCREEN_COUNT; screen++) {
        assert_non_null(tp_screens[screen]);
        if (!shown[screen].page)
            fail_msg("the screen '%s' has no golden picture", tp_screens[screen]->name);
    }
}

static void every_screen_is_as_it_was_found_right(void **state)
{
    static const char *const folders[] = {"tests/surveys", "surveys"};
    bool same = true;

    (void)state;
    for (size_t variant = 0; variant < VARIANTS; variant++) {
        struct looking looking = {.variant = variant, .same = true};

        for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
            looking.surveys = folders[i];
            walk(&looking);
        }
        for (unsigned screen = 0; screen < TP_SCREEN_COUNT; screen++)
            if (wants(screen, variant) && !looking.found[screen])
                fail_msg("'%s' never came up", shown[screen].page);
        same = same && looking.same;
    }
    assert_true(same);
}

static void the_pictures_are_small(void **state)
{
    FILE *sizes = popen("find tests/golden -name '*.png' -printf '%s\\n'", "r");
    long all = 0, size;

    (void)state;
    assert_non_null(sizes);
    while (fscanf(sizes, "%ld", &size) == 1)
        all += size;
    (void)pclose(sizes);
    assert_in_range(all, 1, BYTES_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_screen_has_its_page),
        cmocka_unit_test(every_screen_is_as_it_was_found_right),
        cmocka_unit_test(the_pictures_are_small),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
