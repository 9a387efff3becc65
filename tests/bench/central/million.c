/*
 * The administrators' pages of a store with 1,000,000 responses, against 50 ms each. The sealed
 * bytes stand for themselves: no page opens a seal.
 */

#include "bench/bench.h"
#include "unit/central/world.h"

#define TIMES 21

static void fill(struct world *world)
{
    struct tp_sql *db;
    char path[128];

    (void)snprintf(path, sizeof(path), "%s/central.db", world->folder);
    insist(tp_sql_open(path, false, &db, NULL) && tp_sql_begin(db, NULL), "no store");
    insist(tp_sql_run(db,
                      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
                      "WHERE i < 1000000) INSERT INTO received (seq, instance_id, sha256, "
                      "received_ms) SELECT i, 'uuid:' || i, x'00', ?1 - i * 1000 FROM n",
                      TP_VALUES(tp_int(WORLD_NOW)), NULL, NULL) &&
               tp_sql_run(db,
                          "INSERT INTO submission SELECT seq, instance_id, 'many', '1', "
                          "'uuid:d' || (seq % 500), received_ms, 0, zeroblob(1200) FROM received",
                          TP_NO_VALUES, NULL, NULL) &&
               tp_sql_run(db,
                          "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
                          "WHERE i < 500) INSERT INTO device (id, name, token_sha256, created_ms, "
                          "confirmed_ms, seen_ms) SELECT 'uuid:d' || i, 'Screen ' || i, "
                          "CAST(i AS BLOB), 1, 1, ?1 FROM n",
                          TP_VALUES(tp_int(WORLD_NOW)), NULL, NULL) &&
               tp_sql_run(db,
                          "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n "
                          "WHERE i < 364) INSERT INTO tally SELECT 'many', "
                          "date('2026-11-23', '-' || i || ' days'), 0, 2740 FROM n",
                          TP_NO_VALUES, NULL, NULL) &&
               tp_sql_run(db,
                          "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n "
                          "WHERE i < 200000) INSERT OR IGNORE INTO counter SELECT "
                          "'uuid:d' || (i % 500 + 1), 'many', '1', date('2026-11-23', "
                          "'-' || (i / 4 % 100) || ' days'), CASE i % 2 WHEN 0 THEN 'standard' "
                          "ELSE 'easy-read' END, CASE i % 5 WHEN 0 THEN 'open' WHEN 1 THEN "
                          "'complete' ELSE 'abandon:q' || (i % 30) END, 3 FROM n",
                          TP_NO_VALUES, NULL, NULL) &&
               tp_sql_commit(db, NULL),
           "cannot fill the store");
    /* As a store is that grew over a year: its log is folded back. */
    insist(tp_sql_scrub(db, NULL), "cannot fold the log back");
    tp_sql_close(db);
}

static int by_size(const void *a, const void *b)
{
    double difference = *(const double *)a - *(const double *)b;

    return (difference > 0) - (difference < 0);
}

static void page(struct world *world, const char *target)
{
    double took[TIMES];

    for (int i = 0; i < TIMES; i++) {
        struct tp_exchange exchange;
        double before = now_ms();

        insist(world_ask(world,
                         &(struct world_request){.method = "GET",
                                                 .target = target,
                                                 .with_cookie = true,
                                                 .accept = "text/html"},
                         &exchange) == 200,
               target);
        took[i] = now_ms() - before;
        tp_exchange_finish(&exchange);
    }
    qsort(took, TIMES, sizeof(took[0]), by_size);
    printf("{\"name\":\"central page %s at 1,000,000 responses, median, against 50 ms\",\"value\":"
           "%.2f,\"unit\":\"ms\",\"baseline\":50,\"ratio\":%.3f}\n",
           target, took[TIMES / 2], took[TIMES / 2] / 50);
    (void)fflush(stdout);
}

int main(void)
{
    static const char *const targets[] = {"/",          "/surveys",    "/surveys/many", "/screens",
                                          "/responses", "/quarantine", "/log"};
    static struct world world;

    world_make(&world);
    world_publish(&world, "many", "1", "consultation", world_form, NULL);
    fill(&world);
    world_sign_in(&world);
    for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++)
        page(&world, targets[i]);
    world_end(&world);
    return 0;
}
