/* Office Open XML workbooks (ECMA-376), read as a stream: workbook.xml names the sheets, each
 * sheet's cells point into the shared strings. Formulas give their stored result. */
#include "form/workbook_xlsx.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "form/workbook_readers.h"

/* Longer than any real name of a part. */
#define PART_NAME_MAX 512u
/* Distinct texts; more than there may be cells is a mistake. */
#define STRINGS_MAX TP_WORKBOOK_CELLS_MAX

struct strings {
    char *text;      /* all of them, one after another; owned */
    size_t *offsets; /* count + 1 of them; owned */
    size_t count;
};

struct sheet_ref {
    char name[256];
    char relation[256];
    char part[PART_NAME_MAX];
};

struct book {
    struct tp_xlsx xlsx;
    struct tp_workbook *workbook;
    struct strings strings;
    struct tp_xlsx_styles styles;
    struct sheet_ref *sheets; /* owned; TP_WORKBOOK_SHEETS_MAX of them */
    size_t sheet_count;
    bool epoch_1904;
};

/* ---- shared strings ---- */

static bool add_offset(struct book *book, size_t offset)
{
    struct strings *strings = &book->strings;

    if ((strings->count & (strings->count - 1)) == 0) {
        size_t capacity = strings->count ? strings->count * 2 : 1;
        size_t *offsets = tp_realloc(strings->offsets, capacity + 1, sizeof(*offsets));

        if (!offsets)
            return tp_fail_memory(book->xlsx.error);
        strings->offsets = offsets;
    }
    strings->offsets[strings->count] = offset;
    return true;
}

static bool read_string_items(struct book *book, struct tp_xlsx_part *part, struct tp_buf *text)
{
    int got;

    while ((got = tp_xlsx_next(part)) == 1) {
        if (!tp_xlsx_at(part, "si"))
            continue;
        if (book->strings.count >= STRINGS_MAX)
            return tp_fail(book->xlsx.error, TP_ERR_LIMIT, "'%s' holds more than %u texts",
                           book->xlsx.file, STRINGS_MAX);
        if (!add_offset(book, text->length))
            return false;
        book->strings.count++;
        if (!tp_xlsx_text(part, text))
            return false;
    }
    return got == 0 && add_offset(book, text->length);
}

static bool read_strings(struct book *book)
{
    struct tp_xlsx_part part;
    struct tp_buf text;
    bool good;

    if (zip_name_locate(book->xlsx.zip, "xl/sharedStrings.xml", ZIP_FL_NOCASE) < 0)
        return true;
    if (!tp_xlsx_open(&book->xlsx, "xl/sharedStrings.xml", &part))
        return false;
    tp_buf_init(&text, TP_WORKBOOK_TEXT_MAX);
    good = read_string_items(book, &part, &text);
    tp_xlsx_close(&part);
    if (good) {
        book->strings.text = tp_buf_take(&text);
        good = book->strings.text || tp_fail_memory(book->xlsx.error);
    }
    tp_buf_finish(&text);
    return good;
}

/* ---- workbook.xml and its relations ---- */

static bool read_sheet_names(struct book *book)
{
    struct tp_xlsx_part part;
    char value[16];
    int got;

    if (!tp_xlsx_open(&book->xlsx, "xl/workbook.xml", &part))
        return false;
    while ((got = tp_xlsx_next(&part)) == 1) {
        if (tp_xlsx_at(&part, "workbookPr") &&
            tp_xlsx_attribute(&part, "date1904", value, sizeof(value)))
            book->epoch_1904 = strcmp(value, "1") == 0 || strcmp(value, "true") == 0;
        if (!tp_xlsx_at(&part, "sheet") || book->sheet_count >= TP_WORKBOOK_SHEETS_MAX)
            continue;
        struct sheet_ref *sheet = &book->sheets[book->sheet_count];

        if (tp_xlsx_attribute(&part, "name", sheet->name, sizeof(sheet->name)) &&
            tp_xlsx_attribute(&part, "id", sheet->relation, sizeof(sheet->relation)))
            book->sheet_count++;
    }
    tp_xlsx_close(&part);
    return got == 0;
}

