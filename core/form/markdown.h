/*
 * XLSForm's markdown in labels, turned into plain text with bold spans and headings.
 *
 * Understood: **bold**, __bold__, _emphasis_ and *emphasis* (shown bold: italics are hard to read),
 * "# heading" to "######", [link](address) (its text only), line breaks and <br>, backslash
 * escapes, and HTML tags and character references (dropped, their content kept). Nothing fails:
 * what is not markdown stands as it was written. Thread: any.
 */
#ifndef TP_FORM_MARKDOWN_H
#define TP_FORM_MARKDOWN_H

#include <stdbool.h>
#include <stddef.h>

/* A longer text stands as it was written; form.h lets no label be longer before answers are put in
 * it. */
#define TP_MARKDOWN_TEXT_MAX (64u * 1024u)
/* Spans kept of one text; later ones lose their style, never their words. */
#define TP_MARKDOWN_SPANS_MAX 256u

struct tp_markdown_span {
    size_t start, length; /* bytes of the plain text */
    bool bold;
    unsigned heading; /* 1-6; 0: not one */
};

struct tp_markdown {
    char *text; /* owned; UTF-8, lines parted by \n */
    size_t span_count;
    struct tp_markdown_span *spans; /* owned; in order, styled stretches only, not overlapping */
};

/* `source` NULL gives an empty text. False only when out of memory; *out untouched then. */
bool tp_markdown_parse(const char *source, struct tp_markdown *out);
void tp_markdown_finish(struct tp_markdown *markdown);

#endif
