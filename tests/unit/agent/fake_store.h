/*
 * A central store for the agent's tests, over server.h: signs real receipts, keeps what it was
 * sent, notices what comes twice, and can be told to be anybody but the store.
 */
#ifndef TP_TEST_AGENT_FAKE_STORE_H
#define TP_TEST_AGENT_FAKE_STORE_H

#include "base/buf.h"
#include "base/clock.h"
#include "store/encode.h"
#include "store/receipt.h"
#include "store/several.h"
#include "unit/agent/server.h"

#define OPENROSA "X-OpenRosa-Version: 1.0\r\n"
#define FAKE_HELD_MAX 262144
/* Receipts that share a signature, each with a path of four hashes. */
#define FAKE_TOGETHER 16
/* Far longer than it takes. */
#define FAKE_HOLD_S 60

enum trouble {
    TROUBLE_NONE,
    TROUBLE_ACCEPTED,    /* 202 and a receipt */
    TROUBLE_PORTAL,      /* 200 and a page */
    TROUBLE_REDIRECT,    /* 302 */
    TROUBLE_LONG_PORTAL, /* 200 and a page longer than any reply */
    TROUBLE_PLAIN_201,   /* 201 and a true receipt, without X-OpenRosa-Version */
    TROUBLE_EMPTY_201,   /* 201 with it, and no receipt */
    TROUBLE_FORGED,      /* signed by another key */
    TROUBLE_OTHER_ID,    /* a true receipt for another instance */
    TROUBLE_OTHER_BYTES, /* a true receipt for other bytes */
    TROUBLE_STATUS,      /* `status` from the store, with `extra` header lines */
    TROUBLE_STRANGER,    /* `status` without X-OpenRosa-Version */
    TROUBLE_SILENT,      /* the connection is closed without an answer */
    TROUBLE_CUT,         /* the true answer, cut at `cut_at` */
    TROUBLE_STALL,       /* nothing comes */
    TROUBLE_STALL_LATER, /* half an answer comes */
    TROUBLE_ENDLESS_BODY,
    TROUBLE_ENDLESS_HEADERS,
    TROUBLE_NOT_HTTP,
};

struct fake_held {
    char id[64];
    char sha256[TP_SHA256_TEXT_MAX];
    unsigned times;
    bool in_flight;
};

struct fake_store {
    struct server server;
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    struct tp_receipt_pair pair;
    struct tp_receipt_pair other;
    /* What goes wrong, and for how many submissions still. */
    enum trouble trouble;
    size_t trouble_left;
    char trouble_id[64]; /* only for this instance; "" for all */
    bool trouble_shared; /* only for requests of several answers */
    int status;
    const char *extra;
    size_t cut_at;
    size_t hold_until; /* submissions are answered when so many are in flight; 0: at once */
    /* What was seen. */
    struct fake_held *held; /* a hash table of FAKE_HELD_MAX */
    size_t submissions;
    size_t in_flight;
    size_t most_in_flight;
    size_t overlaps; /* one instance ID twice in flight */
    size_t altered;  /* one instance ID with other bytes, or bytes without their hash */
    size_t unauthorised;
    size_t asked_together; /* submissions that can be signed for together with others */
    size_t given_on;       /* submissions that say they were given on uuid:village */
    size_t several;        /* answers it says it takes in one request; 0: an older store */
    size_t shared;         /* requests that brought several answers */
    size_t most_shared;    /* answers in one of them */
    size_t longest_shared; /* bytes of one of them */
    bool together;         /* the one at hand */
    /* Everything but submissions; NULL: 404. Called with the mutex held. */
    server_handler *others;
    void *others_context;
};

