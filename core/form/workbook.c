#include "form/workbook.h"

#include <string.h>
#include <strings.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "form/workbook_readers.h"

struct ending {
    const char *text;
    enum tp_workbook_format format;
};

static const struct ending endings[] = {
    {".xlsx", TP_WORKBOOK_XLSX},         {".xlsm", TP_WORKBOOK_XLSX}, {".md", TP_WORKBOOK_MARKDOWN},
    {".markdown", TP_WORKBOOK_MARKDOWN}, {".csv", TP_WORKBOOK_CSV},   {".xls", TP_WORKBOOK_XLS},
};

enum tp_workbook_format tp_workbook_format_of(const char *file_name)
{
    size_t length = strlen(file_name);

    for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
        size_t ending = strlen(endings[i].text);

        if (length > ending && strcasecmp(file_name + length - ending, endings[i].text) == 0)
            return endings[i].format;
    }
    return TP_WORKBOOK_UNKNOWN;
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

bool tp_workbook_init(struct tp_workbook *workbook, const char *file, struct tp_error *error)
{
    *workbook = (struct tp_workbook){.file = tp_strdup(base_name(file))};
    return workbook->file ? true : tp_fail_memory(error);
}

void tp_workbook_finish(struct tp_workbook *workbook)
{
    if (!workbook)
        return;
    for (size_t s = 0; s < workbook->count; s++) {
        struct tp_workbook_sheet *sheet = &workbook->sheets[s];

        for (size_t r = 0; r < sheet->count; r++) {
            for (size_t c = 0; c < sheet->rows[r].count; c++)
                tp_free(sheet->rows[r].cells[c]);
            tp_free(sheet->rows[r].cells);
        }
        tp_free(sheet->rows);
        tp_free(sheet->name);
    }
    tp_free(workbook->sheets);
    tp_free(workbook->file);
    *workbook = (struct tp_workbook){0};
}

size_t tp_workbook_blank_at(const char *text, size_t length)
{
    static const char *const wide[] = {
        "\xC2\x85",     "\xC2\xA0",     "\xE1\x9A\x80", "\xE2\x80\xA8",
        "\xE2\x80\xA9", "\xE2\x80\xAF", "\xE2\x81\x9F", "\xE3\x80\x80",
    };

    if (!length)
        return 0;
    if (text[0] == ' ' || (text[0] >= '\t' && text[0] <= '\r'))
        return 1;
    /* U+2000 to U+200A: the spaces of printers */
    if (length > 2 && memcmp(text, "\xE2\x80", 2) == 0 && (unsigned char)text[2] <= 0x8A)
        return 3;
    for (size_t i = 0; i < sizeof(wide) / sizeof(wide[0]); i++) {
        size_t n = strlen(wide[i]);

        if (length >= n && memcmp(text, wide[i], n) == 0)
            return n;
    }
    return 0;
}

bool tp_workbook_is_blank(const char *text, size_t length)
{
    size_t blank;

    while ((blank = tp_workbook_blank_at(text, length))) {
        text += blank;
        length -= blank;
    }
    return !length;
}

static size_t blank_before(const char *text, size_t length)
{
    for (size_t n = 1; n <= 3 && n <= length; n++) {
        if (tp_workbook_blank_at(text + length - n, n) == n)
            return n;
    }
    return 0;
}

static void trim(const char **text, size_t *length)
{
    size_t blank;

    while ((blank = tp_workbook_blank_at(*text, *length))) {
        *text += blank;
        *length -= blank;
    }
    while ((blank = blank_before(*text, *length)))
        *length -= blank;
}

/* Copies, no-break spaces as spaces and line ends as \n. */
static char *copy_plain(const char *text, size_t length)
{
    char *copy = tp_calloc(length + 1, 1);
    size_t n = 0;

    if (!copy)
        return NULL;
    for (size_t i = 0; i < length; i++) {
        if (i + 1 < length && memcmp(text + i, "\xC2\xA0", 2) == 0) {
            copy[n++] = ' ';
            i++;
        } else if (text[i] == '\r') {
            if (i + 1 == length || text[i + 1] != '\n')
                copy[n++] = '\n';
        } else {
            copy[n++] = text[i];
        }
    }
    return copy;
}

