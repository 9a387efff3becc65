/* Enrolment: a code on a screen becomes a device with a token (docs/PROTOCOL.md, "Enrolment"). */
#include <ctype.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "central/data/devices.h"

static const char alphabet[] = "ABCDEFGHJKMNPQRSTUVWXYZ23456789";

bool tp_enrolment_code(const char *text, char code[TP_ENROLMENT_CODE_MAX])
{
    char made[TP_ENROLMENT_CODE_MAX] = "";
    size_t length = 0;

    for (; *text; text++) {
        char c = (char)toupper((unsigned char)*text);

        if (c == '-' || c == ' ')
            continue;
        if (length == 9 || !strchr(alphabet, c))
            return false;
        if (length == 4)
            made[length++] = '-';
        made[length++] = c;
    }
    if (length != 9)
        return false;
    memcpy(code, made, sizeof(made));
    return true;
}

/* Those that lapsed go; an approved one stays as the record of how its device came about. */
static bool tidy(struct tp_sql *db, int64_t now_ms, struct tp_error *error)
{
    return tp_sql_run(db, "DELETE FROM enrolment WHERE state <> 'approved' AND created_ms < ?1",
                      TP_VALUES(tp_int(now_ms - TP_ENROLMENT_LIFE_MS)), NULL, error);
}

bool tp_enrolment_add(struct tp_sql *db, const char *code, const unsigned char secret_sha256[32],
                      const char *name, const char *version, int64_t now_ms,
                      enum tp_enrolment_result *result, int64_t *id, struct tp_error *error)
{
    int64_t same = 0;
    int64_t waiting = 0;
    int64_t made = 0;

    if (!tidy(db, now_ms, error) ||
        !tp_sql_number(db, "SELECT count(*) FROM enrolment WHERE code = ?1 AND state = 'waiting'",
                       TP_VALUES(tp_str(code)), 0, &same, error) ||
        !tp_sql_number(db, "SELECT count(*) FROM enrolment WHERE state = 'waiting'", TP_NO_VALUES,
                       0, &waiting, error))
        return false;
    if (same || waiting >= TP_ENROLMENT_WAITING_MAX) {
        *result = same ? TP_ENROLMENT_TAKEN : TP_ENROLMENT_FULL;
        return true;
    }
    if (!tp_sql_number(db,
                       "INSERT INTO enrolment (code, secret_sha256, name, version, state, "
                       "created_ms) VALUES (?1, ?2, ?3, ?4, 'waiting', ?5) RETURNING id",
                       TP_VALUES(tp_str(code), tp_blob(secret_sha256, 32), tp_str(name),
                                 tp_str(version), tp_int(now_ms)),
                       0, &made, error))
        return false;
    *result = TP_ENROLMENT_OK;
    *id = made;
    return true;
}

bool tp_enrolment_add_from(struct tp_sql *db, const char *place, const char *code,
                           const unsigned char secret_sha256[32], const char *name,
                           const char *version, int64_t now_ms, enum tp_enrolment_result *result,
                           int64_t *id, struct tp_error *error)
{
    int64_t waiting = 0;

    if (!tidy(db, now_ms, error) ||
        !tp_sql_number(db, "SELECT count(*) FROM enrolment WHERE place = ?1 AND state = 'waiting'",
                       TP_VALUES(tp_str(place)), 0, &waiting, error))
        return false;
    if (waiting >= TP_ENROLMENT_OF_A_PLACE_MAX) {
        *result = TP_ENROLMENT_FULL;
        return true;
    }
    return tp_enrolment_add(db, code, secret_sha256, name, version, now_ms, result, id, error) &&
           (*result != TP_ENROLMENT_OK ||
            tp_sql_run(db, "UPDATE enrolment SET place = ?2 WHERE id = ?1",
                       TP_VALUES(tp_int(*id), tp_str(place)), NULL, error));
}

static bool find_waiting(struct tp_sql *db, const char *code, int64_t now_ms, int64_t *id,
                         char name[TP_DEVICE_NAME_MAX + 1], struct tp_error *error)
{
    struct tp_rows rows;

    if (tp_sql_ask(db,
                   "SELECT id, name FROM enrolment WHERE code = ?1 AND state = 'waiting' "
                   "AND created_ms >= ?2",
                   TP_VALUES(tp_str(code), tp_int(now_ms - TP_ENROLMENT_LIFE_MS)), &rows, error) &&
        tp_rows_next(&rows)) {
        *id = tp_rows_int(&rows, 0);
        (void)snprintf(name, TP_DEVICE_NAME_MAX + 1, "%s", tp_rows_text(&rows, 1));
    }
    return tp_rows_finish(&rows);
}

bool tp_enrolment_approve(struct tp_sql *db, const char *code, const char *name,
                          const struct tp_random *random, int64_t now_ms,
                          enum tp_enrolment_result *result,
                          char approved_name[TP_DEVICE_NAME_MAX + 1], struct tp_error *error)
{
    char asked[TP_DEVICE_NAME_MAX + 1] = "";
    char uuid[TP_UUID_TEXT_MAX];
    char device[TP_DEVICE_ID_MAX];
    int64_t id = 0;

    if (!find_waiting(db, code, now_ms, &id, asked, error))
        return false;
    if (id == 0) {
        *result = TP_ENROLMENT_UNKNOWN;
        return true;
    }
    if (name && *name)
        (void)snprintf(asked, sizeof(asked), "%s", name);
    tp_random_uuid(random, uuid);
    (void)snprintf(device, sizeof(device), "uuid:%s", uuid);
    if (!tp_sql_run(db, "INSERT INTO device (id, name, created_ms) VALUES (?1, ?2, ?3)",
                    TP_VALUES(tp_str(device), tp_str(asked), tp_int(now_ms)), NULL, error) ||
        !tp_sql_run(db,
                    "UPDATE enrolment SET state = 'approved', decided_ms = ?2, device = ?3, "
                    "place = NULL "
                    "WHERE id = ?1",
                    TP_VALUES(tp_int(id), tp_int(now_ms), tp_str(device)), NULL, error))
        return false;
    *result = TP_ENROLMENT_OK;
    memcpy(approved_name, asked, sizeof(asked));
    return true;
}

