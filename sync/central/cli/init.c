/* init and password: keys, database, administrators. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "central/cli/cli.h"
#include "central/data/audit.h"
#include "central/data/people.h"

/* Where a password comes from; where neither is set it is made up and shown once. */
struct password_source {
    const char *file;
    bool from_stdin;
};

/* The first line of a file or of standard input. */
static bool read_line(FILE *stream, char password[TP_PASSWORD_MAX + 2], struct tp_error *error)
{
    if (!fgets(password, TP_PASSWORD_MAX + 2, stream))
        return tp_fail(error, TP_ERR_INVALID, "there is no password to read");
    password[strcspn(password, "\r\n")] = '\0';
    return true;
}

static bool get_password(const struct password_source *source, char password[TP_PASSWORD_MAX + 2],
                         struct tp_error *error)
{
    struct tp_random random = tp_random_system();
    FILE *stream;
    bool ok;

    if (source->from_stdin)
        return read_line(stdin, password, error) && tp_password_check(password, error);
    if (!source->file) {
        tp_password_make(&random, password);
        return true;
    }
    stream = fopen(source->file, "re");
    if (!stream)
        return tp_fail_errno(error, errno, "cannot read '%s'", source->file);
    ok = read_line(stream, password, error) && tp_password_check(password, error);
    (void)fclose(stream);
    return ok;
}

static bool hash_password(const char *password, char hash[TP_PASSWORD_HASH_MAX],
                          struct tp_error *error)
{
    static struct tp_central alone = {.hashing = PTHREAD_MUTEX_INITIALIZER};

    if (sodium_init() < 0)
        return tp_fail(error, TP_ERR_CRYPTO, "libsodium cannot start");
    return tp_password_hash(&alone, password, hash, error);
}

struct person {
    const char *name;
    char hash[TP_PASSWORD_HASH_MAX];
    int64_t now_ms;
    enum tp_person_result result;
    int64_t changed;
};

static bool run_add(struct tp_sql *db, void *context, struct tp_error *error)
{
    struct person *person = context;

    return tp_person_add(db, person->name, person->hash, TP_ROLE_ADMINISTRATOR, person->now_ms,
                         &person->result, error);
}

static bool run_set(struct tp_sql *db, void *context, struct tp_error *error)
{
    struct person *person = context;
    int64_t id = 0;

    if (!tp_sql_number(db, "SELECT id FROM person WHERE lower(name) = lower(?1)",
                       TP_VALUES(tp_str(person->name)), 0, &id, error))
        return false;
    person->result = id ? TP_PERSON_OK : TP_PERSON_UNKNOWN;
    return !id || (tp_person_set_password(db, id, person->hash, "", person->now_ms, error) &&
                   tp_audit_add(db, &(struct tp_deed){TP_AUDIT_COMMAND_LINE, person->now_ms},
                                "set the password of", person->name, error));
}

/* Makes the database under another name, so that a store is there whole or not at all. */
static bool make_database(const char *path, struct person *person, struct tp_error *error)
{
    char *part = tp_asprintf("%s.part", path);
    struct tp_sql *db = NULL;
    bool ok = false;

    if (!part)
        return tp_fail_memory(error);
    (void)unlink(part);
    if (tp_sql_open(part, true, &db, error)) {
        ok = tp_sql_migrate(db, person->now_ms, error) &&
             tp_cli_write(db, run_add, person, error) && tp_sql_backup(db, path, error);
        tp_sql_close(db);
    }
    (void)unlink(part);
    tp_free(part);
    return ok;
}

/* A server's database is there already, empty: the tables and the first administrator go in. */
static bool fill_database(const char *url, struct person *person, struct tp_error *error)
{
    struct tp_sql *db = NULL;
    int64_t people = 0;
    bool ok;

    if (!tp_sql_open(url, true, &db, error))
        return false;
    ok = tp_sql_migrate(db, person->now_ms, error) &&
         tp_sql_number(db, "SELECT count(*) FROM person", TP_NO_VALUES, 0, &people, error) &&
         (people == 0 ||
          tp_fail(error, TP_ERR_CONFLICT, "there is a store in that database already")) &&
         tp_cli_write(db, run_add, person, error);
    tp_sql_close(db);
    return ok;
}

static bool make_store(const struct tp_cli *cli, const char *apart, struct person *person,
                       struct tp_error *error)
{
    char path[TP_DATA_PATH_MAX];
    const char *db = tp_settings_db(&cli->settings, path);
    bool is_file;

