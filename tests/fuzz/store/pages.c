/*
 * Damaged stores: the first four bytes say how long the file is, the log follows it. Every answer
 * that comes out has the SHA-256 that stood beside it, and proper names.
 */
#include "store/pages.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "store/db.h"
#include "store/log.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct bytes {
    const uint8_t *data;
    size_t size;
};

static void insist(bool holds)
{
    if (!holds)
        abort();
}

static bool read_at(void *context, uint64_t offset, void *out, size_t count)
{
    const struct bytes *bytes = context;

    if (offset > bytes->size || count > bytes->size - offset)
        return false;
    memcpy(out, bytes->data + offset, count);
    return true;
}

static bool see(void *context, const struct tp_outbox_item *item)
{
    size_t *seen = context;
    char sha256[TP_SHA256_TEXT_MAX];

    insist(item->sequence >= 0);
    if (!item->sealed)
        return true;
    tp_sha256_text(item->sealed, item->sealed_count, sha256);
    insist(strcmp(sha256, item->sha256) == 0);
    insist(tp_instance_id_is_valid(item->instance_id));
    insist(tp_text_is_name(item->form_id, TP_FORM_ID_MAX));
    insist(tp_text_is_words(item->last_error, TP_OUTBOX_WORDS_MAX));
    (*seen)++;
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes file = {0};
    struct bytes log = {0};
    struct tp_pages_found found = {0};
    struct tp_error error;
    size_t seen = 0;
    size_t length;

    if (size < 4)
        return 0;
    length = (size_t)data[0] << 24 | (size_t)data[1] << 16 | (size_t)data[2] << 8 | data[3];
    if (length > size - 4)
        length = size - 4;
    /* Copies of their own, so that a step outside is seen. */
    file = (struct bytes){.data = tp_calloc(length, 1), .size = length};
    log = (struct bytes){.data = tp_calloc(size - 4 - length, 1), .size = size - 4 - length};
    memcpy((void *)file.data, data + 4, file.size);
    memcpy((void *)log.data, data + 4 + length, log.size);
    {
        const struct tp_pages_source file_source = {read_at, &file, file.size};
        const struct tp_pages_source log_source = {read_at, &log, log.size};

        (void)tp_log_is_broken(&log_source);
        insist(tp_pages_read(&file_source, &log_source, see, &seen, &found, &error));
        insist(found.answers == seen);
    }
    tp_free((void *)file.data);
    tp_free((void *)log.data);
    return 0;
}