/* The sealed part of a multipart body. */
static inline bool fake_sealed(const struct server_request *request, const char **bytes,
                               size_t *count)
{
    static const char mark[] = "Content-Type: application/octet-stream\r\n\r\n";
    char boundary[128];
    char closing[140];
    const char *start = memmem(request->body, request->body_count, mark, sizeof(mark) - 1);
    size_t tail;

    if (!start ||
        !server_between(request->headers, "boundary=", "\r\n", boundary, sizeof(boundary)))
        return false;
    tail = (size_t)snprintf(closing, sizeof(closing), "\r\n--%s--\r\n", boundary);
    start += sizeof(mark) - 1;
    *bytes = start;
    if ((size_t)(request->body + request->body_count - start) < tail ||
        memcmp(request->body + request->body_count - tail, closing, tail) != 0)
        return false;
    *count = (size_t)(request->body + request->body_count - start) - tail;
    return true;
}

/* The entry of this ID, or the empty one where it belongs. */
static inline struct fake_held *fake_slot(struct fake_store *store, const char *id)
{
    size_t hash = 1469598103934665603u;

    for (const char *p = id; *p; p++)
        hash = (hash ^ (unsigned char)*p) * 1099511628211u;
    hash %= FAKE_HELD_MAX;
    while (*store->held[hash].id && strcmp(store->held[hash].id, id) != 0)
        hash = (hash + 1) % FAKE_HELD_MAX;
    return &store->held[hash];
}

static inline void fake_receipt(struct tp_buf *xml, const struct tp_receipt *receipt)
{
    tp_buf_printf(xml,
                  "<OpenRosaResponse xmlns=\"http://openrosa.org/http/response\">\n"
                  "  <message nature=\"submit_success\">received</message>\n"
                  "  <tps:receipt xmlns:tps=\"urn:talkpoint:submission:1\" instanceID=\"%s\" "
                  "sha256=\"%s\" received=\"%s\" signature=\"%s\"/>\n</OpenRosaResponse>\n",
                  receipt->instance_id, receipt->sha256, receipt->received, receipt->signature);
}

/* As the device asked: alone, or as one of as many as share a signature. */
static inline void fake_make_receipt(const struct fake_store *store,
                                     const struct tp_receipt_pair *pair, const char *id,
                                     const char *sha256, struct tp_receipt *receipt)
{
    static struct tp_receipt others[FAKE_TOGETHER]; /* under the store's mutex */
    struct tp_receipt *group[FAKE_TOGETHER];
    struct tp_clock clock = tp_clock_system();
    int64_t now_ms = tp_clock_wall_ms(&clock);
    size_t mine = store->submissions % FAKE_TOGETHER;
    bool ok = store->together ? tp_receipt_fill(id, sha256, now_ms, receipt, NULL)
                              : tp_receipt_sign(pair, id, sha256, now_ms, receipt, NULL);

    for (size_t i = 0; ok && store->together && i < FAKE_TOGETHER; i++) {
        group[i] = i == mine ? receipt : &others[i];
        if (!*group[i]->instance_id)
            ok = tp_receipt_fill("uuid:another", sha256, now_ms, group[i], NULL);
    }
    if (!ok || (store->together && !tp_receipt_sign_together(pair, group, FAKE_TOGETHER, NULL)))
        abort();
}

static inline void fake_sign(struct fake_store *store, enum trouble trouble, const char *id,
                             const char *sha256, struct server_reply *reply)
{
    char other_sha256[TP_SHA256_TEXT_MAX];
    struct tp_receipt receipt;
    struct tp_buf xml;
    char head[128];

    memset(other_sha256, 'a', sizeof(other_sha256) - 1);
    other_sha256[sizeof(other_sha256) - 1] = '\0';
    fake_make_receipt(store, trouble == TROUBLE_FORGED ? &store->other : &store->pair,
                      trouble == TROUBLE_OTHER_ID ? "uuid:another" : id,
                      trouble == TROUBLE_OTHER_BYTES ? other_sha256 : sha256, &receipt);
    tp_buf_init(&xml, 4096);
    if (trouble != TROUBLE_EMPTY_201)
        fake_receipt(&xml, &receipt);
    (void)snprintf(head, sizeof(head), "%s", trouble == TROUBLE_PLAIN_201 ? "" : OPENROSA);
    if (store->several && store->together && (trouble == TROUBLE_NONE || trouble == TROUBLE_FORGED))
        (void)snprintf(head, sizeof(head), OPENROSA "X-Talkpoint-Submissions: %zu\r\n",
                       store->several);
    server_reply(reply, trouble == TROUBLE_ACCEPTED ? 202 : 201, head, tp_buf_text(&xml),
                 xml.length);
    tp_buf_finish(&xml);
}

