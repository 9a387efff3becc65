/*
 * One request and its answer, free of the HTTP library: the server fills the request in and sends
 * the response; handlers and tests see only this.
 *
 * The exchange owns everything in it. Thread: one at a time; between tp_exchange's hand-over to the
 * committer and the job's `done` it belongs to the committer.
 */
#ifndef TP_CENTRAL_HTTP_EXCHANGE_H
#define TP_CENTRAL_HTTP_EXCHANGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "central/db/committer.h"
#include "central/http/decode.h"
#include "central/http/multipart.h"

/* A page of the administrators' site, a form list, a claim; forms and media have their own caps. */
#define TP_RESPONSE_MAX (80u * 1024u * 1024u)
#define TP_HEADERS_MAX 12u

struct tp_central;
struct tp_exchange;

/* What a person may do; see enum tp_access (http/app.h). */
enum tp_role {
    TP_ROLE_VIEWER,
    TP_ROLE_OFFICER,
    TP_ROLE_ADMINISTRATOR,
};

enum tp_method {
    TP_GET,
    TP_HEAD,
    TP_POST,
    TP_OTHER_METHOD,
};

/* One part of a multipart body, whole. */
struct tp_part {
    struct tp_part_head head;
    struct tp_buf bytes;
};

struct tp_header {
    const char *name; /* a literal */
    char *value;      /* owned */
};

/* A body made while it is sent. `fill` appends to `out` (at least one byte, unless *end), in
 * bounded pieces; false breaks the connection off. */
struct tp_stream {
    bool (*fill)(void *context, struct tp_buf *out, bool *end);
    void (*close)(void *context);
    void *context;
};

struct tp_response {
    int status;
    const char *type; /* a literal; NULL where there is no body */
    struct tp_buf body;
    struct tp_header headers[TP_HEADERS_MAX];
    size_t header_count;
    struct tp_stream stream; /* in place of the body where fill is set */
};

enum tp_next {
    TP_RESPOND, /* the response is ready */
    TP_WAIT, /* tp_app_submit is to be called; after job.done, exchange->resume makes the response
              */
};

struct tp_route;

struct tp_exchange {
    /* request */
    enum tp_method method;
    char *target;         /* as it stood in the request line */
    struct tp_path path;  /* decoded */
    const char *remote;   /* the peer's address, or the one a proxy on this machine names */
    char remote_text[64]; /* what `remote` points to */
    const char *(*header)(const struct tp_exchange *exchange, const char *name);
    void *source;            /* the server's, for `header` */
    int64_t started_ms;      /* monotonic */
    int64_t started_wall_ms; /* Unix time */

    /* after routing */
    const struct tp_route *route;
    const char *names[TP_PATH_SEGMENTS_MAX]; /* what the pattern's '*' stand for */

    /* after authorisation */
    char device[48]; /* instance ID of the device, "" where none */
    int64_t person;  /* 0 where nobody is signed in */
    char person_name[128];
    enum tp_role role;
    char session[64]; /* the session's or the sign-in form's cookie */

    /* body */
    struct tp_buf body; /* raw */
    struct tp_fields fields;
    struct tp_part *parts; /* owned */
    size_t part_count;
    size_t part_room;
    size_t body_bytes; /* arrived so far */
    size_t reserved;   /* of the server's room for bodies */
    struct tp_multipart multipart;
    bool refused; /* the response is ready; what still arrives is dropped */

    /* hand-over to the committer */
    struct tp_job job;
    /* In place of handing `job` over: hands over others, and calls job.done when all are. */
    void (*submit)(struct tp_central *central, struct tp_exchange *exchange);
    void *waiter; /* of whoever runs the exchange, for its job.done */
    void (*resume)(struct tp_central *central, struct tp_exchange *exchange);
    void *state; /* the handler's, between handle and resume; owned */
    void (*free_state)(void *state);

    struct tp_response response;
};

void tp_exchange_init(struct tp_exchange *exchange);
/* Wipes what was in it. */
void tp_exchange_finish(struct tp_exchange *exchange);

/* The header of the request, or NULL. */
const char *tp_exchange_header(const struct tp_exchange *exchange, const char *name);
/* The first part of this name; NULL where there is none. */
const struct tp_part *tp_exchange_part(const struct tp_exchange *exchange, const char *name);
/* A text field, from a form or from a multipart message; NULL where there is none. */
const char *tp_exchange_field(const struct tp_exchange *exchange, const char *name);
/* A value of the query; false where it is not there. */
bool tp_exchange_query(const struct tp_exchange *exchange, const char *name, char *value,
                       size_t size);

/* Status and type of the answer; empties what was there. */
void tp_respond(struct tp_exchange *exchange, int status, const char *type);
/* A header; `format` may hold request text only where it was checked to be one line. */
void tp_respond_header(struct tp_exchange *exchange, const char *name, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* One line of plain text, with its line end. */
void tp_respond_text(struct tp_exchange *exchange, int status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* 303: look there with GET. */
void tp_respond_see_other(struct tp_exchange *exchange, const char *where);

#endif
