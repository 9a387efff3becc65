/* What a multipart reader hands on, as one text: "<name|filename|type>bytes;" for each part. */
#ifndef TP_TESTS_LIB_MULTIPART_TEXT_H
#define TP_TESTS_LIB_MULTIPART_TEXT_H

#include "base/buf.h"
#include "central/http/multipart.h"

static inline bool multipart_text_begin(void *context, const struct tp_part_head *head,
                                        struct tp_error *error)
{
    (void)error;
    return tp_buf_printf(context, "<%s|%s|%s>", head->name, head->filename, head->type);
}

static inline bool multipart_text_bytes(void *context, const void *bytes, size_t count,
                                        struct tp_error *error)
{
    (void)error;
    return tp_buf_add(context, bytes, count);
}

static inline bool multipart_text_end(void *context, struct tp_error *error)
{
    (void)error;
    return tp_buf_putc(context, ';');
}

static inline struct tp_multipart_sink multipart_text(struct tp_buf *text)
{
    return (struct tp_multipart_sink){multipart_text_begin, multipart_text_bytes,
                                      multipart_text_end, text};
}

#endif
