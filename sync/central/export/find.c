#include "central/export/find.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "central/data/forms.h"

#define PIECE_ROWS 500
#define CODE_MAX 64u

struct search {
    const struct tp_keys *keys;
    enum tp_fact fact;
    char wanted[TP_INSTANCE_ID_MAX];
    struct tp_schema none; /* no question is read */
    struct tp_answer answer;
    struct tp_finding *finding;
    struct tp_error *error;
    int64_t before_seq;
    size_t seen; /* in this piece */
    int64_t all;
    int64_t most;
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
    const char *value = search->answer.facts[search->fact];
    char code[CODE_MAX];

    if (search->fact != TP_FACT_RECEIPT_CODE)
        return strcmp(value, search->wanted) == 0;
    plain_code(value, code);
    return strcmp(code, search->wanted) == 0;
}

static bool look_at(void *context, const struct tp_kept *kept)
{
    struct search *search = context;
    struct tp_finding *finding = search->finding;

    search->seen++;
    search->before_seq = kept->seq;
    search->ok = tp_answer_read(&search->answer, &search->none, search->keys, kept, search->error);
    if (!search->ok || !fits(search))
        return search->ok;
    finding->seq = kept->seq;
    finding->received_ms = kept->received_ms;
    (void)snprintf(finding->instance_id, sizeof(finding->instance_id), "%s", kept->instance_id);
    (void)snprintf(finding->device, sizeof(finding->device), "%s", kept->device_name);
    return false;
}

static bool search_all(struct tp_sql_pool *pool, const char *form, struct search *search)
{
    do {
        struct tp_sql *db = tp_sql_pool_take(pool);
        bool asked;

        search->seen = 0;
        asked = tp_submissions_each_back(db, form, search->before_seq, PIECE_ROWS, look_at, search,
                                         search->error);
        tp_sql_pool_give(pool, db);
        if (!asked || !search->ok)
            return false;
        search->all += (int64_t)search->seen;
        search->finding->gave_up = search->seen == PIECE_ROWS && search->all >= search->most;
    } while (search->finding->seq == 0 && search->seen == PIECE_ROWS && search->all < search->most);
    return true;
}

static bool find(struct tp_sql_pool *pool, const struct tp_keys *keys, const char *form,
                 enum tp_fact fact, const char *wanted, int64_t most, struct tp_finding *finding,
                 struct tp_error *error)
{
    struct tp_finding found = {.seq = 0};
    struct search search = {.keys = keys,
                            .fact = fact,
                            .finding = &found,
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
    ok = !*search.wanted || search_all(pool, form, &search);
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
