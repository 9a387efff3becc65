/* approve, devices, revoke. */
#include "central/data/devices.h"

#include <stdio.h>

#include "central/cli/cli.h"
#include "central/data/audit.h"
#include "central/http/decode.h"

struct deciding {
    char code[TP_ENROLMENT_CODE_MAX];
    const char *device; /* name or ID */
    const char *name;
    int64_t now_ms;
    enum tp_enrolment_result result;
    bool found;
    char its_name[TP_DEVICE_NAME_MAX + 1];
};

static bool note(struct tp_sql *db, const struct deciding *deciding, const char *action,
                 struct tp_error *error)
{
    return tp_audit_add(db, &(struct tp_deed){TP_AUDIT_COMMAND_LINE, deciding->now_ms}, action,
                        deciding->its_name, error);
}

static bool run_approve(struct tp_sql *db, void *context, struct tp_error *error)
{
    struct deciding *deciding = context;
    struct tp_random random = tp_random_system();

    return tp_enrolment_approve(db, deciding->code, deciding->name, &random, deciding->now_ms,
                                &deciding->result, deciding->its_name, error) &&
           (deciding->result != TP_ENROLMENT_OK ||
            note(db, deciding, "approved the screen", error));
}

static bool run_revoke(struct tp_sql *db, void *context, struct tp_error *error)
{
    struct deciding *deciding = context;

    return tp_devices_revoke(db, deciding->device, deciding->now_ms, &deciding->found,
                             deciding->its_name, error) &&
           (!deciding->found || note(db, deciding, "took off", error));
}

static bool write_one(const struct tp_cli *cli, struct deciding *deciding,
                      bool (*run)(struct tp_sql *, void *, struct tp_error *),
                      struct tp_error *error)
{
    struct tp_clock clock = tp_clock_system();
    struct tp_sql *db;
    bool ok;

    deciding->now_ms = tp_clock_wall_ms(&clock);
    if (!tp_cli_open(cli, &db, error))
        return false;
    ok = tp_cli_write(db, run, deciding, error);
    tp_sql_close(db);
    return ok;
}

int tp_cli_approve(int argc, char **argv)
{
    struct deciding deciding = {.result = TP_ENROLMENT_UNKNOWN};
    const struct tp_cli_option options[] = {{"name", &deciding.name, NULL}, {NULL, NULL, NULL}};
    struct tp_error error;
    struct tp_cli cli;

    if (!tp_cli_read(argc, argv, options, 1, 1, "approve CODE --data DIR", &cli))
        return TP_EXIT_MISUSE;
    if (deciding.name && !tp_is_line(deciding.name, TP_DEVICE_NAME_MAX))
        return tp_cli_misuse("--name needs one line of at most %u bytes", TP_DEVICE_NAME_MAX);
    if (!tp_enrolment_code(cli.argv[0], deciding.code))
        return tp_cli_misuse("'%s' is not a code; it looks like K7QM-4TXB", cli.argv[0]);
    if (!write_one(&cli, &deciding, run_approve, &error))
        return tp_cli_fail(&error);
    if (deciding.result != TP_ENROLMENT_OK) {
        (void)tp_fail(&error, TP_ERR_NOT_FOUND,
                      "no screen waits with the code '%s'; a code lasts 24 hours", deciding.code);
        return tp_cli_fail(&error);
    }
    (void)printf("approved %s\n", deciding.its_name);
    return TP_EXIT_DONE;
}

int tp_cli_revoke(int argc, char **argv)
{
    struct deciding deciding = {.found = false};
    struct tp_error error;
    struct tp_cli cli;

    if (!tp_cli_read(argc, argv, NULL, 1, 1, "revoke NAME|ID --data DIR", &cli))
        return TP_EXIT_MISUSE;
    deciding.device = cli.argv[0];
    if (!write_one(&cli, &deciding, run_revoke, &error))
        return tp_cli_fail(&error);
    if (!deciding.found) {
        (void)tp_fail(&error, TP_ERR_NOT_FOUND,
                      "there is no screen '%s' in use, or more than one; name it by its ID",
                      deciding.device);
        return tp_cli_fail(&error);
    }
    (void)printf("took off %s\n", deciding.its_name);
    return TP_EXIT_DONE;
}

static bool print_device(void *context, const struct tp_device *device)
{
    char seen[TP_TIME_TEXT_MAX] = "never";

    (void)context;
    if (device->seen_ms)
        tp_time_utc(device->seen_ms, seen);
    (void)printf("%s\t%s\t%s\t%lld\t%lld\t%s\n", device->id,
                 device->revoked_ms ? "off" : (device->claimed ? "on" : "approved"), seen,
                 (long long)device->waiting, (long long)device->sent, device->name);
    return true;
}

int tp_cli_devices(int argc, char **argv)
{
    struct tp_sql *db;
    struct tp_error error;
    struct tp_cli cli;
    bool ok;

    if (!tp_cli_read(argc, argv, NULL, 0, 0, "devices --data DIR", &cli))
        return TP_EXIT_MISUSE;
    if (!tp_cli_open(&cli, &db, &error))
        return tp_cli_fail(&error);
    (void)printf("id\tstate\tlast heard\twaiting\tsent\tname\n");
    ok = tp_devices_each(db, print_device, NULL, &error);
    tp_sql_close(db);
    return ok ? TP_EXIT_DONE : tp_cli_fail(&error);
}