    (void)tp_sql_called(db, &is_file);
    if (is_file && access(db, F_OK) == 0)
        return tp_fail(error, TP_ERR_CONFLICT, "there is a store in '%s' already", db);
    return tp_dir_make(cli->settings.data, 0700, error) &&
           tp_keys_make(cli->settings.data, apart, error) &&
           (is_file ? make_database(db, person, error) : fill_database(db, person, error));
}

static void show_made(const char *name, const char *password)
{
    (void)printf("administrator: %s\npassword: %s\n"
                 "This password is shown once. Write it down, sign in, and change it.\n",
                 name, password);
}

int tp_cli_init(int argc, char **argv)
{
    const char *admin = "admin";
    struct password_source source = {.file = NULL};
    const char *apart = NULL;
    const struct tp_cli_option options[] = {{"admin", &admin, NULL},
                                            {"sealing-key-apart", &apart, NULL},
                                            {"password-file", &source.file, NULL},
                                            {"password-stdin", NULL, &source.from_stdin},
                                            {NULL, NULL, NULL}};
    struct tp_clock clock = tp_clock_system();
    struct person person = {.now_ms = tp_clock_wall_ms(&clock)};
    char password[TP_PASSWORD_MAX + 2] = "";
    struct tp_error error;
    struct tp_cli cli;
    bool ok;

    if (!tp_cli_read(argc, argv, options, 0, 0, "init --data DIR [--admin NAME]", &cli))
        return TP_EXIT_MISUSE;
    if (!*cli.settings.data)
        return tp_cli_misuse("name the store's folder with --data DIR");
    if (!*admin || strlen(admin) > TP_PERSON_NAME_MAX)
        return tp_cli_misuse("--admin needs a name of at most %u characters", TP_PERSON_NAME_MAX);
    person.name = admin;
    ok = get_password(&source, password, &error) && hash_password(password, person.hash, &error) &&
         make_store(&cli, apart, &person, &error);
    if (ok) {
        (void)printf("made the store in %s\n", cli.settings.data);
        if (!source.file && !source.from_stdin)
            show_made(admin, password);
    }
    tp_wipe(password, sizeof(password));
    return ok ? TP_EXIT_DONE : tp_cli_fail(&error);
}

/* A new sealing key, from the next start of the servers. */
int tp_cli_rotate(int argc, char **argv)
{
    const char *apart = NULL;
    const struct tp_cli_option options[] = {{"sealing-key-apart", &apart, NULL},
                                            {NULL, NULL, NULL}};
    struct tp_error error;
    struct tp_cli cli;

    if (!tp_cli_read(argc, argv, options, 0, 0, "rotate --data DIR [--sealing-key-apart FILE]",
                     &cli))
        return TP_EXIT_MISUSE;
    if (!*cli.settings.data)
        return tp_cli_misuse("name the store's folder with --data DIR");
    if (sodium_init() < 0 || !tp_keys_rotate(cli.settings.data, apart, &error))
        return tp_cli_fail(&error);
    (void)printf(
        "made a new sealing key; restart the servers, and keep the old private key as long "
        "as there are answers sealed to it\n");
    return TP_EXIT_DONE;
}

int tp_cli_password(int argc, char **argv)
{
    struct password_source source = {.file = NULL};
    const struct tp_cli_option options[] = {{"password-file", &source.file, NULL},
                                            {"password-stdin", NULL, &source.from_stdin},
                                            {NULL, NULL, NULL}};
    struct tp_clock clock = tp_clock_system();
    struct person person = {.now_ms = tp_clock_wall_ms(&clock)};
    char password[TP_PASSWORD_MAX + 2] = "";
    struct tp_sql *db = NULL;
    struct tp_error error;
    struct tp_cli cli;
    bool ok;

    if (!tp_cli_read(argc, argv, options, 1, 1, "password NAME --data DIR", &cli))
        return TP_EXIT_MISUSE;
    person.name = cli.argv[0];
    ok = tp_cli_open(&cli, &db, &error) && get_password(&source, password, &error) &&
         hash_password(password, person.hash, &error) && tp_cli_write(db, run_set, &person, &error);
    if (ok && person.result == TP_PERSON_UNKNOWN)
        ok = tp_fail(&error, TP_ERR_NOT_FOUND, "there is no administrator '%s'", person.name);
    if (ok && !source.file && !source.from_stdin)
        show_made(person.name, password);
    tp_wipe(password, sizeof(password));
    tp_sql_close(db);
    return ok ? TP_EXIT_DONE : tp_cli_fail(&error);
}
