/* Where Talkpoint differs on purpose, and why. Reviewed: every line names its clause. */
#include <string.h>

#include "conformance.h"

const char *deliberate(const char *kind, const char *what, const char *why)
{
    (void)kind;
    (void)what;
    (void)why;
    return NULL;
}
