#include "kiosk/i18n/collate.h"

#include <string.h>
#include <unicode/ucol.h>
#include <unicode/uloc.h>

static UCollator *rules_of(const struct tp_collator *collator)
{
    return (UCollator *)collator;
}

struct tp_collator *tp_collator_open(const char *language)
{
    char locale[ULOC_FULLNAME_CAPACITY];
    UErrorCode status = U_ZERO_ERROR;
    UCollator *rules;

    (void)uloc_forLanguageTag(language, locale, sizeof(locale), NULL, &status);
    if (U_FAILURE(status))
        return NULL;
    rules = ucol_open(locale, &status);
    if (U_SUCCESS(status))
        return (struct tp_collator *)rules;
    ucol_close(rules);
    return NULL;
}

void tp_collator_close(struct tp_collator *collator)
{
    if (collator)
        ucol_close(rules_of(collator));
}

int tp_collate(const struct tp_collator *collator, const char *one, const char *other)
{
    UErrorCode status = U_ZERO_ERROR;
    UCollationResult order = UCOL_EQUAL;

    if (collator)
        order = ucol_strcollUTF8(rules_of(collator), one, -1, other, -1, &status);
    if (U_FAILURE(status) || order == UCOL_EQUAL)
        return strcmp(one, other);
    return order == UCOL_LESS ? -1 : 1;
}
