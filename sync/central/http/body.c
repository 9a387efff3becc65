#include "central/http/body.h"

#include <string.h>

#include "base/mem.h"

/* One piece of a streamed body. */
#define STREAM_BLOCK (64u * 1024u)

/* A streamed body: libmicrohttpd asks for bytes, the stream gives blocks. */
struct streaming {
    struct tp_stream stream;
    struct tp_buf block;
    size_t given;
    bool ended;
};

static ssize_t read_stream(void *context, uint64_t position, char *out, size_t max)
{
    struct streaming *streaming = context;
    size_t left = streaming->block.length - streaming->given;

    (void)position;
    while (left == 0 && !streaming->ended) {
        tp_buf_reset(&streaming->block);
        streaming->given = 0;
        if (!streaming->stream.fill(streaming->stream.context, &streaming->block,
                                    &streaming->ended))
            return MHD_CONTENT_READER_END_WITH_ERROR;
        left = streaming->block.length;
    }
    if (left == 0)
        return MHD_CONTENT_READER_END_OF_STREAM;
    if (left > max)
        left = max;
    memcpy(out, streaming->block.data + streaming->given, left);
    streaming->given += left;
    return (ssize_t)left;
}

static void free_stream(void *context)
{
    struct streaming *streaming = context;

    if (streaming->stream.close)
        streaming->stream.close(streaming->stream.context);
    tp_buf_finish(&streaming->block);
    tp_free(streaming);
}

static struct MHD_Response *make_streamed(struct tp_response *response)
{
    struct streaming *streaming = tp_calloc(1, sizeof(*streaming));
    struct MHD_Response *made;

    if (!streaming)
        return NULL;
    streaming->stream = response->stream;
    tp_buf_init(&streaming->block, TP_RESPONSE_MAX);
    made = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, STREAM_BLOCK, read_stream, streaming,
                                             free_stream);
    if (!made)
        tp_free(streaming);
    else
        response->stream = (struct tp_stream){.fill = NULL};
    return made;
}

static struct MHD_Response *make_whole(struct tp_response *response)
{
    size_t length = response->body.length;
    char *body = tp_buf_take(&response->body);
    struct MHD_Response *made;

    if (!body)
        return NULL;
    made = MHD_create_response_from_buffer_with_free_callback(length, body, tp_free);
    if (!made)
        tp_free(body);
    return made;
}

struct MHD_Response *tp_body_make(struct tp_response *response)
{
    return response->stream.fill ? make_streamed(response) : make_whole(response);
}
