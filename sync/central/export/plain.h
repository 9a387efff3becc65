/*
 * The XML of an answer as a screen writes it, read three times as fast as libxml2 reads it: ASCII;
 * elements, attributes and text, and no more. What has anything else in it (another alphabet,
 * comments, CDATA, character references, processing instructions, document types), and what is not
 * well formed, is left to scan.h: nothing is taken here that is not well formed, and the events are
 * those that libxml2 would give (fuzz/central/answer holds one against the other).
 * Thread: any.
 */
#ifndef TP_CENTRAL_EXPORT_PLAIN_H
#define TP_CENTRAL_EXPORT_PLAIN_H

#include "central/export/scan.h"

/* False where it is for tp_scan_run to say; then some of its events came. `xml` is ended by a NUL
 * that is not counted. */
bool tp_plain_run(const struct tp_scan_events *events, const char *xml, size_t length,
                  void *context);

#endif
