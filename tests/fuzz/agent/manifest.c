/* The manifest of a hostile store: what is accepted is fit to be names on disk. */
#include <stdint.h>
#include <stdlib.h>

#include "agent/wire/form_list.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct tp_manifest manifest = {0};
    struct tp_error error;

    if (!tp_manifest_read((const char *)data, size, &manifest, &error))
        return 0;
    for (size_t i = 0; i < manifest.count; i++)
        if (!tp_name_is_media(manifest.media[i].name) || !manifest.media[i].url)
            abort();
    tp_manifest_finish(&manifest);
    return 0;
}
