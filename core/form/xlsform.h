/*
 * An XLSForm workbook becomes an ODK XForm.
 *
 * The meaning is pyxform's (xlsform.org; getodk/xforms-spec), with the additions that
 * docs/ARCHITECTURE.md calls "Conventions of a survey": alternative text of pictures, exclusive
 * answers, the consultation sheet. All problems are found in one go. Thread: one at a time.
 */
#ifndef TP_FORM_XLSFORM_H
#define TP_FORM_XLSFORM_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "form/problem.h"
#include "form/workbook.h"

/* The XForm that may come out; the same cap as a form that is loaded. */
#define TP_XLSFORM_XML_MAX (64u * 1024u * 1024u)

struct tp_xlsform {
    char *xml; /* owned, NUL-terminated; UTF-8 */
    size_t xml_length;
    char *form_id; /* settings form_id, else the file's name */
    char *title;
    char *version;      /* "" where settings have none */
    char *consultation; /* consultation.json, or NULL where there is no such sheet */
    char **media;       /* names of the files it needs beside it, without folders, each once */
    size_t media_count;
};

/* Converts. False when there is any error in `problems` (which must be initialised; what was in it
 * stays); then *form is untouched. Warnings may be added either way. */
bool tp_xlsform_convert(const struct tp_workbook *workbook, struct tp_problems *problems,
                        struct tp_xlsform *form);

/* The same, but passes on formulas that cannot be worked out, as pyxform does; for comparing with
 * it. */
bool tp_xlsform_convert_lenient(const struct tp_workbook *workbook, struct tp_problems *problems,
                                struct tp_xlsform *form);

/* Reads and converts; a file that cannot be read is one problem. */
bool tp_xlsform_read(const char *path, struct tp_problems *problems, struct tp_xlsform *form);

void tp_xlsform_finish(struct tp_xlsform *form);

#endif
