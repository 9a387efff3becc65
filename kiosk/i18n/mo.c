/* See mo.h. */
#include "kiosk/i18n/mo.h"

#include <string.h>

#include "kiosk/i18n/catalog.h"

#define MAGIC 0x950412DEu
#define MAGIC_SWAPPED 0xDE120495u
#define HEADER_SIZE 28u
#define ENTRY_SIZE 8u

static uint32_t word_at(const struct tp_mo *mo, size_t offset)
{
    uint32_t word;

    memcpy(&word, mo->bytes + offset, sizeof(word));
    return mo->swapped ? __builtin_bswap32(word) : word;
}

/* The string of entry `index` of a table; NULL where it leaves the file or does not end. */
static const char *string_at(const struct tp_mo *mo, uint32_t table, uint32_t index)
{
    size_t entry = (size_t)table + (size_t)index * ENTRY_SIZE;
    uint32_t length = word_at(mo, entry), offset = word_at(mo, entry + 4);

    if (offset >= mo->size || length >= mo->size - offset)
        return NULL;
    return mo->bytes[offset + length] == '\0' ? (const char *)mo->bytes + offset : NULL;
}

static bool table_fits(const struct tp_mo *mo, uint32_t table)
{
    return table <= mo->size && (mo->size - table) / ENTRY_SIZE >= mo->count;
}

bool tp_mo_open(const void *bytes, size_t size, struct tp_mo *mo, struct tp_error *error)
{
    struct tp_mo made = {.bytes = bytes, .size = size};
    const char *last = NULL;

    if (size < HEADER_SIZE)
        return tp_fail(error, TP_ERR_INVALID, "not a .mo file: too short");
    uint32_t magic = word_at(&made, 0);

    if (magic != MAGIC && magic != MAGIC_SWAPPED)
        return tp_fail(error, TP_ERR_INVALID, "not a .mo file");
    made.swapped = magic == MAGIC_SWAPPED;
    if (word_at(&made, 4) >> 16 > 1)
        return tp_fail(error, TP_ERR_UNSUPPORTED, "a .mo file of an unknown revision");
    made.count = word_at(&made, 8);
    made.originals = word_at(&made, 12);
    made.translations = word_at(&made, 16);
    if (made.count > TP_CATALOG_STRINGS_MAX)
        return tp_fail(error, TP_ERR_LIMIT, "a .mo file of %u strings: %u at most", made.count,
                       TP_CATALOG_STRINGS_MAX);
    if (!table_fits(&made, made.originals) || !table_fits(&made, made.translations))
        return tp_fail(error, TP_ERR_INVALID, "a damaged .mo file: a table leaves it");
    for (uint32_t i = 0; i < made.count; i++) {
        const char *original = string_at(&made, made.originals, i);

        if (!original || !string_at(&made, made.translations, i))
            return tp_fail(error, TP_ERR_INVALID, "a damaged .mo file: string %u leaves it", i);
        if (last && strcmp(last, original) >= 0)
            return tp_fail(error, TP_ERR_INVALID, "a damaged .mo file: string %u is out of order",
                           i);
        last = original;
    }
    *mo = made;
    return true;
}

const char *tp_mo_find(const struct tp_mo *mo, const char *key)
{
    uint32_t low = 0, high = mo->count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        const char *original = string_at(mo, mo->originals, middle);
        int order = original ? strcmp(key, original) : 1;

        if (order == 0) {
            const char *found = string_at(mo, mo->translations, middle);

            return found && found[0] ? found : NULL;
        }
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}
