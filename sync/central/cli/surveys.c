/* publish, close, reopen. */
#include <stdio.h>
#include <string.h>

#include "central/cli/cli.h"
#include "central/data/audit.h"
#include "central/publish.h"

static void print_problems(const struct tp_problems *problems)
{
    struct tp_buf line;

    for (size_t i = 0; i < problems->count; i++) {
        tp_buf_init(&line, 16384);
        (void)tp_problem_line(&problems->items[i], &line);
        (void)fprintf(stderr, "%s\n", tp_buf_text(&line));
        tp_buf_finish(&line);
    }
    if (problems->errors + problems->warnings > problems->count)
        (void)fprintf(stderr, "and %zu more\n",
                      problems->errors + problems->warnings - problems->count);
}

static bool run_publish(struct tp_sql *db, void *context, struct tp_error *error)
{
    struct tp_publishing *publishing = context;

    return tp_forms_publish(db, &publishing->package, publishing->now_ms, &publishing->result,
                            error) &&
           (publishing->result == TP_PUBLISH_CONFLICT ||
            tp_audit_add(db, &(struct tp_deed){TP_AUDIT_COMMAND_LINE, publishing->now_ms},
                         "published the survey", publishing->package.id, error));
}

enum outcome {
    PUBLISHED,
    SKIPPED,
    REFUSED,
};

static void say_published(const struct tp_publishing *publishing)
{
    static const char *const words[] = {"published", "updated the media of", "nothing new in"};

    (void)printf("%s %s %s: %s\n", words[publishing->result], publishing->package.id,
                 publishing->package.version, publishing->package.title);
}

static enum outcome publish_one(struct tp_sql *db, const char *path,
                                struct tp_publishing *publishing)
{
    struct tp_clock clock = tp_clock_system();
    struct tp_error error = {.code = TP_OK};
    char conflict[TP_ERROR_TEXT_MAX];

    if (!tp_publish_read_path(publishing, path, &error)) {
        if (error.code == TP_ERR_NOT_FOUND && strstr(error.text, "holds no workbook")) {
            (void)fprintf(stderr, "%s; passed by\n", error.text);
            return SKIPPED;
        }
        print_problems(&publishing->problems);
        if (publishing->problems.errors == 0)
            (void)tp_cli_fail(&error);
        (void)fprintf(stderr, "talkpoint-central: '%s' is refused\n", path);
        return REFUSED;
    }
    print_problems(&publishing->problems);
    publishing->now_ms = tp_clock_wall_ms(&clock);
    if (!tp_cli_write(db, run_publish, publishing, &error)) {
        (void)tp_cli_fail(&error);
        return REFUSED;
    }
    if (publishing->result == TP_PUBLISH_CONFLICT) {
        tp_publish_conflict(&publishing->package, conflict);
        (void)fprintf(stderr, "talkpoint-central: %s\n", conflict);
        return REFUSED;
    }
    say_published(publishing);
    return PUBLISHED;
}

int tp_cli_publish(int argc, char **argv)
{
    struct tp_sql *db;
    struct tp_error error;
    struct tp_cli cli;
    int count[3] = {0, 0, 0};

    if (!tp_cli_read(argc, argv, NULL, 1, 10000, "publish FILE|DIR... --data DIR", &cli))
        return TP_EXIT_MISUSE;
    if (!tp_cli_open(&cli, &db, &error))
        return tp_cli_fail(&error);
    for (int i = 0; i < cli.argc; i++) {
        struct tp_publishing publishing;

        tp_publishing_init(&publishing);
        count[publish_one(db, cli.argv[i], &publishing)]++;
        tp_publishing_finish(&publishing);
    }
    tp_sql_close(db);
    if (count[REFUSED] || !count[PUBLISHED])
        return TP_EXIT_FAILED;
    return TP_EXIT_DONE;
}

struct closing {
    const char *form;
    bool closed;
    int64_t now_ms;
    bool found;
};

static bool run_close(struct tp_sql *db, void *context, struct tp_error *error)
{
    struct closing *closing = context;

    return tp_forms_close(db, closing->form, closing->closed, closing->now_ms, &closing->found,
                          error) &&
           (!closing->found ||
            tp_audit_add(db, &(struct tp_deed){TP_AUDIT_COMMAND_LINE, closing->now_ms},
                         closing->closed ? "closed the survey" : "opened the survey again",
                         closing->form, error));
}

static int set_closed(int argc, char **argv, bool closed, const char *usage)
{
    struct tp_clock clock = tp_clock_system();
    struct closing closing = {.closed = closed, .now_ms = tp_clock_wall_ms(&clock)};
    struct tp_sql *db;
    struct tp_error error;
    struct tp_cli cli;
    bool ok;

    if (!tp_cli_read(argc, argv, NULL, 1, 1, usage, &cli))
        return TP_EXIT_MISUSE;
    closing.form = cli.argv[0];
    if (!tp_cli_open(&cli, &db, &error))
        return tp_cli_fail(&error);
    ok = tp_cli_write(db, run_close, &closing, &error);
    tp_sql_close(db);
    if (ok && !closing.found)
        ok = tp_fail(&error, TP_ERR_NOT_FOUND, "there is no form '%s'", closing.form);
    if (!ok)
        return tp_cli_fail(&error);
    (void)printf("%s %s\n", closed ? "closed" : "reopened", closing.form);
    return TP_EXIT_DONE;
}

int tp_cli_close(int argc, char **argv)
{
    return set_closed(argc, argv, true, "close FORM --data DIR");
}

int tp_cli_reopen(int argc, char **argv)
{
    return set_closed(argc, argv, false, "reopen FORM --data DIR");
}
