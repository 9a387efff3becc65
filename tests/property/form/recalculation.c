/*
 * core/form: random forms, answered at random. After every answer the state is what calculating
 * everything anew gives; what is shown is relevant; the instance is well-formed XML.
 */
#include "tp_test.h"

#include <libxml/parser.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/random.h"
#include "form/form.h"
#include "form/play.h"
#include "form/session_internal.h"

#define FORMS 150
#define STEPS 60
#define TOP 8   /* questions outside repeats */
#define INNER 4 /* in the outer repeat, and in the inner one */

static struct tp_random dice;

static uint32_t roll(uint32_t sides)
{
    return tp_random_below(&dice, sides);
}

/* ---- a form ---- */

/* Something to read that comes before `limit` in the order of the form: t0..., o0..., i0... */
static void put_reference(struct tp_buf *out, int level, uint32_t limit)
{
    uint32_t which = roll(limit ? limit : 1);

    switch (level == 0 ? 0 : roll((uint32_t)level + 1)) {
    case 0:
        (void)tp_buf_printf(out, "/data/t%u", level ? roll(TOP) : which);
        break;
    case 1:
        (void)tp_buf_printf(out, level == 1 ? "../o%u" : "../../o%u",
                            level == 1 ? which % INNER : roll(INNER));
        break;
    default:
        (void)tp_buf_printf(out, "../i%u", which % INNER);
        break;
    }
}

static void put_number(struct tp_buf *out, int level, uint32_t limit)
{
    static const char *const shapes[] = {"coalesce(", "number(coalesce(", "(1 + coalesce("};
    uint32_t shape = roll(3);

    (void)tp_buf_puts(out, shapes[shape]);
    put_reference(out, level, limit);
    (void)tp_buf_puts(out, shape ? ", 0))" : ", 0)");
}

static void put_condition(struct tp_buf *out, int level, uint32_t limit)
{
    static const char *const signs[] = {" = ", " &gt; ", " != ", " &lt;= "};

    if (roll(4) == 0)
        (void)tp_buf_puts(out, "not(");
    else
        (void)tp_buf_puts(out, "(");
    put_number(out, level, limit);
    (void)tp_buf_puts(out, signs[roll(4)]);
    if (roll(2))
        put_number(out, level, limit);
    else
        (void)tp_buf_printf(out, "%u", roll(5));
    (void)tp_buf_putc(out, ')');
    if (roll(3) == 0) {
        (void)tp_buf_puts(out, roll(2) ? " and " : " or ");
        put_condition(out, level, limit);
    }
}

static void put_calculation(struct tp_buf *out, int level, uint32_t limit)
{
    switch (roll(level ? 4 : 7)) {
    case 0:
        (void)tp_buf_puts(out, "if(");
        put_condition(out, level, limit);
        (void)tp_buf_puts(out, ", ");
        put_number(out, level, limit);
        (void)tp_buf_puts(out, ", '')");
        break;
    case 1:
        (void)tp_buf_puts(out, "concat(");
        put_reference(out, level, limit);
        (void)tp_buf_puts(out, ", '-', position(..))");
        break;
    case 4:
        (void)tp_buf_printf(out, "sum(/data/o/o%u)", roll(INNER));
        break;
    case 5:
        (void)tp_buf_printf(out, "count(/data/o/i[i%u &gt; 1])", roll(INNER));
        break;
    case 6:
        (void)tp_buf_printf(out, "join(' ', /data/o/i/i%u)", roll(INNER));
        break;
    default:
        put_number(out, level, limit);
        (void)tp_buf_puts(out, " * 2");
        break;
    }
}

/* Only what has something before it to read may be calculated or hidden: so there are no cycles. */
static void put_bind(struct tp_buf *out, const char *path, int level, uint32_t index, bool last)
{
    (void)tp_buf_printf(out, "<bind nodeset=\"%s\"%s", path, roll(2) ? " type=\"int\"" : "");
    if (index > 0 || level > 0) {
        if (roll(3) == 0 && (level == 0 || index > 0)) {
            (void)tp_buf_puts(out, " relevant=\"");
            put_condition(out, level == 2 ? 1 : 0, level == 2 ? INNER : index);
            (void)tp_buf_putc(out, '"');
        }
        if (last) {
            (void)tp_buf_puts(out, " calculate=\"");
            put_calculation(out, level, index);
            (void)tp_buf_putc(out, '"');
        }
    }
    (void)tp_buf_puts(out, "/>");
}

