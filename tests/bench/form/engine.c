/*
 * What the engine costs on generated forms of 100, 1,000 and 10,000 questions, on a list of 40,000
 * choices, and on a real form where the conformance data is (ODK=DIR). The floor of loading,
 * opening and writing is libxml2 parsing the same bytes, and of memory the document it makes of
 * them. What should not grow with the form (answering, turning the page, a question's share of
 * loading) is held against the form of 100 questions.
 */
#include <glob.h>
#include <libxml/parser.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/random.h"
#include "bench/bench.h"
#include "form/form.h"
#include "form/session.h"

#define XML_MAX ((size_t)256 * 1024 * 1024)

static struct tp_error error;

static double heap_mib(void)
{
    struct mallinfo2 info = mallinfo2();

    return (double)(info.uordblks + info.hblkhd) / (1024.0 * 1024.0);
}

static void print(const char *what, const char *form, double value, const char *unit,
                  double baseline)
{
    (void)printf("{\"name\":\"form %s, %s\",\"value\":%.4f,\"unit\":\"%s\",\"baseline\":%.4f,"
                 "\"ratio\":%.3f}\n",
                 what, form, value, unit, baseline, value / baseline);
}

/* Above the document, which is there with or without an engine. */
static void print_memory(const char *form, double with_session_mib, double document)
{
    print("memory above the document", form, with_session_mib - document, "MiB", document);
}

/* ---- forms ---- */

/* A survey of many kinds: every third question hangs on the one before, every fifth is a choice,
 * every tenth is calculated, all labels are translated. */
static void put_survey(struct tp_buf *out, unsigned questions)
{
    (void)tp_buf_puts(out,
                      "<?xml version=\"1.0\"?><h:html xmlns=\"http://www.w3.org/2002/xforms\" "
                      "xmlns:h=\"http://www.w3.org/1999/xhtml\" "
                      "xmlns:jr=\"http://openrosa.org/javarosa\"><h:head><h:title>Bench</h:title>"
                      "<model><itext>");
    for (unsigned l = 0; l < 2; l++) {
        (void)tp_buf_printf(out, "<translation lang=\"%s\">", l ? "Polski (pl)" : "English (en)");
        for (unsigned i = 0; i < questions; i++)
            (void)tp_buf_printf(out,
                                "<text id=\"/data/q%u:label\"><value>%s question number %u, and "
                                "what do you think about it?</value></text>",
                                i, l ? "Polskie" : "The English", i);
        (void)tp_buf_puts(out, "</translation>");
    }
    (void)tp_buf_puts(out, "</itext><instance><data id=\"bench\" version=\"1\">");
    for (unsigned i = 0; i < questions; i++)
        (void)tp_buf_printf(out, "<q%u/>", i);
    (void)tp_buf_puts(out, "<meta><instanceID/></meta></data></instance>");
    for (unsigned i = 0; i < questions; i++) {
        (void)tp_buf_printf(out, "<bind nodeset=\"/data/q%u\" type=\"%s\"", i,
                            i % 5 == 2   ? "select1"
                            : i % 5 == 1 ? "int"
                                         : "string");
        if (i % 3 == 1)
            (void)tp_buf_printf(out, " relevant=\" /data/q%u != 'skip'\"", i - 1);
        if (i % 10 == 9)
            (void)tp_buf_printf(out, " calculate=\"concat( /data/q%u , '-',  /data/q%u )\"", i - 1,
                                i - 2);
        if (i % 5 == 1)
            (void)tp_buf_puts(out, " constraint=\". &gt; 0 and . &lt; 120\" required=\"true()\"");
        (void)tp_buf_puts(out, "/>");
    }
    (void)tp_buf_puts(out, "</model></h:head><h:body>");
    for (unsigned i = 0; i < questions; i++) {
        const char *tag = i % 5 == 2 ? "select1" : "input";

        if (i % 10 == 9)
            continue;
        (void)tp_buf_printf(
            out, "<%s ref=\"/data/q%u\"><label ref=\"jr:itext('/data/q%u:label')\"/>", tag, i, i);
        for (unsigned c = 0; i % 5 == 2 && c < 4; c++)
            (void)tp_buf_printf(out, "<item><label>Choice %u</label><value>c%u</value></item>", c,
                                c);
        (void)tp_buf_printf(out, "</%s>", tag);
    }
    (void)tp_buf_puts(out, "</h:body></h:html>");
}

#define COUNTIES 200u

