/*
 * Every statement the store runs, by name: prepared at its first use and kept. One table; nothing
 * else in core/store holds SQL but the migrations (schema.c). For core/store only.
 */
#ifndef TP_STORE_STATEMENTS_H
#define TP_STORE_STATEMENTS_H

/* clang-format off */
#define TP_STATEMENTS(S) \
S(BEGIN,    "BEGIN IMMEDIATE") \
S(COMMIT,   "COMMIT") \
S(ROLLBACK, "ROLLBACK") \
S(CHANGED,  "PRAGMA data_version") \
S(PROBE,    "UPDATE head SET probe = probe + 1") \
\
S(TIME_GET, "SELECT max(latest_ms, coalesce((SELECT created_ms FROM outbox WHERE sequence > checked_sequence" \
            " ORDER BY sequence DESC LIMIT 1), 0))," \
            " checked_boot, checked_their_ms, checked_monotonic_ms, checked_offset_ms FROM head") \
S(TIME_CHECK, "UPDATE head SET latest_ms = ?1, checked_boot = ?2, checked_their_ms = ?1," \
              " checked_monotonic_ms = ?3, checked_offset_ms = ?4," \
              " checked_sequence = max(sequence, coalesce((SELECT max(sequence) FROM outbox), 0))") \
\
S(SETTING_GET,    "SELECT value FROM settings WHERE name = ?1") \
S(SETTING_SET,    "INSERT INTO settings (name, value) VALUES (?1, ?2)" \
                  " ON CONFLICT (name) DO UPDATE SET value = excluded.value") \
S(SETTING_FORGET, "DELETE FROM settings WHERE name = ?1") \
S(AGENT_GET, "SELECT last_contact_ms, last_error, enrolment_code, enrolled FROM agent") \
S(AGENT_SET, "UPDATE agent SET last_contact_ms = ?1, last_error = ?2, enrolment_code = ?3, enrolled = ?4") \
S(AGENT_ASK, "UPDATE agent SET asked = asked + 1") \
S(AGENT_ASKED, "SELECT asked > taken FROM agent") \
S(AGENT_TAKE, "UPDATE agent SET taken = asked") \
S(NOTICES_GET, "SELECT serial, list, signature FROM notices") \
S(NOTICES_SET, "UPDATE notices SET serial = ?1, list = ?2, signature = ?3") \
\
S(COUNTER_ADD, "INSERT INTO counters (form_id, form_version, day, mode, name, count) VALUES (?1, ?2, ?3, ?4, ?5, 1)" \
               " ON CONFLICT (form_id, form_version, day, mode, name) DO UPDATE SET count = count + 1") \
S(COUNTERS_UNREPORTED, "SELECT form_id, form_version, day, mode, name, count FROM counters" \
                       " WHERE count > reported ORDER BY day, form_id, form_version, mode, name LIMIT ?1") \
S(COUNTER_REPORTED, "UPDATE counters SET reported = max(reported, min(?6, count))" \
                    " WHERE form_id = ?1 AND form_version = ?2 AND day = ?3 AND mode = ?4 AND name = ?5") \
S(COUNTERS_FORGET, "DELETE FROM counters WHERE reported = count AND day < ?1") \
S(COUNTERS_TOTAL, "SELECT coalesce(sum(count), 0) FROM counters WHERE form_id = ?1 AND name = ?2") \
S(TALLY_ADD, "INSERT INTO tallies (form_id, form_version, question, choice, count) VALUES (?1, ?2, ?3, ?4, 1)" \
             " ON CONFLICT (form_id, form_version, question, choice) DO UPDATE SET count = count + 1") \
S(TALLY_READ, "SELECT choice, count FROM tallies WHERE form_id = ?1 AND form_version = ?2 AND question = ?3" \
              " ORDER BY choice") \
S(TALLY_RESET, "DELETE FROM tallies WHERE form_id = ?1") \
\
S(PUT_KNOWN, "SELECT EXISTS (SELECT 1 FROM outbox WHERE instance_id = ?1)" \
             " OR EXISTS (SELECT 1 FROM sent WHERE instance_id = ?1)") \
S(PUT_SEQUENCE, "SELECT max(sequence, coalesce((SELECT max(sequence) FROM outbox), 0)) + 1 FROM head") \
S(PUT, "INSERT INTO outbox (sequence, instance_id, form_id, form_version, state, created_ms, created_trust, sha256, sealed)" \
       " VALUES (?1, ?2, ?3, ?4, 0, ?5, ?6, ?7, ?8)") \
