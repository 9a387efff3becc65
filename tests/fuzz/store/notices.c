/* A list of notices as it comes from a network or a stick: what is read is whole, fits its caps,
 * and is the same when it is written and read again. */
#include "store/notices.h"

#include <sodium.h>
#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct tp_notice *notice)
{
    const struct tp_notice_words *words = tp_notice_words_for(notice, "pl", true);

    if (!*notice->id || notice->count == 0 || !words || words->count == 0 ||
        !tp_notice_is_day(notice->from) || !tp_notice_is_day(notice->until))
        abort();
    for (size_t i = 0; i < words->count; i++)
        if (!*words->parts[i].text ||
            (*words->parts[i].picture && !tp_notice_is_picture(words->parts[i].picture)))
            abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    unsigned char seed[crypto_sign_SEEDBYTES] = {1};
    struct tp_notices notices, again;
    struct tp_receipt_pair pair;
    struct tp_buf text;
    size_t at;

    if (sodium_init() < 0 || crypto_sign_seed_keypair(pair.key.bytes, pair.secret, seed) != 0)
        abort();
    if (tp_notices_part((const char *)data, size, &at) && at > size)
        abort();
    if (!tp_notices_read((const char *)data, size, &pair.key, &notices, NULL))
        return 0;
    for (size_t i = 0; i < notices.count; i++)
        check(&notices.items[i]);
    tp_buf_init(&text, 2u * TP_NOTICES_BYTES_MAX);
    if (!tp_notices_write(&notices, &pair.key, &text, NULL))
        abort();
    if (text.length <= TP_NOTICES_BYTES_MAX) {
        if (!tp_notices_read(text.data, text.length, &pair.key, &again, NULL) ||
            again.count != notices.count || again.serial != notices.serial)
            abort();
        tp_notices_finish(&again);
    }
    tp_buf_finish(&text);
    tp_notices_finish(&notices);
    return 0;
}
