/* CSV media. */
#include <stddef.h>
#include <stdint.h>

#include "form/form_instance.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    xmlDocPtr doc;

    if (tp_csv_to_xml("fuzz.csv", (const char *)data, size, &doc, NULL))
        xmlFreeDoc(doc);
    return 0;
}