bool tp_workbook_add_sheet(struct tp_workbook *workbook, const char *name, size_t *index,
                           struct tp_error *error)
{
    const char *text = name;
    size_t length = strlen(name);
    char *copy;

    trim(&text, &length);
    if (workbook->count >= TP_WORKBOOK_SHEETS_MAX)
        return tp_fail(error, TP_ERR_LIMIT, "'%s' has more than %u sheets", workbook->file,
                       TP_WORKBOOK_SHEETS_MAX);
    copy = copy_plain(text, length);
    if (!copy)
        return tp_fail_memory(error);
    if (tp_workbook_sheet(workbook, copy)) {
        (void)tp_fail(error, TP_ERR_INVALID, "'%s' has two sheets named '%.100s'; rename one",
                      workbook->file, copy);
        goto free_copy;
    }
    if (workbook->count == workbook->capacity) {
        size_t capacity = workbook->capacity ? workbook->capacity * 2 : 8;
        struct tp_workbook_sheet *sheets = tp_realloc(workbook->sheets, capacity, sizeof(*sheets));

        if (!sheets) {
            (void)tp_fail_memory(error);
            goto free_copy;
        }
        workbook->sheets = sheets;
        workbook->capacity = capacity;
    }
    workbook->sheets[workbook->count] = (struct tp_workbook_sheet){.name = copy};
    *index = workbook->count++;
    return true;

free_copy:
    tp_free(copy);
    return false;
}

static bool add_row(const struct tp_workbook *workbook, struct tp_workbook_sheet *sheet,
                    unsigned number, struct tp_error *error)
{
    if (sheet->count >= TP_WORKBOOK_ROWS_MAX)
        return tp_fail(error, TP_ERR_LIMIT, "'%s', sheet %s: more than %u rows", workbook->file,
                       sheet->name, TP_WORKBOOK_ROWS_MAX);
    if (sheet->count == sheet->capacity) {
        size_t capacity = sheet->capacity ? sheet->capacity * 2 : 32;
        struct tp_workbook_row *rows = tp_realloc(sheet->rows, capacity, sizeof(*rows));

        if (!rows)
            return tp_fail_memory(error);
        sheet->rows = rows;
        sheet->capacity = capacity;
    }
    sheet->rows[sheet->count++] = (struct tp_workbook_row){.number = number};
    return true;
}

static bool widen(struct tp_workbook *workbook, const struct tp_workbook_sheet *sheet,
                  struct tp_workbook_row *row, size_t column, struct tp_error *error)
{
    char **cells;

    if (column >= TP_WORKBOOK_COLUMNS_MAX)
        return tp_fail(error, TP_ERR_LIMIT, "'%s', sheet %s, row %u: text beyond column %u",
                       workbook->file, sheet->name, row->number, TP_WORKBOOK_COLUMNS_MAX);
    if (column < row->count)
        return true;
    if (workbook->cells + (column + 1 - row->count) > TP_WORKBOOK_CELLS_MAX)
        return tp_fail(error, TP_ERR_LIMIT, "'%s' has more than %u cells", workbook->file,
                       TP_WORKBOOK_CELLS_MAX);
    cells = tp_realloc(row->cells, column + 1, sizeof(*cells));
    if (!cells)
        return tp_fail_memory(error);
    row->cells = cells;
    while (row->count <= column) {
        row->cells[row->count++] = NULL;
        workbook->cells++;
    }
    return true;
}

bool tp_workbook_set(struct tp_workbook *workbook, size_t index, unsigned number, size_t column,
                     const char *text, size_t length, struct tp_error *error)
{
    struct tp_workbook_sheet *sheet = &workbook->sheets[index];
    struct tp_workbook_row *row;

    trim(&text, &length);
    if (!length)
        return true;
    if (length > TP_WORKBOOK_CELL_MAX || workbook->text_bytes + length > TP_WORKBOOK_TEXT_MAX)
        return tp_fail(error, TP_ERR_LIMIT, "'%s', sheet %s, row %u: too much text", workbook->file,
                       sheet->name, number);
    if (!sheet->count || sheet->rows[sheet->count - 1].number < number) {
        if (!add_row(workbook, sheet, number, error))
            return false;
    } else if (sheet->rows[sheet->count - 1].number != number) {
        return tp_fail(error, TP_ERR_INVALID, "'%s', sheet %s: row %u comes after row %u",
                       workbook->file, sheet->name, number, sheet->rows[sheet->count - 1].number);
    }
    row = &sheet->rows[sheet->count - 1];
    if (!widen(workbook, sheet, row, column, error))
        return false;
    tp_free(row->cells[column]);
    row->cells[column] = copy_plain(text, length);
    if (!row->cells[column])
        return tp_fail_memory(error);
    workbook->text_bytes += length;
    return true;
}

