/* withdraw, tidy: answers that leave for good. */
#include <stdio.h>

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

/* The answer, and the one to the equality questions that goes with it. */
static bool find_by_code(struct tp_central *central, const char *form, const char *code,
                         struct tp_finding found[2], struct tp_error *error)
{
    if (!tp_find_receipt(central->readers, &central->keys, form, code, INT64_MAX, &found[0], error))
        return false;
    if (!found[0].seq)
        return tp_fail(error, TP_ERR_NOT_FOUND, "no response of '%s' has that code", form);
    return tp_find_about(central->readers, &central->keys, found[0].instance_id, &found[1], error);
}

static bool find_by_id(struct tp_central *central, const char *id, struct tp_finding *found,
                       struct tp_error *error)
{
    struct tp_sql *db = tp_sql_pool_take(central->readers);
    bool ok = tp_answer_by_id(db, id, &found->seq, &found->received_ms, error);

    tp_sql_pool_give(central->readers, db);
    (void)snprintf(found->instance_id, sizeof(found->instance_id), "%s", id);
    return ok && (found->seq || tp_fail(error, TP_ERR_NOT_FOUND, "there is no response '%s'", id));
}

static bool withdraw(struct tp_central *central, const struct tp_finding found[2],
                     struct tp_error *error)
{
    struct tp_withdrawal withdrawal = {
        .deed = {TP_AUDIT_COMMAND_LINE, tp_clock_wall_ms(&central->clock)}};

    for (int i = 0; i < 2; i++) {
        withdrawal.seq[i] = found[i].seq;
        tp_central_day(central, found[i].received_ms, withdrawal.day[i]);
    }
    return tp_committer_run(central->committer, tp_withdrawal_run, &withdrawal, error) &&
           (withdrawal.found || tp_fail(error, TP_ERR_NOT_FOUND,
                                        "the response was changed or deleted a moment ago; "
                                        "withdraw it once more"));
}

int tp_cli_withdraw(int argc, char **argv)
{
    const char *form = NULL;
    const char *id = NULL;
    const char *key = NULL;
    const struct tp_cli_option options[] = {
        {"form", &form, NULL}, {"instance", &id, NULL}, {"key", &key, NULL}, {NULL, NULL, NULL}};
    static struct tp_central central;
    struct tp_finding found[2] = {{.seq = 0}};
    struct tp_error error;
    struct tp_cli cli;
    bool ok;

    if (!tp_cli_read(argc, argv, options, 0, 1, "withdraw --form FORM CODE | --instance ID", &cli))
        return TP_EXIT_MISUSE;
    if (id ? cli.argc != 0 || form : cli.argc != 1 || !form)
        return tp_cli_misuse("name the survey and the code, or the instance ID");
    if (!open_store(&cli, key, &central, &error))
        return tp_cli_fail(&error);
    ok = (id ? find_by_id(&central, id, &found[0], &error)
             : find_by_code(&central, form, cli.argv[0], found, &error)) &&
         withdraw(&central, found, &error);
    tp_central_close(&central);
    if (!ok)
        return tp_cli_fail(&error);
    /* By these it is deleted on a server that has no private key. */
    for (int i = 0; i < 2 && found[i].seq; i++)
        (void)printf("deleted the response %s\n", found[i].instance_id);
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
