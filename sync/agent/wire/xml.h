/*
 * XML from the network, read as hostile: no network, no document type, no entities, capped.
 * libxml2 is used only here and in the readers beside this file. Thread: one document at a time.
 */
#ifndef TP_AGENT_WIRE_XML_H
#define TP_AGENT_WIRE_XML_H

#include <libxml/tree.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/* A form list of 200 forms is about 100 KiB; a manifest of 500 files 150 KiB. */
#define TP_XML_BYTES_MAX (1024u * 1024u)

/* Once, before the first document. */
void tp_xml_init(void);

/* The document; the caller frees it with xmlFreeDoc. NULL where it is not well formed, has a
 * document type, is larger than the cap, or its root is not `root` in namespace `ns`. `what` names
 * it in the error ("the form list"). */
xmlDoc *tp_xml_read(const char *bytes, size_t count, const char *what, const char *ns,
                    const char *root, struct tp_error *error);

bool tp_xml_is(const xmlNode *node, const char *ns, const char *name);

/* The next element child of `parent` after `last` (NULL for the first) that is ns:name. */
const xmlNode *tp_xml_next(const xmlNode *parent, const xmlNode *last, const char *ns,
                           const char *name);

/* The trimmed text of the child ns:name, or of `node` itself where name is NULL: owned (tp_free).
 * *text is NULL where there is no such child. False where it is longer than `max` bytes, there is
 * no memory, or it holds more than text. */
bool tp_xml_text(const xmlNode *node, const char *ns, const char *name, size_t max, char **text,
                 struct tp_error *error);

/* The attribute without a namespace, as tp_xml_text. */
bool tp_xml_attribute(const xmlNode *node, const char *name, size_t max, char **text,
                      struct tp_error *error);

#endif
