/* core/form/xlsform: choices, wherever they stand, and the pictures beside words. */
#include "conversions.h"

#define BIND(name) "//x:bind[@nodeset='/data/" name "']"

static void choices_are_an_instance_with_their_columns(void **state)
{
    (void)state;
    convert("| survey |\n| | type | name | label | choice_filter |\n| | text | t | T | |\n"
            "| | select_multiple l | q | Q | county = ${t} |\n"
            "| choices |\n| | list_name | name | label | exclusive | county | two words |\n"
            "| | l | a | A | | ox | note |\n| | l | none | None of these | yes | | |\n"
            "| | other | b | B | | | |\n");
    expect("//x:itemset/@nodeset", "instance('l')/root/item[county = /data/t ]");
    expect("//x:itemset/x:value/@ref", "name");
    expect("//x:itemset/x:label/@ref", "label");
    expect("//x:instance[@id='l']/x:root/x:item[1]/x:county", "ox");
    expect("//x:instance[@id='l']/x:root/x:item[2]/x:exclusive", "yes");
    expect("count(//x:instance[@id='l']/x:root/x:item[1]/*)", "3");
    expect("//x:instance[@id='other']/x:root/x:item/x:label", "B");
}

static void choices_with_languages_or_pictures_use_itext(void **state)
{
    (void)state;
    convert("| survey |\n| | type | name | label |\n| | select_one l | q | Q |\n"
            "| choices |\n| | list_name | name | label | media::image | image_alt |\n"
            "| | l | a | A | a.svg | An A |\n| | l | b | B | | |\n");
    expect("//x:itemset/x:label/@ref", "jr:itext(itextId)");
    expect("//x:instance[@id='l']/x:root/x:item[2]/x:itextId", "l-1");
    expect("//x:text[@id='l-0']/x:value[@form='alt']", "An A");
    expect("count(//x:instance[@id='l']//x:image_alt)", "0");
    expect("//x:text[@id='l-1']/x:value[not(@form)]", "B");
}

static void alternative_text_may_be_spelt_with_a_space(void **state)
{
    (void)state;
    /* pyxform passes by columns of choices whose name has a space, and stops at others with "::".
     */
    convert("| survey |\n| | type | name | label | media::image::A (a) | image alt::A (a) |\n"
            "| | select_one l | q | Q | q.svg | A question |\n"
            "| choices |\n| | list_name | name | label | media::image::A (a) | image alt::A (a) |\n"
            "| | l | a | A | a.svg | An A |\n");
    expect("//x:translation[@lang='A (a)']/x:text[@id='l-0']/x:value[@form='alt']", "An A");
    expect("//x:translation[@lang='A (a)']/x:text[@id='/data/q:label']/x:value[@form='alt']",
           "A question");
}

static void a_column_media_that_does_not_say_which_is_passed_by(void **state)
{
    (void)state;
    convert("| survey |\n| | type | name | label | media |\n| | text | q | | a.png |\n");
    expect("name(//*[@ref='/data/q'])", "input");
    expect("count(//x:itext)", "0");
    assert_int_equal(form.media_count, 0);
}

static void or_other_adds_a_choice_and_a_question(void **state)
{
    (void)state;
    convert("| survey |\n| | type | name | label |\n| | select_one l or_other | q | Q |\n"
            "| choices |\n| | list_name | name | label |\n| | l | a | A |\n");
    expect("//x:instance[@id='l']/x:root/x:item[2]/x:name", "other");
    expect(BIND("q_other") "/@relevant", "selected(../q, 'other')");
    expect("//x:input[@ref='/data/q_other']/x:label", "Specify other.");
}

static void choices_may_come_from_a_file(void **state)
{
    (void)state;
    convert("| survey |\n| | type | name | label | parameters | calculation |\n"
            "| | select_one_from_file towns.csv | q | Q | value=code label=Town | |\n"
            "| | csv-external | extra | | | |\n"
            "| | calculate | p | | | pulldata('fees', 'fee', 'id', '1') |\n");
    expect("//x:itemset/@nodeset", "instance('towns')/root/item");
    expect("//x:itemset/x:value/@ref", "code");
    expect("//x:itemset/x:label/@ref", "Town");
    expect("//x:instance[@id='towns']/@src", "jr://file-csv/towns.csv");
    expect("//x:instance[@id='extra']/@src", "jr://file-csv/extra.csv");
    assert_int_equal(form.media_count, 3);
    assert_string_equal(form.media[0], "extra.csv");
    assert_string_equal(form.media[1], "fees.csv");
    assert_string_equal(form.media[2], "towns.csv");
}

static void choices_of_the_other_sheet_stand_in_the_form(void **state)
{
    (void)state;
    convert("| survey |\n| | type | name | label | choice_filter |\n| | text | t | T | |\n"
            "| | select_one_external towns | q | Q | county = ${t} |\n"
            "| external_choices |\n| | list_name | name | label | county |\n"
            "| | towns | a | A | ox |\n");
    expect("name(//*[@ref='/data/q'])", "select1");
    expect("//x:itemset/@nodeset", "instance('towns')/root/item[county = /data/t ]");
    expect("//x:instance[@id='towns']/x:root/x:item/x:county", "ox");
}

static void the_order_may_be_left_to_chance(void **state)
{
    (void)state;
    convert("| survey |\n| | type | name | label | parameters |\n| | text | s | S | |\n"
            "| | select_one l | q | Q | randomize=TRUE, seed=${S2} |\n| | text | S2 | S | |\n"
            "| choices |\n| | list_name | name | label |\n| | l | a | A |\n");
    expect("//x:itemset/@nodeset", "randomize(instance('l')/root/item, /data/S2)");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(choices_are_an_instance_with_their_columns, finish),
        cmocka_unit_test_teardown(choices_with_languages_or_pictures_use_itext, finish),
        cmocka_unit_test_teardown(alternative_text_may_be_spelt_with_a_space, finish),
        cmocka_unit_test_teardown(a_column_media_that_does_not_say_which_is_passed_by, finish),
        cmocka_unit_test_teardown(or_other_adds_a_choice_and_a_question, finish),
        cmocka_unit_test_teardown(choices_may_come_from_a_file, finish),
        cmocka_unit_test_teardown(choices_of_the_other_sheet_stand_in_the_form, finish),
        cmocka_unit_test_teardown(the_order_may_be_left_to_chance, finish),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
