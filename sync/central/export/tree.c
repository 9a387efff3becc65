#include "central/export/tree.h"

#include <string.h>

#include "form/form.h"

xmlDocPtr tp_tree_read(const char *name, const void *xml, size_t length, struct tp_error *error)
{
    const struct tp_xml_limits limits = {
        .bytes = TP_FORM_BYTES_MAX, .depth = TP_TREE_DEPTH_MAX, .nodes = TP_TREE_NODES_MAX};
    xmlDocPtr doc = NULL;

    return tp_xml_read(name, xml, length, &limits, &doc, error) ? doc : NULL;
}

bool tp_tree_is(const xmlNode *node, const char *name)
{
    return strcmp((const char *)node->name, name) == 0;
}

const xmlNode *tp_tree_child(const xmlNode *node, const char *name)
{
    const xmlNode *child = node ? tp_xml_first(node) : NULL;

    while (child && name && !tp_tree_is(child, name))
        child = tp_xml_next(child);
    return child;
}

const xmlNode *tp_tree_next(const xmlNode *node)
{
    return tp_xml_next(node);
}

const char *tp_tree_attribute(const xmlNode *node, const char *name)
{
    for (const xmlAttr *attribute = node->properties; attribute; attribute = attribute->next) {
        if (strcmp((const char *)attribute->name, name) != 0)
            continue;
        return attribute->children && attribute->children->content
                   ? (const char *)attribute->children->content
                   : "";
    }
    return NULL;
}

const char *tp_tree_text(const xmlNode *node)
{
    for (const xmlNode *child = node->children; child; child = child->next) {
        if ((child->type == XML_TEXT_NODE || child->type == XML_CDATA_SECTION_NODE) &&
            child->content)
            return (const char *)child->content;
    }
    return "";
}
