/* Repeats, as a person meets them: the summary, another one, changing and removing. */
#include "gallery.h"

/* A survey whose repeat is called by what is answered in it. */
static char own[] = "/tmp/tp-repeats-XXXXXX";
static const char people[] =
    "| survey |\n| | type | name | label |\n"
    "| | begin_repeat | child | A child: ${child_name} |\n"
    "| | text | child_name | What is the child called? |\n"
    "| | end_repeat | | |\n"
    "| settings |\n| | form_title | form_id | version |\n| | People | people | 1 |\n";

static void go_to_journeys(void)
{
    go_to("/data/trip[1]/trip_to");
    reply("Banbury");
    see("How did you get to Banbury?");
    choose("By bus");
    see("Added so far: 1");
    see("Banbury, By bus");
}

/* A second journey, without saying how. */
static void add_didcot(void)
{
    touch("Add another");
    reply("Didcot");
    touch("Continue");
}

static void another_is_added_and_both_are_told_apart(void **state)
{
    (void)state;
    go_to_journeys();
    touch("Add another");
    see("A journey 2");
    see("Where did you go?");
    reply("Didcot");
    choose("By train");
    see("Added so far: 2");
    see("A journey 1");
    see("Didcot, By train");
    touch("Continue");
    see("Which bus route do you use?");
    answered("/data/trip[2]/trip_how", "train");
}

static void changing_one_leads_back_to_the_summary(void **state)
{
    (void)state;
    go_to_journeys();
    add_didcot();
    touch("Change: A journey 1");
    see("A journey 1");
    touch("Continue");
    see("How did you get to Banbury?");
    choose("By car");
    /* not to the second journey, though its pages come next */
    see("Added so far: 2");
    see("Banbury, By car");
    touch("Change: A journey 2");
    touch("Back");
    see("Added so far: 2");
    answered("/data/trip[2]/trip_to", "Didcot");
}

static void back_out_of_an_empty_one_takes_it_away(void **state)
{
    (void)state;
    go_to_journeys();
    touch("Add another");
    touch("Back");
    see("Added so far: 1");
    touch("Add another");
    type("Didcot");
    touch("Back");
    see("Added so far: 2");
}

static void removing_is_asked_first(void **state)
{
    (void)state;
    go_to_journeys();
    add_didcot();
    touch("Remove: A journey 1");
    on("remove");
    see("A journey 1");
    see("Banbury, By bus");
    touch("No, keep it");
    see("Added so far: 2");
    touch("Remove: A journey 1");
    touch("Yes, remove it");
    on("question");
    see("Added so far: 1");
    answered("/data/trip[1]/trip_to", "Didcot");
    touch("Remove: A journey");
    touch("Yes, remove it");
    see("You have not added one yet.");
    touch("Add one");
    see("Where did you go?");
}

static void a_repeat_within_a_repeat_comes_back_to_the_right_summary(void **state)
{
    (void)state;
    go_to("/data/route[1]/route_name");
    reply("S5");
    reply("High Street");
    see("A bus stop");
    touch("Continue");
    see("S5");
    touch("Add another"); /* a second route */
    reply("X32");
    see("You have not added one yet.");
    touch("Add one");
    reply("Station");
    see("Station");
    touch("Add another"); /* a second stop of it */
    reply("Market");
    see("Added so far: 2");
    see("Market");
    touch("Continue");
    see("A bus route 2");
    see("S5, High Street");
    choose("Change: A bus route 1");
    touch("Continue");
    see("High Street");
    touch("Continue"); /* the stops of the first route */
    see("A bus route 2");
    touch("Continue");
    see("How many children live with you?");
    answered("/data/route[2]/stop[2]/stop_name", "Market");
}

static void the_check_page_names_each_and_changes_the_number(void **state)
{
    (void)state;
    go_to_journeys();
    go_to_the_end();
    see("Added so far: 1");
    touch("Change: A journey");
    add_didcot();
    see("Added so far: 2");
    touch("Continue");
    on("check");
    see("A journey 2");
    see("How did you get to Didcot?");
    touch("Change: How did you get to Banbury?");
    choose("I walk");
    on("check");
    answered("/data/trip[1]/trip_how", "walk");
}

static void those_that_are_called_the_same_have_numbers(void **state)
{
    (void)state;
    go_into("people", "/data/child[1]/child_name");
    reply("Ada");
    touch("Add another");
    reply("Bo");
    see("A child: Ada");
    see("A child: Bo");
    assert_false(says("A child: Ada 1"));
    assert_false(says("A child: Bo 2"));
    touch("Add another");
    reply("Ada");
    see("A child: Ada 1");
    see("A child: Bo");
    see("A child: Ada 3");
    assert_false(says("A child: Bo 2"));
    touch("Remove: A child: Ada 1");
    touch("Yes, remove it");
    see("A child: Ada");
    assert_false(says("A child: Ada 2"));
}

static void a_counted_repeat_cannot_grow_by_itself(void **state)
{
    (void)state;
    go_to("/data/child_count");
    reply("2");
    see("A child 1");
    reply("Ann");
    reply("9");
    see("A child 2");
    touch("Continue");
    touch("Continue");
    see("The oldest child is 9.");
}

static int set_up_people(void **state)
{
    char path[64];

    if (!mkdtemp(own))
        return -1;
    (void)snprintf(path, sizeof(path), "%s/people", own);
    if (!tp_dir_make(path, 0700, NULL))
        return -1;
    (void)snprintf(path, sizeof(path), "%s/people/people.md", own);
    if (!tp_file_write_atomic(path, people, strlen(people), 0600, NULL))
        return -1;
    surveys = own;
    today_ms = GALLERY_NOW;
    return set_up(state);
}

static int tear_down_people(void **state)
{
    return tp_dir_remove(own, NULL) ? tear_down(state) : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(those_that_are_called_the_same_have_numbers, set_up_people,
                                        tear_down_people),
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up_gallery, tear_down)
        TEST(another_is_added_and_both_are_told_apart),
        TEST(changing_one_leads_back_to_the_summary),
        TEST(back_out_of_an_empty_one_takes_it_away),
        TEST(removing_is_asked_first),
        TEST(a_repeat_within_a_repeat_comes_back_to_the_right_summary),
        TEST(the_check_page_names_each_and_changes_the_number),
        TEST(a_counted_repeat_cannot_grow_by_itself),
    };

    return cmocka_run_group_tests(tests, set_up_all, tear_down_all);
}
