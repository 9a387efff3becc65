/* Finishing: the instance as XML. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uninorm.h>

#include "base/mem.h"
#include "base/xml_text.h"
#include "form/datetime.h"
#include "form/session_internal.h"
#include "form/xml.h"

#define NS_CONTEXT "urn:talkpoint:context:1"
#define NS_XFORMS "http://www.w3.org/2002/xforms"

struct writing {
    struct tp_session *session;
    const struct tp_context *context;
    struct tp_buf *out;
    uint32_t meta;      /* model node */
    const char *prefix; /* of what is added to meta: "orx:" or "" */
};

static void put_text(struct writing *writing, const char *text)
{
    (void)tp_xml_put_text(writing->out, text, strlen(text));
}

static void put_attr(struct writing *writing, const char *text)
{
    (void)tp_xml_put_attr(writing->out, text, strlen(text));
}

/* ---- what is added to meta ---- */

static void put_element(struct writing *writing, const char *prefix, const char *name,
                        const char *value)
{
    if (!value || !*value)
        return;
    (void)tp_buf_printf(writing->out, "<%s%s>", prefix, name);
    put_text(writing, value);
    (void)tp_buf_printf(writing->out, "</%s%s>", prefix, name);
}

static void put_context(struct writing *writing)
{
    const struct tp_context *context = writing->context;

    if (!context)
        return;
    (void)tp_buf_puts(writing->out, "<tp:context xmlns:tp=\"" NS_CONTEXT "\">");
    put_element(writing, "tp:", "venue", context->venue);
    put_element(writing, "tp:", "event", context->event);
    put_element(writing, "tp:", "channel", context->channel);
    put_element(writing, "tp:", "language", context->language);
    put_element(writing, "tp:", "readingMode", context->reading_mode);
    put_element(writing, "tp:", "privacyVersion", context->privacy_version);
    put_element(writing, "tp:", "clock", context->clock);
    put_element(writing, "tp:", "pace", context->pace);
    put_element(writing, "tp:", "practice", context->practice ? "true" : NULL);
    put_element(writing, "tp:", "receiptCode", context->receipt_code);
    put_element(writing, "tp:", "about", context->about);
    (void)tp_buf_puts(writing->out, "</tp:context>");
}

static bool declares(const struct writing *writing, const char *name)
{
    return writing->meta &&
           tp_model_child(&writing->session->form->model, writing->meta, name, strlen(name));
}

static void put_additions(struct writing *writing)
{
    if (!declares(writing, "deviceID"))
        put_element(writing, writing->prefix, "deviceID", writing->session->device_id);
    put_context(writing);
}

/* ---- the tree ---- */

/* Start and end are kept to the minute: to the second they could tell who stood at the screen. */
static bool is_moment(const struct tp_bind *bind)
{
    return bind->preload == TP_PRELOAD_START || bind->preload == TP_PRELOAD_END;
}

/* An e and an accent are written as the one letter they make, however they were typed. */
static void put_composed(struct writing *writing, const char *value)
{
    size_t length = strlen(value) + 1; /* the NUL goes along */
    uint8_t *composed = u8_normalize(UNINORM_NFC, (const uint8_t *)value, length, NULL, &length);

    put_text(writing, composed ? (const char *)composed : value);
    tp_wipe(composed, composed ? length : 0);
    free(composed);
}

static void put_value(struct writing *writing, uint32_t node)
{
    const struct tp_bind *bind = tp_node_bind(writing->session, node);
    const char *value = tp_node_value(writing->session, node);
    char number[TP_NUMBER_TEXT_MAX];
    char text[TP_DATETIME_TEXT_MAX];
    struct tp_datetime moment;

    if (is_moment(bind) && tp_datetime_parse(value, &moment) && moment.has_time) {
        moment.second = 0;
        moment.ms = 0;
        tp_datetime_text(&moment, text);
        value = text;
    }
    put_composed(writing, tp_value_written(bind->type, value, number));
}

