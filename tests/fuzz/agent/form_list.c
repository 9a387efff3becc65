/* The form list of a hostile store: what is accepted is fit to be names on disk. */
#include "agent/wire/form_list.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct tp_form_list list = {0};
    struct tp_error error;

    if (!tp_form_list_read((const char *)data, size, &list, &error))
        return 0;
    for (size_t i = 0; i < list.count; i++) {
        if (!tp_name_is_form_id(list.forms[i].id))
            abort();
        if (!list.forms[i].problem && (!list.forms[i].url || !list.forms[i].version))
            abort();
    }
    tp_form_list_finish(&list);
    return 0;
}
