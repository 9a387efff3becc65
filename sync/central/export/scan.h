/*
 * One pass over the XML of an answer, without building a tree of it: hostile input, with the caps
 * of tree.h, and none of the document types, entities and networks that tp_xml_read refuses. The
 * parser is kept for the next answer; what it held of this one is wiped.
 * Thread: one at a time.
 */
#ifndef TP_CENTRAL_EXPORT_SCAN_H
#define TP_CENTRAL_EXPORT_SCAN_H

#include <stdbool.h>
#include <stddef.h>

/* What is told of an element, from the outside in. Names are local names. */
struct tp_scan_events {
    /* `uri`: its namespace; "" where it has none. */
    void (*begin)(void *context, const char *name, const char *uri);
    /* After `begin`. The value is not ended by a NUL. */
    void (*attribute)(void *context, const char *name, const char *value, size_t length);
    /* `text`: all of its own, ended by a NUL, where no element stands in it; else NULL. */
    void (*end)(void *context, const char *text);
};

struct tp_scan;

/* NULL without memory. */
struct tp_scan *tp_scan_create(const struct tp_scan_events *events);
void tp_scan_destroy(struct tp_scan *scan);

/* False where it is not well formed or over a cap; then some of its events came. */
bool tp_scan_run(struct tp_scan *scan, const char *xml, size_t length, void *context);

#endif
