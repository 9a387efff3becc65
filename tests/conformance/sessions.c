/* scenarios.jsonl: whole sessions, with the state after each step and the instance at the end. */
#include <libxml/parser.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/random.h"
#include "conformance.h"
#include "form/form.h"
#include "form/play.h"
#include "form/xml.h"

/* When and where the data was recorded; what depends on the clock is compared by kind. */
#define NOW INT64_C(1795349205000)
#define ZONE "America/Phoenix"
#define RECORDED "2026-11-2"

struct session {
    json_t *row;
    const char *resources;
    struct tp_form *form;
    struct tp_session *session;
    bool ended;
    char why[600];
};

static const char *text_of(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));

    return text ? text : "";
}

static bool is_uuid(const char *text)
{
    return !strncmp(text, "uuid:", 5) || (strlen(text) == 36 && text[8] == '-' && text[13] == '-');
}

/* Values drawn by chance or from the clock are the same when they are of a kind. */
static bool same_value(const char *wanted, const char *got)
{
    if (!strcmp(wanted, got))
        return true;
    if (is_uuid(wanted) && is_uuid(got))
        return true;
    return !strncmp(wanted, RECORDED, strlen(RECORDED)) && !strncmp(got, "2026-11-2", 9) &&
           strlen(wanted) == strlen(got);
}

/* Made when a sent answer is edited, which a public screen never does. */
static bool is_of_editing(const json_t *node)
{
    return strstr(text_of(node, "ref"), ":deprecatedID") ||
           strstr(text_of(node, "ref"), "/deprecatedID");
}

/* Whose value at the end is a name of its own for each answer, whatever the form gave it. */
static bool is_name(const json_t *node)
{
    const char *ref = text_of(node, "ref");
    size_t length = strlen(ref);

    return length > strlen("instanceID") &&
           !strcmp(ref + length - strlen("instanceID"), "instanceID");
}

static json_t *find_node(json_t *state, const char *ref)
{
    for (size_t i = 0; i < json_array_size(state); i++) {
        json_t *node = json_array_get(state, i);

        if (!strcmp(text_of(node, "ref"), ref))
            return node;
    }
    return NULL;
}

static void say(struct session *session, const char *where, const json_t *node, const char *what,
                const json_t *wanted, const json_t *got)
{
    char *a = json_dumps(wanted, JSON_ENCODE_ANY | JSON_COMPACT);
    char *b = json_dumps(got, JSON_ENCODE_ANY | JSON_COMPACT);

    (void)snprintf(session->why, sizeof(session->why), "%s: %s of %s: wanted %.200s, got %.200s",
                   where, what, text_of(node, "ref"), a ? a : "nothing", b ? b : "nothing");
    free(a);
    free(b);
}

static bool same_node(struct session *session, const char *where, const json_t *wanted,
                      const json_t *got)
{
    const char *name;
    json_t *value;

    json_object_foreach((json_t *)wanted, name, value)
    {
        const json_t *other = json_object_get(got, name);
        bool same;

        if (!strcmp(name, "ref") || (!strcmp(name, "value") && session->ended && is_name(wanted)))
            continue;
        if (!strcmp(name, "value"))
            same = other && same_value(text_of(wanted, name), text_of(got, name));
        else
            same = other ? json_equal(value, other) : json_is_null(value);
        if (!same) {
            say(session, where, wanted, name, value, other);
            return false;
        }
    }
    return true;
}

static bool same_state(struct session *session, const char *where, const json_t *wanted)
{
    json_t *got = tp_play_state(session->session);
    bool same = true;

    for (size_t i = 0; same && i < json_array_size(wanted); i++) {
        const json_t *node = json_array_get(wanted, i);
        const json_t *other = find_node(got, text_of(node, "ref"));

        if (!other && is_of_editing(node))
            continue;
        if (other) {
            same = same_node(session, where, node, other);
            continue;
        }
        say(session, where, node, "existence", node, NULL);
        same = false;
    }
    for (size_t i = 0; same && i < json_array_size(got); i++) {
        const json_t *node = json_array_get(got, i);

        if (!find_node((json_t *)wanted, text_of(node, "ref"))) {
            say(session, where, node, "existence", NULL, node);
            same = false;
        }
    }
    json_decref(got);
    return same;
}

/* ---- the instance as XML ---- */

static xmlNodePtr skip_meta(xmlNodePtr node)
{
    while (node && tp_xml_is(node, "meta", NULL))
        node = tp_xml_next(node);
    return node;
}

static bool same_attributes(const xmlNode *wanted, const xmlNode *got)
{
    for (const xmlAttr *attr = wanted->properties; attr; attr = attr->next) {
        bool found = false;

        for (const xmlAttr *other = got->properties; other && !found; other = other->next)
            found = xmlStrEqual(attr->name, other->name) &&
                    same_value(attr->children ? (const char *)attr->children->content : "",
                               other->children ? (const char *)other->children->content : "");
        if (!found)
            return false;
    }
    return true;
}

