/*
 * Writing XML 1.0: text and values of attributes as they must stand in a document. Thread: any.
 */
#ifndef TP_BASE_XML_TEXT_H
#define TP_BASE_XML_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

/* Appends `length` bytes of UTF-8 with & < > and carriage returns (and in an attribute " tab and
 * line ends) escaped. What is no character of XML (clause 2.2) cannot be written and is left out.
 */
bool tp_xml_put_text(struct tp_buf *out, const char *text, size_t length);
bool tp_xml_put_attr(struct tp_buf *out, const char *text, size_t length);

/* A name as the value of an attribute, or as text. False where it holds a control of ASCII, and
 * then nothing is written: a name with something left out would be another's. (tp_buf_ok says
 * whether there was room.) */
bool tp_xml_put_name(struct tp_buf *out, const char *name);

#endif
