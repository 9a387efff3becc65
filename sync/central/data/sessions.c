/*
 * Signing in and staying signed in.
 *
 * Failures are counted by name and address together, and more loosely by name alone and by address
 * alone: a stranger who guesses from one place is soon held up for a quarter of an hour; one who
 * guesses from everywhere, or tries one password on every name, slows each guess to a minute but
 * cannot shut the administrator, or an office behind one address, out for longer than that.
 */
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "central/data/audit.h"
#include "central/data/people.h"
#include "central/data/place.h"

struct limit {
    int64_t free_failures; /* without a delay */
    int64_t longest_ms;
};
static const struct limit by_place = {3, 15 * 60 * 1000};
static const struct limit by_name = {20, 60 * 1000};
static const struct limit by_address = {30, 60 * 1000};

/* Failures this old are forgotten. */
#define ATTEMPT_LIFE_MS (24 * 3600 * 1000LL)
/* A session's last use is written down once in this time, not at each request. */
#define SEEN_STEP_MS (60 * 1000LL)

struct attempt {
    struct tp_central *central;
    const char *name_given;
    const char *address;
    unsigned char place[TP_SHA256_BYTES]; /* of name and address */
    unsigned char name[TP_SHA256_BYTES];
    unsigned char whence[TP_SHA256_BYTES]; /* of the address alone */
    unsigned char session[TP_SHA256_BYTES];
    int64_t person; /* 0: failed */
    int64_t now_ms;
};

static void name_attempt(struct attempt *attempt, const char *name, const char *address)
{
    char lower[TP_PERSON_NAME_MAX + 1];
    char place[TP_PLACE_MAX];
    char both[TP_PERSON_NAME_MAX + TP_PLACE_MAX + 2];
    size_t i = 0;

    tp_place_of(address, place);
    for (; i < TP_PERSON_NAME_MAX && name[i]; i++)
        lower[i] = (char)(name[i] >= 'A' && name[i] <= 'Z' ? name[i] + 32 : name[i]);
    lower[i] = '\0';
    (void)snprintf(both, sizeof(both), "%s\n%s", lower, place);
    tp_token_digest(lower, attempt->name);
    tp_token_digest(both, attempt->place);
    /* As no name is: it is one line. */
    (void)snprintf(both, sizeof(both), "\n\n%s", place);
    tp_token_digest(both, attempt->whence);
}

/* 1 s after the first failure that counts, then twice as long each time. */
static int64_t delay_after(int64_t failures, const struct limit *limit)
{
    int64_t over = failures - limit->free_failures;
    int64_t delay = 1000;

    if (over <= 0)
        return 0;
    while (--over > 0 && delay < limit->longest_ms)
        delay *= 2;
    return delay < limit->longest_ms ? delay : limit->longest_ms;
}

static bool wait_for(struct tp_sql *db, const unsigned char *who, const struct limit *limit,
                     int64_t now_ms, int64_t *wait_ms, struct tp_error *error)
{
    struct tp_rows rows;

    if (tp_sql_ask(db, "SELECT failures, last_ms FROM attempt WHERE who = ?1",
                   TP_VALUES(tp_blob(who, TP_SHA256_BYTES)), &rows, error) &&
        tp_rows_next(&rows)) {
        int64_t left = tp_rows_int(&rows, 1) + delay_after(tp_rows_int(&rows, 0), limit) - now_ms;

        if (left > *wait_ms)
            *wait_ms = left < limit->longest_ms ? left : limit->longest_ms;
    }
    return tp_rows_finish(&rows);
}

static bool count_failure(struct tp_sql *db, const unsigned char *who, int64_t now_ms,
                          struct tp_error *error)
{
    return tp_sql_run(db,
                      "INSERT INTO attempt (who, failures, last_ms) VALUES (?1, 1, ?2) "
                      "ON CONFLICT (who) DO UPDATE SET failures = attempt.failures + 1, "
                      "last_ms = excluded.last_ms",
                      TP_VALUES(tp_blob(who, TP_SHA256_BYTES), tp_int(now_ms)), NULL, error);
}

static bool forget_failures(struct tp_sql *db, const unsigned char *who, struct tp_error *error)
{
    return tp_sql_run(db, "DELETE FROM attempt WHERE who = ?1",
                      TP_VALUES(tp_blob(who, TP_SHA256_BYTES)), NULL, error);
}

