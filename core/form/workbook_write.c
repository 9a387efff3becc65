/* Writes .xlsx for people to go on with: frozen bold header, wrapped text, columns as wide as they
 * need. libxlsxwriter writes to a temporary name; the file then takes its place in one step. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "form/workbook.h"

/* Excel's own limits. */
#define EXCEL_CELL_MAX 32767u
#define EXCEL_NAME_MAX 31u
/* Narrower is hard to click, wider is hard to read; in characters. */
#define WIDTH_MIN 10.0
#define WIDTH_MAX 48.0

struct writer {
    lxw_workbook *book;
    lxw_format *header;
    lxw_format *body;
    const struct tp_workbook *workbook;
    struct tp_error *error;
};

/* The longest line, in characters. */
static size_t line_width(const char *text)
{
    size_t widest = 0;

    for (;;) {
        size_t length = strcspn(text, "\n");
        size_t width = tp_utf8_count(text, length);

        widest = width > widest ? width : widest;
        if (!text[length])
            return widest;
        text += length + 1;
    }
}

static void set_widths(lxw_worksheet *out, const struct tp_workbook_sheet *sheet)
{
    size_t columns = 0;

    for (size_t r = 0; r < sheet->count; r++)
        columns = sheet->rows[r].count > columns ? sheet->rows[r].count : columns;
    for (size_t c = 0; c < columns; c++) {
        double width = WIDTH_MIN;

        for (size_t r = 0; r < sheet->count; r++) {
            double wanted = (double)line_width(tp_workbook_cell(&sheet->rows[r], c)) + 2.0;

            width = wanted > width ? wanted : width;
        }
        (void)worksheet_set_column(out, (lxw_col_t)c, (lxw_col_t)c,
                                   width > WIDTH_MAX ? WIDTH_MAX : width, NULL);
    }
}

/* Text that Excel would read as an escaped character ("_x0041_") gets its first mark escaped. */
static char *escape(const char *text)
{
    struct tp_buf out;
    char *taken;

    tp_buf_init(&out, 8 * TP_WORKBOOK_CELL_MAX);
    for (const char *p = text; *p; p++) {
        bool looks_escaped = p[0] == '_' && p[1] == 'x' &&
                             strspn(p + 2, "0123456789abcdefABCDEF") >= 4 && p[6] == '_';

        if (looks_escaped)
            (void)tp_buf_puts(&out, "_x005F");
        (void)tp_buf_putc(&out, *p);
    }
    taken = tp_buf_take(&out);
    tp_buf_finish(&out);
    return taken;
}

static bool write_string(lxw_worksheet *out, lxw_row_t row, lxw_col_t column, const char *text,
                         lxw_format *format)
{
    char *escaped = strstr(text, "_x") ? escape(text) : NULL;
    bool written =
        (escaped || !strstr(text, "_x")) &&
        worksheet_write_string(out, row, column, escaped ? escaped : text, format) == LXW_NO_ERROR;

    tp_free(escaped);
    return written;
}

static bool write_cell(struct writer *writer, lxw_worksheet *out,
                       const struct tp_workbook_sheet *sheet, size_t r, size_t c)
{
    const struct tp_workbook_row *row = &sheet->rows[r];
    const char *text = tp_workbook_cell(row, c);

    if (!*text)
        return true;
    if (tp_utf8_count(text, strlen(text)) > EXCEL_CELL_MAX)
        return tp_fail(writer->error, TP_ERR_LIMIT,
                       "'%s', sheet %s, row %u: a cell has more than the %u characters that Excel "
                       "holds",
                       writer->workbook->file, sheet->name, row->number, EXCEL_CELL_MAX);
    /* Always as text: "007" and "1/2" stay what they are. */
    if (!write_string(out, (lxw_row_t)(row->number - 1), (lxw_col_t)c, text,
                      r ? writer->body : writer->header))
        return tp_fail(writer->error, TP_ERR_LIMIT, "'%s', sheet %s, row %u does not fit in Excel",
                       writer->workbook->file, sheet->name, row->number);
    return true;
}

static bool write_sheet(struct writer *writer, const struct tp_workbook_sheet *sheet)
{
    lxw_worksheet *out;

    if (workbook_validate_sheet_name(writer->book, sheet->name) != LXW_NO_ERROR)
        return tp_fail(
            writer->error, TP_ERR_INVALID,
            "'%s': Excel takes no sheet named '%.60s'; use at most %u characters and none "
            "of []:*?/\\",
            writer->workbook->file, sheet->name, EXCEL_NAME_MAX);
    out = workbook_add_worksheet(writer->book, sheet->name);
    if (!out)
        return tp_fail_memory(writer->error);
    for (size_t r = 0; r < sheet->count; r++) {
        for (size_t c = 0; c < sheet->rows[r].count; c++) {
            if (!write_cell(writer, out, sheet, r, c))
                return false;
        }
    }
    set_widths(out, sheet);
    if (sheet->count)
        worksheet_freeze_panes(out, (lxw_row_t)sheet->rows[0].number, 0);
    return true;
}

static bool write_book(struct writer *writer)
{
    writer->header = workbook_add_format(writer->book);
    writer->body = workbook_add_format(writer->book);
    if (!writer->header || !writer->body)
        return tp_fail_memory(writer->error);
    format_set_bold(writer->header);
    format_set_bg_color(writer->header, 0xE3ECF7);
    format_set_bottom(writer->header, LXW_BORDER_THIN);
    format_set_align(writer->header, LXW_ALIGN_VERTICAL_TOP);
    format_set_text_wrap(writer->body);
    format_set_align(writer->body, LXW_ALIGN_VERTICAL_TOP);
    for (size_t s = 0; s < writer->workbook->count; s++) {
        if (!write_sheet(writer, &writer->workbook->sheets[s]))
            return false;
    }
    return true;
}

bool tp_workbook_write_xlsx(const struct tp_workbook *workbook, const char *path,
                            struct tp_error *error)
{
    struct writer writer = {.workbook = workbook, .error = error};
    char *temporary = tp_asprintf("%s.%ld.new", path, (long)getpid());
    bool good;
    lxw_error closed;

    if (!temporary)
        return tp_fail_memory(error);
    writer.book = workbook_new(temporary);
    good = writer.book ? write_book(&writer) : tp_fail_memory(error);
    closed = writer.book ? workbook_close(writer.book) : LXW_ERROR_MEMORY_MALLOC_FAILED;
    if (good && closed != LXW_NO_ERROR)
        good = tp_fail(error, TP_ERR_IO, "cannot write '%s': %s", path, lxw_strerror(closed));
    if (good && rename(temporary, path) != 0)
        good = tp_fail_errno(error, errno, "cannot write '%s'", path);
    if (!good)
        (void)unlink(temporary);
    tp_free(temporary);
    return good;
}
