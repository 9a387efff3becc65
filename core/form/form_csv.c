/* CSV (RFC 4180; semicolons, tabs and bars too) as a secondary instance. */
#include <string.h>

#include "base/buf.h"
#include "form/form.h"
#include "form/form_instance.h"
#include "form/xml.h"

#define COLUMNS_MAX 500u
#define CELL_MAX ((size_t)1024 * 1024)

struct csv {
    const char *name;
    const char *at, *end;
    size_t line;
    char separator;
    char line_end; /* '\n' (with or without a '\r' before it), or '\r' */
    struct tp_buf cell;
    xmlDocPtr doc;
    xmlNodePtr root;
    const xmlChar *column[COLUMNS_MAX]; /* in the document's dictionary */
    size_t column_count;
    size_t nodes;
    struct tp_error *error;
};

enum ended { ENDED_CELL, ENDED_LINE, ENDED_FILE };

/* Blanks between a quotation mark that closes and the end of its cell are no part of it. */
static void skip_blanks(struct csv *csv)
{
    const char *p = csv->at;

    while (p < csv->end && (*p == ' ' || *p == '\t') && *p != csv->separator)
        p++;
    if (p == csv->end || *p == csv->separator || *p == '\n' || *p == '\r')
        csv->at = p;
}

static bool quoted(struct csv *csv)
{
    size_t line = csv->line;

    for (csv->at++; csv->at < csv->end; csv->at++) {
        if (*csv->at == '"') {
            if (csv->at + 1 == csv->end || csv->at[1] != '"') {
                csv->at++;
                skip_blanks(csv);
                return true;
            }
            csv->at++;
        }
        csv->line += *csv->at == '\n';
        (void)tp_buf_putc(&csv->cell, *csv->at);
    }
    return tp_fail(csv->error, TP_ERR_INVALID, "%s: line %zu: a quotation mark without its partner",
                   csv->name, line);
}

/* Reads one cell into csv->cell; *ended says what came after it. */
static bool read_cell(struct csv *csv, enum ended *ended)
{
    tp_buf_reset(&csv->cell);
    if (csv->at < csv->end && *csv->at == '"' && !quoted(csv))
        return false;
    while (csv->at < csv->end && *csv->at != csv->separator && *csv->at != csv->line_end)
        (void)tp_buf_putc(&csv->cell, *csv->at++);
    if (csv->at < csv->end && *csv->at == '\n' && csv->cell.length &&
        csv->cell.data[csv->cell.length - 1] == '\r')
        csv->cell.data[--csv->cell.length] = '\0';
    if (!tp_buf_ok(&csv->cell))
        return tp_fail(csv->error, TP_ERR_LIMIT, "%s: line %zu: a cell is larger than %zu KiB",
                       csv->name, csv->line, CELL_MAX >> 10);
    if (!xmlCheckUTF8((const unsigned char *)tp_buf_text(&csv->cell)))
        return tp_fail(csv->error, TP_ERR_INVALID, "%s: line %zu: not UTF-8; save it as UTF-8",
                       csv->name, csv->line);
    *ended = csv->at == csv->end ? ENDED_FILE : ENDED_LINE;
    if (csv->at == csv->end)
        return true;
    if (*csv->at == csv->separator)
        *ended = ENDED_CELL;
    else
        csv->line++;
    csv->at++;
    return true;
}

/* Of columns with one name the first counts. */
static bool is_again(const struct csv *csv, const xmlChar *name)
{
    for (size_t i = 0; i < csv->column_count; i++)
        if (csv->column[i] == name)
            return true;
    return false;
}

static bool read_header(struct csv *csv)
{
    enum ended ended = ENDED_CELL;

    while (ended == ENDED_CELL) {
        const xmlChar *name;
        char *text;
        size_t length;

        if (!read_cell(csv, &ended))
            return false;
        if (csv->column_count == COLUMNS_MAX)
            return tp_fail(csv->error, TP_ERR_LIMIT, "%s: more than %u columns", csv->name,
                           COLUMNS_MAX);
        text = csv->cell.data ? csv->cell.data : "";
        text += strspn(text, " \t");
        length = strlen(text);
        while (length && strchr(" \t", text[length - 1]))
            length--;
        name = length ? xmlDictLookup(csv->doc->dict, (const xmlChar *)text, (int)length) : NULL;
        csv->column[csv->column_count] = is_again(csv, name) ? NULL : name;
        csv->column_count++;
    }
    return true;
}

