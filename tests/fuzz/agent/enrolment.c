/* Hostile JSON at enrolment and heartbeat: what is accepted cannot end a line of device.ini or of a
 * header. */
#include "agent/wire/enrolment.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct tp_claim claim;
    struct tp_error error;
    struct tp_heartbeat_answer answer;
    int64_t number;

    (void)tp_enrolment_read((const char *)data, size, &number, &error);
    (void)tp_heartbeat_answer_read((const char *)data, size, &answer, &error);
    if (!tp_claim_read((const char *)data, size, &claim, &error))
        return 0;
    if (strpbrk(claim.name, "\r\n") || strpbrk(claim.token, "\r\n ") ||
        strpbrk(claim.device_id, "\r\n"))
        abort();
    tp_claim_wipe(&claim);
    return 0;
}