/* What takes the answer in and signs for it; the rest never saw it. */
static inline bool fake_takes_in(enum trouble trouble)
{
    return trouble == TROUBLE_NONE || trouble == TROUBLE_ACCEPTED || trouble == TROUBLE_CUT ||
           trouble == TROUBLE_STALL_LATER;
}

static inline void fake_trouble(struct fake_store *store, enum trouble trouble, const char *id,
                                const char *sha256, struct server_reply *reply)
{
    static const char page[] = "<html><body>Welcome to Free Wi-Fi. Sign in.</body></html>";
    static const char because[] =
        "<OpenRosaResponse xmlns=\"http://openrosa.org/http/response\">"
        "<message nature=\"submit_error\">because</message></OpenRosaResponse>";
    struct tp_buf text;

    switch (trouble) {
    case TROUBLE_PORTAL:
        server_reply(reply, 200, "Content-Type: text/html\r\n", page, sizeof(page) - 1);
        break;
    case TROUBLE_LONG_PORTAL:
        tp_buf_init(&text, 1u << 20);
        for (int i = 0; i < 4000; i++)
            tp_buf_puts(&text, page);
        server_reply(reply, 200, "Content-Type: text/html\r\n", text.data, text.length);
        tp_buf_finish(&text);
        break;
    case TROUBLE_REDIRECT:
        server_reply(reply, 302, "Location: http://127.0.0.1:9/portal\r\n", page, sizeof(page) - 1);
        break;
    case TROUBLE_STATUS:
        tp_buf_init(&text, 4096);
        tp_buf_printf(&text, OPENROSA "%s", store->extra ? store->extra : "");
        server_reply(reply, store->status, text.data, because, sizeof(because) - 1);
        tp_buf_finish(&text);
        break;
    case TROUBLE_STRANGER:
        server_reply(reply, store->status, "", page, sizeof(page) - 1);
        break;
    case TROUBLE_SILENT:
        tp_buf_puts(&reply->bytes, "x");
        reply->cut_at = 0;
        break;
    case TROUBLE_CUT:
        fake_sign(store, TROUBLE_NONE, id, sha256, reply);
        reply->cut_at = store->cut_at;
        break;
    case TROUBLE_STALL_LATER:
        tp_buf_puts(&reply->bytes, "HTTP/1.1 201 Created\r\n" OPENROSA "Content-Length: 700\r\n\r\n"
                                   "<OpenRosaResponse ");
        reply->stall = true;
        break;
    case TROUBLE_STALL:
        reply->stall = true;
        break;
    case TROUBLE_ENDLESS_BODY:
        tp_buf_puts(&reply->bytes, "HTTP/1.1 201 Created\r\n" OPENROSA "\r\n");
        reply->endless = true;
        break;
    case TROUBLE_ENDLESS_HEADERS:
        tp_buf_puts(&reply->bytes, "HTTP/1.1 201 Created\r\n" OPENROSA "X-Filler: ");
        reply->endless = true;
        break;
    case TROUBLE_NOT_HTTP:
        tp_buf_puts(&reply->bytes, "SSH-2.0-OpenSSH_9.2\r\n");
        reply->stall = true;
        break;
    default:
        fake_sign(store, trouble, id, sha256, reply);
    }
}

