/*
 * Longer fields of a form: text of several lines, one of many. As those of page.h else. Thread:
 * any.
 */
#ifndef TP_CENTRAL_WEB_FIELDS_H
#define TP_CENTRAL_WEB_FIELDS_H

#include <stdbool.h>

#include "central/web/html.h"

struct tp_area {
    const char *name;
    const char *label;
    const char *hint;  /* NULL: none */
    const char *value; /* NULL: empty */
    const char *rows;  /* "8" */
    const char *lang;  /* of what is written in it; NULL: English */
    bool rtl;
    bool optional;
};
void tp_page_area(struct tp_html *html, const struct tp_area *area);

struct tp_option {
    const char *value;
    const char *label;
};
/* A list to choose one from; the option whose value is `chosen`, else the first. */
void tp_page_select(struct tp_html *html, const char *name, const char *label, const char *hint,
                    const struct tp_option *options, size_t count, const char *chosen);

#endif
