/* pyxform's CSV (RFC 4180 quoting): a row with text in its first column starts a sheet, the next
 * row is its header, and every other row leaves the first column empty. A line ends with LF, CR LF
 * or CR. */

#include "base/buf.h"
#include "form/workbook_readers.h"

struct reader {
    struct tp_workbook *workbook;
    const char *p;
    const char *end;
    struct tp_buf field;
    size_t sheet;
    bool any_sheet;
    unsigned row;
    size_t line;
    struct tp_error *error;
};

static bool quoted(struct reader *reader)
{
    size_t start = reader->line;

    for (reader->p++; reader->p < reader->end; reader->p++) {
        if (*reader->p == '"') {
            if (reader->p + 1 == reader->end || reader->p[1] != '"') {
                reader->p++;
                return true;
            }
            reader->p++;
        }
        reader->line += *reader->p == '\n';
        (void)tp_buf_putc(&reader->field, *reader->p);
    }
    return tp_fail(reader->error, TP_ERR_INVALID,
                   "'%s', line %zu: a quotation mark opens here and never closes",
                   reader->workbook->file, start);
}

static bool is_line_end(char c)
{
    return c == '\n' || c == '\r';
}

/* Reads one field and steps over the comma or line end after it. */
static bool next_field(struct reader *reader, bool *last)
{
    tp_buf_reset(&reader->field);
    if (reader->p < reader->end && *reader->p == '"' && !quoted(reader))
        return false;
    while (reader->p < reader->end && *reader->p != ',' && !is_line_end(*reader->p))
        (void)tp_buf_putc(&reader->field, *reader->p++);
    *last = reader->p == reader->end || *reader->p != ',';
    reader->line += *last;
    if (reader->p < reader->end)
        reader->p +=
            *reader->p == '\r' && reader->p + 1 < reader->end && reader->p[1] == '\n' ? 2 : 1;
    if (!tp_buf_ok(&reader->field))
        return tp_fail(reader->error, TP_ERR_LIMIT,
                       "'%s', line %zu: a cell is longer than 4 MB; shorten it",
                       reader->workbook->file, reader->line);
    return true;
}

static bool is_blank(const struct tp_buf *field)
{
    return tp_workbook_is_blank(tp_buf_text(field), field->length);
}

static bool sheet_name(struct reader *reader)
{
    if (is_blank(&reader->field))
        return true;
    if (!tp_workbook_add_sheet(reader->workbook, tp_buf_text(&reader->field), &reader->sheet,
                               reader->error))
        return false;
    reader->any_sheet = true;
    reader->row = 0;
    return true;
}

static bool read_row(struct reader *reader)
{
    size_t line = reader->line;
    bool counted = false;
    bool last;

    if (!next_field(reader, &last) || !sheet_name(reader))
        return false;
    for (size_t column = 0; !last; column++) {
        if (!next_field(reader, &last))
            return false;
        if (is_blank(&reader->field))
            continue;
        if (!reader->any_sheet)
            return tp_fail(reader->error, TP_ERR_INVALID,
                           "'%s', line %zu: a row stands before the first sheet's name; the first "
                           "column holds the sheet's name (survey, choices ...)",
                           reader->workbook->file, line);
        if (!counted)
            reader->row++;
        counted = true;
        if (!tp_workbook_set(reader->workbook, reader->sheet, reader->row, column,
                             tp_buf_text(&reader->field), reader->field.length, reader->error))
            return false;
    }
    return true;
}

/* What parts the cells where it is no comma: what comes first outside quotation marks. */
static const char *other_separator(const char *bytes, size_t count)
{
    bool quoted = false;

    for (size_t i = 0; i < count; i++) {
        if (bytes[i] == '"')
            quoted = !quoted;
        else if (!quoted && bytes[i] == ',')
            return NULL;
        else if (!quoted && bytes[i] == ';')
            return "';'";
        else if (!quoted && bytes[i] == '\t')
            return "tabs";
    }
    return NULL;
}

bool tp_workbook_read_csv(struct tp_workbook *workbook, const char *bytes, size_t count,
                          struct tp_error *error)
{
    struct reader reader = {.workbook = workbook, .line = 1, .error = error};
    const char *separator;
    bool read = true;

    if (!tp_workbook_utf8(workbook, &bytes, &count, error))
        return false;
    separator = other_separator(bytes, count);
    if (separator)
        return tp_fail(error, TP_ERR_INVALID,
                       "'%s' parts its cells with %s; save it as 'CSV UTF-8 (comma delimited)', or "
                       "as .xlsx",
                       workbook->file, separator);
    reader.p = bytes;
    reader.end = bytes + count;
    tp_buf_init(&reader.field, TP_WORKBOOK_CELL_MAX);
    while (read && reader.p < reader.end)
        read = read_row(&reader);
    if (read && !reader.any_sheet)
        read = tp_fail(error, TP_ERR_INVALID,
                       "'%s' holds no sheets; the first column names the sheet (survey, choices "
                       "...)",
                       workbook->file);
    tp_buf_finish(&reader.field);
    return read;
}