/* Notes an answer that is in flight now, and what is wrong with it. */
static inline struct fake_held *fake_note(struct fake_store *store, const char *id,
                                          const char *said, const char *sha256)
{
    struct fake_held *held = fake_slot(store, id);

    if (!*held->id) {
        (void)snprintf(held->id, sizeof(held->id), "%s", id);
        memcpy(held->sha256, sha256, sizeof(held->sha256));
    }
    if (strcmp(held->sha256, sha256) != 0 || strcmp(said, sha256) != 0)
        store->altered++;
    if (held->in_flight)
        store->overlaps++;
    held->in_flight = true;
    if (++store->in_flight > store->most_in_flight)
        store->most_in_flight = store->in_flight;
    return held;
}

/* Waits until so many are in flight. */
static inline void fake_hold(struct fake_store *store, size_t hold)
{
    struct timespec until;

    (void)pthread_cond_broadcast(&store->changed);
    (void)clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += FAKE_HOLD_S;
    while (store->most_in_flight < hold && store->most_in_flight < store->hold_until)
        if (pthread_cond_timedwait(&store->changed, &store->mutex, &until) != 0)
            abort(); /* the company that it waits for never came */
}

static inline void fake_submission(struct fake_store *store, const struct server_request *request,
                                   struct server_reply *reply)
{
    enum trouble trouble = TROUBLE_NONE;
    char said[TP_SHA256_TEXT_MAX] = "";
    char sha256[TP_SHA256_TEXT_MAX] = "";
    char id[64] = "";
    const char *sealed = NULL;
    struct fake_held *held;
    size_t count = 0;
    /* As it is now: what holds the next ones must not hold this one longer. */
    size_t hold = store->hold_until;

    store->submissions++;
    if (!server_between(request->body, "<instanceID>", "</instanceID>", id, sizeof(id)) ||
        !server_between(request->body, "sha256=\"", "\"", said, sizeof(said)) ||
        !fake_sealed(request, &sealed, &count)) {
        store->altered++;
        server_reply(reply, 400, OPENROSA, "", 0);
        return;
    }
    tp_sha256_text(sealed, count, sha256);
    if (store->trouble_left && !store->trouble_shared &&
        (!*store->trouble_id || strcmp(store->trouble_id, id) == 0)) {
        trouble = store->trouble;
        store->trouble_left--;
    }
    held = fake_note(store, id, said, sha256);
    if (fake_takes_in(trouble))
        held->times++;
    fake_hold(store, hold);
    held->in_flight = false;
    store->in_flight--;
    store->together = strstr(request->headers, "\r\nX-Talkpoint-Receipt: 2\r\n");
    store->asked_together += store->together;
    store->given_on +=
        strstr(request->headers, "\r\nX-Talkpoint-Given-On: uuid:village\r\n") != NULL;
    fake_trouble(store, trouble, id, sha256, reply);
}

/* One line of the reply to several answers; `trouble` is this answer's own. */
static inline void fake_line(struct fake_store *store, enum trouble trouble, const char *id,
                             const char *sha256, struct tp_buf *out)
{
    struct tp_receipt receipt;
    char other[TP_SHA256_TEXT_MAX];

    memset(other, 'a', sizeof(other) - 1);
    other[sizeof(other) - 1] = '\0';
    if (trouble == TROUBLE_STATUS) {
        tp_several_reply_refusal(out, store->status, id, "because");
        return;
    }
    if (trouble == TROUBLE_EMPTY_201)
        return;
    fake_make_receipt(store, trouble == TROUBLE_FORGED ? &store->other : &store->pair,
                      trouble == TROUBLE_OTHER_ID ? "uuid:another" : id,
                      trouble == TROUBLE_OTHER_BYTES ? other : sha256, &receipt);
    tp_several_reply_receipt(out, &receipt);
}

/* Trouble with one ID is that answer's alone; any other is the whole request's. */
static inline void fake_several(struct fake_store *store, const struct server_request *request,
                                struct server_reply *reply)
{
    struct fake_held *held[TP_SEVERAL_ANSWERS_MAX];
    enum trouble whole = TROUBLE_NONE;
    struct tp_several several;
    struct tp_buf lines;

