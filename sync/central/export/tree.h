/*
 * Walking an XML tree that form/xml.h read. Names are local names, whatever the namespace.
 * Thread: any.
 */
#ifndef TP_CENTRAL_EXPORT_TREE_H
#define TP_CENTRAL_EXPORT_TREE_H

#include "form/xml.h"

#define TP_TREE_DEPTH_MAX 100
/* Elements and attributes of one answer or form. */
#define TP_TREE_NODES_MAX 4000000u

/* The caller frees with xmlFreeDoc; NULL with *error set where it is not well formed. */
xmlDocPtr tp_tree_read(const char *name, const void *xml, size_t length, struct tp_error *error);

bool tp_tree_is(const xmlNode *node, const char *name);
/* The first child element of this name; NULL name: the first of any. NULL node: none. */
const xmlNode *tp_tree_child(const xmlNode *node, const char *name);
const xmlNode *tp_tree_next(const xmlNode *node);
/* Owned by the tree; NULL where there is none. */
const char *tp_tree_attribute(const xmlNode *node, const char *name);
/* An element's own text when it is one run, owned by the tree; "" where there is none. */
const char *tp_tree_text(const xmlNode *node);

#endif
