/* Time zone files. */
#include "base/zone.h"

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct tp_zone *zone = NULL;

    if (tp_zone_parse(data, size, &zone, NULL)) {
        for (int64_t t = -4000000000; t < 8000000000; t += 123456789) {
            (void)tp_zone_offset_at(zone, t);
            (void)tp_zone_offset_local(zone, t);
        }
    }
    tp_zone_destroy(zone);
    return 0;
}