    store->shared++;
    if (!tp_several_read(request->body, request->body_count, &several, NULL)) {
        store->altered++;
        server_reply(reply, 400, OPENROSA, "", 0);
        return;
    }
    if (several.count > store->most_shared)
        store->most_shared = several.count;
    if (request->body_count > store->longest_shared)
        store->longest_shared = request->body_count;
    if (store->trouble_left && !*store->trouble_id) {
        whole = store->trouble;
        store->trouble_left--;
    }
    store->together = true;
    tp_buf_init(&lines, TP_SEVERAL_REPLY_MAX);
    tp_several_reply_begin(&lines);
    for (size_t i = 0; i < several.count; i++) {
        const struct tp_carried *answer = &several.answers[i];
        bool mine = store->trouble_left && *store->trouble_id &&
                    strcmp(store->trouble_id, answer->instance_id) == 0;
        char sha256[TP_SHA256_TEXT_MAX];

        store->trouble_left -= mine;
        tp_sha256_text(answer->sealed, answer->sealed_count, sha256);
        held[i] = fake_note(store, answer->instance_id, answer->sha256, sha256);
        held[i]->times += fake_takes_in(whole) && (!mine || fake_takes_in(store->trouble));
        fake_line(store, mine ? store->trouble : TROUBLE_NONE, answer->instance_id, sha256, &lines);
    }
    fake_hold(store, store->hold_until);
    for (size_t i = 0; i < several.count; i++)
        held[i]->in_flight = false;
    store->in_flight -= several.count;
    if (whole == TROUBLE_NONE || whole == TROUBLE_CUT)
        server_reply(reply, 200, OPENROSA, lines.data, lines.length);
    else
        fake_trouble(store, whole, several.answers[0].instance_id, several.answers[0].sha256,
                     reply);
    if (whole == TROUBLE_CUT)
        reply->cut_at = store->cut_at;
    tp_buf_finish(&lines);
    tp_several_finish(&several);
}

static inline void fake_handle(void *context, const struct server_request *request,
                               struct server_reply *reply)
{
    struct fake_store *store = context;

    (void)pthread_mutex_lock(&store->mutex);
    if (!strstr(request->headers, "\r\nAuthorization: Bearer secret-token\r\n"))
        store->unauthorised++;
    if (strcmp(request->path, "/submission") == 0)
        fake_submission(store, request, reply);
    else if (store->several && strcmp(request->path, "/talkpoint/submissions") == 0)
        fake_several(store, request, reply);
    else if (store->others)
        store->others(store->others_context, request, reply);
    else
        server_reply(reply, 404, OPENROSA, "", 0);
    (void)pthread_mutex_unlock(&store->mutex);
}

static inline void fake_start(struct fake_store *store)
{
    memset(store, 0, sizeof(*store));
    (void)pthread_mutex_init(&store->mutex, NULL);
    (void)pthread_cond_init(&store->changed, NULL);
    store->held = calloc(FAKE_HELD_MAX, sizeof(*store->held));
    if (!store->held || !tp_receipt_pair_generate(&store->pair, NULL) ||
        !tp_receipt_pair_generate(&store->other, NULL))
        abort();
    server_start(&store->server, fake_handle, store);
}

static inline void fake_stop(struct fake_store *store)
{
    server_stop(&store->server);
    free(store->held);
}

/* How many answers were taken in, and how many of them more than once. */
static inline size_t fake_taken(struct fake_store *store, size_t *again)
{
    size_t taken = 0;

    *again = 0;
    (void)pthread_mutex_lock(&store->mutex);
    for (size_t i = 0; i < FAKE_HELD_MAX; i++) {
        taken += store->held[i].times > 0;
        *again += store->held[i].times > 1;
    }
    (void)pthread_mutex_unlock(&store->mutex);
    return taken;
}

#endif
