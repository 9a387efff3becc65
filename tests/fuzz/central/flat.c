/* What an opening holds, once decrypted: it is refused, or each of its answers can be read. */
#include "central/export/flat.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* As many as the bytes say, as far as they can be counted: the count is bound to the opening. */
static bool read_as(struct tp_flat *flat, const struct tp_keys *keys, const struct tp_buf *plain,
                    const struct tp_schema *schema, int64_t answers)
{
    struct tp_run run = {.form = "hours", .number = 7, .answers = answers};
    struct tp_buf bytes;
    bool ok;

    tp_buf_init(&bytes, TP_OPENING_PLAIN_MAX + TP_OPENING_PAD);
    if (!tp_opening_make(keys, 0, &run, plain, &bytes))
        abort();
    run.opening = bytes.data;
    run.opening_length = bytes.length;
    ok = tp_flat_read(flat, keys, &run, schema);
    tp_buf_finish(&bytes);
    return ok;
}

static void read_answers(const struct tp_flat *flat, struct tp_answer *answer)
{
    for (int64_t seq = tp_run_first(7); seq <= tp_run_last(7); seq++) {
        struct tp_kept kept;

        if (tp_flat_get(flat, seq, &kept, answer) != tp_flat_has(flat, seq))
            abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct tp_keys keys = {.unsealing_count = 1};
    static struct tp_schema schema;
    static struct tp_answer answer;
    struct tp_flat flat;
    struct tp_buf plain;

    if (size > TP_OPENING_PLAIN_MAX)
        return 0;
    if (!answer.scan && (tp_schema_learn(&schema, "why") < 0 || !tp_answer_init(&answer, &schema)))
        abort();
    tp_buf_init(&plain, TP_OPENING_PLAIN_MAX);
    tp_flat_init(&flat);
    (void)tp_buf_add(&plain, data, size);
    (void)read_as(&flat, &keys, &plain, &schema, 0);
    if (flat.count > 0 && read_as(&flat, &keys, &plain, &schema, flat.count))
        read_answers(&flat, &answer);
    tp_flat_close(&flat);
    tp_buf_finish(&plain);
    return 0;
}
