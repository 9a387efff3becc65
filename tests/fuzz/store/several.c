/*
 * Several answers in one request, and the reply to them. What is read of a request has proper names
 * and lies within it, each answer behind the one before; no receipt that verifies comes out of
 * bytes nobody signed.
 */
#include "store/several.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void insist(bool holds)
{
    if (!holds)
        abort();
}

static void read_request(const uint8_t *data, size_t size)
{
    struct tp_several several;
    struct tp_error error = {.code = TP_OK};
    const uint8_t *end = data + size;

    if (!tp_several_read(data, size, &several, &error)) {
        insist(error.code == TP_ERR_INVALID);
        return;
    }
    insist(several.count > 0 && several.count <= TP_SEVERAL_ANSWERS_MAX);
    for (size_t i = several.count; i > 0; i--) {
        const struct tp_carried *answer = &several.answers[i - 1];

        insist(tp_answer_is_proper(answer));
        insist((const uint8_t *)answer->sealed + answer->sealed_count == end);
        end = answer->sealed;
    }
    insist(end > data);
    tp_several_finish(&several);
}

static void read_reply(const uint8_t *data, size_t size)
{
    static const struct tp_receipt_key key = {.bytes = {1, 2, 3}};
    char *copy = tp_strndup((const char *)data, size);
    char *text = copy;
    struct tp_word word;

    insist(copy);
    if (tp_several_reply_open(&text)) {
        while (*text) {
            if (!tp_several_reply_next(&text, "uuid:s1", &word)) {
                if (!strchr(text, '\n'))
                    break;
                continue;
            }
            insist(word.status >= 100 && word.status < 600);
            insist(!word.has_receipt || !tp_receipt_verify(&key, NULL, &word.receipt, NULL));
        }
    }
    tp_free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    read_request(data, size);
    read_reply(data, size);
    return 0;
}
