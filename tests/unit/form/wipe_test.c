/* core/form/session: nothing of an answer stays in memory when its session is gone. */
#include "forms.h"
#include "lib/memory.h"

static const char form[] = F_MODEL(
    "<q/><copy/><joined/><chosen/><r jr:template=\"\"><a/></r>",
    "<instance id=\"i\"><root><item><n>one</n><v>x</v></item></root></instance>"
    "<bind nodeset=\"/data/copy\" calculate=\"concat('-', substr(/data/q, 0), '-')\"/>"
    "<bind nodeset=\"/data/joined\" calculate=\"join(',', /data/r/a)\"/>",
    "<input ref=\"/data/q\"><label>You said <output value=\"/data/q\"/></label></input>"
    "<group ref=\"/data/r\"><repeat nodeset=\"/data/r\"><input ref=\"/data/r/a\"/></repeat></group>"
    "<select1 ref=\"/data/chosen\"><itemset nodeset=\"instance('i')/root/item[v = /data/q]\">"
    "<value ref=\"n\"/></itemset></select1>");

/* Each byte one more than it is. */
#define DISGUISED "Uijt!jt!bo!botxfs!pg!nz!pxo"
#define CANARY_LENGTH (sizeof(DISGUISED) - 1)

static char canary[CANARY_LENGTH + 1];

/* Its own place apart. */
static size_t count_in_memory(void)
{
    return memory_count(getpid(), DISGUISED, CANARY_LENGTH) - 1;
}

static void work(struct tp_session *session)
{
    struct tp_question question;
    char id[TP_SESSION_ID_MAX];
    struct tp_error error;
    struct tp_buf out;
    tp_node made;

    answer(session, "/data/q", canary);
    assert_true(tp_session_question(session, at(session, "/data/q"), &question));
    assert_true(tp_session_repeat_add(session, at(session, "/data/r"), &made, &error));
    answer(session, "/data/r[1]/a", canary);
    assert_true(tp_session_repeat_add(session, at(session, "/data/r"), &made, &error));
    answer(session, "/data/r[2]/a", canary);
    assert_true(tp_session_repeat_remove(session, at(session, "/data/r[1]"), &error));
    tp_buf_init(&out, TP_INSTANCE_MAX);
    assert_true(tp_session_finish(session, NULL, &out, id, &error));
    tp_buf_finish(&out);
    assert_true(count_in_memory() >= 3);
}

static void no_answer_outlives_its_session(void **state)
{
    struct tp_session *session;

    (void)state;
    for (size_t i = 0; i < CANARY_LENGTH; i++)
        canary[i] = (char)(DISGUISED[i] - 1);
    assert_int_equal(count_in_memory(), 0);
    session = open_form(form);
    work(session);
    tp_session_destroy(session);
    assert_int_equal(count_in_memory(), 0);
    tp_form_destroy(the_form);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_answer_outlives_its_session),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
