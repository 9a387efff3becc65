/* The list of surveys on a USB stick: every name that comes out is fit to be a name on disk. */
#include "agent/do/stick_list.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct tp_stick_list list;

    if (!tp_stick_list_read((const char *)data, size, &list, NULL))
        return 0;
    for (size_t i = 0; i < list.forms.count; i++) {
        const struct tp_stick_form *details = &list.details[i];

        if (!tp_name_is_form_id(list.forms.forms[i].id) ||
            details->file_count != details->manifest.count + 1)
            abort();
        for (size_t k = 0; k < details->manifest.count; k++)
            if (!tp_name_is_media(details->manifest.media[k].name))
                abort();
        for (size_t k = 0; k < details->file_count; k++)
            if (!tp_sha256_is_text(details->files[k].sha256))
                abort();
    }
    tp_stick_list_finish(&list);
    return 0;
}
