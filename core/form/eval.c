#include "form/eval.h"

#include <libxml/xpathInternals.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "form/xml.h"
#include "form/xpath.h"

#define DEPTH_MAX 200u
#define NODES_MAX 4000000u
#define NS_XFORMS "http://www.w3.org/2002/xforms"

struct evaluation {
    const struct tp_eval_request *request;
    struct tp_arena arena, scratch;
    struct tp_clock_fake now;
    uint64_t seed;
    struct tp_xpath_env env;
    xmlDocPtr doc;
};

/* ---- nodes by position ---- */

/* A CDATA section is text that was written otherwise. */
static int type_of(const xmlNode *node)
{
    return node->type == XML_CDATA_SECTION_NODE ? XML_TEXT_NODE : (int)node->type;
}

/* Whether a step's test, "*", "name", "text()" and the like, takes the node. A prefix is passed by.
 */
static bool takes(const char *test, size_t length, const xmlNode *node)
{
    static const struct {
        const char *test;
        int type;
    } kinds[] = {{"text()", XML_TEXT_NODE},
                 {"comment()", XML_COMMENT_NODE},
                 {"processing-instruction()", XML_PI_NODE},
                 {"*", XML_ELEMENT_NODE}};
    const char *colon = memchr(test, ':', length);

    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (strlen(kinds[i].test) == length && !strncmp(kinds[i].test, test, length))
            return type_of(node) == kinds[i].type;
    if (colon) {
        length -= (size_t)(colon + 1 - test);
        test = colon + 1;
    }
    return node->type == XML_ELEMENT_NODE && strlen((const char *)node->name) == length &&
           !strncmp((const char *)node->name, test, length);
}

static xmlNodePtr nth(xmlNodePtr first, const char *test, size_t length, long index)
{
    for (; first; first = first->next)
        if (takes(test, length, first) && !--index)
            return first;
    return NULL;
}

static xmlNodePtr attribute(xmlNodePtr node, const char *name)
{
    const char *colon = strchr(name, ':');

    for (xmlAttrPtr attr = node->properties; attr; attr = attr->next)
        if (xmlStrEqual(attr->name, (const xmlChar *)(colon ? colon + 1 : name)))
            return (xmlNodePtr)attr;
    return NULL;
}

static xmlNodePtr node_at(xmlNodePtr node, const char *path)
{
    if (*path != '/')
        return NULL;
    while (node && *path && path[1]) {
        const char *step = ++path;
        const char *bracket;
        size_t length = strcspn(step, "/");

        path += length;
        if (*step == '@') {
            char name[256];

            (void)snprintf(name, sizeof(name), "%.*s", (int)length - 1, step + 1);
            node = node->type == XML_ELEMENT_NODE ? attribute(node, name) : NULL;
            continue;
        }
        bracket = memchr(step, '[', length);
        node = nth(node->children, step, bracket ? (size_t)(bracket - step) : length,
                   bracket ? strtol(bracket + 1, NULL, 10) : 1);
    }
    return node;
}

static void put_path(const xmlNode *node, struct tp_buf *out);

/* A namespace is no node: what stands in its "next" is the element that has it. */
static void put_namespace(const xmlNs *ns, struct tp_buf *out)
{
    if (ns->next)
        put_path((const xmlNode *)ns->next, out);
    (void)tp_buf_printf(out, "/@xmlns%s%s", ns->prefix ? ":" : "",
                        ns->prefix ? (const char *)ns->prefix : "");
}

static void put_attribute(const xmlNode *node, struct tp_buf *out)
{
    bool prefixed = node->ns && node->ns->prefix;

    (void)tp_buf_printf(out, "/@%s%s%s", prefixed ? (const char *)node->ns->prefix : "",
                        prefixed ? ":" : "", (const char *)node->name);
}

static const char *test_of(const xmlNode *node)
{
    if (type_of(node) == XML_TEXT_NODE)
        return "text()";
    if (node->type == XML_COMMENT_NODE)
        return "comment()";
    return node->type == XML_PI_NODE ? "processing-instruction()" : "*";
}

static void put_path(const xmlNode *node, struct tp_buf *out)
{
    long index = 1;

    if (node->type == XML_NAMESPACE_DECL) {
        put_namespace((const xmlNs *)node, out);
        return;
    }
    if (node->type == XML_DOCUMENT_NODE || node->type == XML_HTML_DOCUMENT_NODE) {
        if (!out->length || out->data[out->length - 1] == '\n')
            (void)tp_buf_putc(out, '/');
        return;
    }
    if (node->parent && node->parent->type != XML_DOCUMENT_NODE)
        put_path(node->parent, out);
    if (node->type == XML_ATTRIBUTE_NODE) {
        put_attribute(node, out);
        return;
    }
    for (const xmlNode *p = node->prev; p; p = p->prev)
        index += type_of(p) == type_of(node);
    (void)tp_buf_printf(out, "/%s[%ld]", test_of(node), index);
}

