#include "form/consultation.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct tp_consultation *consultation;
    struct tp_error error;

    if (!tp_consultation_parse((const char *)data, size, &consultation, &error))
        return 0;
    (void)tp_consultation_text(consultation, "title", "pl-Latn-PL");
    (void)tp_consultation_phase(consultation, (struct tp_day){2026, 11, 23});
    tp_consultation_destroy(consultation);
    return 0;
}
