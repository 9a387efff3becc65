/* core/form/consultation: facts by language, days, and what is refused. */
#include "tp_test.h"

#include <string.h>

#include "form/consultation.h"

static struct tp_consultation *parse(const char *json)
{
    struct tp_consultation *consultation = NULL;
    struct tp_error error = {0};

    if (!tp_consultation_parse(json, strlen(json), &consultation, &error))
        fail_msg("%s", error.text);
    return consultation;
}

static void refuse(const char *json, const char *words)
{
    struct tp_consultation *consultation = NULL;
    struct tp_error error = {0};

    assert_false(tp_consultation_parse(json, strlen(json), &consultation, &error));
    assert_null(consultation);
    if (!strstr(error.text, words))
        fail_msg("'%s' does not say '%s'", error.text, words);
}

static void a_fact_is_found_in_the_nearest_language(void **state)
{
    struct tp_consultation *c =
        parse("{\"title\":{\"default\":\"Hours\",\"pl\":\"Godziny\",\"en-simple\":\"When\"},"
              "\"who\":{\"pl\":\"Rada\"}}");

    (void)state;
    assert_string_equal(tp_consultation_text(c, "title", "pl"), "Godziny");
    assert_string_equal(tp_consultation_text(c, "title", "pl-PL"), "Godziny");
    assert_string_equal(tp_consultation_text(c, "title", "PL"), "Godziny");
    assert_string_equal(tp_consultation_text(c, "title", "en-simple"), "When");
    assert_string_equal(tp_consultation_text(c, "title", "en-GB"), "Hours");
    assert_string_equal(tp_consultation_text(c, "title", "ar"), "Hours");
    assert_string_equal(tp_consultation_text(c, "title", NULL), "Hours");
    assert_null(tp_consultation_text(c, "who", "ar"));
    assert_null(tp_consultation_text(c, "why", "pl"));
    assert_true(tp_consultation_has(c, "title", "pl-PL"));
    assert_false(tp_consultation_has(c, "title", "ar"));
    assert_false(tp_consultation_has(c, "who", NULL));
    tp_consultation_destroy(c);
}

static void an_empty_file_has_its_defaults(void **state)
{
    struct tp_consultation *c = parse("{}");
    struct tp_day today = {2026, 11, 23};

    (void)state;
    assert_int_equal(tp_consultation_kind(c), TP_KIND_CONSULTATION);
    assert_int_equal(tp_consultation_minutes(c), 0);
    assert_int_equal(tp_consultation_opens(c).year, 0);
    assert_int_equal(tp_consultation_phase(c, today), TP_PHASE_OPEN);
    tp_consultation_destroy(c);
    tp_consultation_destroy(NULL);
}

static void both_days_are_open(void **state)
{
    struct tp_consultation *c = parse("{\"opens\":{\"default\":\"2026-11-02\"},"
                                      "\"closes\":{\"default\":\"2027-01-10\"},"
                                      "\"minutes\":{\"default\":\"6\"},"
                                      "\"kind\":{\"default\":\"comments\"}}");

    (void)state;
    assert_int_equal(tp_consultation_phase(c, (struct tp_day){2026, 11, 1}), TP_PHASE_BEFORE);
    assert_int_equal(tp_consultation_phase(c, (struct tp_day){2026, 11, 2}), TP_PHASE_OPEN);
    assert_int_equal(tp_consultation_phase(c, (struct tp_day){2027, 1, 10}), TP_PHASE_OPEN);
    assert_int_equal(tp_consultation_phase(c, (struct tp_day){2027, 1, 11}), TP_PHASE_AFTER);
    assert_int_equal(tp_consultation_minutes(c), 6);
    assert_int_equal(tp_consultation_kind(c), TP_KIND_COMMENTS);
    assert_string_equal(tp_consultation_kind_name(TP_KIND_FORMAT_REQUEST), "format_request");
    tp_consultation_destroy(c);
}

static void what_is_not_the_shape_is_refused(void **state)
{
    (void)state;
    refuse("", "line 1");
    refuse("[]", "not an object of facts");
    refuse("{\"title\":\"x\"}", "'title' is not an object");
    refuse("{\"title\":{\"default\":3}}", "'title' in 'default' is not a text");
    refuse("{\"title\":{},\"title\":{}}", "duplicate");
    refuse("{\"kind\":{\"default\":\"poll\"}}", "'poll' is not a known kind");
    refuse("{\"opens\":{\"default\":\"soon\"}}", "'opens' is 'soon'");
    refuse("{\"minutes\":{\"default\":\"0\"}}", "'minutes' is '0'");
    refuse("{\"minutes\":{\"default\":\"99999999999999999999\"}}", "use a whole number");
    refuse("{\"opens\":{\"default\":\"2026-11-02\"},\"closes\":{\"default\":\"2026-11-01\"}}",
           "closes before it opens");
}

static void a_missing_file_is_not_found(void **state)
{
    struct tp_consultation *consultation;
    struct tp_error error;

    (void)state;
    assert_false(tp_consultation_read("/nonexistent/consultation.json", &consultation, &error));
    assert_int_equal(error.code, TP_ERR_NOT_FOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_fact_is_found_in_the_nearest_language),
        cmocka_unit_test(an_empty_file_has_its_defaults),
        cmocka_unit_test(both_days_are_open),
        cmocka_unit_test(what_is_not_the_shape_is_refused),
        cmocka_unit_test(a_missing_file_is_not_found),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
