/* kiosk/library and preview: which surveys there are, which are open, and pictures of their pages.
 */
#include "tp_test.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "kiosk/library.h"
#include "kiosk/preview.h"

static char folder[] = "/tmp/tp-library-XXXXXX";
static const struct tp_day today = {2026, 11, 23};

static int set_up(void **state)
{
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    return tp_dir_remove(folder, NULL) ? 0 : -1;
}

static void write_survey(const char *id, const char *opens, const char *closes)
{
    char path[256], text[1024];

    (void)snprintf(path, sizeof(path), "%s/surveys/%s", folder, id);
    assert_true(tp_dir_make(path, 0700, NULL));
    (void)snprintf(path, sizeof(path), "%s/surveys/%s/%s.md", folder, id, id);
    (void)snprintf(text, sizeof(text),
                   "| survey |\n| | type | name | label |\n| | text | a | A |\n"
                   "| settings |\n| | form_title | form_id | version |\n| | T %s | %s | 1 |\n"
                   "| consultation |\n| | name | value |\n| | title | Title of %s |\n"
                   "| | opens | %s |\n| | closes | %s |\n",
                   id, id, id, opens, closes);
    assert_true(tp_file_write_atomic(path, text, strlen(text), 0600, NULL));
}

static struct tp_library *open_library(void)
{
    char path[256];
    struct tp_library *library;

    (void)snprintf(path, sizeof(path), "%s/surveys", folder);
    library = tp_library_create(NULL, path);
    assert_non_null(library);
    (void)tp_library_refresh(library);
    return library;
}

static void only_what_is_open_today_is_offered_and_the_next_to_close_first(void **state)
{
    struct tp_survey *surveys[8];
    struct tp_library *library;

    (void)state;
    write_survey("late", "2026-11-01", "2026-12-24");
    write_survey("soon", "2026-11-23", "2026-11-23");
    write_survey("over", "2026-10-01", "2026-11-22");
    write_survey("later", "2026-11-24", "2026-12-01");
    library = open_library();
    assert_int_equal(tp_library_count(library), 4);
    assert_int_equal(tp_library_open(library, today, surveys, 8), 2);
    assert_string_equal(surveys[0]->id, "soon");
    assert_string_equal(surveys[1]->id, "late");
    assert_string_equal(tp_survey_text(surveys[0], "title", "pl"), "Title of soon");
    assert_string_equal(tp_survey_text(surveys[0], "who", NULL), "");
    assert_null(surveys[0]->form); /* nothing is loaded before it is opened */
    tp_library_destroy(library);
}

static void looking_again_keeps_what_has_not_changed(void **state)
{
    struct tp_library *library = open_library();
    struct tp_survey *kept = tp_library_find(library, "late");
    struct tp_form *form;

    (void)state;
    assert_true(tp_survey_form(kept, &form, NULL));
    assert_false(tp_library_refresh(library));
    assert_ptr_equal(tp_library_find(library, "late"), kept);
    write_survey("soon", "2026-11-23", "2026-11-30");
    assert_true(tp_library_refresh(library));
    assert_ptr_equal(tp_library_find(library, "late"), kept);
    assert_ptr_equal(kept->form, form);
    assert_int_equal(tp_consultation_closes(tp_library_find(library, "soon")->facts).day, 30);
    tp_library_destroy(library);
}

/* A package as the agent keeps it: a link that is switched over. */
static void a_switched_link_brings_the_other_version(void **state)
{
    char path[256], other[256];
    struct tp_library *library;

    (void)state;
    for (int version = 1; version <= 2; version++) {
        char facts[128];

        (void)snprintf(path, sizeof(path), "%s/packages/p-%d", folder, version);
        assert_true(tp_dir_make(path, 0700, NULL));
        (void)snprintf(path, sizeof(path), "%s/packages/p-%d/form.xml", folder, version);
        assert_true(tp_file_write_atomic(path, "<x/>", 4, 0600, NULL));
        (void)snprintf(path, sizeof(path), "%s/packages/p-%d/consultation.json", folder, version);
        (void)snprintf(facts, sizeof(facts), "{\"title\":{\"default\":\"Version %d\"}}", version);
        assert_true(tp_file_write_atomic(path, facts, strlen(facts), 0600, NULL));
    }
    (void)snprintf(path, sizeof(path), "%s/forms", folder);
    assert_true(tp_dir_make(path, 0700, NULL));
    (void)snprintf(path, sizeof(path), "%s/forms/p", folder);
    assert_int_equal(symlink("../packages/p-1", path), 0);
    (void)snprintf(other, sizeof(other), "%s/forms", folder);
    library = tp_library_create(other, NULL);
    assert_true(tp_library_refresh(library));
    assert_string_equal(tp_survey_text(tp_library_find(library, "p"), "title", NULL), "Version 1");
    (void)snprintf(other, sizeof(other), "%s/forms/.new", folder);
    assert_int_equal(symlink("../packages/p-2", other), 0);
    assert_int_equal(rename(other, path), 0);
    assert_true(tp_library_refresh(library));
    assert_string_equal(tp_survey_text(tp_library_find(library, "p"), "title", NULL), "Version 2");
    tp_library_destroy(library);
}

