#include "central/data/people.h"

#include <stdio.h>
#include <string.h>

bool tp_password_check(const char *password, struct tp_error *error)
{
    size_t length = strlen(password);

    if (length < TP_PASSWORD_MIN)
        return tp_fail(error, TP_ERR_INVALID,
                       "the password is too short; use at least %u characters, for example three "
                       "words that have nothing to do with each other",
                       TP_PASSWORD_MIN);
    if (length > TP_PASSWORD_MAX)
        return tp_fail(error, TP_ERR_INVALID, "the password is longer than %u characters",
                       TP_PASSWORD_MAX);
    return true;
}

void tp_password_make(const struct tp_random *random, char password[TP_PASSWORD_MADE_MAX])
{
    static const char letters[] = "abcdefghjkmnpqrstuvwxyz23456789";

    for (size_t i = 0; i < TP_PASSWORD_MADE_MAX - 1; i++) {
        password[i] = letters[tp_random_below(random, sizeof(letters) - 1)];
        if (i % 6 == 5)
            password[i] = '-';
    }
    password[TP_PASSWORD_MADE_MAX - 1] = '\0';
}

bool tp_password_hash(struct tp_central *central, const char *password,
                      char hash[TP_PASSWORD_HASH_MAX], struct tp_error *error)
{
    int failed;

    (void)pthread_mutex_lock(&central->hashing);
    failed = crypto_pwhash_str(hash, password, strlen(password), crypto_pwhash_OPSLIMIT_INTERACTIVE,
                               crypto_pwhash_MEMLIMIT_INTERACTIVE);
    (void)pthread_mutex_unlock(&central->hashing);
    return failed == 0 || tp_fail_memory(error);
}

static const char *const role_names[] = {[TP_ROLE_VIEWER] = "viewer",
                                         [TP_ROLE_OFFICER] = "officer",
                                         [TP_ROLE_ADMINISTRATOR] = "administrator"};

const char *tp_role_name(enum tp_role role)
{
    return role_names[role];
}

bool tp_role_parse(const char *name, enum tp_role *role)
{
    for (size_t i = 0; i < sizeof(role_names) / sizeof(role_names[0]); i++) {
        if (strcmp(role_names[i], name) != 0)
            continue;
        *role = (enum tp_role)i;
        return true;
    }
    return false;
}

bool tp_person_add(struct tp_sql *db, const char *name, const char *hash, enum tp_role role,
                   int64_t now_ms, enum tp_person_result *result, struct tp_error *error)
{
    int64_t added = 0;

    if (!tp_sql_run(
            db,
            "INSERT INTO person (name, password_hash, created_ms, changed_ms, role) "
            "VALUES (?1, ?2, ?3, ?3, ?4) ON CONFLICT DO NOTHING",
            TP_VALUES(tp_str(name), tp_str(hash), tp_int(now_ms), tp_str(tp_role_name(role))),
            &added, error))
        return false;
    *result = added ? TP_PERSON_OK : TP_PERSON_TAKEN;
    return true;
}

/* Without an administrator nobody could let anyone in again. */
static bool is_last(struct tp_sql *db, int64_t id, bool *last, struct tp_error *error)
{
    int64_t others = 0;

    if (!tp_sql_number(db, "SELECT count(*) FROM person WHERE id <> ?1 AND role = 'administrator'",
                       TP_VALUES(tp_int(id)), 0, &others, error))
        return false;
    *last = others == 0;
    return true;
}

bool tp_person_set_role(struct tp_sql *db, int64_t id, enum tp_role role,
                        enum tp_person_result *result, struct tp_error *error)
{
    int64_t changed = 0;
    bool last = false;

    if (role != TP_ROLE_ADMINISTRATOR && !is_last(db, id, &last, error))
        return false;
    if (last) {
        *result = TP_PERSON_LAST;
        return true;
    }
    if (!tp_sql_run(db, "UPDATE person SET role = ?2 WHERE id = ?1",
                    TP_VALUES(tp_int(id), tp_str(tp_role_name(role))), &changed, error))
        return false;
    *result = changed ? TP_PERSON_OK : TP_PERSON_UNKNOWN;
    return true;
}

bool tp_person_remove(struct tp_sql *db, int64_t id, enum tp_person_result *result,
                      struct tp_error *error)
{
    int64_t removed = 0;
    bool last = false;

    if (!is_last(db, id, &last, error))
        return false;
    if (last) {
        *result = TP_PERSON_LAST;
        return true;
    }
    if (!tp_sql_run(db, "DELETE FROM person WHERE id = ?1", TP_VALUES(tp_int(id)), &removed, error))
        return false;
    *result = removed ? TP_PERSON_OK : TP_PERSON_UNKNOWN;
    return true;
}

bool tp_person_set_password(struct tp_sql *db, int64_t id, const char *hash,
                            const char *kept_session, int64_t now_ms, struct tp_error *error)
{
    unsigned char digest[TP_SHA256_BYTES];

    tp_token_digest(kept_session, digest);
    return tp_sql_run(db, "UPDATE person SET password_hash = ?2, changed_ms = ?3 WHERE id = ?1",
                      TP_VALUES(tp_int(id), tp_str(hash), tp_int(now_ms)), NULL, error) &&
           tp_sql_run(db, "DELETE FROM session WHERE person = ?1 AND token_sha256 <> ?2",
                      TP_VALUES(tp_int(id), tp_blob(digest, sizeof(digest))), NULL, error);
}

bool tp_people_each(struct tp_sql *db, bool (*each)(void *context, const struct tp_person *person),
                    void *context, struct tp_error *error)
{
    struct tp_rows rows;
    bool more = true;

    (void)tp_sql_ask(db,
                     "SELECT id, created_ms, coalesce(seen_ms, 0), name, role FROM person "
                     "ORDER BY lower(name)",
                     TP_NO_VALUES, &rows, error);
    while (more && tp_rows_next(&rows)) {
        struct tp_person person = {.id = tp_rows_int(&rows, 0),
                                   .created_ms = tp_rows_int(&rows, 1),
                                   .seen_ms = tp_rows_int(&rows, 2)};

        (void)snprintf(person.name, sizeof(person.name), "%s", tp_rows_text(&rows, 3));
        (void)tp_role_parse(tp_rows_text(&rows, 4), &person.role);
        more = each(context, &person);
    }
    return tp_rows_finish(&rows);
}