bool tp_enrolment_refuse(struct tp_sql *db, int64_t id, int64_t now_ms,
                         enum tp_enrolment_result *result, struct tp_error *error)
{
    int64_t changed = 0;

    if (!tp_sql_run(db,
                    "UPDATE enrolment SET state = 'refused', decided_ms = ?2 "
                    "WHERE id = ?1 AND state = 'waiting'",
                    TP_VALUES(tp_int(id), tp_int(now_ms)), &changed, error))
        return false;
    *result = changed ? TP_ENROLMENT_OK : TP_ENROLMENT_UNKNOWN;
    return true;
}

/* The row that this secret may claim; result UNKNOWN where there is none. */
static bool find_claim(struct tp_sql *db, int64_t id, const char *secret, int64_t now_ms,
                       struct tp_claim *claim, struct tp_error *error)
{
    unsigned char digest[32];
    struct tp_rows rows;

    claim->result = TP_ENROLMENT_UNKNOWN;
    tp_token_digest(secret, digest);
    if (tp_sql_ask(db,
                   "SELECT e.secret_sha256, e.state, coalesce(e.decided_ms, e.created_ms), "
                   "coalesce(d.id, ''), coalesce(d.name, ''), d.confirmed_ms IS NOT NULL, "
                   "d.revoked_ms IS NOT NULL "
                   "FROM enrolment e LEFT JOIN device d ON d.id = e.device WHERE e.id = ?1",
                   TP_VALUES(tp_int(id)), &rows, error) &&
        tp_rows_next(&rows)) {
        size_t length;
        const void *kept = tp_rows_blob(&rows, 0, &length);
        const char *state = tp_rows_text(&rows, 1);
        bool lapsed = tp_rows_int(&rows, 2) < now_ms - TP_ENROLMENT_LIFE_MS;
        bool fits = length == sizeof(digest) && sodium_memcmp(kept, digest, sizeof(digest)) == 0;

        if (fits && (strcmp(state, "refused") == 0 || tp_rows_int(&rows, 6)))
            claim->result = TP_ENROLMENT_REFUSED;
        else if (!fits || lapsed || tp_rows_int(&rows, 5))
            claim->result = TP_ENROLMENT_UNKNOWN;
        else if (strcmp(state, "waiting") == 0)
            claim->result = TP_ENROLMENT_WAITING;
        else
            claim->result = TP_ENROLMENT_OK;
        (void)snprintf(claim->device, sizeof(claim->device), "%s", tp_rows_text(&rows, 3));
        (void)snprintf(claim->name, sizeof(claim->name), "%s", tp_rows_text(&rows, 4));
    }
    return tp_rows_finish(&rows);
}

bool tp_enrolment_claim(struct tp_sql *db, const struct tp_keys *keys, int64_t id,
                        const char *secret, int64_t now_ms, struct tp_claim *claim,
                        struct tp_error *error)
{
    struct tp_claim found = {.result = TP_ENROLMENT_UNKNOWN};
    unsigned char digest[32];

    if (!find_claim(db, id, secret, now_ms, &found, error))
        return false;
    if (found.result == TP_ENROLMENT_OK) {
        tp_keys_token(keys, id, secret, found.token);
        tp_token_digest(found.token, digest);
        if (!tp_sql_run(db, "UPDATE device SET token_sha256 = ?2 WHERE id = ?1",
                        TP_VALUES(tp_str(found.device), tp_blob(digest, sizeof(digest))), NULL,
                        error))
            return false;
    }
    *claim = found;
    return true;
}

bool tp_enrolment_list(struct tp_sql *db, int64_t now_ms, struct tp_enrolment *list, size_t *count,
                       struct tp_error *error)
{
    struct tp_rows rows;
    size_t found = 0;

    (void)tp_sql_ask(db,
                     "SELECT id, created_ms, name, version FROM enrolment WHERE state = 'waiting' "
                     "AND created_ms >= ?1 ORDER BY id",
                     TP_VALUES(tp_int(now_ms - TP_ENROLMENT_LIFE_MS)), &rows, error);
    while (found < TP_ENROLMENT_WAITING_MAX && tp_rows_next(&rows)) {
        struct tp_enrolment *enrolment = &list[found++];

        enrolment->id = tp_rows_int(&rows, 0);
        enrolment->created_ms = tp_rows_int(&rows, 1);
        (void)snprintf(enrolment->name, sizeof(enrolment->name), "%s", tp_rows_text(&rows, 2));
        (void)snprintf(enrolment->version, sizeof(enrolment->version), "%s",
                       tp_rows_text(&rows, 3));
    }
    if (!tp_rows_finish(&rows))
        return false;
    *count = found;
    return true;
}
