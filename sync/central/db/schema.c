/*
 * The schema, one migration after another. A migration that has shipped never changes: the next one
 * does.
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

const char *const tp_sql_sqlite_migrations[] = {first, NULL};
