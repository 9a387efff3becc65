#include "central/export/scan.h"

#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <limits.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/xml_gate.h"
#include "central/export/tree.h"
#include "form/form.h"

/* libxml2's dictionary keeps every name it ever met: a new parser after so many answers. */
#define ANSWERS_A_PARSER 2000

struct tp_scan {
    struct tp_scan_events events;
    xmlParserCtxtPtr parser;
    int answers;
    void *context;
    size_t depth, nodes;
    struct tp_buf text; /* of the element that is open, since its tag */
    bool leaf;          /* nothing but text since the last start tag */
    bool stopped;
};

static struct tp_scan *scan_of(void *parser)
{
    return ((xmlParserCtxtPtr)parser)->_private;
}

static void stop(void *parser)
{
    scan_of(parser)->stopped = true;
    xmlStopParser(parser);
}

/* libxml2 gives five pointers an attribute: name, prefix, URI, and where the value begins and ends.
 */
static void start_element(void *parser, const xmlChar *name, const xmlChar *prefix,
                          const xmlChar *uri, int namespace_count, const xmlChar **namespaces,
                          int attribute_count, int defaulted_count, const xmlChar **attributes)
{
    struct tp_scan *scan = scan_of(parser);

    (void)prefix;
    (void)namespace_count;
    (void)namespaces;
    (void)defaulted_count;
    tp_buf_reset(&scan->text);
    scan->leaf = true;
    scan->nodes += 1 + (size_t)attribute_count;
    if (++scan->depth > TP_TREE_DEPTH_MAX || scan->nodes > TP_TREE_NODES_MAX) {
        stop(parser);
        return;
    }
    scan->events.begin(scan->context, (const char *)name, uri ? (const char *)uri : "");
    for (int i = 0; i < attribute_count; i++) {
        const xmlChar **attribute = attributes + 5 * (size_t)i;

        scan->events.attribute(scan->context, (const char *)attribute[0],
                               (const char *)attribute[3], (size_t)(attribute[4] - attribute[3]));
    }
}

static void end_element(void *parser, const xmlChar *name, const xmlChar *prefix,
                        const xmlChar *uri)
{
    struct tp_scan *scan = scan_of(parser);

    (void)name;
    (void)prefix;
    (void)uri;
    scan->events.end(scan->context, scan->leaf ? tp_buf_text(&scan->text) : NULL);
    scan->leaf = false;
    scan->depth--;
}

static void characters(void *parser, const xmlChar *text, int length)
{
    struct tp_scan *scan = scan_of(parser);

    if (scan->leaf && !tp_buf_add(&scan->text, text, (size_t)length))
        stop(parser);
}

static void doctype(void *parser, const xmlChar *name, const xmlChar *external,
                    const xmlChar *system)
{
    (void)name;
    (void)external;
    (void)system;
    stop(parser);
}

static bool renew(struct tp_scan *scan)
{
    if (scan->parser && ++scan->answers < ANSWERS_A_PARSER)
        return true;
    if (scan->parser)
        xmlFreeParserCtxt(scan->parser);
    scan->answers = 0;
    scan->parser = xmlNewParserCtxt();
    if (!scan->parser)
        return false;
    *scan->parser->sax = (xmlSAXHandler){.initialized = XML_SAX2_MAGIC,
                                         .startElementNs = start_element,
                                         .endElementNs = end_element,
                                         .characters = characters,
                                         .ignorableWhitespace = characters,
                                         .cdataBlock = characters,
                                         .internalSubset = doctype,
                                         .externalSubset = doctype};
    return true;
}

struct tp_scan *tp_scan_create(const struct tp_scan_events *events)
{
    struct tp_scan *scan = tp_calloc(1, sizeof(*scan));

    if (!scan)
        return NULL;
    tp_xml_init();
    scan->events = *events;
    tp_buf_init(&scan->text, TP_XML_TEXT_MAX);
    if (renew(scan))
        return scan;
    tp_scan_destroy(scan);
    return NULL;
}

void tp_scan_destroy(struct tp_scan *scan)
{
    if (!scan)
        return;
    if (scan->parser)
        xmlFreeParserCtxt(scan->parser);
    tp_buf_finish(&scan->text);
    tp_free(scan);
}

bool tp_scan_run(struct tp_scan *scan, const char *xml, size_t length, void *context)
{
    struct tp_xml_gate gate = {0};
    bool ok;

    if (length > TP_FORM_BYTES_MAX || length > INT_MAX ||
        tp_xml_gate_look(&gate, xml, length) != TP_XML_PASSES || !renew(scan))
        return false;
    scan->context = context;
    scan->depth = 0;
    scan->nodes = 0;
    scan->stopped = false;
    scan->parser->_private = scan;
    (void)xmlCtxtReadMemory(scan->parser, xml, (int)length, NULL, NULL,
                            XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING |
                                XML_PARSE_BIG_LINES | TP_XML_GATE_OPTIONS);
    ok = scan->parser->wellFormed && !scan->stopped;
    xmlCtxtReset(scan->parser);
    tp_buf_reset(&scan->text);
    return ok;
}
