/* The notices that screens show: one signed list. */
#include "central/data/notices.h"

#include <string.h>

#include "central/api/api.h"

/* What is there already is not sent again; the tag is the list's hash. */
static bool has_it(const struct tp_exchange *exchange, const char *tag)
{
    const char *match = tp_exchange_header(exchange, "If-None-Match");

    return match && strcmp(match, tag) == 0;
}

static bool respond(const struct tp_central *central, struct tp_exchange *exchange,
                    const struct tp_notices *notices)
{
    char tag[TP_SHA256_TEXT_MAX + 2] = "\"";
    struct tp_buf text;
    bool ok;

    tp_buf_init(&text, TP_NOTICES_BYTES_MAX);
    ok = tp_notices_write(notices, &central->keys.receipt.key, &text, NULL);
    if (ok) {
        tp_sha256_text(text.data, text.length, tag + 1);
        memcpy(tag + TP_SHA256_TEXT_MAX, "\"", 2);
        tp_respond(exchange, has_it(exchange, tag) ? 304 : 200, "application/octet-stream");
        tp_respond_header(exchange, "ETag", "%s", tag);
        tp_respond_header(exchange, "X-Content-Type-Options", "nosniff");
        if (exchange->response.status == 200)
            ok = tp_notices_sign(&central->keys.receipt, text.data, text.length, notices->serial,
                                 &exchange->response.body, NULL) &&
                 tp_buf_add(&exchange->response.body, text.data, text.length);
    }
    tp_buf_finish(&text);
    return ok;
}

enum tp_next tp_api_notices(struct tp_central *central, struct tp_exchange *exchange)
{
    struct tp_sql *db = tp_sql_pool_take(central->readers);
    struct tp_notices notices = {0};
    char today[TP_DAY_TEXT_MAX];
    bool ok;

    tp_central_day(central, tp_clock_wall_ms(&central->clock), today);
    /* One view: the serial is that of these notices. */
    ok = tp_sql_begin_read(db, NULL);
    if (ok) {
        ok = tp_notice_list(db, today, &notices, NULL);
        tp_sql_rollback(db);
    }
    tp_sql_pool_give(central->readers, db);
    ok = ok && respond(central, exchange, &notices);
    tp_notices_finish(&notices);
    if (!ok)
        tp_api_not_ready(exchange);
    return TP_RESPOND;
}
