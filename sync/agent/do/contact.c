#include "agent/do/contact.h"

#include <stdio.h>
#include <string.h>

#define CONTACT_TOTAL_S 60L
/* What a server says to a HEAD is in its head. */
#define ANSWER_MAX 1024u

bool tp_contact_url(const struct tp_http *http, const struct tp_identity *identity,
                    char url[TP_HTTP_URL_MAX], struct tp_error *error)
{
    char path[sizeof("/submission?deviceID=") + 3 * TP_DEVICE_ID_MAX] = "/submission?deviceID=";
    size_t length = strlen(path);

    /* RFC 3986, 2.3: everything but unreserved characters is escaped. */
    for (const char *from = identity->device_id; *from; from++) {
        bool plain = strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~",
                            *from) != NULL;

        length += (size_t)snprintf(path + length, sizeof(path) - length, plain ? "%c" : "%%%02X",
                                   (unsigned char)*from);
    }
    return tp_http_path(http, path, url, error);
}

/* HEAD is answered by 204; some servers say 200 or 201. */
static bool is_well(const struct tp_exchange *exchange)
{
    return tp_exchange_is_contact(exchange) && exchange->status >= 200 && exchange->status <= 204;
}

static void take_verdict(const struct tp_http_answer *answer, struct tp_contact_end *end)
{
    struct tp_verdict verdict;

    (void)tp_verdict_of_get(&answer->exchange, "before sending", &verdict);
    end->kind = verdict.kind;
    memcpy(end->words, verdict.words, sizeof(end->words));
}

bool tp_contact(struct tp_store *store, struct tp_http *http, const struct tp_identity *identity,
                struct tp_contact_end *end, struct tp_error *error)
{
    struct tp_http_request request = {
        .method = "HEAD", .answer_max = ANSWER_MAX, .total_s = CONTACT_TOTAL_S};
    struct tp_http_answer answer;
    char url[TP_HTTP_URL_MAX];
    int64_t date_ms;
    bool ok = true;

    *end =
        (struct tp_contact_end){.kind = TP_VERDICT_LATER, .retry_after_s = -1, .accepts_bytes = -1};
    request.url = url;
    if (!tp_contact_url(http, identity, url, error) ||
        !tp_http_call(http, &request, &answer, error))
        return false;
    date_ms = tp_http_answer_date_ms(&answer);
    end->contact = tp_exchange_is_contact(&answer.exchange);
    end->retry_after_s = answer.retry_after_s;
    end->accepts_bytes = answer.accepts_bytes;
    if (is_well(&answer.exchange)) {
        end->kind = TP_VERDICT_DELIVERED;
        /* The field is cut to the second. */
        ok = date_ms < 0 || tp_store_clock_check(store, date_ms + 500, error);
    } else {
        take_verdict(&answer, end);
    }
    tp_http_answer_finish(&answer);
    return ok;
}
