/* The multipart reader: the first byte says into what pieces the message is cut; two ways of
 * cutting must agree. */
#include "central/http/multipart.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "lib/multipart_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool read_all(const char *type, const uint8_t *data, size_t size, size_t piece,
                     struct tp_buf *got)
{
    const struct tp_multipart_sink sink = multipart_text(got);
    struct tp_multipart reader;

    if (!tp_multipart_init(&reader, type, &sink, NULL))
        return false;
    for (size_t at = 0; at < size; at += piece) {
        if (!tp_multipart_feed(&reader, data + at, piece < size - at ? piece : size - at, NULL))
            return false;
    }
    return tp_multipart_finish(&reader, NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *line_end;
    char type[128] = "multipart/form-data; boundary=";
    struct tp_buf one;
    struct tp_buf two;
    bool first;
    bool second;

    /* cut byte, rest of the content type, line end, message */
    if (size < 2 || !(line_end = memchr(data + 1, '\n', size - 1)) || line_end - data > 80)
        return 0;
    memcpy(type + strlen(type), data + 1, (size_t)(line_end - data - 1));
    tp_buf_init(&one, size * 2 + 1000000);
    tp_buf_init(&two, size * 2 + 1000000);
    line_end++;
    first = read_all(type, line_end, size - (size_t)(line_end - data), size + 1, &one);
    second =
        read_all(type, line_end, size - (size_t)(line_end - data), (size_t)data[0] % 16 + 1, &two);
    if (first != second)
        abort();
    if (first &&
        (one.length != two.length || memcmp(tp_buf_text(&one), tp_buf_text(&two), one.length) != 0))
        abort();
    tp_buf_finish(&one);
    tp_buf_finish(&two);
    return 0;
}