\
S(NEXT, "SELECT o.sequence, o.instance_id, o.form_id, o.form_version, o.state, o.created_ms, o.created_trust," \
        " o.attempts, o.last_error, o.sha256, length(o.sealed), o.sealed," \
        " (SELECT k.device FROM carried k WHERE k.instance_id = o.instance_id)" \
        " FROM outbox o LEFT JOIN claims c ON c.sequence = o.sequence" \
        " WHERE o.state = 0 AND (c.sequence IS NULL OR c.boot <> ?1 OR c.lapses_ms <= ?2)" \
        " ORDER BY o.attempts, o.sequence LIMIT ?3") \
S(CLAIM, "INSERT INTO claims (sequence, holder, boot, lapses_ms) VALUES (?1, ?2, ?3, ?4)" \
         " ON CONFLICT (sequence) DO UPDATE SET holder = excluded.holder, boot = excluded.boot," \
         " lapses_ms = excluded.lapses_ms") \
S(UNCLAIM, "DELETE FROM claims WHERE sequence = ?1") \
S(RELEASE, "DELETE FROM claims WHERE holder = ?1") \
S(RELEASE_ALL, "DELETE FROM claims") \
S(CARRY_READ, "SELECT sequence, instance_id, form_id, form_version, state, created_ms, created_trust, attempts," \
              " last_error, sha256, length(sealed), sealed FROM outbox WHERE state = 0 AND sequence > ?1" \
              " ORDER BY sequence") \
S(CARRY_KNOWN, "SELECT EXISTS (SELECT 1 FROM outbox WHERE instance_id = ?1)" \
               " OR EXISTS (SELECT 1 FROM sent WHERE instance_id = ?1)" \
               " OR EXISTS (SELECT 1 FROM carried WHERE instance_id = ?1)") \
S(CARRY_ARRIVED, "SELECT EXISTS (SELECT 1 FROM sent WHERE instance_id = ?1)" \
                 " OR EXISTS (SELECT 1 FROM carried WHERE instance_id = ?1 AND signature <> '')") \
S(CARRY_ADD, "INSERT INTO carried (instance_id, sha256, device) VALUES (?1, ?2, ?3)") \
S(CARRY_FORGET, "DELETE FROM carried WHERE number <= (SELECT max(number) FROM carried) - ?1") \
S(CARRY_SIGNED, "UPDATE carried SET received = ?2, signature = ?3 WHERE instance_id = ?1") \
S(CARRY_RECEIPT, "SELECT sha256, received, signature FROM carried WHERE instance_id = ?1 AND signature <> ''") \
\
S(FIND, "SELECT sequence, sha256, created_ms FROM outbox WHERE instance_id = ?1") \
S(DELETE, "DELETE FROM outbox WHERE sequence = ?1") \
S(SENT_NUMBER, "UPDATE head SET sent = sent + 1, sequence = max(sequence, ?1)," \
               " latest_ms = iif(?1 > checked_sequence, max(latest_ms, ?2), latest_ms) RETURNING sent") \
S(SENT_ADD, "INSERT OR REPLACE INTO sent (number, instance_id) VALUES (?1, ?2)") \
S(SENT_FORGET, "DELETE FROM sent WHERE number <= (SELECT sent FROM head) - ?1") \
S(FAILED, "UPDATE outbox SET attempts = attempts + 1, last_error = ?2 WHERE sequence = ?1") \
S(QUARANTINE, "UPDATE outbox SET state = 1, attempts = attempts + 1, last_error = ?2 WHERE sequence = ?1") \
S(RETRY, "UPDATE outbox SET state = 0, attempts = 0 WHERE state = 1 AND instance_id = ?1") \
S(RETRY_ALL, "UPDATE outbox SET state = 0, attempts = 0 WHERE state = 1") \
S(COUNTS, "SELECT (SELECT count(*) FROM outbox), (SELECT sent FROM head)," \
          " (SELECT count(*) FROM outbox WHERE state = 1)") \
S(EACH, "SELECT sequence, instance_id, form_id, form_version, state, created_ms, created_trust, attempts, last_error," \
        " sha256, length(sealed) FROM outbox WHERE state = ?1 ORDER BY sequence")
/* clang-format on */

enum tp_statement {
#define TP_STATEMENT_NAME(name, sql) TP_SQL_##name,
    TP_STATEMENTS(TP_STATEMENT_NAME)
#undef TP_STATEMENT_NAME
        TP_STATEMENT_COUNT
};

#endif