static void put_node(struct writing *writing, uint32_t node);

static void put_attributes(struct writing *writing, uint32_t node)
{
    const struct tp_model *shape = &writing->session->form->model;
    const struct tp_session *session = writing->session;

    for (uint32_t child = tp_model_of(session, node)->first; child;
         child = shape->nodes[child].next) {
        uint32_t attribute = tp_node_in(session, session->nodes[node].instance, child);

        if (!shape->nodes[child].is_attribute || !session->nodes[attribute].model ||
            !session->nodes[attribute].relevant)
            continue;
        (void)tp_buf_printf(writing->out, " %s=\"", shape->nodes[child].qname);
        put_attr(writing, tp_node_value(session, attribute));
        (void)tp_buf_putc(writing->out, '"');
    }
}

/* The prefixes the instance's names use, and a namespace of the form's own. */
static void put_namespaces(struct writing *writing)
{
    const struct tp_model *shape = &writing->session->form->model;
    const xmlNode *root = shape->nodes[1].source;
    const char *seen[16];
    size_t count = 0;

    if (root->ns && !root->ns->prefix && root->ns->href &&
        strcmp((const char *)root->ns->href, NS_XFORMS) != 0) {
        (void)tp_buf_puts(writing->out, " xmlns=\"");
        put_attr(writing, (const char *)root->ns->href);
        (void)tp_buf_putc(writing->out, '"');
    }
    for (uint32_t i = 1; i < shape->count; i++) {
        const xmlNs *ns = shape->nodes[i].source->ns;
        bool known = !ns || !ns->prefix || !ns->href || count == sizeof(seen) / sizeof(seen[0]);

        for (size_t s = 0; s < count && !known; s++)
            known = !strcmp(seen[s], (const char *)ns->prefix);
        if (known)
            continue;
        seen[count++] = (const char *)ns->prefix;
        (void)tp_buf_printf(writing->out, " xmlns:%s=\"", (const char *)ns->prefix);
        put_attr(writing, (const char *)ns->href);
        (void)tp_buf_putc(writing->out, '"');
    }
}

/* A name without a prefix in another namespace than its parent's. */
static void put_own_namespace(struct writing *writing, const struct tp_model_node *model)
{
    const struct tp_model_node *parent = &writing->session->form->model.nodes[model->parent];
    const xmlNs *ns = model->source->ns;
    const xmlNs *around = parent->source->ns;
    const char *uri = ns && !ns->prefix ? (const char *)ns->href : "";
    const char *outer = around && !around->prefix ? (const char *)around->href : "";

    if (strchr(model->qname, ':') || !strcmp(uri, outer) || !strcmp(uri, NS_XFORMS))
        return;
    (void)tp_buf_puts(writing->out, " xmlns=\"");
    put_attr(writing, uri);
    (void)tp_buf_putc(writing->out, '"');
}

static void put_children(struct writing *writing, uint32_t node)
{
    const struct tp_session *session = writing->session;

    for (const xmlNode *child = tp_xml_first(session->nodes[node].element); child;
         child = tp_xml_next(child))
        put_node(writing, tp_node_of_element(child));
    if (session->nodes[node].model == writing->meta)
        put_additions(writing);
}

static void put_node(struct writing *writing, uint32_t node)
{
    const struct tp_session *session = writing->session;
    const struct tp_model_node *model = tp_model_of(session, node);
    bool group;
    size_t start;

    if (!session->nodes[node].relevant)
        return;
    (void)tp_buf_printf(writing->out, "<%s", model->qname);
    if (session->nodes[node].model == 1)
        put_namespaces(writing);
    else
        put_own_namespace(writing, model);
    put_attributes(writing, node);
    (void)tp_buf_putc(writing->out, '>');
    start = writing->out->length;
    group = tp_xml_first(session->nodes[node].element) != NULL ||
            session->nodes[node].model == writing->meta;
    if (group)
        put_children(writing, node);
    else
        put_value(writing, node);
    if (writing->out->length == start && tp_buf_ok(writing->out)) {
        writing->out->length--;
        (void)tp_buf_puts(writing->out, "/>");
    } else {
        (void)tp_buf_printf(writing->out, "</%s>", model->qname);
    }
}