/* A target is relative to xl/ or absolute in the ZIP file. */
static void part_name(const char *target, char name[PART_NAME_MAX])
{
    if (*target == '/')
        (void)snprintf(name, PART_NAME_MAX, "%s", target + 1);
    else
        (void)snprintf(name, PART_NAME_MAX, "xl/%s", target);
}

static bool read_relations(struct book *book)
{
    struct tp_xlsx_part part;
    char id[256];
    char target[PART_NAME_MAX - 4];
    int got;

    if (!tp_xlsx_open(&book->xlsx, "xl/_rels/workbook.xml.rels", &part))
        return false;
    while ((got = tp_xlsx_next(&part)) == 1) {
        if (!tp_xlsx_at(&part, "Relationship") || !tp_xlsx_attribute(&part, "Id", id, sizeof(id)) ||
            !tp_xlsx_attribute(&part, "Target", target, sizeof(target)))
            continue;
        for (size_t i = 0; i < book->sheet_count; i++) {
            if (strcmp(book->sheets[i].relation, id) == 0)
                part_name(target, book->sheets[i].part);
        }
    }
    tp_xlsx_close(&part);
    return got == 0;
}

/* ---- cells ---- */

struct cell {
    unsigned row;
    size_t column;
    char type[16];
    enum tp_xlsx_kind kind;
};

/* "AB12": letters name the column, digits the row. False where it is not so. */
static bool parse_reference(const char *text, struct cell *cell)
{
    size_t column = 0;
    unsigned long row;
    const char *p = text;

    while (*p >= 'A' && *p <= 'Z' && p - text < 4)
        column = column * 26 + (size_t)(*p++ - 'A' + 1);
    if (p == text || *p < '1' || *p > '9' || strlen(p) > 8)
        return false;
    row = strtoul(p, NULL, 10);
    cell->column = column - 1;
    cell->row = (unsigned)row;
    return true;
}

static const char *shared(const struct book *book, const char *index, size_t *length)
{
    char *end;
    unsigned long n = strtoul(index, &end, 10);

    if (end == index || *end || n >= book->strings.count)
        return NULL;
    *length = book->strings.offsets[n + 1] - book->strings.offsets[n];
    return book->strings.text + book->strings.offsets[n];
}

/* A day as ISO 8601 (ECMA-376 Part 1, 18.18.11), as those are written that are kept as numbers. */
static void day_text(const char *iso, char text[TP_XLSX_NUMBER_TEXT_MAX])
{
    char *time;

    (void)snprintf(text, TP_XLSX_NUMBER_TEXT_MAX, "%.40s", iso);
    time = strchr(text, 'T');
    if (time)
        *time = time[1 + strspn(time + 1, "0:.Z")] ? ' ' : '\0';
}

static bool store(struct book *book, size_t sheet, const struct cell *cell, const char *value)
{
    char number[TP_XLSX_NUMBER_TEXT_MAX];
    const char *text = value;
    size_t length;

    if (strcmp(cell->type, "s") == 0) {
        text = shared(book, value, &length);
        if (!text)
            return tp_fail(book->xlsx.error, TP_ERR_INVALID,
                           "'%s', sheet %s, row %u: the cell's text is missing from the file; open "
                           "it and save it again as .xlsx",
                           book->xlsx.file, book->workbook->sheets[sheet].name, cell->row);
        return tp_workbook_set(book->workbook, sheet, cell->row, cell->column, text, length,
                               book->xlsx.error);
    }
    if (strcmp(cell->type, "b") == 0) {
        text = strcmp(value, "0") == 0 ? "FALSE" : "TRUE";
    } else if (strcmp(cell->type, "d") == 0) {
        day_text(value, number);
        text = number;
    } else if (!*cell->type || strcmp(cell->type, "n") == 0) {
        tp_xlsx_number_text(value, cell->kind, book->epoch_1904, number);
        text = number;
    }
    return tp_workbook_set(book->workbook, sheet, cell->row, cell->column, text, strlen(text),
                           book->xlsx.error);
}

static void start_cell(struct book *book, struct tp_xlsx_part *part, struct cell *cell)
{
    char text[32];
    unsigned long style;

    cell->column++;
    if (tp_xlsx_attribute(part, "r", text, sizeof(text)))
        (void)parse_reference(text, cell);
    if (!tp_xlsx_attribute(part, "t", cell->type, sizeof(cell->type)))
        cell->type[0] = '\0';
    cell->kind = TP_XLSX_NUMBER;
    if (tp_xlsx_attribute(part, "s", text, sizeof(text))) {
        style = strtoul(text, NULL, 10);
        if (style < book->styles.count)
            cell->kind = (enum tp_xlsx_kind)book->styles.kinds[style];
    }
}

