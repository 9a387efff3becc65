/* .mo files from anywhere; what is accepted is searched as well. */
#include "kiosk/i18n/mo.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct tp_error error;
    struct tp_mo mo;
    char key[64];
    size_t length = size < sizeof(key) - 1 ? size : sizeof(key) - 1;

    if (!tp_mo_open(data, size, &mo, &error))
        return 0;
    memcpy(key, data + size - length, length);
    key[length] = '\0';
    const char *found = tp_mo_find(&mo, key);

    if (found && strlen(found) > size)
        __builtin_trap();
    (void)tp_mo_find(&mo, "Back");
    return 0;
}