/* Writes a package as the agent keeps it: PATH/form.xml, and facts where they are given. */
static void write_package(const char *name, const char *key, const char *facts)
{
    char path[300], xml[2000];

    (void)snprintf(path, sizeof(path), "%s/brought", folder);
    assert_true(tp_dir_make(path, 0700, NULL));
    (void)snprintf(path, sizeof(path), "%s/brought/%s", folder, name);
    assert_true(tp_dir_make(path, 0700, NULL));
    (void)snprintf(
        xml, sizeof(xml),
        "<h:html xmlns=\"http://www.w3.org/2002/xforms\" xmlns:h=\"http://www.w3.org/1999/xhtml\">"
        "<h:head><h:title>T</h:title><model><instance><data id=\"%s\" version=\"1\"><q/></data>"
        "</instance><bind nodeset=\"/data/q\" type=\"string\"/>%s%s%s</model></h:head><h:body>"
        "<input ref=\"/data/q\"><label>Q</label></input></h:body></h:html>",
        name, key ? "<submission base64RsaPublicKey=\"" : "", key ? key : "", key ? "\"/>" : "");
    (void)snprintf(path, sizeof(path), "%s/brought/%s/form.xml", folder, name);
    assert_true(tp_file_write_atomic(path, xml, strlen(xml), 0600, NULL));
    (void)snprintf(path, sizeof(path), "%s/brought/%s/consultation.json", folder, name);
    if (facts)
        assert_true(tp_file_write_atomic(path, facts, strlen(facts), 0600, NULL));
}

#define FACTS "{\"title\":{\"default\":\"A survey\"}}"

/* The key of tests/unit/store/golden_odk. */
static void read_public_key(struct tp_buf *key)
{
    tp_buf_init(key, 1000);
    assert_true(tp_file_read("tests/unit/store/golden_odk/key.pub", key, NULL));
}

static bool is_offered(struct tp_library *library, const char *id)
{
    struct tp_survey *survey = tp_library_find(library, id);

    return survey && !survey->broken;
}

static void what_came_without_its_facts_is_not_offered(void **state)
{
    struct tp_library *library;
    char path[256];

    (void)state;
    write_package("whole", NULL, FACTS);
    write_package("bare", NULL, NULL);
    (void)snprintf(path, sizeof(path), "%s/brought", folder);
    library = tp_library_create(path, NULL);
    assert_true(tp_library_refresh(library));
    assert_true(is_offered(library, "whole"));
    assert_false(is_offered(library, "bare"));
    assert_non_null(strstr(tp_library_problem(library, 0), "consultation.json"));
    assert_false(tp_library_refresh(library));
    tp_library_destroy(library);
    /* An author looking at a draft of their own is not stopped. */
    library = tp_library_create(NULL, path);
    assert_true(tp_library_refresh(library));
    assert_true(is_offered(library, "bare"));
    tp_library_destroy(library);
    assert_true(tp_dir_remove(path, NULL));
}

static void without_a_key_of_the_screen_only_forms_with_their_own_are_offered(void **state)
{
    struct tp_library *library;
    struct tp_buf key;
    char path[256];

    (void)state;
    read_public_key(&key);
    write_package("own", tp_buf_text(&key), FACTS);
    write_package("none", NULL, FACTS);
    (void)snprintf(path, sizeof(path), "%s/brought", folder);
    library = tp_library_create(path, NULL);
    tp_library_want_own_keys(library, true);
    assert_true(tp_library_refresh(library));
    assert_true(is_offered(library, "own"));
    assert_false(is_offered(library, "none"));
    assert_non_null(strstr(tp_library_problem(library, 0), "public_key"));
    /* The screen was connected with a key after all. */
    tp_library_want_own_keys(library, false);
    assert_true(tp_library_refresh(library));
    assert_true(is_offered(library, "none"));
    tp_library_destroy(library);
    assert_true(tp_dir_remove(path, NULL));
    tp_buf_finish(&key);
}

static void a_public_key_that_is_none_keeps_its_survey_off_the_screen(void **state)
{
    struct tp_library *library;
    struct tp_error error;
    struct tp_form *form;
    char path[256];

    (void)state;
    write_package("wrong", "AAAA", FACTS);
    (void)snprintf(path, sizeof(path), "%s/brought", folder);
    library = tp_library_create(path, NULL);
    assert_true(tp_library_refresh(library));
    assert_false(tp_survey_form(tp_library_find(library, "wrong"), &form, &error));
    assert_non_null(strstr(error.text, "public_key is not an RSA public key"));
    assert_false(is_offered(library, "wrong"));
    tp_library_destroy(library);
    assert_true(tp_dir_remove(path, NULL));
}

