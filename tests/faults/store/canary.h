/* Whether an answer in the clear is in a file of the device's store. Header only. */
#ifndef TP_FAULTS_STORE_CANARY_H
#define TP_FAULTS_STORE_CANARY_H

#include "lib/files.h"
#include "unit/store/fixture.h"

/* In how many of the files `path` + end it is; a file that is not there holds nothing. */
static inline unsigned canary_files(const char *path, const char *const *ends, size_t count)
{
    unsigned found = 0;

    for (size_t i = 0; i < count; i++) {
        char name[160];

        (void)snprintf(name, sizeof(name), "%s%s", path, ends[i]);
        found += file_has(name, CANARY, strlen(CANARY));
    }
    return found;
}

#endif
