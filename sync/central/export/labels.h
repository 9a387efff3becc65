/*
 * The words of a form: labels, straight or by jr:itext(), in one of its translations. Thread: any.
 */
#ifndef TP_CENTRAL_EXPORT_LABELS_H
#define TP_CENTRAL_EXPORT_LABELS_H

#include "base/buf.h"
#include "central/export/tree.h"

/* The translation that serves a language ("pl", "Polish (pl)"; NULL: the default), else the
 * default, else the first; NULL where there is none. */
const xmlNode *tp_labels_find(const xmlNode *itext, const char *language);

/* Each appends to `out`: a node's text without what is filled in while answering; the text of an
 * ID; the text of an element's <label>. */
void tp_labels_plain(const xmlNode *node, struct tp_buf *out);
bool tp_labels_by_id(const xmlNode *translation, const char *id, size_t length, struct tp_buf *out);
void tp_labels_of(const xmlNode *translation, const xmlNode *element, struct tp_buf *out);

#endif
