/*
 * How fast the store takes sealed answers in, each durably committed before its 201, beside the
 * same bytes posted in the same way to a server that reads them and answers 201 without doing
 * anything. Both servers run libmicrohttpd with the same settings in a process of their own.
 */
#include <sodium.h>

#include "bench/central/load.h"

#define ANSWERS 5000

static void bench(int connections)
{
    struct tp_keys keys;
    double bare;
    double store;
    double transactions;

    make_store(&keys);
    make_answers(&keys, ANSWERS, 1);
    bare = run(serve_bare, connections, &transactions);
    store = run(serve_store, connections, &transactions);
    printf("{\"name\":\"central takes in 5,000 sealed answers, %d connections\",\"value\":%.1f,"
           "\"unit\":\"ms\",\"baseline\":%.1f,\"ratio\":%.3f}\n",
           connections, store, bare, store / bare);
    printf("{\"name\":\"central durable submissions a second, %d connections\",\"value\":%.0f,"
           "\"unit\":\"1/s\",\"baseline\":%.0f,\"ratio\":%.3f}\n",
           connections, ANSWERS * 1000.0 / store, ANSWERS * 1000.0 / bare, bare / store);
    printf("{\"name\":\"central answers a transaction, %d connections\",\"value\":%.1f,"
           "\"unit\":\"answers\",\"baseline\":%d,\"ratio\":%.3f}\n",
           connections, ANSWERS / transactions, connections, ANSWERS / transactions / connections);
    free_messages();
    (void)tp_dir_remove(store_folder, NULL);
}

int main(void)
{
    insist(sodium_init() >= 0, "libsodium cannot start");
    tp_xml_init();
    bench(1);
    bench(8);
    bench(16);
    bench(64);
    return 0;
}
