/* withdraw, tidy: answers that leave for good. */
#include <stdio.h>
#include <string.h>

#include "central/chores.h"
#include "central/cli/cli.h"
#include "central/data/removal.h"
#include "central/export/find.h"

/* A whole store, as serve opens it: with its keys, its readers and its writer. */
static bool open_store(struct tp_cli *cli, const char *key, struct tp_central *central,
                       struct tp_error *error)
{
    const struct tp_clock clock = tp_clock_system();
    const struct tp_random random = tp_random_system();

    if (!*cli->settings.data)
        return tp_fail(error, TP_ERR_MISUSE, "name the store's folder with --data DIR");
    cli->settings.workers = 1;
    if (!tp_central_open(&cli->settings, &clock, &random, central, error))
        return false;
    if (!key || tp_keys_add(key, &central->keys, error))
        return true;
    tp_central_close(central);
    return false;
}

struct withdrawing {
    int64_t seq[2]; /* the answer, and the one about it; 0: none */
    int64_t received_ms[2];
    char day[2][TP_DAY_TEXT_MAX];
    struct tp_deed deed;
    bool found;
};

static bool run_withdraw(struct tp_sql *db, void *context, struct tp_error *error)
{
    struct withdrawing *withdrawing = context;

    for (int i = 0; i < 2; i++) {
        if (withdrawing->seq[i] &&
            !tp_answer_withdraw(db, withdrawing->seq[i], withdrawing->day[i], &withdrawing->deed,
                                &withdrawing->found, error))
            return false;
    }
    return true;
}

static bool find_by_code(struct tp_central *central, const char *form, const char *code,
                         struct withdrawing *withdrawing, struct tp_error *error)
{
    struct tp_finding finding;
    struct tp_finding about;

    if (!tp_find_receipt(central->readers, &central->keys, form, code, INT64_MAX, &finding, error))
        return false;
    if (!finding.seq)
        return tp_fail(error, TP_ERR_NOT_FOUND, "no response of '%s' has that code", form);
    if (!tp_find_about(central->readers, &central->keys, finding.instance_id, &about, error))
        return false;
    withdrawing->seq[0] = finding.seq;
    withdrawing->received_ms[0] = finding.received_ms;
    withdrawing->seq[1] = about.seq;
    withdrawing->received_ms[1] = about.received_ms;
    return true;
}

static bool find_by_id(struct tp_central *central, const char *id, struct withdrawing *withdrawing,
                       struct tp_error *error)
{
    struct tp_sql *db = tp_sql_pool_take(central->readers);
    bool ok = tp_answer_by_id(db, id, &withdrawing->seq[0], &withdrawing->received_ms[0], error);

    tp_sql_pool_give(central->readers, db);
    return ok && (withdrawing->seq[0] ||
                  tp_fail(error, TP_ERR_NOT_FOUND, "there is no response '%s'", id));
}

static bool withdraw(struct tp_central *central, const char *form, const char *code, const char *id,
                     struct tp_error *error)
{
    struct withdrawing withdrawing = {
        .deed = {TP_AUDIT_COMMAND_LINE, tp_clock_wall_ms(&central->clock)}};

    if (!(id ? find_by_id(central, id, &withdrawing, error)
             : find_by_code(central, form, code, &withdrawing, error)))
        return false;
    for (int i = 0; i < 2; i++)
        tp_central_day(central, withdrawing.received_ms[i], withdrawing.day[i]);
    return tp_committer_run(central->committer, run_withdraw, &withdrawing, error);
}

int tp_cli_withdraw(int argc, char **argv)
{
    const char *form = NULL;
    const char *id = NULL;
    const char *key = NULL;
    const struct tp_cli_option options[] = {
        {"form", &form, NULL}, {"instance", &id, NULL}, {"key", &key, NULL}, {NULL, NULL, NULL}};
    static struct tp_central central;
    struct tp_error error;
    struct tp_cli cli;
    bool ok;

    if (!tp_cli_read(argc, argv, options, 0, 1, "withdraw --form FORM CODE | --instance ID", &cli))
        return TP_EXIT_MISUSE;
    if (id ? cli.argc != 0 || form : cli.argc != 1 || !form)
        return tp_cli_misuse("name the survey and the code, or the instance ID");
    if (!open_store(&cli, key, &central, &error))
        return tp_cli_fail(&error);
    ok = withdraw(&central, form, id ? NULL : cli.argv[0], id, &error);
    tp_central_close(&central);
    if (!ok)
        return tp_cli_fail(&error);
    (void)printf("deleted the response\n");
    return TP_EXIT_DONE;
}

int tp_cli_tidy(int argc, char **argv)
{
    static struct tp_central central;
    struct tp_error error;
    struct tp_cli cli;
    int64_t removed = 0;
    bool ok;

    if (!tp_cli_read(argc, argv, NULL, 0, 0, "tidy --data DIR", &cli))
        return TP_EXIT_MISUSE;
    if (!open_store(&cli, NULL, &central, &error))
        return tp_cli_fail(&error);
    ok = tp_chores_run(&central, true, &removed, &error);
    tp_central_close(&central);
    if (!ok)
        return tp_cli_fail(&error);
    (void)printf("deleted %lld responses\n", (long long)removed);
    return TP_EXIT_DONE;
}
