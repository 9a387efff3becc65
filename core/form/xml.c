#include "form/xml.h"

#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/xmlerror.h>
#include <limits.h>
#include <malloc.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/xml_gate.h"

/* ---- memory ---- */

static void *xml_malloc(size_t size)
{
    return tp_realloc(NULL, size, 1);
}

static void xml_free(void *memory)
{
    if (!memory)
        return;
    tp_wipe(memory, malloc_usable_size(memory));
    tp_free(memory);
}

/* realloc might leave the old bytes behind. */
static void *xml_realloc(void *memory, size_t size)
{
    size_t old = memory ? malloc_usable_size(memory) : 0;
    void *moved;

    if (memory && size <= old && size >= old / 4)
        return memory;
    moved = tp_realloc(NULL, size, 1);
    if (!moved)
        return NULL;
    if (memory)
        memcpy(moved, memory, old < size ? old : size);
    xml_free(memory);
    return moved;
}

static char *xml_strdup(const char *text)
{
    return tp_strdup(text);
}

static void be_silent(void *context, const char *message, ...)
{
    (void)context;
    (void)message;
}

static void be_silent_too(void *context, xmlErrorPtr error)
{
    (void)context;
    (void)error;
}

void tp_xml_init(void)
{
    (void)xmlMemSetup(xml_free, xml_malloc, xml_realloc, xml_strdup);
    xmlInitParser();
    xmlSetGenericErrorFunc(NULL, be_silent);
    xmlSetStructuredErrorFunc(NULL, be_silent_too);
}

/* ---- reading ---- */

enum verdict { FINE, TOO_DEEP, TOO_MANY, TOO_LONG, HAS_DTD };

struct reading {
    const struct tp_xml_limits *limits;
    size_t depth, nodes;
    size_t text; /* bytes since the last tag */
    enum verdict verdict;
};

static struct reading *reading_of(void *context)
{
    return ((xmlParserCtxtPtr)context)->_private;
}

static void stop(void *context, enum verdict verdict)
{
    struct reading *reading = reading_of(context);

    if (reading->verdict == FINE)
        reading->verdict = verdict;
    xmlStopParser(context);
}

static size_t most_text(const struct reading *reading)
{
    return reading->limits->text ? reading->limits->text : TP_XML_TEXT_MAX;
}

static void characters(void *context, const xmlChar *text, int length)
{
    struct reading *reading = reading_of(context);

    reading->text += (size_t)length;
    if (reading->text > most_text(reading))
        stop(context, TOO_LONG);
    else
        xmlSAX2Characters(context, text, length);
}

static void start_element(void *context, const xmlChar *name, const xmlChar *prefix,
                          const xmlChar *uri, int namespace_count, const xmlChar **namespaces,
                          int attribute_count, int defaulted_count, const xmlChar **attributes)
{
    struct reading *reading = reading_of(context);

    reading->text = 0;
    reading->depth++;
    reading->nodes += 1 + (size_t)attribute_count;
    if (reading->depth > reading->limits->depth) {
        stop(context, TOO_DEEP);
        return;
    }
    if (reading->nodes > reading->limits->nodes) {
        stop(context, TOO_MANY);
        return;
    }
    xmlSAX2StartElementNs(context, name, prefix, uri, namespace_count, namespaces, attribute_count,
                          defaulted_count, attributes);
}

static void end_element(void *context, const xmlChar *name, const xmlChar *prefix,
                        const xmlChar *uri)
{
    reading_of(context)->depth--;
    reading_of(context)->text = 0;
    xmlSAX2EndElementNs(context, name, prefix, uri);
}

static void doctype(void *context, const xmlChar *name, const xmlChar *external,
                    const xmlChar *system)
{
    (void)name;
    (void)external;
    (void)system;
    if (!reading_of(context)->limits->allow_doctype)
        stop(context, HAS_DTD);
}

/* NOLINTBEGIN(readability-non-const-parameter): libxml2's type */
static void entity(void *context, const xmlChar *name, int type, const xmlChar *public_id,
                   const xmlChar *system_id, xmlChar *content)
{
    (void)name;
    (void)type;
    (void)public_id;
    (void)system_id;
    (void)content;
    stop(context, HAS_DTD);
}
/* NOLINTEND(readability-non-const-parameter) */

static bool report(xmlParserCtxtPtr parser, const struct reading *reading, const char *name,
                   struct tp_error *error)
{
    const xmlError *last = xmlCtxtGetLastError(parser);
    int line = parser->input ? parser->input->line : 0;

