#include "store/several.h"

#include <string.h>

#include "base/mem.h"

#define MAGIC "talkpoint-answers-1\n"
#define REPLY_MAGIC "talkpoint-answered-1"
/* An empty line, after which the bytes come. */
#define HEAD_END "\n\n"
#define RECEIPT_FIELDS 5u
#define REFUSAL_FIELDS 3u
#define HELD 201

bool tp_several_write(const struct tp_carried *answers, size_t count, struct tp_buf *out,
                      struct tp_error *error)
{
    (void)tp_buf_puts(out, MAGIC);
    (void)tp_answers_put_lines(out, answers, count);
    (void)tp_buf_putc(out, '\n');
    return tp_answers_put_bytes(out, answers, count) || tp_fail_memory(error);
}

bool tp_several_read(const void *bytes, size_t count, struct tp_several *several,
                     struct tp_error *error)
{
    const size_t before = sizeof(MAGIC) - 1;
    const size_t head_max = (TP_SEVERAL_ANSWERS_MAX + 2u) * TP_SEVERAL_LINE_MAX;
    const char *end =
        memmem(bytes, count < head_max ? count : head_max, HEAD_END, sizeof(HEAD_END) - 1);
    size_t lines = end ? (size_t)(end + 1 - (const char *)bytes) : 0;
    struct tp_several read = {0};

    if (lines <= before || memcmp(bytes, MAGIC, before) != 0 || memchr(bytes, '\0', lines))
        return tp_fail(error, TP_ERR_INVALID, "not a request of several answers");
    read.head = tp_strndup((const char *)bytes + before, lines - before);
    if (!read.head)
        return tp_fail_memory(error);
    if (tp_answers_read(read.head, end + sizeof(HEAD_END) - 1, count - lines - 1,
                        TP_SEVERAL_ANSWERS_MAX, &read.answers, &read.count, error)) {
        *several = read;
        return true;
    }
    tp_free(read.head);
    return false;
}

void tp_several_finish(struct tp_several *several)
{
    tp_free(several->answers);
    tp_free(several->head);
    *several = (struct tp_several){0};
}

bool tp_several_reply_begin(struct tp_buf *out)
{
    return tp_buf_puts(out, REPLY_MAGIC "\n");
}

bool tp_several_reply_receipt(struct tp_buf *out, const struct tp_receipt *receipt)
{
    return tp_buf_printf(out, "%d\t%s\t%s\t%s\t%s\n", HELD, receipt->instance_id, receipt->sha256,
                         receipt->received, receipt->signature);
}

bool tp_several_reply_refusal(struct tp_buf *out, int status, const char *instance_id,
                              const char *message)
{
    return tp_buf_printf(out, "%d\t%s\t%s\n", status, instance_id, message);
}

bool tp_several_reply_open(char **text)
{
    const char *line = tp_next_line(text);

    return line && strcmp(line, REPLY_MAGIC) == 0;
}

static bool has_tabs(const char *line, size_t count)
{
    for (; *line; line++)
        count -= *line == '\t' && count;
    return count == 0;
}

bool tp_several_reply_next(char **text, const char *instance_id, struct tp_word *word)
{
    struct tp_word read = {.message = ""};
    char *line = tp_next_line(text);
    char *fields[RECEIPT_FIELDS];
    bool receipt = line && has_tabs(line, RECEIPT_FIELDS - 1);
    size_t status = 0;

    if (!line || !tp_cut_fields(line, fields, receipt ? RECEIPT_FIELDS : REFUSAL_FIELDS) ||
        !tp_read_count(fields[0], &status) || status < 100 || status > 599 ||
        strcmp(fields[1], instance_id) != 0)
        return false;
    read.status = (int)status;
    if (receipt)
        read.has_receipt =
            tp_receipt_from_texts(fields[1], fields[2], fields[3], fields[4], &read.receipt, NULL);
    else
        read.message = fields[2];
    *word = read;
    return true;
}
