/*
 * A workbook as sheets of cells of text, whatever file it came from.
 *
 * Reads .xlsx (Office Open XML, ECMA-376), .md (pyxform's Markdown tables) and .csv (pyxform's
 * sheet-in-the-first-column form). Cells are text as pyxform would see them: whole numbers without
 * ".0", TRUE and FALSE, times as HH:MM:SS; but dates as YYYY-MM-DD, without pyxform's " 00:00:00".
 * In .md a cell's line end is written <br>. Old binary .xls is refused with words that say what to
 * do. The files are hostile input: ZIP and XML bombs are refused by the caps below. The workbook
 * owns everything; finishing a zeroed one is safe. Thread: one at a time.
 */
#ifndef TP_FORM_WORKBOOK_H
#define TP_FORM_WORKBOOK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/error.h"

/* The largest workbook file; a big national survey is under 2 MB. */
#define TP_WORKBOOK_FILE_MAX (16u * 1024u * 1024u)
/* All the text of all the cells; holds 100,000 choices in ten languages. */
#define TP_WORKBOOK_TEXT_MAX (96u * 1024u * 1024u)
/* Excel's own limit is 32,767 characters; text from Markdown may be longer. */
#define TP_WORKBOOK_CELL_MAX (4u * 1024u * 1024u)
#define TP_WORKBOOK_SHEETS_MAX 64u
#define TP_WORKBOOK_ROWS_MAX 200000u /* in one sheet */
#define TP_WORKBOOK_COLUMNS_MAX 1024u
#define TP_WORKBOOK_CELLS_MAX 4000000u /* in all sheets, empty ones inside a row included */

struct tp_workbook_row {
    unsigned number; /* as the spreadsheet program shows it; in .md and .csv the row of the sheet */
    size_t count;
    char **cells; /* owned; `count` of them; NULL is an empty cell */
};

struct tp_workbook_sheet {
    char *name;
    struct tp_workbook_row *rows; /* in order; rows without any text are left out */
    size_t count;
    size_t capacity;
};

struct tp_workbook {
    char *file; /* its name without folders, for problems */
    struct tp_workbook_sheet *sheets;
    size_t count;
    size_t capacity;
    size_t text_bytes; /* counted against the caps */
    size_t cells;
};

enum tp_workbook_format {
    TP_WORKBOOK_UNKNOWN,
    TP_WORKBOOK_XLSX,
    TP_WORKBOOK_MARKDOWN,
    TP_WORKBOOK_CSV,
    TP_WORKBOOK_XLS, /* recognised to be refused */
};

/* By the file name's ending; the bytes are checked when it is read. */
enum tp_workbook_format tp_workbook_format_of(const char *file_name);

/* The file that a folder's survey is made from: form.xml, else the first workbook by name; hidden
 * files and READMEs are passed by. The caller frees; NULL where there is none, or no memory. */
char *tp_workbook_find(const char *folder);
/* Would it be taken for a survey's workbook? By its name. */
bool tp_workbook_is_source(const char *file_name);

/* Reads a file. The error names the file, and sheet, row and cell where one is to blame. */
bool tp_workbook_read(const char *path, struct tp_workbook *workbook, struct tp_error *error);

/* Reads from memory; `file_name` tells the format and is named in errors. */
bool tp_workbook_parse(const char *file_name, const void *bytes, size_t count,
                       struct tp_workbook *workbook, struct tp_error *error);

void tp_workbook_finish(struct tp_workbook *workbook);

/* Makes an empty workbook to be filled; `file` is its name for problems. */
bool tp_workbook_init(struct tp_workbook *workbook, const char *file, struct tp_error *error);

/* Adds an empty sheet and gives its place in `sheets`; refuses a second one of the same name. */
bool tp_workbook_add_sheet(struct tp_workbook *workbook, const char *name, size_t *index,
                           struct tp_error *error);

/* Sets a cell of the sheet's last row or of a row after it; `number` counts from 1, `column` from
 * 0. Blanks at both ends are taken off, no-break spaces become spaces; an empty text is no cell. */
bool tp_workbook_set(struct tp_workbook *workbook, size_t sheet, unsigned number, size_t column,
                     const char *text, size_t length, struct tp_error *error);

/* The sheet with this name, letter case and spaces around it ignored; NULL where there is none. */
const struct tp_workbook_sheet *tp_workbook_sheet(const struct tp_workbook *workbook,
                                                  const char *name);

/* The cell's text; "" where it is empty or outside. `column` counts from 0. */
const char *tp_workbook_cell(const struct tp_workbook_row *row, size_t column);

/* Writes the workbook as Markdown tables that read back as the same workbook. */
bool tp_workbook_write_markdown(const struct tp_workbook *workbook, struct tp_buf *out);

/* Writes an .xlsx for people: bold frozen header, wrapped text, columns as wide as they need. */
bool tp_workbook_write_xlsx(const struct tp_workbook *workbook, const char *path,
                            struct tp_error *error);

#endif
