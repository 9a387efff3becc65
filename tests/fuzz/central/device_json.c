/* The JSON that devices send: enrolment, claim, heartbeat, through their handlers and a real
 * database. The first byte chooses which. */
#include "fuzz/central/store.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const tp_handler handlers[] = {tp_api_enrol, tp_api_claim, tp_api_heartbeat};
    static bool made;
    struct tp_exchange exchange;

    if (size == 0)
        return 0;
    if (!made)
        make_store();
    made = true;
    tp_exchange_init(&exchange);
    tp_buf_init(&exchange.body, TP_JSON_MAX);
    exchange.names[0] = "1";
    (void)tp_buf_add(&exchange.body, data + 1, size - 1);
    if (handlers[data[0] % 3](&central, &exchange) == TP_WAIT) {
        (void)tp_committer_run(central.committer, exchange.job.run, exchange.job.context,
                               &exchange.job.error);
        exchange.resume(&central, &exchange);
    }
    if (exchange.response.status < 200 || exchange.response.status > 503)
        abort();
    tp_exchange_finish(&exchange);
    return 0;
}
