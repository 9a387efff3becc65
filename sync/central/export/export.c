#include "central/export/export.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "central/data/forms.h"
#include "central/data/openings.h"
#include "central/export/names.h"
#include "central/export/pairs.h"
#include "central/export/rows.h"

/* A batch takes no more runs of mates from here on: where these stand far from what they are about,
 * the others come sealed. */
#define MATES_BYTES_MAX (4 * TP_BATCH_BYTES)

/* What one thread of the crew reads into. */
struct helper {
    struct tp_answer answer;
    struct tp_answer equality;
};

struct tp_export {
    struct tp_sql_pool *pool;   /* borrowed */
    const struct tp_keys *keys; /* borrowed */
    struct tp_export_options options;
    char form[TP_FORM_ID_MAX + 1];
    char language[64];
    struct tp_schema schema;
    char equality_form[TP_FORM_ID_MAX + 1]; /* "": none */
    struct tp_schema equality_schema;
    struct tp_pairs pairs;
    int64_t sealed_run; /* of the equality answers: the last one that had no opening */
    struct tp_names names;
    struct tp_pass *pass;
    size_t workers;
    struct helper helpers[TP_CREW_MAX];
    bool begun;
    bool any; /* a row was written */
};

/* ---- writing, on the crew's threads ---- */

/* Finds the equality answer about this one; the newest counts where there are several. */
static bool read_equality(struct tp_export *export, struct helper *helper,
                          const struct tp_batch *batch, size_t row, const char *instance_id,
                          bool *found)
{
    *found = false;
    for (size_t i = 0; !*found && i < tp_batch_mates(batch, row); i++) {
        struct tp_kept kept;

        if (!tp_batch_read_mate(batch, row, i, &export->equality_schema, export->keys, &kept,
                                &helper->equality))
            return false;
        *found = strcmp(helper->equality.facts[TP_FACT_ABOUT].text, instance_id) == 0;
    }
    return true;
}

static struct tp_row make_row(const struct tp_export *export)
{
    return (struct tp_row){.schema = &export->schema,
                           .equality_schema =
                               *export->equality_form ? &export->equality_schema : NULL,
                           .labels = export->options.labels};
}

static bool write_row(void *context, size_t who, const struct tp_batch *batch, size_t index,
                      struct tp_buf *out)
{
    struct tp_export *export = context;
    struct helper *helper = &export->helpers[who];
    struct tp_row row = make_row(export);
    struct tp_kept kept;
    bool matched = false;

    if (!tp_batch_read_row(batch, index, &export->schema, export->keys, &kept, &helper->answer))
        return false;
    if (!export->options.practice && tp_answer_is_practice(&helper->answer))
        return true;
    if (!kept.device_name)
        kept.device_name = tp_names_find(&export->names, kept.device);
    if (!read_equality(export, helper, batch, index, kept.instance_id, &matched))
        return false;
    row.kept = &kept;
    row.answer = &helper->answer;
    row.equality = matched ? &helper->equality : NULL;
    if (export->options.format == TP_EXPORT_CSV) {
        tp_rows_csv(out, &row);
    } else {
        (void)tp_buf_puts(out, ",\n");
        tp_rows_json(out, &row);
    }
    return true;
}

/* ---- reading, on the caller's thread ---- */

/* A mate that is being looked for. */
struct adding {
    struct tp_export *export;
    struct tp_batch *batch;
    int64_t seq;
    size_t run;
    bool found; /* its run was taken */
    bool ok;
};

static bool add_mate(void *context, const struct tp_kept *kept)
{
    struct adding *adding = context;

    adding->ok = tp_batch_add_mate(adding->batch, kept);
    return adding->ok;
}

static bool take_run(void *context, const struct tp_run *run)
{
    struct adding *adding = context;
    struct tp_export *export = adding->export;

    adding->found =
        run->number == tp_run_of(adding->seq) &&
        tp_batch_take_run(adding->batch, export->keys, run, &export->equality_schema, &adding->run);
    return false;
}

/* Mates stand close to what they are about, so mostly in the run of the one before. */
static bool find_run(struct adding *adding)
{
    const struct tp_batch *batch = adding->batch;

    for (size_t i = batch->run_count; !adding->found && i > 0; i--) {
        const struct tp_flat *run = &batch->runs[i - 1];

        adding->found =
            run->run == tp_run_of(adding->seq) && run->schema == &adding->export->equality_schema;
        adding->run = i - 1;
    }
    return adding->found;
}

static bool add_one(struct tp_sql *db, struct adding *adding, struct tp_error *error)
{
    struct tp_export *export = adding->export;
    int64_t run = tp_run_of(adding->seq);

    if (!find_run(adding) && export->sealed_run != run && adding->batch->held < MATES_BYTES_MAX) {
        if (!tp_runs_each(db, export->equality_form, tp_run_first(run) - 1, 1, take_run, adding,
                          error))
            return false;
        if (!adding->found)
            export->sealed_run = run;
    }
    if (adding->found)
        adding->ok = !tp_flat_has(&adding->batch->runs[adding->run], adding->seq) ||
                     tp_batch_add_mate_of(adding->batch, adding->run, adding->seq);
    else if (!tp_submission_get(db, adding->seq, add_mate, adding, error))
        return false;
    return adding->ok || tp_fail_memory(error);
}

