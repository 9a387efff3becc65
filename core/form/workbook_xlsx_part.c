#include <stdio.h>

#include "form/workbook_xlsx.h"

/* No network, no DTD, no entities; a broken part is an error, said by us and not on the terminal.
 */
#define PARSE_OPTIONS                                                                              \
    (XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_NOCDATA |               \
     TP_XML_GATE_OPTIONS)

static int read_bytes(void *context, char *bytes, int count)
{
    struct tp_xlsx_part *part = context;
    zip_int64_t got = zip_fread(part->file, bytes, (zip_uint64_t)count);

    if (got < 0)
        return -1;
    part->xlsx->unpacked += (uint64_t)got;
    if (part->xlsx->unpacked > TP_XLSX_UNPACKED_MAX) {
        part->over = true;
        return -1;
    }
    if (tp_xml_gate_look(&part->gate, bytes, (size_t)got) != TP_XML_PASSES)
        return -1;
    return (int)got;
}

static void ignore(void *context, const char *message, xmlParserSeverities severity,
                   xmlTextReaderLocatorPtr locator)
{
    (void)context;
    (void)message;
    (void)severity;
    (void)locator;
}

bool tp_xlsx_open(struct tp_xlsx *xlsx, const char *name, struct tp_xlsx_part *part)
{
    *part = (struct tp_xlsx_part){.xlsx = xlsx, .name = name};
    part->file = zip_fopen(xlsx->zip, name, ZIP_FL_NOCASE);
    if (!part->file)
        return tp_fail(xlsx->error, TP_ERR_NOT_FOUND,
                       "'%s' is not a whole Excel workbook: its part '%.200s' is missing or "
                       "damaged; open it and save it again as .xlsx",
                       xlsx->file, name);
    return true;
}

/* The reader starts on first use, when the part has its final address. */
static bool start(struct tp_xlsx_part *part)
{
    part->reader = xmlReaderForIO(read_bytes, NULL, part, NULL, NULL, PARSE_OPTIONS);
    if (!part->reader)
        return tp_fail_memory(part->xlsx->error);
    xmlTextReaderSetErrorHandler(part->reader, ignore, NULL);
    return true;
}

void tp_xlsx_close(struct tp_xlsx_part *part)
{
    if (part->reader)
        xmlFreeTextReader(part->reader);
    if (part->file)
        (void)zip_fclose(part->file);
    *part = (struct tp_xlsx_part){0};
}

int tp_xlsx_next(struct tp_xlsx_part *part)
{
    int got;

    if (!part->reader && !start(part))
        return -1;
    got = xmlTextReaderRead(part->reader);
    if (part->over) {
        (void)tp_fail(part->xlsx->error, TP_ERR_LIMIT,
                      "'%s' unpacks to more than %u MB; leave out sheets that are not part of the "
                      "survey",
                      part->xlsx->file, TP_XLSX_UNPACKED_MAX / (1024 * 1024));
        return -1;
    }
    if (got == 1 && xmlTextReaderNodeType(part->reader) == XML_READER_TYPE_DOCUMENT_TYPE)
        got = -1;
    if (got < 0)
        (void)tp_fail(part->xlsx->error, TP_ERR_INVALID,
                      "'%s' is damaged in its part '%.200s'; open it and save it again as .xlsx",
                      part->xlsx->file, part->name);
    return got;
}

static bool at(const struct tp_xlsx_part *part, int type, const char *name)
{
    return xmlTextReaderNodeType(part->reader) == type &&
           xmlStrEqual(xmlTextReaderConstLocalName(part->reader), (const xmlChar *)name);
}

bool tp_xlsx_at(const struct tp_xlsx_part *part, const char *name)
{
    return at(part, XML_READER_TYPE_ELEMENT, name);
}

bool tp_xlsx_at_end(const struct tp_xlsx_part *part, const char *name)
{
    return at(part, XML_READER_TYPE_END_ELEMENT, name);
}

bool tp_xlsx_attribute(const struct tp_xlsx_part *part, const char *name, char *value, size_t size)
{
    bool found = false;

    while (!found && xmlTextReaderMoveToNextAttribute(part->reader) == 1) {
        const xmlChar *local = xmlTextReaderConstLocalName(part->reader);

        if (!xmlTextReaderIsNamespaceDecl(part->reader) &&
            xmlStrEqual(local, (const xmlChar *)name)) {
            const xmlChar *text = xmlTextReaderConstValue(part->reader);

            (void)snprintf(value, size, "%s", text ? (const char *)text : "");
            found = true;
        }
    }
    (void)xmlTextReaderMoveToElement(part->reader);
    return found;
}

static int hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* "_x000D_": a character that XML or Excel could not hold as itself (ECMA-376 Part 1, 22.9.2.19).
 * Only the ASCII ones occur in practice; others stay as they are. */
static int escaped(const char *p)
{
    int code = 0;

    if (p[0] != '_' || p[1] != 'x')
        return -1;
    for (int i = 2; i < 6; i++) {
        int digit = hex(p[i]);

        if (digit < 0)
            return -1;
        code = code * 16 + digit;
    }
    return p[6] == '_' && code > 0 && code < 0x80 ? code : -1;
}

static void add_text(struct tp_buf *out, const char *text)
{
    for (const char *p = text; *p;) {
        int code = escaped(p);

        if (code < 0) {
            (void)tp_buf_putc(out, *p++);
            continue;
        }
        if (code != '\r')
            (void)tp_buf_putc(out, (char)code);
        p += 7;
    }
}

bool tp_xlsx_text(struct tp_xlsx_part *part, struct tp_buf *out)
{
    int depth = xmlTextReaderDepth(part->reader);
    bool phonetic = false;

    if (xmlTextReaderIsEmptyElement(part->reader))
        return true;
    for (;;) {
        int type;

        if (tp_xlsx_next(part) != 1)
            return false;
        type = xmlTextReaderNodeType(part->reader);
        if (type == XML_READER_TYPE_END_ELEMENT && xmlTextReaderDepth(part->reader) == depth)
            break;
        if (tp_xlsx_at(part, "rPh"))
            phonetic = !xmlTextReaderIsEmptyElement(part->reader);
        else if (tp_xlsx_at_end(part, "rPh"))
            phonetic = false;
        else if (!phonetic && (type == XML_READER_TYPE_TEXT || type == XML_READER_TYPE_CDATA ||
                               type == XML_READER_TYPE_SIGNIFICANT_WHITESPACE))
            add_text(out, (const char *)xmlTextReaderConstValue(part->reader));
    }
    if (!tp_buf_ok(out))
        return tp_fail(part->xlsx->error, TP_ERR_LIMIT, "'%s' holds too much text",
                       part->xlsx->file);
    return true;
}
