/*
 * The inside of the http object, shared by the files that start requests (request.c) as the line
 * may carry them (pace.c), take in what comes back (answer.c) and move both on (http.c). For
 * sync/agent/net only.
 */
#ifndef TP_AGENT_NET_SLOT_H
#define TP_AGENT_NET_SLOT_H

#include <curl/curl.h>

#include "agent/net/http.h"

#define TP_RETRY_AFTER_TEXT_MAX TP_HTTP_DATE_MAX
/* Header lines that a request adds to libcurl's own. */
#define TP_HTTP_LINES_MAX 8u
#define TP_HTTP_LINE_MAX 512u

/* One request on its way. Slots are reused, and with them libcurl's handles. */
struct tp_http_slot {
    struct tp_http *http;
    CURL *easy; /* owned */
    /* Its header lines: the list is made of what stands here, and libcurl only reads it. */
    struct curl_slist list[TP_HTTP_LINES_MAX];
    char lines[TP_HTTP_LINES_MAX][TP_HTTP_LINE_MAX]; /* secret: the token is in one */
    size_t line_count;
    struct tp_http_request request;
    struct tp_http_answer answer;
    char url[TP_HTTP_URL_MAX]; /* where it was sent on to */
    unsigned hops;             /* how often */
    bool bare;                 /* it went to another origin: it no longer says who asks */
    bool let_in; /* the last answer to this handle was no 401: its name and password fit */
    size_t header_bytes;
    char retry_after[TP_RETRY_AFTER_TEXT_MAX];
    bool busy;
    bool waits;       /* for a capped line; libcurl does not know of it yet */
    int64_t start_ms; /* monotonic */
    bool sinking;     /* the body goes to the sink */
    bool too_large;   /* cut by a cap of ours */
    bool refused;     /* cut by the sink */
};

struct tp_http {
    CURLM *multi; /* owned */
    char *store_url;
    char *token; /* secret */
    enum tp_http_auth auth;
    char *user;
    bool openrosa_server;
    char *ca_file;
    char *proxy;
    long connect_s;
    long stall_s;
    long bytes_per_second; /* 0: no cap */
    int64_t free_ms;       /* capped: monotonic; the next request starts no sooner */
    const int *wake_fds;   /* borrowed */
    size_t wake_count;
    bool (*tick)(void *context);
    void *tick_context;
    bool tls;
    size_t connections;
    struct tp_http_slot *slots; /* owned; connections + SPARE_SLOTS */
    size_t slot_count;
    size_t in_flight;
};

/* libcurl's callbacks for headers and body; `context` is the slot. */
size_t tp_http_on_header(char *line, size_t size, size_t count, void *context);
size_t tp_http_on_body(char *bytes, size_t size, size_t count, void *context);

/* Hands the slot's request to libcurl, or lets it wait until the line is free. */
bool tp_http_let_go(struct tp_http_slot *slot);
/* The same for all that wait; how long libcurl may be waited for, `most_ms` at most. */
int tp_http_let_all_go(struct tp_http *http, int most_ms);
/* A request ended: the line is free when what it carried may have been carried. */
void tp_http_pay(struct tp_http_slot *slot);

/* The answer sends the request on, and it may go there (tp_http_redirect): it is on its way again.
 */
bool tp_http_follow(struct tp_http_slot *slot);

/* The answer is 401, and perhaps only because the Digest nonce ran out: it is on its way again,
 * with a new one. */
bool tp_http_ask_again(struct tp_http_slot *slot);

/* The request ended, with this result of libcurl's: frees the slot and calls `done`. */
void tp_http_complete(struct tp_http_slot *slot, CURLcode code, bool stopped);

#endif
