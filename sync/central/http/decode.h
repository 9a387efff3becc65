/*
 * What a request line and a form body say: paths, queries, application/x-www-form-urlencoded,
 * cookies. All of it is hostile text: what comes out is valid UTF-8 without NUL, or is refused.
 * Sources: RFC 3986 section 2, WHATWG URL "application/x-www-form-urlencoded", RFC 6265 section
 * 5.4. Thread: any.
 */
#ifndef TP_CENTRAL_HTTP_DECODE_H
#define TP_CENTRAL_HTTP_DECODE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/error.h"

/* The deepest path there is has five segments. */
#define TP_PATH_SEGMENTS_MAX 8u
/* The largest form of the administrators' pages has six fields. */
#define TP_FIELDS_MAX 32u

struct tp_path {
    char *segments[TP_PATH_SEGMENTS_MAX]; /* owned, decoded; none is "", "." or ".." */
    size_t count;                         /* "/" has none */
};

/* Splits the path of a request target (up to '?'). A segment may hold an encoded '/'.
 * TP_ERR_INVALID: malformed, too deep, or not text; TP_ERR_MEMORY. */
bool tp_path_parse(const char *target, struct tp_path *path, struct tp_error *error);
void tp_path_finish(struct tp_path *path);

struct tp_field {
    char *name;  /* owned */
    char *value; /* owned, may be a password: wiped when finished */
};
struct tp_fields {
    struct tp_field items[TP_FIELDS_MAX];
    size_t count;
};

/* "a=1&b=two+words". False where it is malformed, has too many fields, or is not text. */
bool tp_fields_parse(const char *text, size_t length, struct tp_fields *fields);
void tp_fields_finish(struct tp_fields *fields);
/* The first field of this name; NULL where there is none. */
const char *tp_fields_get(const struct tp_fields *fields, const char *name);

/* The part of a request target after '?'; "" where there is none. */
const char *tp_target_query(const char *target);

/* Finds a cookie in a Cookie header. False where it is not there or does not fit. */
bool tp_cookie_find(const char *header, const char *name, char *value, size_t size);

/* Appends `text` with everything but RFC 3986's unreserved characters percent-encoded. */
bool tp_percent_encode(struct tp_buf *out, const char *text);

/* Valid UTF-8 without control characters other than tab and line ends. */
bool tp_is_text(const char *bytes, size_t length);
/* As above, on one line, and not longer than max bytes; what a name or a version may be. */
bool tp_is_line(const char *text, size_t max);
/* Such a line that can be a file's name in any folder: no "/", no "." at its start, not empty. */
bool tp_is_file_name(const char *text, size_t max);

#endif
