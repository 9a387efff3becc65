#include "central/export/export.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "central/data/forms.h"
#include "central/export/rows.h"

/* Answers in one piece: enough to keep the disk busy, a megabyte or so of text. */
#define PIECE_ROWS 200

/* Where the equality answer that goes with an answer is. The instance ID is kept as a hash, and
 * compared in full when the answer is read. */
struct pairing {
    uint64_t about;
    int64_t seq;
};

struct tp_export {
    struct tp_sql_pool *pool;   /* borrowed */
    const struct tp_keys *keys; /* borrowed */
    struct tp_export_options options;
    char form[TP_FORM_ID_MAX + 1];
    char language[64];
    struct tp_schema schema;
    struct tp_answer answer;
    char equality_form[TP_FORM_ID_MAX + 1]; /* "": none */
    struct tp_schema equality_schema;
    struct tp_answer equality;
    struct pairing *pairings; /* sorted */
    size_t pairing_count;
    size_t pairing_room;
    int64_t after_seq;
    bool begun;
    size_t rows; /* written */
};

/* FNV-1a. */
static uint64_t hash_of(const char *text)
{
    uint64_t hash = 14695981039346656037u;

    for (; *text; text++)
        hash = (hash ^ (unsigned char)*text) * 1099511628211u;
    return hash;
}

/* ---- opening ---- */

struct adding {
    struct tp_schema *schema;
    const char *language;
    struct tp_error *error;
    bool ok;
};

static bool add_version(void *context, const char *version, const void *xml, size_t length)
{
    struct adding *adding = context;

    if (!tp_schema_add(adding->schema, xml, length, adding->language, adding->error))
        adding->ok = tp_fail_prefix(adding->error, "version '%s' of the form", version);
    return adding->ok;
}

static bool read_schema(struct tp_export *export, struct tp_sql *db, const char *form,
                        struct tp_schema *schema, struct tp_answer *answer, struct tp_error *error)
{
    struct adding adding = {.schema = schema,
                            .language = *export->language ? export->language : NULL,
                            .error = error,
                            .ok = true};

    return tp_forms_versions(db, form, add_version, &adding, error) && adding.ok &&
           (tp_answer_init(answer, schema) || tp_fail_memory(error));
}

static bool find_equality(void *context, const struct tp_form_row *form)
{
    struct tp_export *export = context;

    if (strcmp(form->kind, "equality") != 0)
        return true;
    (void)snprintf(export->equality_form, sizeof(export->equality_form), "%s", form->id);
    return false;
}

struct pairing_up {
    struct tp_export *export;
    struct tp_error *error;
    int64_t last_seq;
    size_t seen;
    bool ok;
};

static bool add_pairing(void *context, const struct tp_kept *kept)
{
    struct pairing_up *up = context;
    struct tp_export *export = up->export;
    const char *about = export->equality.facts[TP_FACT_ABOUT];

    up->last_seq = kept->seq;
    up->seen++;
    up->ok =
        tp_answer_read(&export->equality, &export->equality_schema, export->keys, kept, up->error);
    if (!up->ok || export->equality.problem || !*about)
        return up->ok;
    if (export->pairing_count == export->pairing_room) {
        size_t room = export->pairing_room ? export->pairing_room * 2 : 256;
        struct pairing *pairings = tp_realloc(export->pairings, room, sizeof(*pairings));

        if (!pairings)
            return up->ok = tp_fail_memory(up->error);
        export->pairings = pairings;
        export->pairing_room = room;
    }
    export->pairings[export->pairing_count++] =
        (struct pairing){.about = hash_of(about), .seq = kept->seq};
    return true;
}

static int by_about(const void *a, const void *b)
{
    const struct pairing *left = a;
    const struct pairing *right = b;

    if (left->about != right->about)
        return left->about < right->about ? -1 : 1;
    return left->seq < right->seq ? -1 : left->seq > right->seq;
}

static bool pair_up(struct tp_export *export, struct tp_sql *db, struct tp_error *error)
{
    struct pairing_up up = {.export = export, .error = error, .ok = true};

    do {
        up.seen = 0;
        if (!tp_submissions_each(db, export->equality_form, up.last_seq, PIECE_ROWS, add_pairing,
                                 &up, error) ||
            !up.ok)
            return false;
    } while (up.seen == PIECE_ROWS);
    if (export->pairing_count)
        qsort(export->pairings, export->pairing_count, sizeof(*export->pairings), by_about);
    return true;
}

static bool open_equality(struct tp_export *export, struct tp_sql *db,
                          const struct tp_form_row *form, struct tp_error *error)
{
    if (export->options.no_equality || strcmp(form->kind, "consultation") != 0)
        return true;
    if (!tp_forms_each(db, find_equality, export, error))
        return false;
    return !*export->equality_form ||
           (read_schema(export, db, export->equality_form, &export->equality_schema,
                        &export->equality, error) &&
            pair_up(export, db, error));
}

static bool open_forms(struct tp_export *export, struct tp_sql *db, struct tp_error *error)
{
    struct tp_form_row form;
    bool found = false;

    if (!tp_forms_get(db, export->form, &form, &found, error))
        return false;
    if (!found)
        return tp_fail(error, TP_ERR_NOT_FOUND, "there is no form '%s'", export->form);
    return read_schema(export, db, export->form, &export->schema, &export->answer, error) &&
           open_equality(export, db, &form, error);
}

