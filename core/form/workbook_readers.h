/*
 * The readers behind tp_workbook_parse, one a format. Each fills an initialised workbook; on
 * failure the caller finishes it. For core/form/workbook*.c only.
 */
#ifndef TP_FORM_WORKBOOK_READERS_H
#define TP_FORM_WORKBOOK_READERS_H

#include "form/workbook.h"

bool tp_workbook_read_xlsx(struct tp_workbook *workbook, const char *bytes, size_t count,
                           struct tp_error *error);
bool tp_workbook_read_markdown(struct tp_workbook *workbook, const char *bytes, size_t count,
                               struct tp_error *error);
bool tp_workbook_read_csv(struct tp_workbook *workbook, const char *bytes, size_t count,
                          struct tp_error *error);

/* Bytes of the white space (Unicode's, line ends too) that `length` bytes of UTF-8 start with; 0:
 * none. People paste such spaces from the web and from Word. */
size_t tp_workbook_blank_at(const char *text, size_t length);
bool tp_workbook_is_blank(const char *text, size_t length);

/* Skips a byte order mark and checks that the rest is UTF-8 without NUL. */
bool tp_workbook_utf8(const struct tp_workbook *workbook, const char **bytes, size_t *count,
                      struct tp_error *error);

#endif