static void put_form(struct tp_buf *out)
{
    char path[64];

    (void)tp_buf_puts(out, "<h:html xmlns:h=\"http://www.w3.org/1999/xhtml\" "
                           "xmlns:jr=\"http://openrosa.org/javarosa\"><h:head><model><instance>"
                           "<data id=\"p\">");
    for (uint32_t i = 0; i < TOP; i++)
        (void)tp_buf_printf(out, "<t%u/>", i);
    (void)tp_buf_puts(out, "<total/><o jr:template=\"\">");
    for (uint32_t i = 0; i < INNER; i++)
        (void)tp_buf_printf(out, "<o%u/>", i);
    (void)tp_buf_puts(out, "<i jr:template=\"\">");
    for (uint32_t i = 0; i < INNER; i++)
        (void)tp_buf_printf(out, "<i%u/>", i);
    (void)tp_buf_puts(out, "</i></o></data></instance>");
    for (uint32_t i = 0; i < TOP; i++) {
        (void)snprintf(path, sizeof(path), "/data/t%u", i);
        (void)tp_buf_printf(out, "<bind nodeset=\"%s\"", path);
        if (i > 1 && roll(3) == 0) {
            (void)tp_buf_puts(out, " relevant=\"");
            put_condition(out, 0, i);
            (void)tp_buf_putc(out, '"');
        }
        (void)tp_buf_puts(out, "/>");
    }
    for (uint32_t i = 0; i < INNER; i++) {
        (void)snprintf(path, sizeof(path), "/data/o/o%u", i);
        put_bind(out, path, 1, i, i == INNER - 1);
        (void)snprintf(path, sizeof(path), "/data/o/i/i%u", i);
        put_bind(out, path, 2, i, i == INNER - 1);
    }
    (void)tp_buf_puts(out, "<bind nodeset=\"/data/total\" calculate=\"");
    put_calculation(out, 0, TOP);
    (void)tp_buf_puts(out, "\"/></model></h:head><h:body>");
    for (uint32_t i = 0; i < TOP; i++)
        (void)tp_buf_printf(out, "<input ref=\"/data/t%u\"><label>t</label></input>", i);
    /* what is calculated is not asked, or an answer could stand against its calculation */
    (void)tp_buf_puts(out, "<repeat nodeset=\"/data/o\">");
    for (uint32_t i = 0; i < INNER - 1; i++)
        (void)tp_buf_printf(out, "<input ref=\"/data/o/o%u\"><label>o</label></input>", i);
    (void)tp_buf_puts(out, "<repeat nodeset=\"/data/o/i\">");
    for (uint32_t i = 0; i < INNER - 1; i++)
        (void)tp_buf_printf(out, "<input ref=\"/data/o/i/i%u\"><label>i</label></input>", i);
    (void)tp_buf_puts(out, "</repeat></repeat></h:body></h:html>");
}

/* ---- answering ---- */

static void step(struct tp_session *session)
{
    const tp_node *nodes;
    struct tp_question question;
    struct tp_error error;
    char text[16];
    size_t count;
    tp_node node;
    tp_node made;

    tp_session_questions_all(session, &nodes, &count);
    if (!count)
        return;
    node = nodes[roll((uint32_t)count)];
    assert_true(tp_session_question(session, node, &question));
    if (question.control == TP_CONTROL_REPEAT) {
        if (question.repeat_count < 3 || roll(2))
            (void)tp_session_repeat_add(session, node, &made, &error);
        else
            (void)tp_session_repeat_remove(
                session,
                tp_session_repeat_instance(session, node, roll((uint32_t)question.repeat_count)),
                &error);
        return;
    }
    (void)snprintf(text, sizeof(text), "%u", roll(6));
    (void)tp_session_set(session, node, roll(5) ? text : "", &error);
}

static void check_relevance(struct tp_session *session)
{
    const tp_node *nodes;
    size_t count;

    tp_session_questions_all(session, &nodes, &count);
    for (size_t i = 0; i < count; i++)
        assert_true(tp_session_relevant(session, nodes[i]));
    for (uint32_t node = 1; node < session->node_count; node++) {
        uint32_t parent;

        if (!tp_node_exists(session, node) || !session->nodes[node].relevant)
            continue;
        parent = tp_node_parent(session, node);
        assert_true(!parent || session->nodes[parent].relevant);
    }
}

static void check_instance(struct tp_session *session)
{
    char id[TP_SESSION_ID_MAX];
    struct tp_buf xml;
    xmlDocPtr doc;

    tp_buf_init(&xml, TP_INSTANCE_MAX);
    assert_true(tp_session_finish(session, NULL, &xml, id, NULL));
    doc = xmlReadMemory(xml.data, (int)xml.length, NULL, NULL, 0);
    assert_non_null(doc);
    xmlFreeDoc(doc);
    tp_buf_finish(&xml);
}

static void calculating_everything_changes_nothing(struct tp_session *session, const char *xml)
{
    json_t *before = tp_play_state(session);
    json_t *after;

    tp_recalc_mark_all(session);
    tp_recalc_run(session);
    after = tp_play_state(session);
    if (!json_equal(before, after))
        fail_msg("the graph left something out in %s", xml);
    json_decref(before);
    json_decref(after);
}

static void one_form(void)
{
    struct tp_clock_fake clock = {.wall = INT64_C(1795426867123)};
    const struct tp_session_params params = {.clock = tp_clock_from_fake(&clock), .random = dice};
    struct tp_session *session = NULL;
    struct tp_form *form = NULL;
    struct tp_error error = {0};
    struct tp_buf xml;

    tp_buf_init(&xml, 1 << 20);
    put_form(&xml);
    if (!tp_form_load("random", tp_buf_text(&xml), xml.length, NULL, &form, &error)) {
        /* the generator avoids most cycles, not all */
        if (!strstr(error.text, "a cycle"))
            fail_msg("%s in %s", error.text, tp_buf_text(&xml));
        tp_buf_finish(&xml);
        return;
    }
    assert_true(tp_session_create(form, &params, &session, &error));
    for (int i = 0; i < STEPS; i++) {
        step(session);
        calculating_everything_changes_nothing(session, tp_buf_text(&xml));
    }
    check_relevance(session);
    check_instance(session);
    tp_session_destroy(session);
    tp_form_destroy(form);
    tp_buf_finish(&xml);
}

static void random_forms_answered_at_random(void **state)
{
    uint64_t seed = 20261123;

    (void)state;
    dice = tp_random_seeded(&seed);
    for (int i = 0; i < FORMS; i++)
        one_form();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_forms_answered_at_random),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
