#include <stdio.h>
#include <string.h>

#include "store/bundle.h"

#define MAGIC "talkpoint-receipts-1\n"
#define FIELDS 4u
/* A line's four fields, each with what follows it. */
#define LINE_MAX                                                                                   \
    (TP_INSTANCE_ID_MAX + TP_SHA256_TEXT_MAX + TP_TIME_TEXT_MAX + TP_RECEIPT_PROOF_TEXT_MAX)

bool tp_receipts_begin(struct tp_buf *out)
{
    return tp_buf_puts(out, MAGIC);
}

bool tp_receipts_add(struct tp_buf *out, const struct tp_receipt *receipt)
{
    return tp_buf_printf(out, "%s\t%s\t%s\t%s\n", receipt->instance_id, receipt->sha256,
                         receipt->received, receipt->signature);
}

/* How much of `name` the device's ID takes. */
static size_t put_device(const char *device_id, char name[TP_RECEIPTS_NAME_MAX])
{
    static const char kept[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-";

    (void)snprintf(name, TP_BUNDLE_DEVICE_MAX, "%s", device_id);
    for (char *p = name; *p; p++)
        if (!strchr(kept, *p))
            *p = '_';
    return strlen(name);
}

void tp_receipts_name(const char *device_id, const struct tp_buf *list,
                      char name[TP_RECEIPTS_NAME_MAX])
{
    char sha256[TP_SHA256_TEXT_MAX];
    size_t length = put_device(device_id, name);

    tp_sha256_text(tp_buf_text(list), list->length, sha256);
    (void)snprintf(name + length, TP_RECEIPTS_NAME_MAX - length, "-%.16s.tpr", sha256);
}

bool tp_receipts_is_for(const char *device_id, const char *name)
{
    char mine[TP_RECEIPTS_NAME_MAX];
    size_t length = put_device(device_id, mine);

    return strncmp(name, mine, length) == 0 && name[length] == '-' &&
           strlen(name + length) == sizeof("-0123456789abcdef.tpr") - 1;
}

static bool read_line(char *line, struct tp_receipt *receipt)
{
    char *fields[FIELDS];

    for (size_t i = 0; i < FIELDS; i++) {
        fields[i] = line;
        line = line ? strchr(line, '\t') : NULL;
        if (line)
            *line++ = '\0';
    }
    return !line &&
           tp_receipt_from_texts(fields[0], fields[1], fields[2], fields[3], receipt, NULL);
}

bool tp_receipts_read(const char *text, size_t count,
                      bool (*take)(void *context, const struct tp_receipt *receipt), void *context,
                      struct tp_error *error)
{
    const char *end = text + count;

    if (count < sizeof(MAGIC) - 1 || memcmp(text, MAGIC, sizeof(MAGIC) - 1) != 0)
        return tp_fail(error, TP_ERR_INVALID, "not a list of receipts");
    text += sizeof(MAGIC) - 1;
    while (text < end) {
        const char *stop = memchr(text, '\n', (size_t)(end - text));
        size_t length = (size_t)((stop ? stop : end) - text);
        struct tp_receipt receipt;
        char line[LINE_MAX];

        if (length < sizeof(line)) {
            memcpy(line, text, length);
            line[length] = '\0';
            if (read_line(line, &receipt) && !take(context, &receipt))
                return false;
        }
        text += length + 1;
    }
    return true;
}
