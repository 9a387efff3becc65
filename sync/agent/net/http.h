/*
 * HTTP to one store, many requests at once, over libcurl's multi interface.
 *
 * Nothing that comes back is trusted: headers and bodies are capped, nothing is decompressed, TLS
 * is verified, stalled and endless answers are cut. Requests go to the store's own origin only, so
 * that the token or password cannot leak; where an OpenRosa server sends them on, see
 * tp_http_redirect. HTTP/2 where the server offers it over TLS, else a pool of connections that are
 * kept alive.
 *
 * The caller owns what a request points to until its `done` was called; the answer belongs to the
 * http object and lasts for that call. Thread: one at a time, but for tp_http_wake.
 */
#ifndef TP_AGENT_NET_HTTP_H
#define TP_AGENT_NET_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent/decide/verdict.h"
#include "base/buf.h"
#include "base/error.h"

/* All header lines of one answer. */
#define TP_HTTP_HEADERS_MAX (64u * 1024u)
#define TP_HTTP_URL_MAX 4096u
/* "Mon, 23 Nov 2026 09:41:07 GMT", and the longer forms of RFC 9110 clause 5.6.7. */
#define TP_HTTP_DATE_MAX 64u
/* A line of device.ini holds 200 bytes (libinih). */
#define TP_STORE_URL_MAX 180u
/* Sends in flight at once, when many answers wait and the line is quick: so many commits of the
 * store are shared (it groups what arrives together). */
#define TP_HTTP_CONNECTIONS 32u
#define TP_HTTP_CONNECTIONS_MAX 64u

struct tp_http;

/* How a request says who asks. */
enum tp_http_auth {
    TP_AUTH_BEARER, /* "Authorization: Bearer" and the token: Talkpoint's store */
    TP_AUTH_TOKEN,  /* "Authorization: Token": KoboToolbox */
    TP_AUTH_BASIC,  /* user, and the token for a password (RFC 7617) */
    TP_AUTH_DIGEST, /* likewise (RFC 7616) */
    TP_AUTH_NONE,   /* nobody, or the address itself holds it: ODK Central */
};

struct tp_http_options {
    const char *store_url; /* "https://host[:port][/path]", without a slash at the end */
    const char *token;     /* NULL: requests carry none (enrolment) */
    enum tp_http_auth auth;
    const char *user; /* for BASIC and DIGEST */
    /* An OpenRosa server that is not Talkpoint's: gives no receipts (decide/verdict.h). */
    bool openrosa_server;
    const char *ca_file;   /* certificates to trust; NULL is the system's */
    const char *proxy;     /* NULL: none; "environment"; or a URL */
    size_t connections;    /* 0 is TP_HTTP_CONNECTIONS */
    long connect_s;        /* 0 is 15 */
    long stall_s;          /* less than 32 bytes a second for this long is a stall; 0 is 30 */
    long bytes_per_second; /* cap on either direction; 0 is none. With it, one connection. */
    /* Wakes a wait: readable descriptors, looked at by `tick`. May be NULL. */
    const int *wake_fds;
    size_t wake_count;
    /* Called at least every second while a request is in flight; false cuts every request. */
    bool (*tick)(void *context);
    void *tick_context;
};

struct tp_http_answer {
    struct tp_exchange exchange; /* receipt and message are the caller's to fill */
    int64_t retry_after_s;       /* -1 for none */
    int64_t accepts_bytes;       /* X-OpenRosa-Accept-Content-Length; -1 for none */
    int64_t accepts_answers;     /* X-Talkpoint-Submissions: in one request; 0 for none */
    char date[TP_HTTP_DATE_MAX]; /* the Date field; "" for none */
    int64_t took_ms;             /* from the request's start to the answer's first byte */
    struct tp_buf body;          /* "" where a sink took it */
    bool stopped;                /* cut because tick said so */
};

/* Takes a body of status 200 or 206 as it comes, instead of the buffer, until it says false. */
struct tp_http_sink {
    bool (*begin)(void *context, bool partial); /* partial: 206, goes on from resume_from */
    bool (*write)(void *context, const void *bytes, size_t count);
    void *context;
};

