/* What every workbook fuzzer does with a file: read, convert, check. */
#ifndef TP_FUZZ_WORKBOOK_H
#define TP_FUZZ_WORKBOOK_H

#include <stdint.h>

#include "form/lint.h"
#include "form/workbook.h"
#include "form/xlsform.h"

static inline void fuzz_workbook(const char *name, const void *bytes, size_t size)
{
    struct tp_workbook workbook;
    struct tp_problems problems;
    struct tp_xlsform form;
    struct tp_error error;

    if (!tp_workbook_parse(name, bytes, size, &workbook, &error))
        return;
    tp_problems_init(&problems);
    if (tp_xlsform_convert(&workbook, &problems, &form))
        tp_xlsform_finish(&form);
    tp_lint(&workbook, NULL, &problems);
    tp_problems_finish(&problems);
    tp_workbook_finish(&workbook);
}

#endif
