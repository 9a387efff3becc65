#include "store/answers.h"

#include <string.h>

#include "base/mem.h"
#include "store/counters.h"
#include "store/db.h"
#include "store/receipt.h"

#define MARK "answers"
#define FIELDS 5u

char *tp_next_line(char **text)
{
    char *line = *text;
    char *end = strchr(line, '\n');

    if (!end)
        return NULL;
    *end = '\0';
    *text = end + 1;
    return line;
}

const char *tp_next_value(char **text, const char *name)
{
    char *line = tp_next_line(text);
    size_t length = strlen(name);

    if (!line || strncmp(line, name, length) != 0 || line[length] != '\t')
        return NULL;
    return line + length + 1;
}

bool tp_cut_fields(char *line, char **fields, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!line)
            return false;
        fields[i] = line;
        line = strchr(line, '\t');
        if (line)
            *line++ = '\0';
    }
    return !line;
}

bool tp_read_count(const char *text, size_t *number)
{
    size_t length = strnlen(text, 9);

    if (length == 0 || length > 8 || strspn(text, "0123456789") != length)
        return false;
    *number = 0;
    for (size_t i = 0; i < length; i++)
        *number = *number * 10 + (size_t)(text[i] - '0');
    return true;
}

bool tp_answer_is_proper(const struct tp_carried *answer)
{
    return tp_instance_id_is_valid(answer->instance_id) &&
           tp_text_is_name(answer->form_id, TP_FORM_ID_MAX) &&
           tp_text_is_words(answer->form_version, TP_FORM_VERSION_MAX) &&
           tp_sha256_is_text(answer->sha256);
}

bool tp_answers_put_lines(struct tp_buf *out, const struct tp_carried *answers, size_t count)
{
    tp_buf_printf(out, MARK "\t%zu\n", count);
    for (size_t i = 0; i < count; i++)
        tp_buf_printf(out, "%s\t%s\t%s\t%s\t%zu\n", answers[i].instance_id, answers[i].form_id,
                      answers[i].form_version, answers[i].sha256, answers[i].sealed_count);
    return tp_buf_ok(out);
}

bool tp_answers_put_bytes(struct tp_buf *out, const struct tp_carried *answers, size_t count)
{
    for (size_t i = 0; i < count; i++)
        tp_buf_add(out, answers[i].sealed, answers[i].sealed_count);
    return tp_buf_ok(out);
}

static bool read_line(char *line, struct tp_carried *answer)
{
    char *fields[FIELDS];

    if (!line || !tp_cut_fields(line, fields, FIELDS))
        return false;
    *answer = (struct tp_carried){.instance_id = fields[0],
                                  .form_id = fields[1],
                                  .form_version = fields[2],
                                  .sha256 = fields[3]};
    return tp_answer_is_proper(answer) && tp_read_count(fields[4], &answer->sealed_count);
}

static bool not_answers(struct tp_error *error)
{
    return tp_fail(error, TP_ERR_INVALID, "not a list of answers with their bytes");
}

bool tp_answers_read(char *text, const void *bytes, size_t count, size_t most,
                     struct tp_carried **answers, size_t *answer_count, struct tp_error *error)
{
    const char *said = tp_next_value(&text, MARK);
    const char *next = bytes;
    struct tp_carried *read;
    size_t number = 0;

    if (!said || !tp_read_count(said, &number) || number == 0 || number > most)
        return not_answers(error);
    read = tp_calloc(number, sizeof(*read));
    if (!read)
        return tp_fail_memory(error);
    for (size_t i = 0; i < number; i++) {
        if (!read_line(tp_next_line(&text), &read[i]) || read[i].sealed_count > count)
            goto free_read;
        read[i].sealed = next;
        next += read[i].sealed_count;
        count -= read[i].sealed_count;
    }
    if (count == 0 && *text == '\0') {
        *answers = read;
        *answer_count = number;
        return true;
    }
free_read:
    tp_free(read);
    return not_answers(error);
}
