/*
 * The schema for SQLite, one migration after another (schema_postgres.c has the other dialect). A
 * migration that has shipped never changes: the next one does.
 *
 * What is secret is not here in the clear: tokens and session cookies as SHA-256, passwords as
 * argon2id, answers sealed.
 */
#include <stddef.h>

#include "central/db/driver.h"

static const char first[] =
    /* Administrators. */
    "CREATE TABLE person ("
    " id INTEGER PRIMARY KEY,"
    " name TEXT NOT NULL UNIQUE COLLATE NOCASE,"
    " password_hash TEXT NOT NULL,"
    " created_ms INTEGER NOT NULL,"
    " changed_ms INTEGER NOT NULL,"
    " seen_ms INTEGER) STRICT;"
    "CREATE TABLE session ("
    " token_sha256 BLOB PRIMARY KEY,"
    " person INTEGER NOT NULL REFERENCES person(id) ON DELETE CASCADE,"
    " created_ms INTEGER NOT NULL,"
    " seen_ms INTEGER NOT NULL) STRICT;"
    /* Failed sign-ins, by name and by name and address; both only as a hash. */
    "CREATE TABLE attempt ("
    " who BLOB PRIMARY KEY,"
    " failures INTEGER NOT NULL,"
    " last_ms INTEGER NOT NULL) STRICT;"

    /* Screens. */
    "CREATE TABLE device ("
    " id TEXT PRIMARY KEY,"
    " name TEXT NOT NULL,"
    " token_sha256 BLOB UNIQUE,"
    " created_ms INTEGER NOT NULL,"
    " confirmed_ms INTEGER," /* its first request with the token */
    " revoked_ms INTEGER,"
    " seen_ms INTEGER,"
    " version TEXT NOT NULL DEFAULT '',"
    " waiting INTEGER NOT NULL DEFAULT 0,"
    " sent INTEGER NOT NULL DEFAULT 0,"
    " quarantined INTEGER NOT NULL DEFAULT 0,"
    " venue TEXT NOT NULL DEFAULT '',"
    " event TEXT NOT NULL DEFAULT '',"
    " clock_off_ms INTEGER NOT NULL DEFAULT 0," /* the device's clock less ours */
    " disk_free_mib INTEGER,"
    " forms TEXT NOT NULL DEFAULT '{}') STRICT;"
    "CREATE TABLE enrolment ("
    " id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " code TEXT NOT NULL,"
    " secret_sha256 BLOB NOT NULL,"
    " name TEXT NOT NULL,"
    " version TEXT NOT NULL,"
    " state TEXT NOT NULL CHECK (state IN ('waiting', 'approved', 'refused')),"
    " created_ms INTEGER NOT NULL,"
    " decided_ms INTEGER,"
    " device TEXT REFERENCES device(id)) STRICT;"
    "CREATE INDEX enrolment_code ON enrolment(code);"
    "CREATE TABLE counter ("
    " device TEXT NOT NULL REFERENCES device(id),"
    " form TEXT NOT NULL,"
    " version TEXT NOT NULL,"
    " day TEXT NOT NULL,"
    " mode TEXT NOT NULL,"
    " name TEXT NOT NULL,"
    " count INTEGER NOT NULL,"
    " PRIMARY KEY (form, name, mode, day, version, device)) STRICT, WITHOUT ROWID;"

    /* Surveys. */
    "CREATE TABLE form ("
    " id TEXT PRIMARY KEY,"
    " version TEXT NOT NULL," /* the one that is handed out */
    " title TEXT NOT NULL,"
    " kind TEXT NOT NULL,"
    " opens TEXT NOT NULL DEFAULT '',"
    " closes TEXT NOT NULL DEFAULT '',"
    " created_ms INTEGER NOT NULL,"
    " closed_ms INTEGER) STRICT;" /* closed by hand */
    "CREATE TABLE form_version ("
    " form TEXT NOT NULL REFERENCES form(id),"
    " version TEXT NOT NULL,"
    " published_ms INTEGER NOT NULL,"
    " md5 TEXT NOT NULL,"
    " xml BLOB NOT NULL,"
    " PRIMARY KEY (form, version)) STRICT;"
    "CREATE TABLE content ("
    " sha256 BLOB PRIMARY KEY,"
    " bytes BLOB NOT NULL) STRICT;"
    "CREATE TABLE media ("
    " form TEXT NOT NULL,"
    " version TEXT NOT NULL,"
    " name TEXT NOT NULL,"
    " md5 TEXT NOT NULL,"
    " sha256 BLOB NOT NULL REFERENCES content(sha256),"
    " PRIMARY KEY (form, version, name),"
    " FOREIGN KEY (form, version) REFERENCES form_version(form, version)) STRICT;"
    "CREATE INDEX media_content ON media(sha256);"

    /* Answers. The sealed bytes come last, so that counting reads little. */
    "CREATE TABLE submission ("
    " seq INTEGER PRIMARY KEY,"
    " instance_id TEXT NOT NULL UNIQUE,"
    " form TEXT NOT NULL,"
    " version TEXT NOT NULL,"
    " device TEXT NOT NULL,"
    " received_ms INTEGER NOT NULL,"
    " late INTEGER NOT NULL,"
    " sha256 BLOB NOT NULL,"
    " sealed BLOB NOT NULL) STRICT;"
    "CREATE INDEX submission_form ON submission(form, seq);"
    "CREATE TABLE attachment ("
    " instance_id TEXT NOT NULL,"
    " name TEXT NOT NULL,"
    " received_ms INTEGER NOT NULL,"
    " sha256 BLOB NOT NULL,"
    " sealed BLOB NOT NULL,"
    " PRIMARY KEY (instance_id, name)) STRICT;"
    "CREATE TABLE quarantine ("
    " id INTEGER PRIMARY KEY,"
    " instance_id TEXT NOT NULL,"
    " part TEXT NOT NULL," /* '' for the answer, else the attachment's name */
    " form TEXT NOT NULL,"
    " version TEXT NOT NULL,"
    " device TEXT NOT NULL,"
    " received_ms INTEGER NOT NULL,"
    " sha256 BLOB NOT NULL,"
    " sealed BLOB NOT NULL,"
    " UNIQUE (instance_id, part, sha256)) STRICT;"
    /* Answers a day, so that no page counts a million rows. */
    "CREATE TABLE tally ("
    " form TEXT NOT NULL,"
    " day TEXT NOT NULL,"
    " count INTEGER NOT NULL,"
    " PRIMARY KEY (form, day)) STRICT, WITHOUT ROWID;";

