/*
 * Answers of one form as CSV or JSON, oldest first, one row an answer, made piece by piece so that
 * memory does not grow with their number.
 *
 * Practice answers are left out unless asked for. The equality answers that go with a consultation
 * are joined by their `about`. Thread: one at a time.
 */
#ifndef TP_CENTRAL_EXPORT_EXPORT_H
#define TP_CENTRAL_EXPORT_EXPORT_H

#include "base/buf.h"
#include "central/db/pool.h"
#include "central/keys.h"

enum tp_export_format {
    TP_EXPORT_CSV,
    TP_EXPORT_JSON,
};

struct tp_export_options {
    const char *form; /* its ID */
    enum tp_export_format format;
    bool labels;          /* what people read, in place of codes */
    bool bom;             /* CSV: so that Excel knows it is UTF-8 */
    bool practice;        /* practice answers too */
    bool no_equality;     /* without the equality answers */
    const char *language; /* of the labels, BCP 47; NULL: the form's default */
};

struct tp_export;

/* Borrows `pool` and `keys`, which outlive the export; copies the options. TP_ERR_NOT_FOUND: no
 * such form; TP_ERR_CRYPTO: the private sealing key is not here. */
bool tp_export_open(struct tp_sql_pool *pool, const struct tp_keys *keys,
                    const struct tp_export_options *options, struct tp_export **export,
                    struct tp_error *error);

/* Appends the next piece; *end when it was the last. */
bool tp_export_fill(struct tp_export *export, struct tp_buf *out, bool *end,
                    struct tp_error *error);

void tp_export_close(struct tp_export *export);

#endif
