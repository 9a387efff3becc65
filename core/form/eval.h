/*
 * One XPath expression on one XML document, as `talkpoint-survey eval` and the conformance runner
 * ask it: ODK's XPath without a form around it.
 *
 * In an XForm "/" is the primary instance. Nodes are named by positional paths: "/" the document,
 * "/\*[1]/\*[2]/@id", "/\*[1]/text()[1]"; a context also by names: "/data/repeat[2]/question", in
 * an XForm those of the instance. Thread: any.
 */
#ifndef TP_FORM_EVAL_H
#define TP_FORM_EVAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/zone.h"

/* A document given on a command line. */
#define TP_EVAL_BYTES_MAX ((size_t)64 * 1024 * 1024)
/* Text of a result. */
#define TP_EVAL_TEXT_MAX ((size_t)16 * 1024 * 1024)

struct tp_eval_request {
    const char *name; /* of the document, for errors */
    const void *xml;  /* NULL: there is no document */
    size_t length;
    const char *context; /* path of the context node; NULL: the document */
    const char *expression;
    const char *language;       /* BCP 47; NULL: English */
    const struct tp_zone *zone; /* NULL: UTC */
    int64_t now_ms;
};

enum tp_eval_kind { TP_EVAL_STRING, TP_EVAL_NUMBER, TP_EVAL_BOOLEAN, TP_EVAL_NODES };

struct tp_eval_result {
    enum tp_eval_kind kind; /* what the expression itself gives */
    /* the same, converted */
    struct tp_buf text;
    double number;
    bool boolean;
    /* nodes in document order, each line "path\ttext" with line ends as spaces */
    size_t node_count;
    struct tp_buf nodes;
    bool failed; /* something could not be, and stands as an empty value */
    char failure[256];
};

/* Fails where the document or the expression cannot be read. The caller finishes the result. */
bool tp_eval(const struct tp_eval_request *request, struct tp_eval_result *result,
             struct tp_error *error);
void tp_eval_finish(struct tp_eval_result *result);

#endif
