#include "agent/do/notices.h"

#include <stdio.h>
#include <string.h>

#include "store/notices.h"

#define TOTAL_S 120L
#define SIGNATURE_MAX 1024u

static void say(struct tp_notices_end *end, const char *words)
{
    (void)snprintf(end->words, sizeof(end->words), "%.*s", TP_VERDICT_WORDS_MAX - 1, words);
}

/* The tag of the list that is here: its hash (RFC 9110, 8.8.3); "" where there is none. */
static bool read_tag(struct tp_store *store, char tag[TP_SHA256_TEXT_MAX + 2],
                     struct tp_error *error)
{
    struct tp_buf text, signature;
    int64_t serial = 0;
    bool ok;

    tp_buf_init(&text, TP_NOTICES_BYTES_MAX);
    tp_buf_init(&signature, SIGNATURE_MAX);
    ok = tp_notices_kept(store, &text, &signature, &serial, error);
    tag[0] = '\0';
    if (ok && text.length) {
        tag[0] = '"';
        tp_sha256_text(text.data, text.length, tag + 1);
        memcpy(tag + TP_SHA256_TEXT_MAX, "\"", 2);
    }
    tp_buf_finish(&text);
    tp_buf_finish(&signature);
    return ok;
}

/* False where the device's own store failed; a list that is not to be had stays away. */
static bool take(struct tp_store *store, const struct tp_identity *identity,
                 const struct tp_buf *body, struct tp_notices_end *end, struct tp_error *error)
{
    const char *bytes = tp_buf_text(body);
    struct tp_error why = {.text = ""};
    size_t at = 0;

    if (!tp_notices_part(bytes, body->length, &at)) {
        say(end, "the notices: not a signed list");
        return true;
    }
    if (tp_notices_take(store, &identity->receipt_key, bytes + at, body->length - at, bytes, at,
                        &end->changed, &why))
        return true;
    if (why.code == TP_ERR_IO || why.code == TP_ERR_MEMORY) {
        *error = why;
        return false;
    }
    (void)tp_fail_prefix(&why, "the notices");
    say(end, why.text);
    return true;
}

static bool take_answer(struct tp_store *store, const struct tp_identity *identity,
                        const struct tp_http_answer *answer, struct tp_notices_end *end,
                        struct tp_error *error)
{
    const struct tp_exchange *exchange = &answer->exchange;
    struct tp_verdict verdict;

    end->contact = tp_exchange_is_contact(exchange);
    if (tp_verdict_of_get(exchange, "the notices", &verdict))
        return take(store, identity, &answer->body, end, error);
    /* 304: it is the list that is here. 404: a store of another make has no notices. */
    if (exchange->answered &&
        (exchange->status == 404 || (end->contact && exchange->status == 304)))
        return true;
    end->kind = verdict.kind;
    end->retry_after_s = answer->retry_after_s;
    say(end, verdict.words);
    return true;
}

bool tp_notices_fetch(struct tp_store *store, struct tp_http *http,
                      const struct tp_identity *identity, struct tp_notices_end *end,
                      struct tp_error *error)
{
    char url[TP_HTTP_URL_MAX];
    char tag[TP_SHA256_TEXT_MAX + 2];
    struct tp_http_request request = {.method = "GET",
                                      .url = url,
                                      .unless = tag,
                                      .answer_max = TP_NOTICES_BYTES_MAX + SIGNATURE_MAX,
                                      .total_s = TOTAL_S};
    struct tp_http_answer answer;
    struct tp_error why;
    bool ok;

    *end = (struct tp_notices_end){.kind = TP_VERDICT_DELIVERED, .retry_after_s = -1};
    if (!read_tag(store, tag, error))
        return false;
    if (!tp_http_path(http, "/talkpoint/notices", url, &why) ||
        !tp_http_call(http, &request, &answer, &why)) {
        end->kind = TP_VERDICT_LATER;
        say(end, why.text);
        return true;
    }
    ok = take_answer(store, identity, &answer, end, error);
    tp_http_answer_finish(&answer);
    return ok;
}
