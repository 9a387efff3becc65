#include "agent/wire/xml.h"

#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <limits.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/xml_gate.h"

#define PARSE_OPTIONS                                                                              \
    (XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_COMPACT |               \
     TP_XML_GATE_OPTIONS)

void tp_xml_init(void)
{
    xmlInitParser();
}

/* A document type is where entities, bombs and outside files come from: the first sign of one ends
 * the reading. */
static void refuse_doctype(void *context, const xmlChar *name, const xmlChar *external,
                           const xmlChar *system)
{
    xmlParserCtxt *parser = context;

    (void)name;
    (void)external;
    (void)system;
    xmlStopParser(parser);
}

static xmlParserInput *refuse_external(void *context, const xmlChar *public, const xmlChar *system)
{
    (void)public;
    (void)system;
    xmlStopParser(context);
    return NULL;
}

xmlDoc *tp_xml_read(const char *bytes, size_t count, const char *what, const char *ns,
                    const char *root, struct tp_error *error)
{
    struct tp_xml_gate gate = {0};
    xmlParserCtxt *parser;
    xmlDoc *doc;

    if (count > TP_XML_BYTES_MAX) {
        tp_fail(error, TP_ERR_LIMIT, "%s is larger than %u bytes", what, TP_XML_BYTES_MAX);
        return NULL;
    }
    if (tp_xml_gate_look(&gate, bytes, count) != TP_XML_PASSES) {
        tp_fail(error, TP_ERR_INVALID, "%s is not UTF-8, or an element has more than %u attributes",
                what, TP_XML_ATTRIBUTES_MAX);
        return NULL;
    }
    parser = xmlNewParserCtxt();
    if (!parser) {
        tp_fail_memory(error);
        return NULL;
    }
    parser->sax->internalSubset = refuse_doctype;
    parser->sax->resolveEntity = refuse_external;
    doc = xmlCtxtReadMemory(parser, count ? bytes : "", (int)count, NULL, NULL, PARSE_OPTIONS);
    xmlFreeParserCtxt(parser);
    if (!doc) {
        tp_fail(error, TP_ERR_INVALID, "%s is not well-formed XML", what);
        return NULL;
    }
    if (tp_xml_is(xmlDocGetRootElement(doc), ns, root))
        return doc;
    xmlFreeDoc(doc);
    tp_fail(error, TP_ERR_INVALID, "%s does not begin with <%s> of '%s'", what, root, ns);
    return NULL;
}

bool tp_xml_is(const xmlNode *node, const char *ns, const char *name)
{
    return node && node->type == XML_ELEMENT_NODE && strcmp((const char *)node->name, name) == 0 &&
           node->ns && strcmp((const char *)node->ns->href, ns) == 0;
}

const xmlNode *tp_xml_next(const xmlNode *parent, const xmlNode *last, const char *ns,
                           const char *name)
{
    const xmlNode *node = last ? last->next : parent->children;

    while (node && !tp_xml_is(node, ns, name))
        node = node->next;
    return node;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Copies the text of `first` and its siblings, trimmed. */
static bool join(const xmlNode *first, const char *what, size_t max, char **text,
                 struct tp_error *error)
{
    struct tp_buf buf;
    size_t from = 0;
    bool ok = true;
    char *copy;

    tp_buf_init(&buf, max);
    for (const xmlNode *node = first; node && ok; node = node->next) {
        if (node->type == XML_COMMENT_NODE || node->type == XML_PI_NODE)
            continue;
        if (node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE)
            ok = tp_buf_puts(&buf, (const char *)node->content) ||
                 tp_fail(error, TP_ERR_LIMIT, "'%s' is longer than %zu bytes", what, max);
        else
            ok = tp_fail(error, TP_ERR_INVALID, "'%s' holds more than text", what);
    }
    if (!ok)
        goto finish;
    while (buf.length && is_space(buf.data[buf.length - 1]))
        buf.length--;
    while (from < buf.length && is_space(buf.data[from]))
        from++;
    copy = tp_strndup(tp_buf_text(&buf) + from, buf.length - from);
    if (copy)
        *text = copy;
    else
        ok = tp_fail_memory(error);
finish:
    tp_buf_finish(&buf);
    return ok;
}

bool tp_xml_text(const xmlNode *node, const char *ns, const char *name, size_t max, char **text,
                 struct tp_error *error)
{
    const xmlNode *child = name ? tp_xml_next(node, NULL, ns, name) : node;

    if (!child) {
        *text = NULL;
        return true;
    }
    return join(child->children, (const char *)child->name, max, text, error);
}

bool tp_xml_attribute(const xmlNode *node, const char *name, size_t max, char **text,
                      struct tp_error *error)
{
    const xmlAttr *attribute = node->properties;

    while (attribute && (attribute->ns || strcmp((const char *)attribute->name, name) != 0))
        attribute = attribute->next;
    if (!attribute) {
        *text = NULL;
        return true;
    }
    return join(attribute->children, name, max, text, error);
}
