/*
 * How one answer is written as a row. Private to export/. Thread: one at a time.
 */
#ifndef TP_CENTRAL_EXPORT_ROWS_H
#define TP_CENTRAL_EXPORT_ROWS_H

#include "central/export/answer.h"
#include "central/export/export.h"

/* An answer with what stands around it; `equality` has no values where none goes with it. */
struct tp_row {
    const struct tp_kept *kept;
    const struct tp_schema *schema;
    const struct tp_answer *answer;
    const struct tp_schema *equality_schema; /* NULL: no equality columns */
    const struct tp_answer *equality;        /* NULL: none goes with this answer */
    bool labels;
};

void tp_rows_csv_header(struct tp_buf *out, const struct tp_row *row);
void tp_rows_csv(struct tp_buf *out, const struct tp_row *row);
/* One object on one line, without a line end. */
void tp_rows_json(struct tp_buf *out, const struct tp_row *row);

#endif
