/*
 * Answers in numbers, their openings, and exports with and without these. Header only: each test is
 * one program.
 */
#ifndef TP_TEST_CENTRAL_OPENINGS_H
#define TP_TEST_CENTRAL_OPENINGS_H

#include "central/opener.h"
#include "unit/central/exports.h"
#include "unit/central/office.h"

/* A server that began is waited for a minute. */
#define LEASE_OVER_MS 61000
#define CONTEXT(facts) "<tp:context xmlns:tp=\"urn:talkpoint:context:1\">" facts "</tp:context>"

static inline void send(const char *form, const char *id, const char *content, const char *context)
{
    char xml[4096];

    (void)snprintf(xml, sizeof(xml),
                   "<data id=\"%s\">%s<meta><instanceID>%s</instanceID>%s</meta></data>", form,
                   content, id, context);
    world_answer(&world, form, id, xml, 201);
}

/* Straight into the database, in one transaction: an answer a number. */
static inline bool run_take(struct tp_sql *db, void *context, struct tp_error *error)
{
    const int *range = context;
    bool ok = true;

    for (int i = range[0]; ok && i <= range[1]; i++) {
        char id[32];
        char xml[512];
        struct tp_buf sealed;
        struct tp_submission submission = {.instance_id = id,
                                           .form = "hours",
                                           .version = "1",
                                           .device = world.device,
                                           .day = "2026-11-23",
                                           .received_ms = world.time.wall,
                                           .late_ms = INT64_MAX,
                                           .late_day = ""};

        (void)snprintf(id, sizeof(id), "uuid:%d", i);
        (void)snprintf(
            xml, sizeof(xml),
            "<data id=\"hours\"><why>words %d</why><meta><instanceID>%s</instanceID>" CONTEXT(
                "<tp:receiptCode>K7QM</tp:receiptCode>") "</meta></data>",
            i, id);
        tp_buf_init(&sealed, 8192);
        ok = tp_seal(&world.central.keys.sealing, xml, strlen(xml), &sealed, error);
        submission.sealed = sealed.data;
        submission.sealed_length = sealed.length;
        ok = ok && tp_submission_take(db, &submission, error);
        tp_buf_finish(&sealed);
    }
    return ok;
}

static inline void answers(int from, int to)
{
    int range[2] = {from, to};

    assert_true(tp_committer_run(world.central.committer, run_take, range, NULL));
}

static inline void answer(int number)
{
    answers(number, number);
}

static inline int64_t open_all(void)
{
    struct tp_error error = {.text = ""};
    int64_t made = -1;

    if (!tp_opener_run(&world.central, &made, &error))
        fail_msg("%s", error.text);
    return made;
}

/* Once more, when the lease of the time before is over. */
static inline int64_t open_again(void)
{
    world.time.wall += LEASE_OVER_MS;
    return open_all();
}

static inline bool run_sql(struct tp_sql *db, void *context, struct tp_error *error)
{
    return tp_sql_run(db, context, TP_NO_VALUES, NULL, error);
}

#define CHANGE(sql)                                                                                \
    assert_true(tp_committer_run(world.central.committer, run_sql, (void *)(sql), NULL))

/* The store as it was before a migration, where the test has undone what that one and those up to
 * the eighth made, migrates again. */
static inline void store_of_before(int migration)
{
    char sql[64];
    struct tp_sql *db;

    CHANGE("ALTER TABLE enrolment DROP COLUMN place");
    (void)snprintf(sql, sizeof(sql), "DELETE FROM migration WHERE number >= %d", migration);
    CHANGE(sql);
    assert_true(tp_sql_open(world.central.settings.db, false, &db, NULL));
    assert_true(tp_sql_migrate(db, WORLD_NOW, NULL));
    tp_sql_close(db);
}

/* Who would read a seal now finds that it does not open. */
#define BREAK_SEALS() CHANGE("UPDATE submission SET sealed = (SELECT sha256 FROM received LIMIT 1)")

static inline int64_t openings(void)
{
    return world_number(&world, "SELECT count(*) FROM opening");
}

static inline int64_t opened_answers(void)
{
    return world_number(&world, "SELECT coalesce(CAST(sum(answers) AS BIGINT), 0) FROM opening "
                                "WHERE length(bytes) > 0");
}

/* The export now, and with every opening gone: the same. Frees `before`, which may be NULL. */
static inline void check_exports(char *before)
{
    char *with = export_all(&world, (struct tp_export_options){.form = "hours"});
    char *without;

    CHANGE("DELETE FROM opening");
    without = export_all(&world, (struct tp_export_options){.form = "hours"});
    assert_string_equal(with, without);
    if (before)
        assert_string_equal(with, before);
    tp_free(with);
    tp_free(without);
    tp_free(before);
}

/* So that the run before is over. */
static inline void go_on_at_the_next_run(void)
{
    CHANGE("INSERT INTO received (seq, instance_id, sha256, received_ms, gone_ms) "
           "SELECT 256 + (SELECT max(seq) FROM received) / 256 * 256, 'uuid:other', sha256, 1, 1 "
           "FROM received WHERE seq = 1");
}

#endif