static void put_long_list(struct tp_buf *out, unsigned choices)
{
    (void)tp_buf_puts(out, "<?xml version=\"1.0\"?><h:html xmlns=\"http://www.w3.org/2002/xforms\" "
                           "xmlns:h=\"http://www.w3.org/1999/xhtml\"><h:head><model><instance>"
                           "<data id=\"list\"><county/><town/></data></instance>"
                           "<instance id=\"towns\"><root>");
    for (unsigned i = 0; i < choices; i++)
        (void)tp_buf_printf(
            out, "<item><county>c%u</county><name>t%u</name><label>Town %u</label></item>",
            i % COUNTIES, i, i);
    (void)tp_buf_puts(out, "</root></instance></model></h:head><h:body>"
                           "<input ref=\"/data/county\"><label>County</label></input>"
                           "<select1 ref=\"/data/town\"><label>Town</label><itemset "
                           "nodeset=\"instance('towns')/root/item[county = /data/county ]\">"
                           "<value ref=\"name\"/><label ref=\"label\"/></itemset></select1>"
                           "</h:body></h:html>");
}

/* ---- measuring ---- */

static double parse_ms(const struct tp_buf *xml)
{
    double best = 1e9;

    for (int i = 0; i < 5; i++) {
        double start = now_ms();
        xmlDocPtr doc = xmlReadMemory(xml->data, (int)xml->length, NULL, NULL, XML_PARSE_NONET);
        double took = now_ms() - start;

        xmlFreeDoc(doc);
        best = took < best ? took : best;
    }
    return best;
}

static double document_mib(const struct tp_buf *xml)
{
    double before = heap_mib();
    xmlDocPtr doc = xmlReadMemory(xml->data, (int)xml->length, NULL, NULL, XML_PARSE_NONET);
    double after = heap_mib();

    xmlFreeDoc(doc);
    return after - before;
}

static struct tp_form *load(const struct tp_buf *xml)
{
    const struct tp_form_params params = {.lenient = true};
    struct tp_form *form = NULL;

    insist_told(tp_form_load("bench", xml->data, xml->length, &params, &form, &error), "load",
                &error);
    return form;
}

static double load_ms(const struct tp_buf *xml)
{
    double best = 1e9;

    for (int i = 0; i < 5; i++) {
        double start = now_ms();
        struct tp_form *form = load(xml);
        double took = now_ms() - start;

        tp_form_destroy(form);
        best = took < best ? took : best;
    }
    return best;
}

static struct tp_session *open(const struct tp_form *form)
{
    const struct tp_session_params params = {.clock = tp_clock_system(),
                                             .random = tp_random_system()};
    struct tp_session *session = NULL;

    insist_told(tp_session_create(form, &params, &session, &error), "open", &error);
    return session;
}

static double open_ms(const struct tp_form *form)
{
    double best = 1e9;

    for (int i = 0; i < 5; i++) {
        double start = now_ms();
        struct tp_session *session = open(form);
        double took = now_ms() - start;

        tp_session_destroy(session);
        best = took < best ? took : best;
    }
    return best;
}

struct costs {
    double load_ms; /* a question's share */
    double answer_ms, page_ms, reroute_ms, write_ms;
};

#define TURNS 200u

/* The next page and all that is drawn from: its questions and their words. */
static void turn_page(struct tp_session *session)
{
    const tp_node *nodes;
    struct tp_question question;
    size_t count;

    if (!tp_session_next(session))
        insist(tp_session_goto(session, tp_session_find(session, "/data/q3")), "go back");
    tp_session_page_questions(session, &nodes, &count);
    for (size_t i = 0; i < count; i++)
        (void)tp_session_question(session, nodes[i], &question);
}

/* One question answered over and over, with all that hangs on it; then pages; then answers that
 * change which pages there are; then writing. */
static struct costs work(struct tp_session *session)
{
    struct costs costs = {0};
    tp_node node = tp_session_find(session, "/data/q3");
    char id[TP_SESSION_ID_MAX];
    double start = now_ms();
    struct tp_buf xml;

    for (unsigned i = 0; i < TURNS; i++)
        insist_told(tp_session_set(session, node, i % 2 ? "skip" : "stay", &error), "answer",
                    &error);
    costs.answer_ms = (now_ms() - start) / TURNS;
    turn_page(session);
    start = now_ms();
    for (unsigned i = 0; i < TURNS; i++)
        turn_page(session);
    costs.page_ms = (now_ms() - start) / TURNS;
    start = now_ms();
    for (unsigned i = 0; i < TURNS; i++) {
        insist_told(tp_session_set(session, node, i % 2 ? "skip" : "stay", &error), "answer",
                    &error);
        turn_page(session);
    }
    costs.reroute_ms = (now_ms() - start) / TURNS;
    start = now_ms();
    tp_buf_init(&xml, TP_INSTANCE_MAX);
    insist_told(tp_session_finish(session, NULL, &xml, id, &error), "finish", &error);
    costs.write_ms = now_ms() - start;
    tp_buf_finish(&xml);
    return costs;
}

