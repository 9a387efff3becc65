/* tests/audit: what a plan takes in; and the kiosk's own screens and one survey, in few variants.
 */
#include "audit_made.h"

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

static bool small_only(const struct audit_variant *asked)
{
    return asked->display == 3 && asked->language == 0 && !asked->easy_read &&
           asked->size == TP_SIZE_MEDIUM;
}

static const struct audit_plan plan_small = {small_only, small_only};

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        EACH(plans_cover_what_they_say),
        EACH(the_kiosk_holds_every_rule),
        EACH(a_survey_holds_every_rule),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
