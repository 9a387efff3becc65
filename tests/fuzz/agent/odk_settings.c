/* Hostile settings, as a file or a code's text: read whole, in one line each, or refused. */
#include "agent/wire/odk_settings.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void insist(bool holds)
{
    if (!holds)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct tp_odk_settings settings;
    struct tp_error error;

    if (!tp_odk_settings_read((const char *)data, size, &settings, &error))
        return 0;
    insist(*settings.url && !strpbrk(settings.url, "\r\n"));
    insist(!strpbrk(settings.user, "\r\n") && !strpbrk(settings.password, "\r\n"));
    return 0;
}
