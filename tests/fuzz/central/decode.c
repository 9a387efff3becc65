/* Paths, queries, form bodies and cookies; and writing what came in as HTML. */
#include "central/http/decode.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "central/web/html.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_text(const char *text)
{
    struct tp_buf out;

    if (!tp_is_text(text, strlen(text)))
        abort();
    tp_buf_init(&out, strlen(text) * 8 + 100);
    tp_html_escape(&out, text);
    if (!tp_buf_ok(&out) || strpbrk(tp_buf_text(&out), "<>\"'"))
        abort();
    tp_buf_finish(&out);
}

static void check_path(const char *text)
{
    struct tp_path path;
    struct tp_buf again;

    if (!tp_path_parse(text, &path, NULL))
        return;
    tp_buf_init(&again, strlen(text) * 3 + 100);
    for (size_t i = 0; i < path.count; i++) {
        struct tp_path one;

        check_text(path.segments[i]);
        /* Encoded again it is the same one segment. */
        tp_buf_reset(&again);
        (void)tp_buf_putc(&again, '/');
        (void)tp_percent_encode(&again, path.segments[i]);
        if (!tp_path_parse(tp_buf_text(&again), &one, NULL) || one.count != 1 ||
            strcmp(one.segments[0], path.segments[i]) != 0)
            abort();
        tp_path_finish(&one);
    }
    tp_buf_finish(&again);
    tp_path_finish(&path);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = tp_strndup((const char *)data, size);
    struct tp_fields fields;
    char value[64];

    if (!text)
        return 0;
    check_path(text);
    if (tp_fields_parse(text, strlen(text), &fields)) {
        for (size_t i = 0; i < fields.count; i++) {
            check_text(fields.items[i].name);
            check_text(fields.items[i].value);
        }
        tp_fields_finish(&fields);
    }
    (void)tp_cookie_find(text, "talkpoint", value, sizeof(value));
    tp_free(text);
    return 0;
}
