/*
 * 10,000 screens, each telling the store how it is: how long one server takes for all of them,
 * beside the minute in which each does so once.
 */
#include <sodium.h>

#include "bench/central/load.h"

#define SCREENS 10000
#define CONNECTIONS 64

static char tokens[SCREENS][TP_BASE64_MAX(32)];

static void make_screens(void)
{
    struct tp_random random = tp_random_system();
    char path[128];
    struct tp_sql *db;

    (void)snprintf(path, sizeof(path), "%s/central.db", store_folder);
    insist(tp_sql_open(path, false, &db, NULL) && tp_sql_begin(db, NULL), "no store");
    for (int i = 0; i < SCREENS; i++) {
        unsigned char bytes[32];
        unsigned char digest[TP_SHA256_BYTES];
        char id[TP_DEVICE_ID_MAX];

        tp_random_fill(&random, bytes, sizeof(bytes));
        tp_base64url(bytes, sizeof(bytes), tokens[i]);
        tp_token_digest(tokens[i], digest);
        (void)snprintf(id, sizeof(id), "uuid:screen-%d", i);
        insist(tp_sql_run(db,
                          "INSERT INTO device (id, name, token_sha256, created_ms, confirmed_ms) "
                          "VALUES (?1, ?1, ?2, 1, 1)",
                          TP_VALUES(tp_str(id), tp_blob(digest, sizeof(digest))), NULL, NULL),
               "no screen");
    }
    insist(tp_sql_commit(db, NULL), "no screens");
    tp_sql_close(db);
}

static void make_beat(int number)
{
    static const char json[] =
        "{\"version\":\"0.1.0\",\"waiting\":3,\"sent\":128,\"quarantined\":0,\"venue\":\"Cowley "
        "Library\",\"event\":\"\",\"clock_ms\":1795426867123,\"disk_free_mib\":5120,\"forms\":{"
        "\"hours\":\"1\"},\"counters\":[{\"form\":\"hours\",\"version\":\"1\",\"day\":"
        "\"2026-11-23\",\"mode\":\"standard\",\"name\":\"open\",\"count\":12},{\"form\":\"hours\","
        "\"version\":\"1\",\"day\":\"2026-11-23\",\"mode\":\"standard\",\"name\":\"complete\","
        "\"count\":7}]}";
    struct tp_buf request;

    tp_buf_init(&request, 65536);
    (void)tp_buf_printf(&request,
                        "POST /talkpoint/heartbeat HTTP/1.1\r\nHost: localhost\r\nAuthorization: "
                        "Bearer %s\r\nContent-Length: %zu\r\n\r\n%s",
                        tokens[number], strlen(json), json);
    messages[number].length = request.length;
    messages[number].bytes = tp_buf_take(&request);
}

int main(void)
{
    struct tp_keys keys;
    double transactions;
    double took;

    insist(sodium_init() >= 0, "libsodium cannot start");
    tp_xml_init();
    make_store(&keys);
    make_screens();
    for (int i = 0; i < SCREENS; i++)
        make_beat(i);
    message_count = SCREENS;
    took = run(serve_store, CONNECTIONS, &transactions);
    printf("{\"name\":\"central heartbeats of 10,000 screens, against the minute they have\","
           "\"value\":%.2f,\"unit\":\"s\",\"baseline\":60,\"ratio\":%.3f}\n",
           took / 1000, took / 60000);
    free_messages();
    (void)tp_dir_remove(store_folder, NULL);
    return 0;
}
