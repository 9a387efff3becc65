/*
 * A reader of multipart/form-data that is fed bytes as they arrive and hands on parts as it finds
 * them, in any order, split anywhere. It holds at most one part's headers and one delimiter: memory
 * does not grow with the message.
 *
 * Strict where looseness is a danger: lines end in CRLF, a part has exactly one Content-Disposition
 * of form-data with a name, headers are text, and every count has a cap.
 * Sources: RFC 7578, RFC 2046 section 5.1. Thread: one at a time.
 */
#ifndef TP_CENTRAL_HTTP_MULTIPART_H
#define TP_CENTRAL_HTTP_MULTIPART_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/* RFC 2046 allows 70. */
#define TP_BOUNDARY_MAX 70u
/* The headers of one part: three short lines. */
#define TP_PART_HEADERS_MAX 4096u
#define TP_PART_NAME_MAX 255u
/* A survey with a picture for every answer has fewer. */
#define TP_PARTS_MAX 512u

struct tp_part_head {
    char name[TP_PART_NAME_MAX + 1];
    char filename[TP_PART_NAME_MAX + 1]; /* "" where there is none; no folders */
    char type[TP_PART_NAME_MAX + 1]; /* lower case, without parameters; "" where there is none */
};

/* Each returns false with *error set to stop reading. */
struct tp_multipart_sink {
    bool (*begin)(void *context, const struct tp_part_head *head, struct tp_error *error);
    bool (*data)(void *context, const void *bytes, size_t count, struct tp_error *error);
    bool (*end)(void *context, struct tp_error *error);
    void *context;
};

enum tp_multipart_state {
    TP_MULTIPART_PREAMBLE,
    TP_MULTIPART_AFTER_DELIMITER,
    TP_MULTIPART_HEADERS,
    TP_MULTIPART_BODY,
    TP_MULTIPART_EPILOGUE,
    TP_MULTIPART_FAILED,
};

struct tp_multipart {
    struct tp_multipart_sink sink;
    enum tp_multipart_state state;
    char delimiter[TP_BOUNDARY_MAX + 5]; /* CR LF "--" boundary */
    size_t delimiter_length;
    size_t matched; /* bytes of the delimiter seen and held back */
    char headers[TP_PART_HEADERS_MAX];
    size_t headers_length;
    char after[2]; /* what follows a delimiter */
    size_t after_length;
    size_t parts;
};

/* `content_type` is the request's header. False (TP_ERR_INVALID) where it is not
 * multipart/form-data with a boundary. */
bool tp_multipart_init(struct tp_multipart *reader, const char *content_type,
                       const struct tp_multipart_sink *sink, struct tp_error *error);

/* Once it has failed it stays failed. */
bool tp_multipart_feed(struct tp_multipart *reader, const void *bytes, size_t count,
                       struct tp_error *error);

/* The message is over: true where the closing delimiter was seen. */
bool tp_multipart_finish(struct tp_multipart *reader, struct tp_error *error);

#endif