/* ---- finishing ---- */

static uint32_t child_of(const struct tp_session *session, uint32_t model, const char *name)
{
    return model ? tp_model_child(&session->form->model, model, name, strlen(name)) : 0;
}

/* A value for a node of meta that has none yet. */
static void supply(struct tp_session *session, uint32_t model, const char *value)
{
    if (model && value && !session->nodes[model].is_range && !*tp_node_value(session, model))
        (void)tp_session_store(session, model, value);
}

/* Whether a store and a server take it as an instance ID: printable and without spaces. */
static bool is_id(const char *text)
{
    if (strncmp(text, "uuid:", 5) != 0 || strlen(text) >= TP_SESSION_ID_MAX)
        return false;
    for (; *text; text++)
        if (*text <= ' ' || *text > '~')
            return false;
    return true;
}

/* The form's own instance ID where it has one, else one drawn now and kept. */
static void settle_id(struct tp_session *session)
{
    uint32_t node = session->form->instance_id; /* outside repeats: handle and model are one */
    const char *own = tp_node_value(session, node);

    if (!session->instance_id[0]) {
        if (is_id(own)) {
            (void)snprintf(session->instance_id, sizeof(session->instance_id), "%s", own);
        } else {
            (void)snprintf(session->instance_id, sizeof(session->instance_id), "uuid:");
            tp_random_uuid(&session->env.random, session->instance_id + 5);
        }
    }
    if (strcmp(tp_node_value(session, node), session->instance_id) != 0)
        (void)tp_node_set_value(session, node, session->instance_id);
}

static void set_ends(struct tp_session *session)
{
    char text[TP_DATETIME_TEXT_MAX];
    struct tp_datetime now;

    tp_datetime_from_ms(tp_clock_wall_ms(&session->env.clock), session->env.zone, &now);
    tp_datetime_text(&now, text);
    for (uint32_t node = 1; node < session->node_count; node++) {
        const struct tp_inode *at = &session->nodes[node];

        if (at->model && !at->gone && !at->is_range &&
            tp_node_bind(session, node)->preload == TP_PRELOAD_END)
            (void)tp_session_store(session, node, text);
    }
}

/* Of "orx:meta": 4. */
static size_t prefix_length(const char *qname)
{
    const char *colon = strchr(qname, ':');

    return colon ? (size_t)(colon + 1 - qname) : 0;
}

bool tp_session_finish(struct tp_session *session, const struct tp_context *context,
                       struct tp_buf *xml, char instance_id[TP_SESSION_ID_MAX],
                       struct tp_error *error)
{
    uint32_t meta = session->form->meta;
    struct writing writing = {.session = session, .context = context, .out = xml, .meta = meta};
    char prefix[64] = "";

    set_ends(session);
    supply(session, child_of(session, meta, "deviceID"), session->device_id);
    tp_recalc_run(session);
    settle_id(session);
    if (session->out_of_memory)
        return tp_fail_memory(error);
    writing.prefix = prefix;
    (void)snprintf(prefix, sizeof(prefix), "%.*s",
                   (int)prefix_length(session->form->model.nodes[meta].qname),
                   session->form->model.nodes[meta].qname);
    (void)tp_buf_puts(xml, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    put_node(&writing, 1);
    if (!tp_buf_ok(xml))
        return tp_fail(error, TP_ERR_LIMIT, "the answers are larger than %u MiB",
                       TP_INSTANCE_MAX >> 20);
    memcpy(instance_id, session->instance_id, sizeof(session->instance_id));
    return true;
}