bool tp_export_open(struct tp_sql_pool *pool, const struct tp_keys *keys,
                    const struct tp_export_options *options, struct tp_export **export,
                    struct tp_error *error)
{
    struct tp_export *made;
    struct tp_sql *db;
    bool ok;

    if (!tp_keys_can_unseal(keys))
        return tp_fail(error, TP_ERR_CRYPTO,
                       "the private sealing key is not on this machine; export where it is kept");
    made = tp_calloc(1, sizeof(*made));
    if (!made)
        return tp_fail_memory(error);
    made->pool = pool;
    made->keys = keys;
    made->options = *options;
    (void)snprintf(made->form, sizeof(made->form), "%s", options->form);
    (void)snprintf(made->language, sizeof(made->language), "%s",
                   options->language ? options->language : "");
    made->options.form = made->form;
    made->options.language = NULL;
    db = tp_sql_pool_take(pool);
    ok = open_forms(made, db, error);
    tp_sql_pool_give(pool, db);
    if (!ok) {
        tp_export_close(made);
        return false;
    }
    *export = made;
    return true;
}

void tp_export_close(struct tp_export *export)
{
    if (!export)
        return;
    tp_answer_finish(&export->answer);
    tp_answer_finish(&export->equality);
    tp_schema_finish(&export->schema);
    tp_schema_finish(&export->equality_schema);
    tp_free(export->pairings);
    tp_free(export);
}

/* ---- filling ---- */

struct filling {
    struct tp_export *export;
    struct tp_sql *db;
    struct tp_buf *out;
    struct tp_error *error;
    size_t seen;
    bool ok;
};

static bool read_equality(void *context, const struct tp_kept *kept)
{
    struct filling *filling = context;
    struct tp_export *export = filling->export;

    filling->ok = tp_answer_read(&export->equality, &export->equality_schema, export->keys, kept,
                                 filling->error);
    return filling->ok;
}

/* Finds the equality answer about this one; the last one counts where there are several. */
static bool match_equality(struct filling *filling, const char *instance_id, bool *matched)
{
    struct tp_export *export = filling->export;
    uint64_t wanted = hash_of(instance_id);
    size_t low = 0;
    size_t high = export->pairing_count;

    *matched = false;
    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (export->pairings[middle].about <= wanted)
            low = middle + 1;
        else
            high = middle;
    }
    while (!*matched && low-- > 0 && export->pairings[low].about == wanted) {
        if (!tp_submission_get(filling->db, export->pairings[low].seq, read_equality, filling,
                               filling->error) ||
            !filling->ok)
            return false;
        *matched = strcmp(export->equality.facts[TP_FACT_ABOUT], instance_id) == 0;
    }
    return true;
}

static struct tp_row make_row(const struct tp_export *export)
{
    return (struct tp_row){.schema = &export->schema,
                           .answer = &export->answer,
                           .equality_schema =
                               *export->equality_form ? &export->equality_schema : NULL,
                           .labels = export->options.labels};
}

static bool put_row(void *context, const struct tp_kept *kept)
{
    struct filling *filling = context;
    struct tp_export *export = filling->export;
    struct tp_row row = make_row(export);
    bool matched = false;

    filling->seen++;
    export->after_seq = kept->seq;
    filling->ok =
        tp_answer_read(&export->answer, &export->schema, export->keys, kept, filling->error);
    if (!filling->ok || (export->answer.practice && !export->options.practice))
        return filling->ok;
    filling->ok = match_equality(filling, kept->instance_id, &matched);
    if (!filling->ok)
        return false;
    row.kept = kept;
    row.equality = matched ? &export->equality : NULL;
    if (export->options.format == TP_EXPORT_CSV) {
        tp_rows_csv(filling->out, &row);
    } else {
        (void)tp_buf_puts(filling->out, export->rows ? ",\n" : "\n");
        tp_rows_json(filling->out, &row);
    }
    export->rows++;
    return true;
}

static void begin(struct tp_export *export, struct tp_buf *out)
{
    struct tp_row row = make_row(export);

    export->begun = true;
    if (export->options.format == TP_EXPORT_JSON) {
        (void)tp_buf_putc(out, '[');
        return;
    }
    if (export->options.bom)
        (void)tp_buf_puts(out, "\xef\xbb\xbf");
    tp_rows_csv_header(out, &row);
}

bool tp_export_fill(struct tp_export *export, struct tp_buf *out, bool *end, struct tp_error *error)
{
    struct filling filling = {.export = export, .out = out, .error = error, .ok = true};
    bool asked;

    if (!export->begun)
        begin(export, out);
    filling.db = tp_sql_pool_take(export->pool);
    asked = tp_submissions_each(filling.db, export->form, export->after_seq, PIECE_ROWS, put_row,
                                &filling, error);
    tp_sql_pool_give(export->pool, filling.db);
    if (!asked || !filling.ok)
        return false;
    if (filling.seen < PIECE_ROWS && export->options.format == TP_EXPORT_JSON)
        (void)tp_buf_puts(out, "\n]\n");
    if (!tp_buf_ok(out))
        return tp_fail_memory(error);
    *end = filling.seen < PIECE_ROWS;
    return true;
}
