#include "central/export/find.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "central/data/forms.h"
#include "central/data/openings.h"
#include "central/export/flat.h"

/* Of answers without an opening. */
#define PIECE_ROWS 64
/* In a step. */
#define STEP_ANSWERS 2048
#define CODE_MAX 64u

struct search {
    const struct tp_keys *keys;
    enum tp_fact fact;
    char wanted[TP_INSTANCE_ID_MAX];
    struct tp_schema none; /* no question is read */
    struct tp_answer answer;
    struct tp_flat flat;
    struct tp_sql *db;
    struct tp_error *error;
    int64_t before_seq;
    int64_t all; /* looked at */
    int64_t most;
    int64_t seq; /* what was found; 0: nothing */
    bool seen;   /* a run, in this step */
    bool ok;
};

/* "K7QM 4TXB" and "k7qm-4txb" are one code. */
static void plain_code(const char *text, char code[CODE_MAX])
{
    size_t length = 0;

    for (; *text && length + 1 < CODE_MAX; text++) {
        if (isalnum((unsigned char)*text))
            code[length++] = (char)toupper((unsigned char)*text);
    }
    code[length] = '\0';
}

static bool fits(const struct search *search)
{
    const char *value = search->answer.facts[search->fact].text;
    char code[CODE_MAX];

    if (search->fact != TP_FACT_RECEIPT_CODE)
        return strcmp(value, search->wanted) == 0;
    plain_code(value, code);
    return strcmp(code, search->wanted) == 0;
}

static bool goes_on(const struct search *search)
{
    return search->ok && search->seq == 0 && search->all < search->most;
}

static bool look_at(struct search *search, int64_t seq)
{
    search->all++;
    search->before_seq = seq;
    if (fits(search))
        search->seq = seq;
    return goes_on(search);
}

static bool look_at_sealed(void *context, const struct tp_kept *kept)
{
    struct search *search = context;

    search->ok = tp_answer_read(&search->answer, &search->none, search->keys, kept, search->error);
    return search->ok && look_at(search, kept->seq);
}

/* In pieces, since a database may hand over all that it is asked for at once. */
static void look_in_sealed(struct search *search, const struct tp_run *run)
{
    int64_t first = tp_run_first(run->number);
    int64_t before = tp_run_last(run->number) + 1;

    if (search->before_seq > before)
        search->before_seq = before;
    do {
        before = search->before_seq;
        search->ok = tp_submissions_each_back(search->db, run->form, first, before - 1, PIECE_ROWS,
                                              look_at_sealed, search, search->error) &&
                     search->ok;
    } while (goes_on(search) && search->before_seq < before);
}

static void look_in_opened(struct search *search, const struct tp_run *run)
{
    struct tp_kept kept;

    for (int64_t seq = tp_run_last(run->number);
         goes_on(search) && seq >= tp_run_first(run->number); seq--) {
        if (tp_flat_get(&search->flat, seq, &kept, &search->answer))
            (void)look_at(search, seq);
    }
}

static bool look_in_run(void *context, const struct tp_run *run)
{
    struct search *search = context;

    search->seen = true;
    if (tp_flat_read(&search->flat, search->keys, run, &search->none))
        look_in_opened(search, run);
    else
        look_in_sealed(search, run);
    if (!goes_on(search))
        return false;
    search->before_seq = tp_run_first(run->number);
    return true;
}

static bool note_finding(void *context, const struct tp_kept *kept)
{
    struct tp_finding *finding = context;

    finding->seq = kept->seq;
    finding->received_ms = kept->received_ms;
    (void)snprintf(finding->instance_id, sizeof(finding->instance_id), "%s", kept->instance_id);
    (void)snprintf(finding->device, sizeof(finding->device), "%s", kept->device_name);
    return false;
}

/* A step on a connection of the pool, so that others have their turn. *over: there is no more. */
static bool search_step(struct search *search, const char *form, struct tp_finding *finding,
                        bool *over)
{
    bool ok;

    search->seen = false;
    ok = tp_runs_each_back(search->db, form, search->before_seq, STEP_ANSWERS, look_in_run, search,
                           search->error) &&
         search->ok;
    *over = !search->seen || !goes_on(search);
    if (ok && search->seq != 0)
        ok = tp_submission_get(search->db, search->seq, note_finding, finding, search->error);
    return ok;
}

static bool search_all(struct tp_sql_pool *pool, const char *form, struct search *search,
                       struct tp_finding *finding)
{
    bool over = false;
    bool ok = true;

    while (ok && !over) {
        search->db = tp_sql_pool_take(pool);
        ok = search_step(search, form, finding, &over);
        tp_sql_pool_give(pool, search->db);
    }
    finding->gave_up = search->seq == 0 && search->all >= search->most;
    return ok;
}

static bool find(struct tp_sql_pool *pool, const struct tp_keys *keys, const char *form,
                 enum tp_fact fact, const char *wanted, int64_t most, struct tp_finding *finding,
                 struct tp_error *error)
{
    struct tp_finding found = {.seq = 0};
    struct search search = {.keys = keys,
                            .fact = fact,
                            .error = error,
                            .before_seq = INT64_MAX,
                            .most = most,
                            .ok = true};
    bool ok;

    if (!tp_keys_can_unseal(keys))
        return tp_fail(error, TP_ERR_CRYPTO,
                       "the private sealing key is not on this machine; withdraw where it is kept");
    (void)snprintf(search.wanted, sizeof(search.wanted), "%s", wanted);
    if (!tp_answer_init(&search.answer, &search.none))
        return tp_fail_memory(error);
    tp_flat_init(&search.flat);
    ok = !*search.wanted || search_all(pool, form, &search, &found);
    tp_flat_close(&search.flat);
    tp_answer_finish(&search.answer);
    if (ok)
        *finding = found;
    return ok;
}

bool tp_find_receipt(struct tp_sql_pool *pool, const struct tp_keys *keys, const char *form,
                     const char *code, int64_t most, struct tp_finding *finding,
                     struct tp_error *error)
{
    char plain[CODE_MAX];

    plain_code(code, plain);
    return find(pool, keys, form, TP_FACT_RECEIPT_CODE, plain, most, finding, error);
}

static bool is_equality(void *context, const struct tp_form_row *form)
{
    char *id = context;

    if (strcmp(form->kind, "equality") == 0)
        (void)snprintf(id, TP_FORM_ID_MAX + 1, "%s", form->id);
    return *id == '\0';
}

bool tp_find_about(struct tp_sql_pool *pool, const struct tp_keys *keys, const char *instance_id,
                   struct tp_finding *finding, struct tp_error *error)
{
    struct tp_sql *db = tp_sql_pool_take(pool);
    char form[TP_FORM_ID_MAX + 1] = "";
    bool ok = tp_forms_each(db, is_equality, form, error);

    tp_sql_pool_give(pool, db);
    *finding = (struct tp_finding){.seq = 0};
    return ok && (!*form ||
                  find(pool, keys, form, TP_FACT_ABOUT, instance_id, INT64_MAX, finding, error));
}
