/*
 * A row of the survey sheet as its cells say it, before it is known what the row is. For
 * core/form/xlsform_survey.c and xlsform_row.c only. Thread: one at a time.
 */
#ifndef TP_FORM_XLSFORM_ROW_H
#define TP_FORM_XLSFORM_ROW_H

#include "form/xlsform_parts.h"

struct tp_xf_row {
    unsigned number;
    const char *type;
    const char *name;
    const char *parameters;
    const char *trigger;
    const char *disabled;
    struct tp_xf_element cells; /* texts, media and attributes */
    bool any;
};

struct tp_xf_survey {
    struct tp_xf *xf;
    const struct tp_xf_table *table;
    struct tp_xf_element *parent;
    bool strays; /* a cell without a header was told of */
};

/* Sorts the row's cells by what their columns mean; false without memory. */
bool tp_xf_read_cells(struct tp_xf_survey *survey, const struct tp_workbook_row *from,
                      struct tp_xf_row *row);

#endif