static void start_row(struct tp_xlsx_part *part, struct cell *cell)
{
    char text[32];

    cell->row++;
    cell->column = SIZE_MAX;
    if (tp_xlsx_attribute(part, "r", text, sizeof(text))) {
        unsigned long row = strtoul(text, NULL, 10);

        if (row > 0 && row < 10000000)
            cell->row = (unsigned)row;
    }
}

static bool read_cells(struct book *book, size_t sheet, struct tp_xlsx_part *part)
{
    struct cell cell = {.column = SIZE_MAX};
    struct tp_buf value;
    bool good = true;
    int got = 1;

    tp_buf_init(&value, TP_WORKBOOK_CELL_MAX);
    while (good && (got = tp_xlsx_next(part)) == 1) {
        if (tp_xlsx_at(part, "row")) {
            start_row(part, &cell);
        } else if (tp_xlsx_at(part, "c")) {
            start_cell(book, part, &cell);
        } else if (tp_xlsx_at(part, "v") || tp_xlsx_at(part, "is")) {
            tp_buf_reset(&value);
            good = tp_xlsx_text(part, &value) &&
                   (!value.length || store(book, sheet, &cell, tp_buf_text(&value)));
        }
    }
    tp_buf_finish(&value);
    return good && got == 0;
}

static bool read_sheet(struct book *book, const struct sheet_ref *ref)
{
    struct tp_xlsx_part part;
    size_t sheet;
    bool good;

    if (!tp_workbook_add_sheet(book->workbook, ref->name, &sheet, book->xlsx.error))
        return false;
    /* Sheets of charts have cells of their own kind; they hold no survey. */
    if (strstr(ref->part, "chartsheets/"))
        return true;
    if (!tp_xlsx_open(&book->xlsx, ref->part, &part))
        return false;
    good = read_cells(book, sheet, &part);
    tp_xlsx_close(&part);
    return good;
}

static bool read_book(struct book *book)
{
    if (zip_get_num_entries(book->xlsx.zip, 0) > TP_XLSX_PARTS_MAX)
        return tp_fail(book->xlsx.error, TP_ERR_LIMIT, "'%s' has too many parts for a workbook",
                       book->xlsx.file);
    book->sheets = tp_calloc(TP_WORKBOOK_SHEETS_MAX, sizeof(*book->sheets));
    if (!book->sheets)
        return tp_fail_memory(book->xlsx.error);
    if (!read_sheet_names(book) || !read_relations(book) ||
        !tp_xlsx_read_styles(&book->xlsx, &book->styles) || !read_strings(book))
        return false;
    for (size_t i = 0; i < book->sheet_count; i++) {
        if (!read_sheet(book, &book->sheets[i]))
            return false;
    }
    return true;
}

static zip_t *open_zip(const char *bytes, size_t count)
{
    zip_error_t zip_error;
    zip_source_t *source;
    zip_t *zip;

    zip_error_init(&zip_error);
    source = zip_source_buffer_create(bytes, count, 0, &zip_error);
    zip = source ? zip_open_from_source(source, ZIP_RDONLY, &zip_error) : NULL;
    if (source && !zip)
        zip_source_free(source);
    zip_error_fini(&zip_error);
    return zip;
}

bool tp_workbook_read_xlsx(struct tp_workbook *workbook, const char *bytes, size_t count,
                           struct tp_error *error)
{
    struct book book = {.xlsx = {.file = workbook->file, .error = error}, .workbook = workbook};
    bool good;

    book.xlsx.zip = open_zip(bytes, count);
    if (!book.xlsx.zip)
        return tp_fail(error, TP_ERR_INVALID,
                       "'%s' is not an .xlsx workbook, or it is damaged; open it and save it again "
                       "as .xlsx",
                       workbook->file);
    good = read_book(&book);
    tp_free(book.sheets);
    tp_free(book.strings.text);
    tp_free(book.strings.offsets);
    tp_xlsx_styles_finish(&book.styles);
    zip_discard(book.xlsx.zip);
    return good;
}
