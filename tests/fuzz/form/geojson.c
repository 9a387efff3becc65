/* GeoJSON media. */
#include <stddef.h>
#include <stdint.h>

#include "form/form_instance.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    xmlDocPtr doc;

    if (tp_geojson_to_xml("fuzz.geojson", (const char *)data, size, &doc, NULL))
        xmlFreeDoc(doc);
    return 0;
}
