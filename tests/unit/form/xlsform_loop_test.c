/* core/form/xlsform: begin_loop, a group for each choice of a list. */
#include "conversions.h"

#define CHOICES                                                                                    \
    "| choices |\n| | list_name | name | label::English (en) | label::Polski (pl) |\n"             \
    "| | towns | ely | Ely | Ely pl |\n| | towns | none | None | Zadne |\n"                        \
    "| | towns | york | York | York pl |\n"

static void each_choice_has_a_group_that_speaks_of_it(void **state)
{
    (void)state;
    convert("| survey |\n| | type | name | label::English (en) | label::Polski (pl) | default | "
            "relevant |\n"
            "| | begin_loop over towns | visits | Visits | Wizyty | | |\n"
            "| | integer | count | %(label)s, %(name)s: 100%(x | Ile %(label)s? | "
            "%(name)s | 'a' != '%(name)s' |\n"
            "| | end_loop | | | | | |\n" CHOICES);
    expect("count(//x:data/x:visits/*)", "2");
    expect("//x:data/x:visits/x:ely/x:count", "ely");
    expect("//x:data/x:visits/x:york/x:count", "york");
    expect("//x:bind[@nodeset='/data/visits/york/count']/@relevant", "'a' != 'york'");
    expect("//x:translation[1]/x:text[@id='/data/visits/york/count:label']/x:value",
           "York, york: 100%(x");
    expect("//x:translation[2]/x:text[@id='/data/visits/york/count:label']/x:value",
           "Ile York pl?");
    expect("//x:translation[2]/x:text[@id='/data/visits/ely:label']/x:value", "Ely pl");
}

/* As in pyxform: what is in a group of the loop is copied as it is. */
static void what_lies_deeper_is_copied_as_it_is(void **state)
{
    (void)state;
    convert("| survey |\n| | type | name | label |\n"
            "| | begin_loop over towns | visits | Visits |\n"
            "| | begin_group | when | When |\n| | text | day | Day in %(label)s |\n"
            "| | end_group | | |\n| | end_loop | | |\n"
            "| choices |\n| | list_name | name | label |\n| | towns | ely | Ely |\n");
    expect("//x:input[@ref='/data/visits/ely/when/day']/x:label", "Day in %(label)s");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(each_choice_has_a_group_that_speaks_of_it, finish),
        cmocka_unit_test_teardown(what_lies_deeper_is_copied_as_it_is, finish),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