/* What is over goes. Of failures only so many are remembered: of more, the oldest go. */
static bool forget_old(struct tp_sql *db, int64_t now_ms, struct tp_error *error)
{
    int64_t count = 0;

    return tp_sql_run(
               db, "DELETE FROM session WHERE created_ms < ?1 OR seen_ms < ?2",
               TP_VALUES(tp_int(now_ms - TP_SESSION_LIFE_MS), tp_int(now_ms - TP_SESSION_IDLE_MS)),
               NULL, error) &&
           tp_sql_run(db, "DELETE FROM attempt WHERE last_ms < ?1",
                      TP_VALUES(tp_int(now_ms - ATTEMPT_LIFE_MS)), NULL, error) &&
           tp_sql_number(db, "SELECT count(*) FROM attempt", TP_NO_VALUES, 0, &count, error) &&
           (count <= TP_ATTEMPTS_MAX ||
            tp_sql_run(db,
                       "DELETE FROM attempt WHERE last_ms <= "
                       "(SELECT last_ms FROM attempt ORDER BY last_ms LIMIT 1 OFFSET ?1)",
                       TP_VALUES(tp_int(TP_ATTEMPTS_MAX / 4)), NULL, error));
}

static bool write_failure(struct tp_sql *db, const struct attempt *attempt, struct tp_error *error)
{
    const struct tp_deed deed = {attempt->name_given, attempt->now_ms};

    return tp_audit_add_stranger(db, &deed, "failed to sign in from", attempt->address,
                                 "failed to sign in, each not listed here:", error) &&
           count_failure(db, attempt->place, attempt->now_ms, error) &&
           count_failure(db, attempt->name, attempt->now_ms, error) &&
           count_failure(db, attempt->whence, attempt->now_ms, error);
}

static bool write_success(struct tp_sql *db, const struct attempt *attempt, struct tp_error *error)
{
    const struct tp_deed deed = {attempt->name_given, attempt->now_ms};

    return tp_audit_add(db, &deed, "signed in from", attempt->address, error) &&
           forget_failures(db, attempt->place, error) &&
           forget_failures(db, attempt->name, error) &&
           tp_sql_run(db, "UPDATE person SET seen_ms = ?2 WHERE id = ?1",
                      TP_VALUES(tp_int(attempt->person), tp_int(attempt->now_ms)), NULL, error) &&
           tp_sql_run(db,
                      "INSERT INTO session (token_sha256, person, created_ms, seen_ms) "
                      "VALUES (?1, ?2, ?3, ?3)",
                      TP_VALUES(tp_blob(attempt->session, TP_SHA256_BYTES), tp_int(attempt->person),
                                tp_int(attempt->now_ms)),
                      NULL, error);
}

static bool write_outcome(struct tp_sql *db, void *context, struct tp_error *error)
{
    const struct attempt *attempt = context;

    return forget_old(db, attempt->now_ms, error) &&
           (attempt->person ? write_success(db, attempt, error)
                            : write_failure(db, attempt, error));
}

/* Under hashing: it takes memory and a core. */
static bool fits(const char *hash, const char *password)
{
    return crypto_pwhash_str_verify(hash, password, strlen(password)) == 0;
}

/* A hash of nothing anyone can type, so that an unknown name takes as long as a known one. */
static const char nobody[] = "$argon2id$v=19$m=65536,t=2,p=1$tptptptptptptptptptptg$"
                             "qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqo";

struct known {
    int64_t id;
    char hash[TP_PASSWORD_HASH_MAX];
};

static bool find_person(struct tp_sql *db, const char *name, struct known *known,
                        struct tp_error *error)
{
    struct tp_rows rows;

    if (tp_sql_ask(db, "SELECT id, password_hash FROM person WHERE lower(name) = lower(?1)",
                   TP_VALUES(tp_str(name)), &rows, error) &&
        tp_rows_next(&rows)) {
        known->id = tp_rows_int(&rows, 0);
        (void)snprintf(known->hash, sizeof(known->hash), "%s", tp_rows_text(&rows, 1));
    }
    return tp_rows_finish(&rows);
}

/* Under hashing, from the look at the delays until the failure is written: of many who guess at the
 * same moment each is held up by the one before. */
static bool try_password(struct attempt *attempt, const char *password, int64_t *wait_ms,
                         struct tp_error *error)
{
    struct tp_central *central = attempt->central;
    struct tp_sql *db = tp_sql_pool_take(central->readers);
    struct known known = {.id = 0};
    bool ok;

    (void)snprintf(known.hash, sizeof(known.hash), "%s", nobody);
    ok = wait_for(db, attempt->place, &by_place, attempt->now_ms, wait_ms, error) &&
         wait_for(db, attempt->name, &by_name, attempt->now_ms, wait_ms, error) &&
         wait_for(db, attempt->whence, &by_address, attempt->now_ms, wait_ms, error) &&
         find_person(db, attempt->name_given, &known, error);
    tp_sql_pool_give(central->readers, db);
    if (ok && *wait_ms == 0) {
        attempt->person = fits(known.hash, password) ? known.id : 0;
        ok = tp_committer_run(central->committer, write_outcome, attempt, error);
    }
    tp_wipe(&known, sizeof(known));
    return ok;
}

