/*
 * From a request to its handler: one table of routes (routes.c), who may use each, how much body
 * each takes. The server calls begin when the headers are there, body as bytes arrive, end when all
 * are; resume after the committer. Tests call tp_app_run, which does all of it at once.
 *
 * Thread: any; one exchange belongs to one thread at a time.
 */
#ifndef TP_CENTRAL_HTTP_APP_H
#define TP_CENTRAL_HTTP_APP_H

#include "central/central.h"
#include "central/http/exchange.h"

/* Request bodies held at once, in all: 25 of the largest answers, thousands of usual ones. */
#define TP_BODIES_MAX (256u * 1024u * 1024u)
/* One answer (docs/PROTOCOL.md). */
#define TP_SUBMISSION_MAX (10u * 1024u * 1024u)
/* A workbook with all its pictures. */
#define TP_UPLOAD_MAX (64u * 1024u * 1024u)
/* Counters of a month for a dozen surveys. */
#define TP_JSON_MAX (512u * 1024u)
/* A form of a few fields, and all that a stranger may send: what is announced is kept free, and
 * every connection of theirs together must leave room for answers. */
#define TP_FORM_BODY_MAX (16u * 1024u)
/* A page of a notice in Bengali, each byte of which a form encodes as three. */
#define TP_NOTICE_BODY_MAX (192u * 1024u)

enum tp_access {
    TP_ANYONE,
    TP_DEVICE, /* a bearer token */
    TP_SENDER, /* a bearer token, and the handler's job looks again whether it was taken off */
    /* Those who sign in, by what they may do; POST needs the form's token. */
    TP_VIEWER,        /* sees counts and screens, no answer */
    TP_OFFICER,       /* also publishes, closes, approves screens, downloads answers */
    TP_ADMINISTRATOR, /* also people, phones, withdrawing, quarantine, retention, the log */
};

enum tp_body_kind {
    TP_NO_BODY,
    TP_RAW_BODY,
    TP_FORM_BODY,  /* application/x-www-form-urlencoded */
    TP_PARTS_BODY, /* multipart/form-data */
};

typedef enum tp_next (*tp_handler)(struct tp_central *central, struct tp_exchange *exchange);

struct tp_route {
    enum tp_method method;
    const char *pattern;   /* "/forms/ * / * /form.xml" without the blanks; '*' is one segment */
    enum tp_access access; /* at least */
    enum tp_body_kind body;
    size_t body_max;
    tp_handler handle;
};

/* Ended by a route without a handler. */
extern const struct tp_route tp_routes[];

/* After the headers. When exchange->refused is set, the response is ready. */
void tp_app_begin(struct tp_central *central, struct tp_exchange *exchange);
void tp_app_body(struct tp_central *central, struct tp_exchange *exchange, const void *bytes,
                 size_t count);
enum tp_next tp_app_end(struct tp_central *central, struct tp_exchange *exchange);
/* Where it is to wait: hands what it has to write to the committer; exchange->job.done is called on
 * a writer's thread when that is over, and then tp_app_resume is due. */
void tp_app_submit(struct tp_central *central, struct tp_exchange *exchange);
/* The same on the caller's thread, where nobody else writes or sends: tp_app_resume is due at once.
 * False: nothing was done. */
bool tp_app_write_here(struct tp_central *central, struct tp_exchange *exchange);
void tp_app_resume(struct tp_central *central, struct tp_exchange *exchange);
/* Gives back the room its body had. */
void tp_app_over(struct tp_central *central, struct tp_exchange *exchange);

/* begin, body, end, and where it waits submit and resume. */
void tp_app_run(struct tp_central *central, struct tp_exchange *exchange, const void *body,
                size_t count);

/* Appends how the requester reached us, for addresses in answers: the configured URL, else the
 * scheme and host it asked for. False where the host is not one. */
bool tp_app_base_url(const struct tp_central *central, const struct tp_exchange *exchange,
                     struct tp_buf *url);

/* An answer that says what is wrong: a page for a browser, else a line of text. */
void tp_respond_problem(struct tp_exchange *exchange, int status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