static void survey(unsigned questions, struct costs *smallest)
{
    struct tp_session *session;
    struct tp_form *form;
    struct costs costs;
    struct tp_buf xml;
    char name[64];
    double before;
    double floor_ms;
    double load_all;

    tp_buf_init(&xml, XML_MAX);
    put_survey(&xml, questions);
    (void)snprintf(name, sizeof(name), "%u questions", questions);
    floor_ms = parse_ms(&xml);
    load_all = load_ms(&xml);
    before = heap_mib();
    form = load(&xml);
    print("load", name, load_all, "ms", floor_ms);
    print("open", name, open_ms(form), "ms", floor_ms);
    session = open(form);
    print_memory(name, heap_mib() - before, document_mib(&xml));
    costs = work(session);
    costs.load_ms = load_all / questions;
    if (!smallest->answer_ms)
        *smallest = costs;
    print("load, each question", name, costs.load_ms * 1000, "us", smallest->load_ms * 1000);
    print("answer", name, costs.answer_ms * 1000, "us", smallest->answer_ms * 1000);
    print("next page", name, costs.page_ms * 1000, "us", smallest->page_ms * 1000);
    print("answer that changes the pages, and next page", name, costs.reroute_ms * 1000, "us",
          smallest->reroute_ms * 1000);
    print("write", name, costs.write_ms, "ms", floor_ms);
    tp_session_destroy(session);
    tp_form_destroy(form);
    tp_buf_finish(&xml);
}

static void long_list(void)
{
    const char *name = "40000 choices";
    struct tp_session *session;
    struct tp_question question;
    struct tp_form *form;
    struct tp_buf xml;
    double floor_ms;
    double start;
    tp_node county;
    tp_node town;

    tp_buf_init(&xml, XML_MAX);
    put_long_list(&xml, 40000);
    floor_ms = parse_ms(&xml);
    print("load", name, load_ms(&xml), "ms", floor_ms);
    form = load(&xml);
    session = open(form);
    county = tp_session_find(session, "/data/county");
    town = tp_session_find(session, "/data/town");
    start = now_ms();
    for (unsigned i = 0; i < 20; i++) {
        char value[16];

        (void)snprintf(value, sizeof(value), "c%u", i);
        insist_told(tp_session_set(session, county, value, &error), "answer", &error);
        insist(tp_session_question(session, town, &question), "question");
        if (question.choice_count != 40000 / COUNTIES)
            exit(1);
    }
    print("filter", name, (now_ms() - start) / 20, "ms", floor_ms);
    tp_session_destroy(session);
    tp_form_destroy(form);
    tp_buf_finish(&xml);
}

/* Answers what the first pages ask, as a resident would, and turns each. */
static double answer_pages_ms(struct tp_session *session, unsigned pages)
{
    double start = now_ms();

    for (unsigned i = 0; i < pages; i++) {
        const tp_node *nodes;
        size_t count;

        tp_session_page_questions(session, &nodes, &count);
        for (size_t n = 0; n < count; n++) {
            struct tp_question question;
            struct tp_choice choice;

            if (!tp_session_question(session, nodes[n], &question) ||
                question.control == TP_CONTROL_REPEAT)
                continue;
            if (question.choice_count && tp_session_choice(session, nodes[n], 0, &choice))
                (void)tp_session_set(session, nodes[n], choice.value, NULL);
            else
                (void)tp_session_set(session, nodes[n], "1", NULL);
        }
        if (!tp_session_next(session))
            break;
    }
    return (now_ms() - start) / pages;
}

static void real_form(void)
{
    const char *folder = getenv("ODK");
    struct tp_session *session;
    struct tp_form *form;
    struct tp_buf xml;
    char id[TP_SESSION_ID_MAX];
    char pattern[4096];
    glob_t found;
    double floor_ms;
    double before;

    (void)snprintf(pattern, sizeof(pattern), "%s/forms/xforms/*whova_form.xml",
                   folder ? folder : "../shared/odk");
    if (glob(pattern, 0, NULL, &found) || !found.gl_pathc) {
        (void)fprintf(stderr, "bench: form: skipped whova_form: there is no %s (ODK=DIR)\n",
                      pattern);
        return;
    }
    tp_buf_init(&xml, XML_MAX);
    insist_told(tp_file_read(found.gl_pathv[0], &xml, &error), "read", &error);
    globfree(&found);
    floor_ms = parse_ms(&xml);
    print("load", "whova", load_ms(&xml), "ms", floor_ms);
    before = heap_mib();
    form = load(&xml);
    print("open", "whova", open_ms(form), "ms", floor_ms);
    session = open(form);
    print_memory("whova", heap_mib() - before, document_mib(&xml));
    print("answer and turn a page", "whova", answer_pages_ms(session, 50), "ms", floor_ms);
    before = now_ms();
    tp_buf_reset(&xml);
    insist_told(tp_session_finish(session, NULL, &xml, id, &error), "finish", &error);
    print("write", "whova", now_ms() - before, "ms", floor_ms);
    tp_session_destroy(session);
    tp_form_destroy(form);
    tp_buf_finish(&xml);
}

int main(void)
{
    struct costs smallest = {0};

    survey(100, &smallest);
    survey(1000, &smallest);
    survey(10000, &smallest);
    long_list();
    real_form();
    return 0;
}