    switch (reading->verdict) {
    case TOO_DEEP:
        return tp_fail(error, TP_ERR_LIMIT, "%s: line %d: elements nested more than %zu deep", name,
                       line, reading->limits->depth);
    case TOO_MANY:
        return tp_fail(error, TP_ERR_LIMIT, "%s: more than %zu XML elements and attributes", name,
                       reading->limits->nodes);
    case TOO_LONG:
        return tp_fail(error, TP_ERR_LIMIT,
                       "%s: line %d: a text of more than %zu KiB, which nobody reads; shorten it",
                       name, line, most_text(reading) >> 10);
    case HAS_DTD:
        return tp_fail(error, TP_ERR_UNSUPPORTED,
                       "%s: line %d: has a document type declaration; remove it", name, line);
    case FINE:
        break;
    }
    if (last && last->code == XML_ERR_NO_MEMORY)
        return tp_fail_memory(error);
    if (last && last->message) {
        int length = (int)strcspn(last->message, "\n");

        return tp_fail(error, TP_ERR_INVALID, "%s: line %d: not well-formed XML: %.*s", name,
                       last->line, length, last->message);
    }
    return tp_fail(error, TP_ERR_INVALID, "%s: not well-formed XML", name);
}

static void set_handlers(xmlParserCtxtPtr parser, struct reading *reading)
{
    parser->_private = reading;
    parser->sax->startElementNs = start_element;
    parser->sax->endElementNs = end_element;
    parser->sax->characters = characters;
    parser->sax->internalSubset = doctype;
    parser->sax->externalSubset = doctype;
    parser->sax->entityDecl = entity;
    if (!reading->limits->keep_nodes) {
        parser->sax->comment = NULL;
        parser->sax->processingInstruction = NULL;
    }
}

static int line_of(const char *bytes, size_t offset)
{
    int line = 1;

    for (size_t i = 0; i < offset; i++)
        line += bytes[i] == '\n';
    return line;
}

static bool let_through(const char *name, const void *bytes, size_t length, struct tp_error *error)
{
    struct tp_xml_gate gate = {0};

    switch (tp_xml_gate_look(&gate, bytes, length)) {
    case TP_XML_IS_NOT_UTF8:
        return tp_fail(error, TP_ERR_INVALID, "%s: not UTF-8 text; save it as UTF-8", name);
    case TP_XML_HAS_TOO_MANY_ATTRIBUTES:
        return tp_fail(error, TP_ERR_LIMIT, "%s: line %d: an element with more than %u attributes",
                       name, line_of(bytes, gate.passed), TP_XML_ATTRIBUTES_MAX);
    case TP_XML_PASSES:
        break;
    }
    return true;
}

bool tp_xml_read(const char *name, const void *bytes, size_t length,
                 const struct tp_xml_limits *limits, xmlDocPtr *doc, struct tp_error *error)
{
    struct reading reading = {.limits = limits};
    xmlParserCtxtPtr parser;
    xmlDocPtr made;
    bool ok = true;

    tp_xml_init();
    if (length > limits->bytes || length > INT_MAX)
        return tp_fail(error, TP_ERR_LIMIT, "%s: larger than %zu MiB", name, limits->bytes >> 20);
    if (!let_through(name, bytes, length, error))
        return false;
    parser = xmlNewParserCtxt();
    if (!parser)
        return tp_fail_memory(error);
    set_handlers(parser, &reading);
    made = xmlCtxtReadMemory(parser, bytes, (int)length, NULL, NULL,
                             XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING |
                                 XML_PARSE_COMPACT | XML_PARSE_BIG_LINES | TP_XML_GATE_OPTIONS |
                                 (limits->keep_nodes ? 0 : XML_PARSE_NOCDATA));
    if (!made || reading.verdict != FINE || !xmlDocGetRootElement(made)) {
        ok = report(parser, &reading, name, error);
        xmlFreeDoc(made);
    }
    if (ok)
        *doc = made;
    xmlFreeParserCtxt(parser);
    return ok;
}

/* ---- looking ---- */

static xmlNodePtr element_from(xmlNodePtr node)
{
    while (node && node->type != XML_ELEMENT_NODE)
        node = node->next;
    return node;
}

xmlNodePtr tp_xml_first(const xmlNode *parent)
{
    return element_from(parent->children);
}

xmlNodePtr tp_xml_next(const xmlNode *node)
{
    return element_from(node->next);
}

bool tp_xml_is(const xmlNode *node, const char *name, const char *ns)
{
    if (node->type != XML_ELEMENT_NODE || strcmp((const char *)node->name, name) != 0)
        return false;
    return !ns || (node->ns && node->ns->href && !strcmp((const char *)node->ns->href, ns));
}

const char *tp_xml_attr(const xmlNode *node, const char *name, const char *ns)
{
    for (const xmlAttr *attr = node->properties; attr; attr = attr->next) {
        const char *uri = attr->ns ? (const char *)attr->ns->href : NULL;

        if (strcmp((const char *)attr->name, name) != 0)
            continue;
        if (ns ? !uri || strcmp(uri, ns) != 0 : uri != NULL)
            continue;
        if (!attr->children || !attr->children->content)
            return "";
        return (const char *)attr->children->content;
    }
    return NULL;
}
