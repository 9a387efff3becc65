/*
 * XML read as what it is: hostile input.
 *
 * UTF-8 alone, no network, no DTD, no entities but XML's own five, caps on bytes, depth, nodes,
 * attributes of an element and texts; the first mistake ends the reading and is reported with its
 * line. All memory libxml2 uses comes
 * through base/mem.h and is wiped when it is given back, since answers live in it. Thread:
 * tp_xml_init first in the main thread (reading calls it), then any.
 */
#ifndef TP_FORM_XML_H
#define TP_FORM_XML_H

#include <libxml/tree.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/* One text or attribute; libxml2 has the same cap. */
#define TP_XML_TEXT_MAX ((size_t)10 * 1000 * 1000)

struct tp_xml_limits {
    size_t bytes;
    size_t depth;
    size_t nodes;       /* elements and attributes */
    size_t text;        /* bytes between two tags; 0: TP_XML_TEXT_MAX */
    bool allow_doctype; /* a bare <!DOCTYPE name> is passed over; declarations never are */
    bool keep_nodes;    /* else comments and instructions are dropped, CDATA is text */
};

/* Routes libxml2's allocations and silences it. Safe to call again. */
void tp_xml_init(void);

/* `name` is what the error text calls the file. The caller frees the document (xmlFreeDoc). */
bool tp_xml_read(const char *name, const void *bytes, size_t length,
                 const struct tp_xml_limits *limits, xmlDocPtr *doc, struct tp_error *error);

/* First child element, and next sibling element; NULL at the end. */
xmlNodePtr tp_xml_first(const xmlNode *parent);
xmlNodePtr tp_xml_next(const xmlNode *node);

/* Whether an element has this local name and namespace (NULL: any). */
bool tp_xml_is(const xmlNode *node, const char *name, const char *ns);

/* The value of an attribute (in this namespace; NULL: in none), or NULL. Points into the tree;
 * attributes of these documents have at most one text node. */
const char *tp_xml_attr(const xmlNode *node, const char *name, const char *ns);

#endif
