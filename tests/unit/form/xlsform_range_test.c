/* core/form/xlsform_range: the scale of a range, its ticks, their labels and its starting mark. */
#include "conversions.h"

#define BIND(name) "//x:bind[@nodeset='/data/" name "']"
#define SURVEY "| survey |\n| | type | name | label | parameters | appearance |\n"
#define LABELS                                                                                     \
    "| choices |\n| | list_name | name | label |\n| | l | 1 | Never |\n| | l | 10 | Always |\n"

static void ranges_have_a_scale(void **state)
{
    (void)state;
    convert("| survey |\n| | type | name | label | parameters | appearance |\n"
            "| | range | a | A | | |\n| | range | b | B | start=0 end=1 step=0.5 | |\n"
            "| | range | c | C | end=5 | rating |\n");
    expect("concat(//x:range[1]/@start, ' ', //x:range[1]/@end, ' ', //x:range[1]/@step)",
           "1 10 1");
    expect(BIND("b") "/@type", "decimal");
    expect("//x:range[3]/@appearance", "rating");
}

static void the_ticks_of_a_range_may_be_its_ends(void **state)
{
    (void)state;
    convert("| survey |\n| | type | name | label | parameters |\n"
            "| | range | a | A | start=1 end=5 tick_interval=4 placeholder=5 |\n"
            "| | range | b | B | start=1 end=5 placeholder=1 |\n");
    expect("//x:range[1]/@odk:tick-interval", "4");
    expect("//x:range[1]/@odk:placeholder", "5");
    expect("//x:range[2]/@odk:placeholder", "1");
}

static void ticks_have_labels_by_a_list_of_choices(void **state)
{
    (void)state;
    convert(SURVEY "| | range | a | A | tick_labelset=l | no-ticks |\n" LABELS);
    expect("//x:range/x:itemset/@nodeset", "instance('l')/root/item");
    expect("//x:instance[@id='l']/x:root/x:item[2]/x:label", "Always");
    expect("count(//x:range/@*[contains(name(), 'labelset')])", "0");
}

static void what_is_wrong_with_a_scale_is_told(void **state)
{
    static const struct {
        const char *parameters, *appearance, *choices, *words;
    } refused[] = {
        {"strat=1", "", "", "'strat' is not a parameter of this question; did you mean 'start'?"},
        {"start=1 end", "", "", "parameters are written name=value"},
        {"end=x", "", "", "end must be a number"},
        {"end=2000000000", "", "", "end must be a number"},
        {"step=0", "", "", "step must not be 0"},
        {"step=20", "", "", "step is larger than the way"},
        {"tick_interval=0", "", "", "tick_interval must not be 0"},
        {"tick_interval=10", "", "", "tick_interval is larger than the way"},
        {"step=2 tick_interval=3", "", "", "tick_interval must be a multiple of step"},
        {"placeholder=11", "", "", "placeholder must lie between"},
        {"placeholder=0", "", "", "placeholder must lie between"},
        {"step=2 placeholder=4", "", "", "placeholder must be one of the steps"},
        {"placeholder=2", "picker", "", "tick_interval, placeholder and tick_labelset go with"},
        {"tick_labelset=m", "", LABELS, "tick_labelset must be the name of a list"},
        {"tick_labelset=l", "", LABELS "| | l | some | S |\n",
         "the names of the choices in tick_l"},
        {"tick_labelset=l", "", LABELS "| | l | 11 | S |\n",
         "the choices in tick_labelset must lie"},
        {"tick_labelset=l", "", LABELS "| | l | 1.5 | S |\n",
         "the choices in tick_labelset must be s"},
        {"tick_labelset=l", "no-ticks", LABELS "| | l | 2 | S |\n",
         "with the appearance no-ticks, ti"},
        {"tick_labelset=o", "no-ticks", LABELS "| | o | 1 | S |\n",
         "with the appearance no-ticks, ti"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
        struct tp_problems problems;
        char markdown[512];

        (void)snprintf(markdown, sizeof(markdown), SURVEY "| | range | q | Q | %s | %s |\n%s",
                       refused[i].parameters, refused[i].appearance, refused[i].choices);
        assert_false(converts(markdown, &problems));
        assert_int_equal(problems.items[0].row, 2);
        assert_string_equal(problems.items[0].column, "parameters");
        if (strncmp(problems.items[0].text, refused[i].words, strlen(refused[i].words)) != 0)
            fail_msg("%s: %s", refused[i].parameters, problems.items[0].text);
        tp_problems_finish(&problems);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(ranges_have_a_scale, finish),
        cmocka_unit_test_teardown(the_ticks_of_a_range_may_be_its_ends, finish),
        cmocka_unit_test_teardown(ticks_have_labels_by_a_list_of_choices, finish),
        cmocka_unit_test(what_is_wrong_with_a_scale_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
