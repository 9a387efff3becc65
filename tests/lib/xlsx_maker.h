/* Makes .xlsx files part by part, so that tests can hold what no honest program writes. */
#ifndef TP_TESTS_XLSX_MAKER_H
#define TP_TESTS_XLSX_MAKER_H

#include <string.h>
#include <zip.h>

#include "base/buf.h"

struct xlsx_part {
    const char *name;
    const char *text;
};

#define XLSX_NS "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\""
#define XLSX_WORKBOOK                                                                              \
    "<workbook " XLSX_NS                                                                           \
    " xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets>"    \
    "<sheet name=\"survey\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"
#define XLSX_RELATIONS                                                                             \
    "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"       \
    "<Relationship Id=\"rId1\" Type=\"t\" Target=\"worksheets/sheet1.xml\"/></Relationships>"

/* Appends the bytes of a ZIP file with these parts (ended by a NULL name) to `out`. False where it
 * could not be made. */
static inline bool make_xlsx(const struct xlsx_part *parts, struct tp_buf *out)
{
    zip_source_t *buffer = zip_source_buffer_create(NULL, 0, 0, NULL);
    zip_t *zip = buffer ? zip_open_from_source(buffer, ZIP_CREATE | ZIP_TRUNCATE, NULL) : NULL;
    zip_stat_t about;
    char *bytes;
    bool good;

    if (!zip)
        return false;
    zip_source_keep(buffer);
    for (; parts->name; parts++) {
        zip_source_t *text = zip_source_buffer(zip, parts->text, strlen(parts->text), 0);

        if (!text || zip_file_add(zip, parts->name, text, ZIP_FL_OVERWRITE) < 0)
            return false;
    }
    good = zip_close(zip) == 0 && zip_source_open(buffer) == 0 &&
           zip_source_stat(buffer, &about) == 0 && tp_buf_reserve(out, about.size);
    bytes = good ? out->data + out->length : NULL;
    good = good && zip_source_read(buffer, bytes, about.size) == (zip_int64_t)about.size;
    if (good)
        out->length += about.size;
    zip_source_close(buffer);
    zip_source_free(buffer);
    return good;
}

/* The usual parts with this sheet, shared strings and styles (the last two may be NULL). */
static inline bool make_simple_xlsx(const char *sheet, const char *strings, const char *styles,
                                    struct tp_buf *out)
{
    struct xlsx_part parts[6] = {{"xl/workbook.xml", XLSX_WORKBOOK},
                                 {"xl/_rels/workbook.xml.rels", XLSX_RELATIONS},
                                 {"xl/worksheets/sheet1.xml", sheet}};
    size_t count = 3;

    if (strings)
        parts[count++] = (struct xlsx_part){"xl/sharedStrings.xml", strings};
    if (styles)
        parts[count++] = (struct xlsx_part){"xl/styles.xml", styles};
    parts[count] = (struct xlsx_part){0};
    return make_xlsx(parts, out);
}

#endif
