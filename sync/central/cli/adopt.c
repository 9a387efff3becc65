/* adopt: a store in an SQLite file becomes one in PostgreSQL. */
#include "central/db/adopt.h"

#include <stdio.h>

#include "central/cli/cli.h"

static bool open_target(const struct tp_cli *cli, int64_t now_ms, struct tp_sql **db,
                        struct tp_error *error)
{
    if (!tp_sql_open(cli->settings.db, true, db, error))
        return false;
    if (tp_sql_migrate(*db, now_ms, error))
        return true;
    tp_sql_close(*db);
    return false;
}

int tp_cli_adopt(int argc, char **argv)
{
    struct tp_clock clock = tp_clock_system();
    int64_t now_ms = tp_clock_wall_ms(&clock);
    struct tp_sql *from = NULL;
    struct tp_sql *to = NULL;
    struct tp_error error;
    struct tp_cli cli;
    int64_t rows = 0;
    bool is_file;
    bool ok;

    if (!tp_cli_read(argc, argv, NULL, 1, 1, "adopt FILE --db postgresql://...", &cli))
        return TP_EXIT_MISUSE;
    (void)tp_sql_called(cli.settings.db, &is_file);
    if (!*cli.settings.db || is_file)
        return tp_cli_misuse("name the database to fill with --db postgresql://...");
    ok = tp_sql_open(cli.argv[0], false, &from, &error) && tp_sql_migrate(from, now_ms, &error) &&
         open_target(&cli, now_ms, &to, &error) && tp_sql_adopt(from, to, &rows, &error);
    tp_sql_close(to);
    tp_sql_close(from);
    if (!ok)
        return tp_cli_fail(&error);
    (void)printf("copied %lld rows; serve with --db from now on, and keep the file until you have "
                 "looked at the pages\n",
                 (long long)rows);
    return TP_EXIT_DONE;
}