static void a_form_that_does_not_load_is_not_offered_again(void **state)
{
    struct tp_survey *survey, *offered[4];
    struct tp_library *library;
    struct tp_form *form = NULL;
    struct tp_error error;
    char path[256];

    (void)state;
    (void)snprintf(path, sizeof(path), "%s/forms", folder);
    library = tp_library_create(path, NULL);
    assert_true(tp_library_refresh(library));
    survey = tp_library_find(library, "p");
    assert_int_equal(tp_library_open(library, today, offered, 4), 1);
    assert_false(tp_survey_form(survey, &form, &error)); /* <x/> is no form */
    assert_null(form);
    assert_int_equal(tp_library_open(library, today, offered, 4), 0);
    assert_non_null(strstr(tp_library_problem(library, 0), "'p' is left out"));
    tp_library_destroy(library);
}

static void media_outside_the_survey_is_not_reached(void **state)
{
    struct tp_survey *survey;
    char path[TP_MEDIA_PATH_MAX];

    (void)state;
    assert_true(tp_survey_open("tests/surveys/short", &survey, NULL));
    assert_non_null(tp_survey_media(survey, "bus.svg", path));
    assert_null(tp_survey_media(survey, "../short.md", path));
    assert_null(tp_survey_media(survey, "/etc/passwd", path));
    assert_null(tp_survey_media(survey, "none.svg", path));
    assert_null(tp_survey_media(survey, "", path));
    assert_null(tp_survey_media(survey, NULL, path));
    tp_survey_close(survey);
}

/* ---- the preview ---- */

struct drawn {
    char ids[4096];
    size_t pages;
    bool stop;
};

static bool take(void *context, const struct tp_preview_page *page, SDL_Surface *canvas,
                 struct tp_error *error)
{
    struct drawn *drawn = context;

    assert_int_equal(canvas->w, 1280);
    assert_non_null(page->title);
    drawn->pages++;
    (void)snprintf(drawn->ids + strlen(drawn->ids), sizeof(drawn->ids) - strlen(drawn->ids), "%s|",
                   page->id);
    return !drawn->stop || tp_fail(error, TP_ERR_IO, "stopped");
}

static void a_preview_draws_every_page_once_also_those_behind_routing(void **state)
{
    struct tp_preview_options options = {
        .width = 1280, .height = 800, .width_mm = 344, .language = "en"};
    static const char *const wanted[] = {
        "front|", "question:like_other|", "question:day_note|", "question:read|", "check|",
        "thanks|"};
    struct drawn drawn = {0};
    struct tp_error error;

    (void)state;
    if (!tp_preview_draw("tests/surveys/short", &options, take, &drawn, &error))
        fail_msg("%s", error.text);
    for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
        if (!strstr(drawn.ids, wanted[i]))
            fail_msg("%s is not in %s", wanted[i], drawn.ids);
    assert_null(strstr(strstr(drawn.ids, "question:travel|") + 1, "question:travel|"));
}

static void a_preview_stops_where_it_is_told_and_names_what_is_missing(void **state)
{
    struct tp_preview_options options = {.width = 1280, .height = 800};
    struct drawn drawn = {.stop = true};
    struct tp_error error;

    (void)state;
    assert_false(tp_preview_draw("tests/surveys/short", &options, take, &drawn, &error));
    assert_string_equal(error.text, "stopped");
    assert_int_equal(drawn.pages, 1);
    assert_false(tp_preview_draw("tests/surveys/none", &options, take, &drawn, &error));
    assert_non_null(strstr(error.text, "tests/surveys/none"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_what_is_open_today_is_offered_and_the_next_to_close_first),
        cmocka_unit_test(looking_again_keeps_what_has_not_changed),
        cmocka_unit_test(a_switched_link_brings_the_other_version),
        cmocka_unit_test(what_came_without_its_facts_is_not_offered),
        cmocka_unit_test(without_a_key_of_the_screen_only_forms_with_their_own_are_offered),
        cmocka_unit_test(a_public_key_that_is_none_keeps_its_survey_off_the_screen),
        cmocka_unit_test(a_form_that_does_not_load_is_not_offered_again),
        cmocka_unit_test(media_outside_the_survey_is_not_reached),
        cmocka_unit_test(a_preview_draws_every_page_once_also_those_behind_routing),
        cmocka_unit_test(a_preview_stops_where_it_is_told_and_names_what_is_missing),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
