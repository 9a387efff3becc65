#include "central/export/labels.h"

#include <string.h>
#include <strings.h>

/* "Polish (pl)" serves "pl", "pl-PL" and "Polish (pl)". */
static bool serves(const char *name, const char *tag)
{
    const char *open = strrchr(name, '(');
    size_t length = open ? strcspn(open + 1, ")") : 0;

    if (strcasecmp(name, tag) == 0)
        return true;
    return open && length && strncasecmp(open + 1, tag, length) == 0 &&
           (tag[length] == '\0' || tag[length] == '-');
}

const xmlNode *tp_labels_find(const xmlNode *itext, const char *language)
{
    const xmlNode *fallback = tp_tree_child(itext, "translation");

    for (const xmlNode *one = fallback; one; one = tp_tree_next(one)) {
        const char *name = tp_tree_attribute(one, "lang");

        if (language && name && serves(name, language))
            return one;
        if (tp_tree_attribute(one, "default"))
            fallback = one;
    }
    return fallback;
}

void tp_labels_plain(const xmlNode *node, struct tp_buf *out)
{
    for (const xmlNode *child = node->children; child; child = child->next) {
        if (child->type == XML_TEXT_NODE && child->content)
            (void)tp_buf_puts(out, (const char *)child->content);
        else if (child->type == XML_ELEMENT_NODE && tp_tree_is(child, "output"))
            (void)tp_buf_puts(out, "\xe2\x80\xa6");
    }
}

bool tp_labels_by_id(const xmlNode *translation, const char *id, size_t length, struct tp_buf *out)
{
    for (const xmlNode *text = tp_tree_child(translation, "text"); text;
         text = tp_tree_next(text)) {
        const char *its_id = tp_tree_attribute(text, "id");

        if (!its_id || strlen(its_id) != length || memcmp(its_id, id, length) != 0)
            continue;
        for (const xmlNode *value = tp_tree_child(text, "value"); value;
             value = tp_tree_next(value)) {
            if (tp_tree_attribute(value, "form"))
                continue;
            tp_labels_plain(value, out);
            return true;
        }
    }
    return false;
}

void tp_labels_of(const xmlNode *translation, const xmlNode *element, struct tp_buf *out)
{
    const xmlNode *label = tp_tree_child(element, "label");
    const char *ref = label ? tp_tree_attribute(label, "ref") : NULL;

    if (ref && strncmp(ref, "jr:itext('", 10) == 0)
        (void)tp_labels_by_id(translation, ref + 10, strcspn(ref + 10, "'"), out);
    else if (label)
        tp_labels_plain(label, out);
}