/* Puts the equality answers that may be about an answer beside it. */
static bool look(void *context, struct tp_sql *db, const char *instance_id, struct tp_batch *batch,
                 struct tp_error *error)
{
    struct tp_export *export = context;
    size_t place = 0;
    int64_t seq;

    while ((seq = tp_pairs_next(&export->pairs, instance_id, &place)) != 0) {
        struct adding adding = {.export = export, .batch = batch, .seq = seq, .ok = true};

        if (!add_one(db, &adding, error))
            return false;
    }
    return true;
}

/* ---- opening ---- */

struct compiling {
    struct tp_schema *schema;
    const char *language;
    struct tp_error *error;
    bool ok;
};

static bool add_version(void *context, const char *version, const void *xml, size_t length)
{
    struct compiling *compiling = context;

    if (!tp_schema_add(compiling->schema, xml, length, compiling->language, compiling->error))
        compiling->ok = tp_fail_prefix(compiling->error, "version '%s' of the form", version);
    return compiling->ok;
}

static bool read_schema(const struct tp_export *export, struct tp_sql *db, const char *form,
                        struct tp_schema *schema, struct tp_error *error)
{
    struct compiling compiling = {.schema = schema,
                                  .language = *export->language ? export->language : NULL,
                                  .error = error,
                                  .ok = true};

    return tp_forms_versions(db, form, add_version, &compiling, error) && compiling.ok;
}

static bool find_equality(void *context, const struct tp_form_row *form)
{
    struct tp_export *export = context;

    if (strcmp(form->kind, "equality") != 0)
        return true;
    (void)snprintf(export->equality_form, sizeof(export->equality_form), "%s", form->id);
    return false;
}

static bool open_equality(struct tp_export *export, struct tp_sql *db,
                          const struct tp_form_row *form, struct tp_error *error)
{
    if (export->options.no_equality || strcmp(form->kind, "consultation") != 0)
        return true;
    return tp_forms_each(db, find_equality, export, error) &&
           (!*export->equality_form ||
            (read_schema(export, db, export->equality_form, &export->equality_schema, error) &&
             tp_pairs_read(&export->pairs, db, export->keys, export->equality_form, export->workers,
                           error)));
}

static bool open_forms(struct tp_export *export, struct tp_sql *db, struct tp_error *error)
{
    struct tp_form_row form;
    bool found = false;

    if (!tp_forms_get(db, export->form, &form, &found, error))
        return false;
    if (!found)
        return tp_fail(error, TP_ERR_NOT_FOUND, "there is no form '%s'", export->form);
    return tp_names_read(&export->names, db, error) &&
           read_schema(export, db, export->form, &export->schema, error) &&
           open_equality(export, db, &form, error);
}

static bool open_pass(struct tp_export *export, struct tp_error *error)
{
    const struct tp_pass_plan plan = {.form = export->form,
                                      .schema = &export->schema,
                                      .keys = export->keys,
                                      .look = *export->equality_form ? look : NULL,
                                      .write = write_row,
                                      .context = export};

    for (size_t i = 0; i < export->workers; i++) {
        if (!tp_answer_init(&export->helpers[i].answer, &export->schema) ||
            !tp_answer_init(&export->helpers[i].equality, &export->equality_schema))
            return tp_fail_memory(error);
    }
    return tp_pass_create(&plan, export->workers, &export->pass, error);
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
    made->workers = tp_crew_cores();
    (void)snprintf(made->form, sizeof(made->form), "%s", options->form);
    (void)snprintf(made->language, sizeof(made->language), "%s",
                   options->language ? options->language : "");
    made->options.form = made->form;
    made->options.language = NULL;
    made->sealed_run = -1;
    tp_pairs_init(&made->pairs);
    tp_names_init(&made->names);
    db = tp_sql_pool_take(pool);
    ok = open_forms(made, db, error);
    tp_sql_pool_give(pool, db);
    if (!ok || !open_pass(made, error)) {
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
    tp_pass_destroy(export->pass);
    for (size_t i = 0; i < export->workers; i++) {
        tp_answer_finish(&export->helpers[i].answer);
        tp_answer_finish(&export->helpers[i].equality);
    }
    tp_schema_finish(&export->schema);
    tp_schema_finish(&export->equality_schema);
    tp_pairs_finish(&export->pairs);
    tp_names_finish(&export->names);
    tp_free(export);
}

/* ---- filling ---- */

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

/* Each JSON row begins with the comma that parts it from the one before: the first has none. */
static void drop_first_comma(struct tp_export *export, struct tp_buf *out, size_t from)
{
    if (export->any || out->length == from)
        return;
    export->any = true;
    if (export->options.format != TP_EXPORT_JSON)
        return;
    memmove(out->data + from, out->data + from + 1, out->length - from);
    out->length--;
}

bool tp_export_fill(struct tp_export *export, struct tp_buf *out, bool *end, struct tp_error *error)
{
    struct tp_sql *db;
    size_t from;
    bool over = false;
    bool ok;

    if (!export->begun)
        begin(export, out);
    from = out->length;
    db = tp_sql_pool_take(export->pool);
    ok = tp_pass_step(export->pass, db, out, &over, error);
    tp_sql_pool_give(export->pool, db);
    if (!ok)
        return false;
    drop_first_comma(export, out, from);
    if (over && export->options.format == TP_EXPORT_JSON)
        (void)tp_buf_puts(out, "\n]\n");
    if (!tp_buf_ok(out))
        return tp_fail_memory(error);
    *end = over;
    return true;
}
