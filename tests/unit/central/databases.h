/*
 * The same tests on every database: a program's group runs once on SQLite and once on a PostgreSQL
 * server of its own, which listens on a socket in a temporary folder and dies with the program.
 * Header only: each test is one program.
 */
#ifndef TP_TEST_CENTRAL_DATABASES_H
#define TP_TEST_CENTRAL_DATABASES_H

#include "tp_test.h"

#include <glob.h>
#include <grp.h>
#include <libpq-fe.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"

static struct {
    bool on; /* the tests run on it now */
    pid_t pid;
    char folder[64];
    char programs[128]; /* where initdb and postgres are */
    int made;           /* schemas */
} postgres;

/* PostgreSQL refuses to run as root: its own user does then. */
static inline void postgres_drop_root(void)
{
    const struct passwd *user = geteuid() == 0 ? getpwnam("postgres") : NULL;

    if (user && (setgroups(0, NULL) != 0 || setgid(user->pw_gid) != 0 || setuid(user->pw_uid) != 0))
        _exit(126);
    (void)prctl(PR_SET_PDEATHSIG, SIGQUIT);
}

static inline void postgres_find_programs(void)
{
    glob_t found;

    if (glob("/usr/lib/postgresql/*/bin", 0, NULL, &found) != 0)
        fail_msg("PostgreSQL is not installed");
    (void)snprintf(postgres.programs, sizeof(postgres.programs), "%s",
                   found.gl_pathv[found.gl_pathc - 1]);
    globfree(&found);
}

static inline void postgres_init_cluster(const char *data)
{
    char program[160];
    int status;
    pid_t child;

    (void)snprintf(program, sizeof(program), "%s/initdb", postgres.programs);
    child = fork();
    if (child == 0) {
        postgres_drop_root();
        (void)freopen("/dev/null", "w", stdout);
        (void)execl(program, program, "-D", data, "-A", "trust", "-U", "talkpoint", "-N", "-E",
                    "UTF8", "--locale=C", (char *)NULL);
        _exit(127);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

/* Starts the server on its cluster and reads what it says until it is ready. `durable` as in
 * earnest; tests that pull no plug go without. */
static inline void postgres_start(bool durable)
{
    char program[160];
    char data[80];
    char said[8192] = "";
    size_t length = 0;
    int ends[2];

    (void)snprintf(program, sizeof(program), "%s/postgres", postgres.programs);
    (void)snprintf(data, sizeof(data), "%s/data", postgres.folder);
    assert_int_equal(pipe(ends), 0);
    postgres.pid = fork();
    if (postgres.pid == 0) {
        postgres_drop_root();
        (void)dup2(ends[1], STDERR_FILENO);
        (void)close(ends[0]);
        (void)execl(program, program, "-D", data, "-k", postgres.folder, "-c",
                    "listen_addresses=", "-c", "log_min_messages=log", "-c", "log_checkpoints=off",
                    "-c", "shared_buffers=32MB", "-c", durable ? "fsync=on" : "fsync=off", "-c",
                    "max_connections=100", (char *)NULL);
        _exit(127);
    }
    (void)close(ends[1]);
    while (!strstr(said, "ready to accept connections")) {
        ssize_t got = read(ends[0], said + length, sizeof(said) - 1 - length);

        if (got <= 0)
            fail_msg("PostgreSQL did not start: %s", said);
        length += (size_t)got;
        said[length] = '\0';
        /* Whoever asks while it starts makes it say so: only the last of it matters. */
        if (length > sizeof(said) / 2) {
            memmove(said, said + length - 256, 257);
            length = 256;
        }
    }
    (void)close(ends[0]);
}

/* SIGINT ends it in order, SIGQUIT as a crash would. */
static inline void postgres_stop(int how)
{
    int status;

    if (postgres.pid <= 0)
        return;
    (void)kill(postgres.pid, how);
    (void)waitpid(postgres.pid, &status, 0);
    postgres.pid = 0;
}

static inline void postgres_make(bool durable)
{
    const struct passwd *user = getpwnam("postgres");
    char data[80];

    postgres_find_programs();
    (void)snprintf(postgres.folder, sizeof(postgres.folder), "/tmp/tp-postgres-XXXXXX");
    assert_non_null(mkdtemp(postgres.folder));
    if (geteuid() == 0)
        assert_int_equal(chown(postgres.folder, user->pw_uid, user->pw_gid), 0);
    (void)snprintf(data, sizeof(data), "%s/data", postgres.folder);
    postgres_init_cluster(data);
    postgres_start(durable);
}

static inline void postgres_end(void)
{
    postgres_stop(SIGQUIT);
    assert_true(tp_dir_remove(postgres.folder, NULL));
}

/* Runs SQL outside the program's own interface. */
static inline void postgres_sql(const char *sql)
{
    char url[128];
    PGconn *connection;
    PGresult *result;

    (void)snprintf(url, sizeof(url), "postgresql://talkpoint@/postgres?host=%s", postgres.folder);
    connection = PQconnectdb(url);
    result = PQexec(connection, sql);
    if (PQresultStatus(result) != PGRES_COMMAND_OK && PQresultStatus(result) != PGRES_TUPLES_OK)
        fail_msg("%s", PQerrorMessage(connection));
    PQclear(result);
    PQfinish(connection);
}

/* The URL of a new, empty database of the kind that the tests run on now. */
static inline void database_url(const char *folder, char url[256])
{
    char sql[64];

    if (!postgres.on) {
        (void)snprintf(url, 256, "%s/central.db", folder);
        return;
    }
    (void)snprintf(sql, sizeof(sql), "CREATE SCHEMA w%d", ++postgres.made);
    postgres_sql(sql);
    (void)snprintf(url, 256,
                   "postgresql://talkpoint@/postgres?host=%s&options=-csearch_path%%3Dw%d",
                   postgres.folder, postgres.made);
}

static inline int databases_run_all(const struct CMUnitTest *tests, size_t count)
{
    int failed;

    postgres.on = false;
    failed = _cmocka_run_group_tests("on SQLite", tests, count, NULL, NULL);
    postgres_make(false);
    postgres.on = true;
    failed += _cmocka_run_group_tests("on PostgreSQL", tests, count, NULL, NULL);
    postgres_end();
    return failed;
}

/* Runs the group on SQLite, then on PostgreSQL. */
#define databases_run(tests) databases_run_all(tests, sizeof(tests) / sizeof((tests)[0]))

#endif
