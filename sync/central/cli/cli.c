#include "central/cli/cli.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* More options than any command has. */
#define OPTIONS_MAX 16

enum {
    OPTION_DATA = 256,
    OPTION_CONFIG,
    OPTION_DB,
    OPTION_OWN, /* the command's first */
};

int tp_cli_fail(const struct tp_error *error)
{
    (void)fprintf(stderr, "talkpoint-central: %s\n", error->text);
    return error->code == TP_ERR_MISUSE ? TP_EXIT_MISUSE : TP_EXIT_FAILED;
}

int tp_cli_misuse(const char *format, ...)
{
    struct tp_error error;
    char text[512];
    va_list args;

    va_start(args, format);
    (void)vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    (void)tp_fail(&error, TP_ERR_MISUSE, "%s; see talkpoint-central --help", text);
    return tp_cli_fail(&error);
}

static size_t list_options(const struct tp_cli_option *own, struct option *list)
{
    static const struct option common[] = {{"data", required_argument, NULL, OPTION_DATA},
                                           {"config", required_argument, NULL, OPTION_CONFIG},
                                           {"db", required_argument, NULL, OPTION_DB}};
    size_t count = sizeof(common) / sizeof(common[0]);

    memcpy(list, common, sizeof(common));
    for (int i = 0; own && own[i].name && count + 1 < OPTIONS_MAX; i++)
        list[count++] = (struct option){.name = own[i].name,
                                        .has_arg = own[i].value ? required_argument : no_argument,
                                        .val = OPTION_OWN + i};
    list[count] = (struct option){.name = NULL};
    return count;
}

static bool keep(char *to, size_t size, const char *value, const char *name)
{
    if (strlen(value) >= size) {
        (void)tp_cli_misuse("--%s is too long", name);
        return false;
    }
    memcpy(to, value, strlen(value) + 1);
    return true;
}

struct common {
    const char *data;
    const char *config;
    const char *db;
};

static bool read_options(int argc, char **argv, const struct tp_cli_option *own,
                         struct common *common)
{
    struct option list[OPTIONS_MAX];
    int got;

    (void)list_options(own, list);
    optind = 1;
    opterr = 0;
    while ((got = getopt_long(argc, argv, ":", list, NULL)) != -1) {
        if (got == OPTION_DATA)
            common->data = optarg;
        else if (got == OPTION_CONFIG)
            common->config = optarg;
        else if (got == OPTION_DB)
            common->db = optarg;
        else if (got == ':') {
            (void)tp_cli_misuse("option '%s' needs a value", argv[optind - 1]);
            return false;
        } else if (got < OPTION_OWN) {
            (void)tp_cli_misuse("unknown option '%s'", argv[optind - 1]);
            return false;
        } else if (own[got - OPTION_OWN].value) {
            *own[got - OPTION_OWN].value = optarg;
        } else {
            *own[got - OPTION_OWN].flag = true;
        }
    }
    return true;
}

static bool settle(struct tp_cli *cli, const struct common *common)
{
    const char *state = getenv("STATE_DIRECTORY");
    struct tp_error error;

    tp_settings_init(&cli->settings);
    if (common->config && !tp_settings_read(&cli->settings, common->config, &error)) {
        (void)tp_cli_fail(&error);
        return false;
    }
    if (!common->data && !*cli->settings.data && state && *state &&
        !keep(cli->settings.data, sizeof(cli->settings.data), state, "data"))
        return false;
    return (!common->data ||
            keep(cli->settings.data, sizeof(cli->settings.data), common->data, "data")) &&
           (!common->db || keep(cli->settings.db, sizeof(cli->settings.db), common->db, "db"));
}

bool tp_cli_read(int argc, char **argv, const struct tp_cli_option *options, int least, int most,
                 const char *usage, struct tp_cli *cli)
{
    struct common common = {.data = NULL};

    if (!read_options(argc, argv, options, &common) || !settle(cli, &common))
        return false;
    cli->argc = argc - optind;
    cli->argv = argv + optind;
    if (cli->argc < least || cli->argc > most) {
        (void)tp_cli_misuse("usage: talkpoint-central %s", usage);
        return false;
    }
    return true;
}

bool tp_cli_open(const struct tp_cli *cli, struct tp_sql **db, struct tp_error *error)
{
    struct tp_clock clock = tp_clock_system();
    char path[TP_DATA_PATH_MAX];
    const char *url = tp_settings_db(&cli->settings, path);
    struct tp_sql *opened;

    if (!*cli->settings.data && !*cli->settings.db)
        return tp_fail(error, TP_ERR_MISUSE, "name the store's folder with --data DIR");
    if (!tp_sql_open(url, false, &opened, error)) {
        if (error->code == TP_ERR_NOT_FOUND)
            return tp_fail(error, TP_ERR_NOT_FOUND,
                           "there is no store in '%s'; make one with talkpoint-central init",
                           tp_sql_called(url, NULL));
        return false;
    }
    if (!tp_sql_migrate(opened, tp_clock_wall_ms(&clock), error)) {
        tp_sql_close(opened);
        return false;
    }
    *db = opened;
    return true;
}

bool tp_cli_write(struct tp_sql *db,
                  bool (*run)(struct tp_sql *db, void *context, struct tp_error *error),
                  void *context, struct tp_error *error)
{
    if (!tp_sql_begin(db, error))
        return false;
    if (run(db, context, error))
        return tp_sql_commit(db, error);
    tp_sql_rollback(db);
    return false;
}
