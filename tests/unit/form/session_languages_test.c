/* core/form/session: in which language a form speaks, and with which pictures. */
#include "forms.h"

static void a_language_is_what_its_name_says(void **state)
{
    static const struct {
        const char *name, *display, *tag;
    } cases[] = {{"Filipino (fil)", "Filipino", "fil"},
                 {"pt-BR", "pt-BR", "pt-BR"},
                 {"(ar)", "(ar)", "ar"},
                 {"Latin (lati)", "Latin (lati)", ""},
                 {"Welsh (c)", "Welsh (c)", ""},
                 {"A (en--x)", "A (en--x)", ""},
                 {"B (en-)", "B (en-)", ""},
                 {"C (e1)", "C (e1)", ""},
                 {"D (en-123456789)", "D (en-123456789)", ""}};
    char xml[1024];

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct tp_form_language *language;

        (void)snprintf(xml, sizeof(xml),
                       F_MODEL("<q/>", "<itext><translation lang=\"%s\"/></itext>",
                               "<input ref=\"/data/q\"/>"),
                       cases[i].name);
        the_form = load_form(xml, NULL);
        language = tp_form_language(the_form, 0);
        assert_string_equal(language->display, cases[i].display);
        assert_string_equal(language->tag, cases[i].tag);
        tp_form_destroy(the_form);
        the_form = NULL;
    }
}

static void languages_fall_back_one_by_one(void **state)
{
    static const char xml[] = F_MODEL(
        "<q/>",
        "<itext><translation lang=\"English (en)\" default=\"true()\">"
        "<text id=\"q\"><value>Which day?</value><value form=\"image\">jr://images/day.png</value>"
        "<value form=\"alt\">A calendar</value></text>"
        "<text id=\"h\"><value>One only</value><value form=\"guidance\">Read aloud</value></text>"
        "<text id=\"c\"><value>Monday</value><value "
        "form=\"audio\">jr://audio/mon.ogg</value></text>"
        "</translation><translation lang=\"Easy Read (en-simple)\">"
        "<text id=\"q\"><value>What day?</value></text><text id=\"c\"><value>-</value></text>"
        "</translation><translation lang=\"Polski (pl)\">"
        "<text id=\"q\"><value>Kt\u00F3ry dzie\u0144?</value></text></translation></itext>",
        "<select1 ref=\"/data/q\"><label ref=\"jr:itext('q')\"/><hint ref=\"jr:itext('h')\"/>"
        "<item><label ref=\"jr:itext('c')\"/><value>mon</value></item></select1>");
    struct tp_session *session = open_form(xml);
    tp_node node = at(session, "/data/q");
    struct tp_question question;
    struct tp_choice choice;

    (void)state;
    assert_int_equal(tp_form_language_count(the_form), 3);
    assert_string_equal(tp_form_language(the_form, 1)->display, "Easy Read");
    assert_string_equal(tp_form_language(the_form, 1)->tag, "en-simple");
    assert_true(tp_form_language(the_form, 0)->is_default);
    assert_string_equal(tp_form_language_find(the_form, "en-GB")->tag, "en");
    assert_null(tp_form_language_find(the_form, "pl-simple"));
    assert_true(tp_session_set_language(session, "en-simple"));
    assert_true(tp_session_question(session, node, &question));
    assert_string_equal(question.label.text, "What day?");
    assert_string_equal(question.label.image, "day.png");
    assert_string_equal(question.label.image_alt, "A calendar");
    assert_string_equal(question.hint.text, "One only");
    assert_string_equal(question.guidance, "Read aloud");
    assert_true(tp_session_choice(session, node, 0, &choice));
    assert_string_equal(choice.label.text, "Monday");
    assert_string_equal(choice.label.audio, "mon.ogg");
    assert_true(tp_session_set_language(session, "pl"));
    assert_true(tp_session_question(session, node, &question));
    assert_string_equal(question.label.text, "Kt\u00F3ry dzie\u0144?");
    assert_false(tp_session_set_language(session, "fr"));
    assert_string_equal(tp_session_language(session)->tag, "en");
    assert_false(tp_session_set_language(session, "pl-simple"));
    assert_string_equal(tp_session_language(session)->tag, "pl");
    close_form(session);
}

/* A person who reads Polish in Easy Read has the pictures that the author drew for Easy Read. */
static void easy_read_pictures_stand_beside_every_language(void **state)
{
    static const char xml[] = F_MODEL(
        "<q/>",
        "<itext><translation lang=\"English (en)\" default=\"true()\">"
        "<text id=\"q\"><value>Which day?</value></text>"
        "</translation><translation lang=\"Easy Read (en-simple)\">"
        "<text id=\"q\"><value>What day?</value><value form=\"image\">jr://images/day.png</value>"
        "<value form=\"alt\">A calendar</value></text>"
        "</translation><translation lang=\"Polski (pl)\">"
        "<text id=\"q\"><value>Kt\u00F3ry dzie\u0144?</value></text></translation></itext>",
        "<input ref=\"/data/q\"><label ref=\"jr:itext('q')\"/></input>");
    struct tp_session *session = open_form(xml);
    tp_node node = at(session, "/data/q");
    struct tp_question question;

    (void)state;
    assert_true(tp_session_set_language(session, "pl"));
    assert_true(tp_session_question(session, node, &question));
    assert_null(question.label.image);
    tp_session_set_reading_mode(session, "easy-read");
    assert_true(tp_session_question(session, node, &question));
    assert_string_equal(question.label.text, "Kt\u00F3ry dzie\u0144?");
    assert_string_equal(question.label.image, "day.png");
    assert_string_equal(question.label.image_alt, "A calendar");
    tp_session_set_reading_mode(session, "standard");
    assert_true(tp_session_question(session, node, &question));
    assert_null(question.label.image);
    close_form(session);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_language_is_what_its_name_says),
        cmocka_unit_test(languages_fall_back_one_by_one),
        cmocka_unit_test(easy_read_pictures_stand_beside_every_language),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