static void put_nodes(const xmlNodeSet *nodes, struct tp_eval_result *result)
{
    for (int i = 0; nodes && i < nodes->nodeNr; i++) {
        const xmlNode *node = nodes->nodeTab[i];
        xmlChar *text = xmlXPathCastNodeToString((xmlNodePtr)node);

        put_path(node, &result->nodes);
        (void)tp_buf_putc(&result->nodes, '\t');
        for (const char *p = text ? (const char *)text : ""; *p; p++)
            (void)tp_buf_putc(&result->nodes, strchr("\t\r\n", *p) ? ' ' : *p);
        (void)tp_buf_putc(&result->nodes, '\n');
        xmlFree(text);
        result->node_count++;
    }
}

/* ---- the document ---- */

static xmlNodePtr find(xmlNodePtr node, const char *name)
{
    for (node = node ? tp_xml_first(node) : NULL; node; node = tp_xml_next(node))
        if (tp_xml_is(node, name, NULL))
            return node;
    return NULL;
}

static void drop_namespace(xmlNodePtr node)
{
    for (; node; node = tp_xml_next(node)) {
        if (node->ns && xmlStrEqual(node->ns->href, (const xmlChar *)NS_XFORMS))
            node->ns = NULL;
        drop_namespace(tp_xml_first(node));
    }
}

/* In an XForm the primary instance is what paths are about, and its names have no namespace. */
static void enter_form(struct evaluation *evaluation)
{
    xmlNodePtr root = xmlDocGetRootElement(evaluation->doc);
    xmlNodePtr model = tp_xml_is(root, "html", NULL) ? find(find(root, "head"), "model") : NULL;
    xmlNodePtr instance = find(model, "instance");

    if (!instance || !tp_xml_first(instance))
        return;
    drop_namespace(root);
    evaluation->env.root = instance;
}

/* ---- its texts ---- */

/* The translation that speaks `language`, else the default, else the first. */
static xmlNodePtr translation(xmlNodePtr itext, const char *language)
{
    xmlNodePtr fallback = NULL;

    for (xmlNodePtr node = tp_xml_first(itext); node; node = tp_xml_next(node)) {
        xmlChar *lang = xmlGetNoNsProp(node, (const xmlChar *)"lang");
        bool wanted = language && lang && !strcmp((const char *)lang, language);

        xmlFree(lang);
        if (wanted)
            return node;
        if (!fallback || (!xmlHasProp(fallback, (const xmlChar *)"default") &&
                          xmlHasProp(node, (const xmlChar *)"default")))
            fallback = node;
    }
    return fallback;
}

static bool has_id(xmlNodePtr text, const char *id)
{
    xmlChar *found = xmlGetNoNsProp(text, (const xmlChar *)"id");
    bool same = found && !strcmp((const char *)found, id);

    xmlFree(found);
    return same;
}

/* tp_xpath_hooks.itext: the text's plain value; its other forms are not words. */
static bool text_by_id(struct tp_xpath_env *env, const char *id, struct tp_buf *out)
{
    struct evaluation *evaluation = env->owner;
    xmlNodePtr root = evaluation->doc ? xmlDocGetRootElement(evaluation->doc) : NULL;
    xmlNodePtr itext = find(find(find(root, "head"), "model"), "itext");
    xmlNodePtr text = itext ? tp_xml_first(translation(itext, env->language)) : NULL;

    while (text && !has_id(text, id))
        text = tp_xml_next(text);
    for (xmlNodePtr value = text ? tp_xml_first(text) : NULL; value; value = tp_xml_next(value)) {
        xmlChar *words;

        if (xmlHasProp(value, (const xmlChar *)"form"))
            continue;
        words = xmlNodeGetContent(value);
        (void)tp_buf_puts(out, words ? (const char *)words : "");
        xmlFree(words);
        return true;
    }
    return false;
}

static const struct tp_xpath_hooks hooks = {.itext = text_by_id};

static void register_namespaces(struct evaluation *evaluation, xmlNodePtr node)
{
    for (; node; node = tp_xml_next(node)) {
        for (xmlNsPtr ns = node->nsDef; ns; ns = ns->next)
            if (ns->prefix && !xmlXPathNsLookup(evaluation->env.context, ns->prefix))
                (void)xmlXPathRegisterNs(evaluation->env.context, ns->prefix, ns->href);
        register_namespaces(evaluation, tp_xml_first(node));
    }
}

static void register_known(struct evaluation *evaluation)
{
    static const char *const known[][2] = {
        {"xhtml", "http://www.w3.org/1999/xhtml"},
        {"h", "http://www.w3.org/1999/xhtml"},
        {"xf", NS_XFORMS},
        {"xforms", NS_XFORMS},
        {"jr", "http://openrosa.org/javarosa"},
        {"orx", "http://openrosa.org/xforms"},
        {"odk", "http://www.opendatakit.org/xforms"},
        {"enk", "http://enketo.org/xforms"},
        {"ev", "http://www.w3.org/2001/xml-events"},
    };

    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
        if (!xmlXPathNsLookup(evaluation->env.context, (const xmlChar *)known[i][0]))
            (void)xmlXPathRegisterNs(evaluation->env.context, (const xmlChar *)known[i][0],
                                     (const xmlChar *)known[i][1]);
}

