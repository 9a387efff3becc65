/*
 * The one writer of HTML and XML. Text and attribute values are escaped here and nowhere else;
 * elements close in the order they were opened. It appends to a buffer that the caller owns, whose
 * cap and failure stand for the writer's. Thread: one at a time.
 */
#ifndef TP_CENTRAL_WEB_HTML_H
#define TP_CENTRAL_WEB_HTML_H

#include <stddef.h>

#include "base/buf.h"

#define TP_HTML_DEPTH_MAX 32u

struct tp_html {
    struct tp_buf *out;                  /* borrowed */
    const char *open[TP_HTML_DEPTH_MAX]; /* literals */
    size_t depth;
    const char *wrong; /* the ID of the field that the page's problem is about, borrowed; or NULL */
};

void tp_html_init(struct tp_html *html, struct tp_buf *out);

/* Attributes are pairs of name and value, ended by a NULL name; one whose value is NULL is left
 * out. Names of elements and attributes are literals. */
void tp_html_open(struct tp_html *html, const char *element, ...) __attribute__((sentinel));
void tp_html_close(struct tp_html *html);
/* Closes until `depth` are open. */
void tp_html_close_to(struct tp_html *html, size_t depth);
/* An element without content: <input ... />. */
void tp_html_void(struct tp_html *html, const char *element, ...) __attribute__((sentinel));
/* An element around one text. */
void tp_html_element(struct tp_html *html, const char *element, const char *text, ...)
    __attribute__((sentinel));

void tp_html_text(struct tp_html *html, const char *text);
void tp_html_textf(struct tp_html *html, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The opening line of a document: a literal, not escaped. */
void tp_html_prolog(struct tp_html *html, const char *literal);

/* Appends text as content or as a quoted attribute's value. What is not valid UTF-8, or a control
 * character that XML cannot hold, becomes U+FFFD. */
void tp_html_escape(struct tp_buf *out, const char *text);

#endif