bool tp_people_sign_in(struct tp_central *central, const char *name, const char *password,
                       const char *address, const char *cookie, struct tp_sign_in *result,
                       struct tp_error *error)
{
    struct attempt attempt = {.central = central, .name_given = name, .address = address};
    int64_t wait_ms = 0;
    bool ok;

    name_attempt(&attempt, name, address);
    tp_token_digest(cookie, attempt.session);
    (void)pthread_mutex_lock(&central->hashing);
    attempt.now_ms = tp_clock_wall_ms(&central->clock);
    ok = try_password(&attempt, password, &wait_ms, error);
    (void)pthread_mutex_unlock(&central->hashing);
    if (ok)
        *result = (struct tp_sign_in){.signed_in = attempt.person != 0, .wait_ms = wait_ms};
    return ok;
}

bool tp_people_verify(struct tp_central *central, int64_t id, const char *password, bool *right,
                      struct tp_error *error)
{
    struct tp_sql *db = tp_sql_pool_take(central->readers);
    struct known known = {.id = 0};
    struct tp_rows rows;
    bool ok;

    (void)snprintf(known.hash, sizeof(known.hash), "%s", nobody);
    if (tp_sql_ask(db, "SELECT password_hash FROM person WHERE id = ?1", TP_VALUES(tp_int(id)),
                   &rows, error) &&
        tp_rows_next(&rows))
        (void)snprintf(known.hash, sizeof(known.hash), "%s", tp_rows_text(&rows, 0));
    ok = tp_rows_finish(&rows);
    tp_sql_pool_give(central->readers, db);
    if (ok) {
        (void)pthread_mutex_lock(&central->hashing);
        *right = fits(known.hash, password);
        (void)pthread_mutex_unlock(&central->hashing);
    }
    tp_wipe(&known, sizeof(known));
    return ok;
}

static bool end_session(struct tp_sql *db, void *context, struct tp_error *error)
{
    return tp_sql_run(db, "DELETE FROM session WHERE token_sha256 = ?1",
                      TP_VALUES(tp_blob(context, TP_SHA256_BYTES)), NULL, error);
}

bool tp_people_sign_out(struct tp_central *central, const char *cookie, struct tp_error *error)
{
    unsigned char digest[TP_SHA256_BYTES];

    tp_token_digest(cookie, digest);
    return tp_committer_run(central->committer, end_session, digest, error);
}

struct seen {
    unsigned char session[TP_SHA256_BYTES];
    int64_t now_ms;
};

static bool write_seen(struct tp_sql *db, void *context, struct tp_error *error)
{
    const struct seen *seen = context;

    return tp_sql_run(db, "UPDATE session SET seen_ms = ?2 WHERE token_sha256 = ?1",
                      TP_VALUES(tp_blob(seen->session, TP_SHA256_BYTES), tp_int(seen->now_ms)),
                      NULL, error);
}

bool tp_people_session(struct tp_central *central, struct tp_exchange *exchange, bool *signed_in,
                       struct tp_error *error)
{
    struct tp_sql *db = tp_sql_pool_take(central->readers);
    struct seen seen = {.now_ms = tp_clock_wall_ms(&central->clock)};
    struct tp_rows rows;
    int64_t last_ms = 0;
    bool found = false;
    bool ok;

    tp_token_digest(exchange->session, seen.session);
    if (tp_sql_ask(db,
                   "SELECT p.id, p.name, p.role, s.seen_ms FROM session s "
                   "JOIN person p ON p.id = s.person "
                   "WHERE s.token_sha256 = ?1 AND s.created_ms >= ?2 AND s.seen_ms >= ?3",
                   TP_VALUES(tp_blob(seen.session, sizeof(seen.session)),
                             tp_int(seen.now_ms - TP_SESSION_LIFE_MS),
                             tp_int(seen.now_ms - TP_SESSION_IDLE_MS)),
                   &rows, error) &&
        tp_rows_next(&rows)) {
        exchange->person = tp_rows_int(&rows, 0);
        (void)snprintf(exchange->person_name, sizeof(exchange->person_name), "%s",
                       tp_rows_text(&rows, 1));
        found = tp_role_parse(tp_rows_text(&rows, 2), &exchange->role);
        last_ms = tp_rows_int(&rows, 3);
    }
    ok = tp_rows_finish(&rows);
    tp_sql_pool_give(central->readers, db);
    if (ok && found && seen.now_ms - last_ms > SEEN_STEP_MS)
        ok = tp_committer_run(central->committer, write_seen, &seen, error);
    if (!ok || !found)
        exchange->person = 0;
    if (ok)
        *signed_in = found;
    return ok;
}
