/*
 * The gate before libxml2, which compares each attribute of an element with all the others (until
 * its version 2.12): one element of a few megabytes holds a processor for an hour. The gate looks
 * at the bytes as they come and lets through only elements of a sane number of attributes.
 *
 * It reads UTF-8 alone, in which nothing can hide from it: who parses what it let through gives
 * libxml2 TP_XML_GATE_OPTIONS, so that both see the same. It does not look for mistakes: what is no
 * XML is libxml2's to say. Thread: one gate, one thread.
 */
#ifndef TP_BASE_XML_GATE_H
#define TP_BASE_XML_GATE_H

#include <stddef.h>

/* Attributes and namespaces of one element; a workbook has as many columns. */
#define TP_XML_ATTRIBUTES_MAX 1024u

/* XML_PARSE_IGNORE_ENC: a declared encoding is passed by. */
#define TP_XML_GATE_OPTIONS XML_PARSE_IGNORE_ENC

enum tp_xml_gate_verdict { TP_XML_PASSES, TP_XML_IS_NOT_UTF8, TP_XML_HAS_TOO_MANY_ATTRIBUTES };

/* Starts as zeroes. */
struct tp_xml_gate {
    enum { TP_XML_TEXT, TP_XML_MARK, TP_XML_TAG, TP_XML_QUOTED, TP_XML_APOSTROPHED } place;
    unsigned attributes; /* of the tag it is in */
    size_t passed;       /* bytes */
};

/* Looks at the next `count` bytes of a document. Once it is not TP_XML_PASSES, nothing more of the
 * document may be parsed; `passed` says how far it came. */
enum tp_xml_gate_verdict tp_xml_gate_look(struct tp_xml_gate *gate, const void *bytes,
                                          size_t count);

#endif