static const char second[] =
    /* What a person may do. */
    "ALTER TABLE person ADD COLUMN role TEXT NOT NULL DEFAULT 'administrator'"
    " CHECK (role IN ('administrator', 'officer', 'viewer'));"
    "CREATE UNIQUE INDEX person_name ON person(lower(name));"
    /* Phones with ODK Collect, and Enketo: a name and the digest of a made password. */
    "ALTER TABLE device ADD COLUMN login TEXT;"
    "ALTER TABLE device ADD COLUMN ha1 TEXT;"
    "CREATE UNIQUE INDEX device_login ON device(login);"
    /* How long answers are kept after closing; NULL: until someone says. */
    "ALTER TABLE form ADD COLUMN keep_months INTEGER;"

    /* What was ever received. A row outlives its answer, so that one that was withdrawn or deleted
       does not come back when a screen or a stick sends it again. */
    "CREATE TABLE received ("
    " seq INTEGER PRIMARY KEY," /* also the answer's */
    " instance_id TEXT NOT NULL UNIQUE,"
    " sha256 BLOB NOT NULL,"
    " received_ms INTEGER NOT NULL,"
    " gone_ms INTEGER) STRICT;"
    "INSERT INTO received SELECT seq, instance_id, sha256, received_ms, NULL FROM submission;"
    "CREATE TABLE submission_kept ("
    " seq INTEGER PRIMARY KEY,"
    " instance_id TEXT NOT NULL,"
    " form TEXT NOT NULL,"
    " version TEXT NOT NULL,"
    " device TEXT NOT NULL,"
    " received_ms INTEGER NOT NULL,"
    " late INTEGER NOT NULL,"
    " sealed BLOB NOT NULL) STRICT;"
    "INSERT INTO submission_kept SELECT seq, instance_id, form, version, device, received_ms, late,"
    " sealed FROM submission;"
    "DROP TABLE submission;"
    "ALTER TABLE submission_kept RENAME TO submission;"
    "CREATE INDEX submission_form ON submission(form, seq);"

    /* Counted in several rows a day, so that many servers count without waiting for each other. */
    "CREATE TABLE tally_kept ("
    " form TEXT NOT NULL,"
    " day TEXT NOT NULL,"
    " shard INTEGER NOT NULL,"
    " count INTEGER NOT NULL,"
    " PRIMARY KEY (form, day, shard)) STRICT, WITHOUT ROWID;"
    "INSERT INTO tally_kept SELECT form, day, 0, count FROM tally;"
    "DROP TABLE tally;"
    "ALTER TABLE tally_kept RENAME TO tally;"

    /* Who did what, and when. */
    "CREATE TABLE audit ("
    " id INTEGER PRIMARY KEY,"
    " at_ms INTEGER NOT NULL,"
    " who TEXT NOT NULL,"
    " action TEXT NOT NULL,"
    " subject TEXT NOT NULL) STRICT;"
    /* What retention deleted, and how much it found left over when it looked afterwards. */
    "CREATE TABLE deletion ("
    " id INTEGER PRIMARY KEY,"
    " form TEXT NOT NULL,"
    " at_ms INTEGER NOT NULL,"
    " answers INTEGER NOT NULL,"
    " left_over INTEGER NOT NULL) STRICT;"
    /* When each thing that one server does for all was last begun. */
    "CREATE TABLE chore ("
    " name TEXT PRIMARY KEY,"
    " begun_ms INTEGER NOT NULL) STRICT;";