struct tp_http_request {
    const char *method;       /* "GET", "HEAD" or "POST" */
    const char *url;          /* absolute, of the store's origin: tp_http_url */
    const char *content_type; /* of the body; NULL for none */
    const char *given_on;     /* the screen that another's answer was given on; NULL or "": none */
    const char *receipt;      /* which form of receipt can be read; NULL says nothing */
    const void *body;
    size_t body_count;
    size_t answer_max;    /* cap on the answer's body in bytes, where no sink has its own */
    long total_s;         /* cap on the whole exchange in seconds */
    uint64_t resume_from; /* a Range request from this byte; 0 for the whole */
    const char *unless;   /* If-None-Match: the tag of what is here; NULL or "" for none */
    const struct tp_http_sink *sink;
    /* What comes is proven by its hash: from an OpenRosa server it is taken without
     * X-OpenRosa-Version too, which some leave out of their forms and media. */
    bool hash_proves;
    void (*done)(void *context, struct tp_http_answer *answer);
    void *context;
};

/* Once in a process, before the first create. */
bool tp_http_global_init(struct tp_error *error);

/* NULL where there is no memory or the URL is not http or https. Strings are copied. */
struct tp_http *tp_http_create(const struct tp_http_options *options, struct tp_error *error);
/* Requests in flight are dropped, without `done`. NULL is safe. */
void tp_http_destroy(struct tp_http *http);

/* The absolute URL of `reference` (absolute, or relative to the store's URL): refused where it is
 * not of the store's scheme, host and port. */
bool tp_http_url(const struct tp_http *http, const char *reference, char url[TP_HTTP_URL_MAX],
                 struct tp_error *error);
/* The store's URL and `path` ("/formList"). */
bool tp_http_path(const struct tp_http *http, const char *path, char url[TP_HTTP_URL_MAX],
                  struct tp_error *error);

/* How many sends may be in flight; two requests more are possible beside them. */
size_t tp_http_connections(const struct tp_http *http);

/* Starts; `done` is called from a later tp_http_step. False (and no `done`) where it could not. */
bool tp_http_start(struct tp_http *http, const struct tp_http_request *request,
                   struct tp_error *error);

/* Moves every request on and calls `done` of those that ended; waits up to a second for something
 * to happen. False where tick said to stop: then every request was cut and its `done` called. */
bool tp_http_step(struct tp_http *http);

/* Ends a wait of tp_http_step. From any thread. */
void tp_http_wake(struct tp_http *http);

/* Closes the connections that are idle: a screen that has nothing to say for minutes holds none of
 * the store's. Only while nothing is in flight. */
void tp_http_rest(struct tp_http *http);

/* One request, and its answer in *answer (finish with tp_http_answer_finish): steps until it is
 * done; others in flight go on meanwhile. `request->done` and `context` are not used. False where
 * it could not start. */
bool tp_http_call(struct tp_http *http, const struct tp_http_request *request,
                  struct tp_http_answer *answer, struct tp_error *error);
void tp_http_answer_finish(struct tp_http_answer *answer);
/* Unix time of its Date field; -1 where there is none. */
int64_t tp_http_answer_date_ms(const struct tp_http_answer *answer);

/* How often one request is sent on. */
#define TP_HTTP_HOPS_MAX 5u

enum tp_redirect {
    TP_REDIRECT_NO,   /* the answer stands as it is */
    TP_REDIRECT_ON,   /* goes on there as it was */
    TP_REDIRECT_BARE, /* goes on there, and from there on does not say who asks */
};

/* Whether a request that an OpenRosa server answered with `status` and the address `to` goes on
 * there. Within the store's origin: GET and HEAD at 301, 302, 303, 307 and 308, POST at 307 and
 * 308, which keep its body (RFC 9110, 15.4). To another origin: only what its hash proves, by GET,
 * over https (from a store on this machine also to this machine). */
enum tp_redirect tp_http_redirect(const char *store_url, const struct tp_http_request *request,
                                  long status, const char *to);

/* tp_http_url without an http object. */
bool tp_http_same_origin(const char *store_url, const char *reference, char url[TP_HTTP_URL_MAX],
                         struct tp_error *error);

/* True for https, and for http to this machine itself. */
bool tp_http_url_is_private(const char *url);
/* Scheme http or https, a host, no user, password, query or fragment; the slash at the end is cut.
 * Fails in plain words; `clean` is untouched on failure. */
bool tp_http_check_store_url(const char *url, char clean[TP_STORE_URL_MAX], struct tp_error *error);

#endif
