/* The XML that arrives as xml_submission_file. What is taken has the shape the store relies on. */
#include "central/api/envelope.h"

#include <stdint.h>
#include <stdlib.h>

#include "central/http/decode.h"
#include "form/xml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct tp_envelope envelope;
    struct tp_error error = {.code = TP_OK};

    tp_xml_init();
    if (!tp_envelope_read(data, size, &envelope, &error)) {
        if (error.code == TP_OK)
            abort();
        return 0;
    }
    if (!tp_instance_id_is_valid(envelope.instance_id) || !*envelope.form ||
        !tp_is_line(envelope.form, TP_FORM_ID_MAX) ||
        !tp_is_line(envelope.version, TP_FORM_VERSION_MAX))
        abort();
    return 0;
}
