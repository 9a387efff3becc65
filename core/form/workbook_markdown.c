/* pyxform's Markdown tables: "| survey |" starts a sheet, the next row is its header. Lines that
 * start with # and text after a row's last bar that starts with # are comments; \| is a bar. */
#include <string.h>

#include "base/buf.h"
#include "form/workbook_readers.h"

struct reader {
    struct tp_workbook *workbook;
    size_t sheet;
    bool any_sheet;
    unsigned row; /* rows of this sheet so far */
    struct tp_buf cell;
    struct tp_error *error;
};

/* Only bars and dashes: the line under a header in other people's tables. */
static bool is_rule(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (text[i] != '|' && text[i] != '-')
            return false;
    }
    return true;
}

/* `from` stands behind a bar. */
static const char *bar(const char *from, const char *end)
{
    for (const char *p = from; p < end; p++) {
        if (*p == '|' && p[-1] != '\\')
            return p;
    }
    return end;
}

static size_t break_at(const char *p, const char *end)
{
    static const char *const forms[] = {"<br>", "<br/>", "<br />"};

    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        size_t length = strlen(forms[i]);

        if ((size_t)(end - p) >= length && memcmp(p, forms[i], length) == 0)
            return length;
    }
    return 0;
}

/* Up to the next byte that may mean something else than itself. */
static const char *plain_end(const char *p, const char *end)
{
    while (p < end && *p != '<' && *p != '\\')
        p++;
    return p;
}

static bool unescape(struct reader *reader, const char *p, const char *end)
{
    tp_buf_reset(&reader->cell);
    while (p < end) {
        const char *stop = plain_end(p, end);
        size_t line_end;

        (void)tp_buf_add(&reader->cell, p, (size_t)(stop - p));
        p = stop;
        if (p == end)
            break;
        line_end = break_at(p, end);
        if (line_end) {
            (void)tp_buf_putc(&reader->cell, '\n');
            p += line_end;
        } else if (p[0] == '\\' && p + 1 < end && p[1] == '|') {
            (void)tp_buf_putc(&reader->cell, '|');
            p += 2;
        } else {
            (void)tp_buf_putc(&reader->cell, *p++);
        }
    }
    if (!tp_buf_ok(&reader->cell))
        return tp_fail(reader->error, TP_ERR_LIMIT,
                       "'%s', row %u: a cell is longer than 4 MB; shorten it",
                       reader->workbook->file, reader->row);
    return true;
}

static bool start_sheet(struct reader *reader, const char *text, const char *end)
{
    if (!unescape(reader, text, end) ||
        !tp_workbook_add_sheet(reader->workbook, tp_buf_text(&reader->cell), &reader->sheet,
                               reader->error))
        return false;
    reader->any_sheet = true;
    reader->row = 0;
    return true;
}

/* `text` .. `end` is what stands between the first and the last bar of a line. */
static bool read_cells(struct reader *reader, const char *text, const char *end)
{
    const char *stop = bar(text, end);
    size_t column = 0;
    bool counted = false;

    if (!tp_workbook_is_blank(text, (size_t)(stop - text)) && !start_sheet(reader, text, stop))
        return false;
    while (stop < end) {
        const char *cell = stop + 1;

        stop = bar(cell, end);
        if (tp_workbook_is_blank(cell, (size_t)(stop - cell))) {
            column++;
            continue;
        }
        if (!reader->any_sheet)
            return tp_fail(reader->error, TP_ERR_INVALID,
                           "'%s': a table row stands before the first sheet's name; start with a "
                           "line '| survey |'",
                           reader->workbook->file);
        if (!counted)
            reader->row++;
        counted = true;
        if (!unescape(reader, cell, stop) ||
            !tp_workbook_set(reader->workbook, reader->sheet, reader->row, column,
                             tp_buf_text(&reader->cell), reader->cell.length, reader->error))
            return false;
        column++;
    }
    return true;
}

static bool read_line(struct reader *reader, const char *line, const char *end)
{
    const char *first = line;
    const char *last = end;
    size_t blank;

    while ((blank = tp_workbook_blank_at(first, (size_t)(end - first))))
        first += blank;
    if (first == end || *first != '|')
        return true;
    while (last > first && (last[-1] != '|' || (last - 2 >= first && last[-2] == '\\')))
        last--;
    /* The last bar closes the row; text after it is a comment if it starts with #. */
    if (last - first < 2)
        return true;
    first++;
    last--;
    if (is_rule(first, (size_t)(last - first)))
        return true;
    return read_cells(reader, first, last);
}

bool tp_workbook_read_markdown(struct tp_workbook *workbook, const char *bytes, size_t count,
                               struct tp_error *error)
{
    struct reader reader = {.workbook = workbook, .error = error};
    const char *end;
    bool read = true;

    if (!tp_workbook_utf8(workbook, &bytes, &count, error))
        return false;
    tp_buf_init(&reader.cell, TP_WORKBOOK_CELL_MAX);
    end = bytes + count;
    while (read && bytes < end) {
        const char *line_end = memchr(bytes, '\n', (size_t)(end - bytes));

        line_end = line_end ? line_end : end;
        read = read_line(&reader, bytes, line_end);
        bytes = line_end + 1;
    }
    if (read && !reader.any_sheet)
        read = tp_fail(error, TP_ERR_INVALID,
                       "'%s' holds no tables; a sheet starts with a line '| survey |'",
                       workbook->file);
    tp_buf_finish(&reader.cell);
    return read;
}

static bool write_cell(struct tp_buf *out, const char *text)
{
    for (const char *p = text; *p; p++) {
        if (*p == '\n')
            (void)tp_buf_puts(out, "<br>");
        else if (*p == '|')
            (void)tp_buf_puts(out, "\\|");
        else
            (void)tp_buf_putc(out, *p);
    }
    return tp_buf_ok(out);
}

bool tp_workbook_write_markdown(const struct tp_workbook *workbook, struct tp_buf *out)
{
    for (size_t s = 0; s < workbook->count; s++) {
        const struct tp_workbook_sheet *sheet = &workbook->sheets[s];

        (void)tp_buf_puts(out, s ? "\n| " : "| ");
        (void)write_cell(out, sheet->name);
        (void)tp_buf_puts(out, " |\n");
        for (size_t r = 0; r < sheet->count; r++) {
            const struct tp_workbook_row *row = &sheet->rows[r];

            (void)tp_buf_puts(out, "| |");
            for (size_t c = 0; c < row->count; c++) {
                (void)tp_buf_putc(out, ' ');
                (void)write_cell(out, tp_workbook_cell(row, c));
                (void)tp_buf_puts(out, " |");
            }
            (void)tp_buf_putc(out, '\n');
        }
    }
    return tp_buf_ok(out);
}