static const char third[] =
    /* What screens show besides surveys. Paragraphs and the pictures beside them are lines. */
    "CREATE TABLE notice ("
    " id INTEGER PRIMARY KEY,"
    " state TEXT NOT NULL CHECK (state IN ('draft', 'shown', 'withdrawn')),"
    " kind TEXT NOT NULL,"
    " survey TEXT NOT NULL," /* '' for none */
    " from_day TEXT NOT NULL,"
    " until_day TEXT NOT NULL,"
    " changed_ms INTEGER NOT NULL) STRICT;"
    "CREATE TABLE notice_words ("
    " notice INTEGER NOT NULL REFERENCES notice(id),"
    " tag TEXT NOT NULL,"
    " title TEXT NOT NULL,"
    " body TEXT NOT NULL,"
    " pictures TEXT NOT NULL,"
    " PRIMARY KEY (notice, tag)) STRICT;"
    /* The number of the list that screens get: it only grows. */
    "CREATE TABLE notice_list ("
    " id INTEGER PRIMARY KEY CHECK (id = 1),"
    " serial INTEGER NOT NULL) STRICT;"
    "INSERT INTO notice_list (id, serial) VALUES (1, 1);";

static const char fourth[] =
    /* What opened each answer: `sixth` has another kind. */
    "CREATE TABLE opening ("
    " seq INTEGER PRIMARY KEY,"
    " bytes BLOB NOT NULL) STRICT;";

static const char fifth[] =
    /* Who brought an answer that its screen did not send (brought.h): `seq` is the answer's. */
    "CREATE TABLE brought ("
    " seq INTEGER PRIMARY KEY,"
    " device TEXT NOT NULL,"
    " carrier TEXT NOT NULL," /* '' for a stick */
    " day TEXT NOT NULL) STRICT;"
    "CREATE INDEX brought_device ON brought(device, carrier, day);";

static const char sixth[] =
    /* Openings (opening.h) of whole runs of answers; a server makes them anew. */
    "DROP TABLE opening;"
    "CREATE TABLE opening ("
    " form TEXT NOT NULL,"
    " run INTEGER NOT NULL,"
    " answers INTEGER NOT NULL,"
    " bytes BLOB NOT NULL," /* '' where none can be made of these answers */
    " PRIMARY KEY (form, run)) STRICT;"
    "INSERT INTO chore (name, begun_ms) VALUES ('openings', 0) "
    "ON CONFLICT (name) DO UPDATE SET begun_ms = 0;";

static const char seventh[] =
    /* Which answer edits which (edits.h): `seq` is the later one's, and outlives it. */
    "CREATE TABLE edit ("
    " seq INTEGER PRIMARY KEY,"
    " replaces TEXT NOT NULL," /* an instance ID, whether it is here or not */
    " form TEXT NOT NULL,"
    " device TEXT NOT NULL) STRICT;"
    "CREATE INDEX edit_replaces ON edit(replaces);"
    /* Answers that an edit took the place of, as `submission` had them. */
    "CREATE TABLE replaced ("
    " seq INTEGER PRIMARY KEY,"
    " by_seq INTEGER NOT NULL," /* the one that stands */
    " instance_id TEXT NOT NULL,"
    " form TEXT NOT NULL,"
    " version TEXT NOT NULL,"
    " device TEXT NOT NULL,"
    " received_ms INTEGER NOT NULL,"
    " late INTEGER NOT NULL,"
    " sealed BLOB NOT NULL) STRICT;"
    "CREATE INDEX replaced_by ON replaced(by_seq);"
    "CREATE INDEX replaced_form ON replaced(form, seq);";

static const char eighth[] =
    /* A row of `received` without a SHA-256 holds the instance ID of an answer that is not here yet
       while an edit of it is (edits.c). */
    "INSERT INTO received (instance_id, sha256, received_ms) "
    "SELECT DISTINCT e.replaces, X'', 0 FROM edit e WHERE NOT EXISTS "
    "(SELECT 1 FROM received r WHERE r.instance_id = e.replaces);";

static const char ninth[] =
    /* Where a code that waits was asked for from (data/place.h). */
    "ALTER TABLE enrolment ADD COLUMN place TEXT;";

const char *const tp_sql_sqlite_migrations[] = {first, second,  third,  fourth, fifth,
                                                sixth, seventh, eighth, ninth,  NULL};
