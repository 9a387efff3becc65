/* Parts of the .xlsx reader: one XML part of the ZIP file at a time, and number formats. For
 * core/form/workbook_xlsx*.c only. */
#ifndef TP_FORM_WORKBOOK_XLSX_H
#define TP_FORM_WORKBOOK_XLSX_H

#include <libxml/xmlreader.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <zip.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/xml_gate.h"

/* What all parts of one workbook may unpack to: an honest sheet of 100,000 choices in ten languages
 * is under 100 MB; a ZIP bomb is not. */
#define TP_XLSX_UNPACKED_MAX (160u * 1024u * 1024u)
/* Parts in the ZIP file; an honest workbook has some tens. */
#define TP_XLSX_PARTS_MAX 4096
/* Cell formats; Excel's own limit is 65,490. */
#define TP_XLSX_FORMATS_MAX 65536u

struct tp_xlsx {
    const char *file; /* for errors; borrowed */
    zip_t *zip;
    uint64_t unpacked; /* bytes so far */
    struct tp_error *error;
};

/* One open part. */
struct tp_xlsx_part {
    struct tp_xlsx *xlsx;
    const char *name;
    zip_file_t *file;
    xmlTextReaderPtr reader;
    struct tp_xml_gate gate;
    bool over; /* the cap was reached */
};

/* Opens a part by its name in the ZIP file. TP_ERR_NOT_FOUND where there is none. */
bool tp_xlsx_open(struct tp_xlsx *xlsx, const char *name, struct tp_xlsx_part *part);
void tp_xlsx_close(struct tp_xlsx_part *part);

/* The next node: 1, 0 at the end, -1 with an error set. */
int tp_xlsx_next(struct tp_xlsx_part *part);

/* True where the reader stands on the start (or the end) of an element of this local name. */
bool tp_xlsx_at(const struct tp_xlsx_part *part, const char *name);
bool tp_xlsx_at_end(const struct tp_xlsx_part *part, const char *name);

/* Copies an attribute's value by local name into `value` (cut to fit); false where it is not there.
 */
bool tp_xlsx_attribute(const struct tp_xlsx_part *part, const char *name, char *value, size_t size);

/* Appends all the text up to the end of the current element, leaving out phonetic readings (rPh).
 * _x000D_ and the like become the characters they stand for. */
bool tp_xlsx_text(struct tp_xlsx_part *part, struct tp_buf *out);

enum tp_xlsx_kind {
    TP_XLSX_NUMBER,
    TP_XLSX_DATE,     /* a day, a time or both */
    TP_XLSX_DURATION, /* [h]:mm */
};

struct tp_xlsx_styles {
    uint8_t *kinds; /* enum tp_xlsx_kind by cell format; owned */
    size_t count;
};

bool tp_xlsx_read_styles(struct tp_xlsx *xlsx, struct tp_xlsx_styles *styles);
void tp_xlsx_styles_finish(struct tp_xlsx_styles *styles);

/* What a person sees for a numeric cell, as pyxform writes it. `text` holds 64 bytes. */
#define TP_XLSX_NUMBER_TEXT_MAX 64
void tp_xlsx_number_text(const char *raw, enum tp_xlsx_kind kind, bool epoch_1904,
                         char text[TP_XLSX_NUMBER_TEXT_MAX]);

#endif
