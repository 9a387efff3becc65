#include "base/xml_gate.h"

#include <stdbool.h>
#include <string.h>

/* The first byte of a document: of a mark of UTF-16 (FE FF, FF FE), of UTF-16 or UTF-32 without one
 * (0), or of "<" in EBCDIC. libxml2 goes by them, whatever it is told. */
static bool begins_otherwise(unsigned char first)
{
    return first == 0xFE || first == 0xFF || first == 0x00 || first == 0x4C;
}

/* Between tags only "<" matters. */
static const unsigned char *to_mark(struct tp_xml_gate *gate, const unsigned char *p,
                                    const unsigned char *end)
{
    const unsigned char *mark = memchr(p, '<', (size_t)(end - p));

    if (!mark)
        return end;
    gate->place = TP_XML_MARK;
    return mark + 1;
}

/* Inside a tag most bytes say nothing. */
static const unsigned char *to_sign(const unsigned char *p, const unsigned char *end)
{
    static const bool signs[256] = {
        ['\0'] = true, ['<'] = true, ['>'] = true, ['"'] = true, ['\''] = true, ['='] = true};

    while (p < end && !signs[*p])
        p++;
    return p;
}

/* Of the byte behind "<", and of those inside a tag. A "<" inside one begins another: no value may
 * hold it. */
static enum tp_xml_gate_verdict step(struct tp_xml_gate *gate, unsigned char c)
{
    if (c == '\0')
        return TP_XML_IS_NOT_UTF8;
    if (c == '<') {
        gate->place = TP_XML_MARK;
        return TP_XML_PASSES;
    }
    switch (gate->place) {
    case TP_XML_MARK:
        gate->place = c == '!' || c == '?' || c == '/' ? TP_XML_TEXT : TP_XML_TAG;
        gate->attributes = 0;
        break;
    case TP_XML_QUOTED:
    case TP_XML_APOSTROPHED:
        if (c == (gate->place == TP_XML_QUOTED ? '"' : '\''))
            gate->place = TP_XML_TAG;
        break;
    default:
        if (c == '>')
            gate->place = TP_XML_TEXT;
        else if (c == '"' || c == '\'')
            gate->place = c == '"' ? TP_XML_QUOTED : TP_XML_APOSTROPHED;
        else if (c == '=' && ++gate->attributes > TP_XML_ATTRIBUTES_MAX)
            return TP_XML_HAS_TOO_MANY_ATTRIBUTES;
        break;
    }
    return TP_XML_PASSES;
}

enum tp_xml_gate_verdict tp_xml_gate_look(struct tp_xml_gate *gate, const void *bytes, size_t count)
{
    const unsigned char *start = bytes;
    const unsigned char *end = start + count;
    const unsigned char *p = start;
    enum tp_xml_gate_verdict verdict = TP_XML_PASSES;

    if (count && !gate->passed && begins_otherwise(*start))
        return TP_XML_IS_NOT_UTF8;
    while (p < end && verdict == TP_XML_PASSES) {
        if (gate->place == TP_XML_TEXT)
            p = to_mark(gate, p, end);
        else if (gate->place != TP_XML_MARK)
            p = to_sign(p, end);
        if (p < end && gate->place != TP_XML_TEXT)
            verdict = step(gate, *p++);
    }
    gate->passed += (size_t)(p - start);
    return verdict;
}