static bool same_tree(struct session *session, xmlNodePtr wanted, xmlNodePtr got)
{
    xmlNodePtr a = skip_meta(tp_xml_first(wanted));
    xmlNodePtr b = skip_meta(tp_xml_first(got));
    xmlChar *text_a = a ? NULL : xmlNodeGetContent(wanted);
    xmlChar *text_b = b ? NULL : xmlNodeGetContent(got);
    bool same = xmlStrEqual(wanted->name, got->name) && same_attributes(wanted, got) &&
                same_value(text_a ? (const char *)text_a : "", text_b ? (const char *)text_b : "");

    if (!same)
        (void)snprintf(session->why, sizeof(session->why),
                       "instance: wanted <%s> '%.200s', got <%s> '%.200s'", wanted->name,
                       text_a ? (const char *)text_a : "", got->name,
                       text_b ? (const char *)text_b : "");
    xmlFree(text_a);
    xmlFree(text_b);
    for (; same && a && b; a = skip_meta(tp_xml_next(a)), b = skip_meta(tp_xml_next(b)))
        same = same_tree(session, a, b);
    if (same && (a || b)) {
        (void)snprintf(session->why, sizeof(session->why), "instance: <%s> of <%s> is %s",
                       a ? a->name : b->name, wanted->name, a ? "missing" : "too many");
        return false;
    }
    return same;
}

static bool same_instance(struct session *session, const char *wanted, const struct tp_buf *xml)
{
    xmlDocPtr doc = xmlReadMemory(wanted, (int)strlen(wanted), NULL, NULL, 0);
    xmlDocPtr own = xmlReadMemory(xml->data, (int)xml->length, NULL, NULL, 0);
    bool same = false;

    if (doc && own)
        same = same_tree(session, xmlDocGetRootElement(doc), xmlDocGetRootElement(own));
    xmlFreeDoc(doc);
    xmlFreeDoc(own);
    return same;
}

/* What the end of a session changes ("end" is recorded then) is in its last state, too. */
static bool same_end(struct session *session)
{
    const json_t *final = json_object_get(session->row, "final");
    const json_t *wanted = json_object_get(session->row, "instanceXML");
    char id[TP_SESSION_ID_MAX];
    struct tp_error error;
    struct tp_buf xml;
    bool same;

    tp_buf_init(&xml, TP_INSTANCE_MAX);
    same = tp_session_finish(session->session, NULL, &xml, id, &error);
    session->ended = true;
    if (!same)
        (void)snprintf(session->why, sizeof(session->why), "instance: %.300s", error.text);
    same = same && (!json_array_size(final) || same_state(session, "at last", final)) &&
           (!json_is_string(wanted) || same_instance(session, json_string_value(wanted), &xml));
    tp_buf_finish(&xml);
    return same;
}

/* ---- playing ---- */

static bool play(struct session *session)
{
    const json_t *steps = json_object_get(session->row, "steps");
    char where[64];

    if (!same_state(session, "at first", json_object_get(session->row, "init")))
        return false;
    for (size_t i = 0; i < json_array_size(steps); i++) {
        const json_t *step = json_array_get(steps, i);

        /* a step that is refused must leave what the data says, too */
        (void)tp_play_step(session->session, step, NULL);
        (void)snprintf(where, sizeof(where), "after step %zu (%s %s)", i + 1, text_of(step, "op"),
                       text_of(step, "ref"));
        if (!same_state(session, where, json_object_get(step, "after")))
            return false;
    }
    return same_end(session);
}

static bool run(struct session *session, const struct tp_zone *zone)
{
    const struct tp_form_params form_params = {.lenient = true, .media_dir = session->resources};
    const char *xml = text_of(session->row, "xml");
    struct tp_clock_fake clock = {.wall = NOW};
    uint64_t seed = 1;
    const struct tp_session_params params = {
        .clock = tp_clock_from_fake(&clock), .random = tp_random_seeded(&seed), .zone = zone};
    struct tp_error error = {0};
    bool same = false;

    if (!tp_form_load("form", xml, strlen(xml), &form_params, &session->form, &error) ||
        !tp_session_create(session->form, &params, &session->session, &error))
        (void)snprintf(session->why, sizeof(session->why), "not loaded: %.500s", error.text);
    else
        same = play(session);
    tp_session_destroy(session->session);
    tp_form_destroy(session->form);
    return same;
}

/* Cases whose media files are not in the data. */
static unsigned skipped;

static void one(json_t *row, struct tally *tally)
{
    struct session session = {.row = row};
    struct tp_zone *zone = NULL;
    bool passed;

    if (json_is_true(json_object_get(row, "needs_resources"))) {
        skipped++;
        return;
    }
    (void)tp_zone_load(ZONE, &zone, NULL);
    passed = run(&session, zone);
    tally_add(tally, json_is_true(json_object_get(row, "engines_agree")), passed,
              json_object_get(row, "id"), text_of(row, "test"), session.why);
    tp_zone_destroy(zone);
}

void run_sessions(const char *folder, struct tally *tally)
{
    (void)each_line(folder, "scenarios.jsonl", one, tally);
    if (skipped)
        (void)fprintf(stderr, "conformance sessions: skipped %u: their media are not in the data\n",
                      skipped);
}