static bool open_document(struct evaluation *evaluation, struct tp_error *error)
{
    const struct tp_eval_request *request = evaluation->request;
    const struct tp_xml_limits limits = {.bytes = TP_EVAL_BYTES_MAX,
                                         .depth = DEPTH_MAX,
                                         .nodes = NODES_MAX,
                                         .allow_doctype = true,
                                         .keep_nodes = true};

    if (request->xml && !tp_xml_read(request->name, request->xml, request->length, &limits,
                                     &evaluation->doc, error))
        return false;
    evaluation->now.wall = request->now_ms;
    evaluation->seed = (uint64_t)request->now_ms;
    evaluation->env.clock = tp_clock_from_fake(&evaluation->now);
    evaluation->env.random = tp_random_seeded(&evaluation->seed);
    evaluation->env.zone = request->zone;
    evaluation->env.language = request->language;
    evaluation->env.hooks = &hooks;
    evaluation->env.owner = evaluation;
    if (!tp_xpath_env_init(&evaluation->env, evaluation->doc, error))
        return false;
    if (evaluation->doc) {
        register_namespaces(evaluation, xmlDocGetRootElement(evaluation->doc));
        enter_form(evaluation);
    }
    register_known(evaluation);
    return true;
}

/* ---- the answer ---- */

static void fill(struct evaluation *evaluation, xmlXPathObjectPtr value,
                 struct tp_eval_result *result)
{
    struct tp_xpath_env *env = &evaluation->env;

    tp_buf_init(&result->text, TP_EVAL_TEXT_MAX);
    tp_buf_init(&result->nodes, TP_EVAL_TEXT_MAX);
    switch (value->type) {
    case XPATH_NODESET:
    case XPATH_XSLT_TREE:
        result->kind = TP_EVAL_NODES;
        put_nodes(value->nodesetval, result);
        break;
    case XPATH_BOOLEAN:
        result->kind = TP_EVAL_BOOLEAN;
        break;
    case XPATH_NUMBER:
        result->kind = TP_EVAL_NUMBER;
        break;
    default:
        result->kind = TP_EVAL_STRING;
        break;
    }
    result->number = tp_xpath_to_number(env, value);
    result->boolean = tp_xpath_to_boolean(env, value);
    tp_xpath_to_text(env, value, &result->text);
    result->failed = env->failed;
    memcpy(result->failure, env->failure, sizeof(result->failure));
}

/* From the document, or from where the answers of an XForm are. */
static xmlNodePtr context_node(const struct evaluation *evaluation, const char *path)
{
    xmlNodePtr node = node_at((xmlNodePtr)evaluation->doc, path);

    return node || !evaluation->env.root ? node : node_at(evaluation->env.root, path);
}

static bool evaluate(struct evaluation *evaluation, struct tp_eval_result *result,
                     struct tp_error *error)
{
    const struct tp_eval_request *request = evaluation->request;
    const struct tp_xpath_scope scope = {
        .arena = &evaluation->arena, .scratch = &evaluation->scratch, .lenient = true};
    struct tp_xpath_expr *expr = NULL;
    xmlXPathObjectPtr value;
    xmlNodePtr node = NULL;

    if (!tp_xpath_compile(&scope, request->expression, &expr, error))
        return false;
    if (evaluation->doc) {
        node = context_node(evaluation, request->context ? request->context : "/");
        if (!node) {
            tp_xpath_finish(expr);
            return tp_fail(error, TP_ERR_NOT_FOUND, "there is no node '%s'", request->context);
        }
    }
    value = tp_xpath_eval(&evaluation->env, expr, node, 0);
    tp_xpath_finish(expr);
    if (!value)
        return tp_fail(error, TP_ERR_INVALID, "%s", evaluation->env.failure);
    *result = (struct tp_eval_result){0};
    fill(evaluation, value, result);
    xmlXPathFreeObject(value);
    return true;
}

bool tp_eval(const struct tp_eval_request *request, struct tp_eval_result *result,
             struct tp_error *error)
{
    struct evaluation evaluation = {.request = request};
    bool ok = open_document(&evaluation, error) && evaluate(&evaluation, result, error);

    if (evaluation.env.context)
        tp_xpath_env_finish(&evaluation.env);
    xmlFreeDoc(evaluation.doc);
    tp_arena_finish(&evaluation.arena);
    tp_arena_finish(&evaluation.scratch);
    return ok;
}

void tp_eval_finish(struct tp_eval_result *result)
{
    tp_buf_finish(&result->text);
    tp_buf_finish(&result->nodes);
}