static bool add_cell(struct csv *csv, xmlNodePtr item, size_t column)
{
    xmlNodePtr node;
    xmlNodePtr text;

    if (column >= csv->column_count || !csv->column[column])
        return true;
    if (++csv->nodes > TP_FORM_NODES_MAX)
        return tp_fail(csv->error, TP_ERR_LIMIT, "%s: more than %u cells", csv->name,
                       TP_FORM_NODES_MAX);
    node = xmlNewDocNodeEatName(csv->doc, NULL, (xmlChar *)csv->column[column], NULL);
    if (!node || !xmlAddChild(item, node)) {
        xmlFreeNode(node);
        return tp_fail_memory(csv->error);
    }
    if (!csv->cell.length)
        return true;
    text = xmlNewDocTextLen(csv->doc, (const xmlChar *)csv->cell.data, (int)csv->cell.length);
    if (!text || !xmlAddChild(node, text)) {
        xmlFreeNode(text);
        return tp_fail_memory(csv->error);
    }
    return true;
}

/* Cells that a short row lacks are empty, as in JavaRosa and web-forms. */
static bool fill_row(struct csv *csv, xmlNodePtr item, size_t column)
{
    tp_buf_reset(&csv->cell);
    for (; column < csv->column_count; column++)
        if (!add_cell(csv, item, column))
            return false;
    return true;
}

static bool read_row(struct csv *csv, enum ended *ended)
{
    xmlNodePtr item = xmlNewDocNode(csv->doc, NULL, (const xmlChar *)"item", NULL);
    size_t column = 0;
    bool ok = item != NULL || tp_fail_memory(csv->error);

    for (*ended = ENDED_CELL; ok && *ended == ENDED_CELL; column++)
        ok = read_cell(csv, ended) && add_cell(csv, item, column);
    ok = ok && fill_row(csv, item, column);
    if (!ok || !xmlAddChild(csv->root, item))
        xmlFreeNode(item);
    return ok;
}

/* The sign that parts the names of the first line most often. */
static char separator_of(const char *text, size_t length)
{
    static const char signs[] = ",;\t|";
    size_t most = 0;
    char best = ',';

    for (const char *sign = signs; *sign; sign++) {
        size_t count = 0;

        for (size_t i = 0; i < length && text[i] != '\n' && text[i] != '\r'; i++)
            count += text[i] == *sign;
        if (count > most) {
            most = count;
            best = *sign;
        }
    }
    return best;
}

/* Bytes of the line ending that stands here; 0: there is none. */
static size_t line_ending(const struct csv *csv)
{
    if (*csv->at == csv->line_end)
        return 1;
    return *csv->at == '\r' && csv->at + 1 < csv->end && csv->at[1] == '\n' ? 2 : 0;
}

/* Lines with nothing on them are no rows, as in JavaRosa. */
static void skip_lines(struct csv *csv)
{
    for (size_t size; csv->at < csv->end && (size = line_ending(csv)) > 0; csv->at += size)
        csv->line++;
}

static bool read_all(struct csv *csv)
{
    enum ended ended = ENDED_LINE;

    if (!read_header(csv))
        return false;
    for (skip_lines(csv); csv->at < csv->end && ended != ENDED_FILE; skip_lines(csv))
        if (!read_row(csv, &ended))
            return false;
    return true;
}

bool tp_csv_to_xml(const char *name, const char *text, size_t length, xmlDocPtr *doc,
                   struct tp_error *error)
{
    struct csv csv = {.name = name, .at = text, .end = text + length, .line = 1, .error = error};
    bool ok = false;

    tp_xml_init();
    if (length >= 3 && !memcmp(text, "\xEF\xBB\xBF", 3))
        csv.at += 3;
    csv.separator = separator_of(csv.at, (size_t)(csv.end - csv.at));
    csv.line_end = memchr(csv.at, '\n', (size_t)(csv.end - csv.at)) ? '\n' : '\r';
    tp_buf_init(&csv.cell, CELL_MAX);
    csv.doc = xmlNewDoc((const xmlChar *)"1.0");
    if (csv.doc)
        csv.doc->dict = xmlDictCreate();
    csv.root = csv.doc ? xmlNewDocNode(csv.doc, NULL, (const xmlChar *)"root", NULL) : NULL;
    if (csv.root && csv.doc->dict) {
        (void)xmlDocSetRootElement(csv.doc, csv.root);
        ok = read_all(&csv);
    } else {
        (void)tp_fail_memory(error);
    }
    tp_buf_finish(&csv.cell);
    if (ok)
        *doc = csv.doc;
    else
        xmlFreeDoc(csv.doc);
    return ok;
}
