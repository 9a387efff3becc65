/*
 * Cells of a CSV file (RFC 4180) that no spreadsheet takes for a formula: text that begins with
 * = + - @ tab or CR gets a ' before it (OWASP, "CSV Injection"). Thread: any.
 */
#ifndef TP_CENTRAL_EXPORT_CSV_H
#define TP_CENTRAL_EXPORT_CSV_H

#include "base/buf.h"

/* Each appends a cell, after a comma unless `*first`, and clears *first. */
void tp_csv_text(struct tp_buf *out, bool *first, const char *text);
/* The answer to a question of numbers: "-5" stays a number; anything else goes as text. */
void tp_csv_number(struct tp_buf *out, bool *first, const char *text);
void tp_csv_end_row(struct tp_buf *out);

/* "12", "-5", "3.25": a plain decimal number. */
bool tp_is_plain_number(const char *text);

#endif