const struct tp_workbook_sheet *tp_workbook_sheet(const struct tp_workbook *workbook,
                                                  const char *name)
{
    for (size_t i = 0; i < workbook->count; i++) {
        if (strcasecmp(workbook->sheets[i].name, name) == 0)
            return &workbook->sheets[i];
    }
    return NULL;
}

const char *tp_workbook_cell(const struct tp_workbook_row *row, size_t column)
{
    return column < row->count && row->cells[column] ? row->cells[column] : "";
}

static bool parse(enum tp_workbook_format format, const char *bytes, size_t count,
                  struct tp_workbook *workbook, struct tp_error *error)
{
    static const unsigned char compound_file[] = {0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1};

    if (format == TP_WORKBOOK_XLS || (count >= sizeof(compound_file) &&
                                      memcmp(bytes, compound_file, sizeof(compound_file)) == 0))
        return tp_fail(error, TP_ERR_UNSUPPORTED,
                       "'%s' is an old Excel workbook (.xls) or has a password; in Excel or "
                       "LibreOffice, save it as .xlsx without a password",
                       workbook->file);
    switch (format) {
    case TP_WORKBOOK_XLSX:
        return tp_workbook_read_xlsx(workbook, bytes, count, error);
    case TP_WORKBOOK_MARKDOWN:
        return tp_workbook_read_markdown(workbook, bytes, count, error);
    case TP_WORKBOOK_CSV:
        return tp_workbook_read_csv(workbook, bytes, count, error);
    case TP_WORKBOOK_XLS:
    case TP_WORKBOOK_UNKNOWN:
        break;
    }
    return tp_fail(error, TP_ERR_UNSUPPORTED,
                   "'%s' is not a workbook: its name must end in .xlsx, .md or .csv",
                   workbook->file);
}

bool tp_workbook_parse(const char *file_name, const void *bytes, size_t count,
                       struct tp_workbook *workbook, struct tp_error *error)
{
    struct tp_workbook fresh;

    if (count > TP_WORKBOOK_FILE_MAX)
        return tp_fail(error, TP_ERR_LIMIT, "'%s' is larger than %u MB", file_name,
                       TP_WORKBOOK_FILE_MAX / (1024 * 1024));
    if (!tp_workbook_init(&fresh, file_name, error))
        return false;
    if (!parse(tp_workbook_format_of(file_name), count ? bytes : "", count, &fresh, error)) {
        tp_workbook_finish(&fresh);
        return false;
    }
    *workbook = fresh;
    return true;
}

bool tp_workbook_read(const char *path, struct tp_workbook *workbook, struct tp_error *error)
{
    struct tp_buf bytes;
    bool read;

    tp_buf_init(&bytes, TP_WORKBOOK_FILE_MAX);
    read = tp_file_read(path, &bytes, error) &&
           tp_workbook_parse(path, tp_buf_text(&bytes), bytes.length, workbook, error);
    tp_buf_finish(&bytes);
    return read;
}

bool tp_workbook_utf8(const struct tp_workbook *workbook, const char **bytes, size_t *count,
                      struct tp_error *error)
{
    const char *at;
    const char *end;
    size_t line = 1;

    if (*count >= 3 && memcmp(*bytes, "\xEF\xBB\xBF", 3) == 0) {
        *bytes += 3;
        *count -= 3;
    }
    at = *bytes;
    end = at + *count;
    while (at < end) {
        size_t size = *at ? tp_utf8_size(at, (size_t)(end - at)) : 0;

        if (!size)
            return tp_fail(error, TP_ERR_INVALID,
                           "'%s', line %zu: not UTF-8 text; save it as UTF-8", workbook->file,
                           line);
        line += *at == '\n';
        at += size;
    }
    return true;
}
