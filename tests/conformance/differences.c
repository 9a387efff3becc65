/*
 * Where Talkpoint differs on purpose, and why. Reviewed: a line names the case (or what its reason
 * holds), and the clause. At most one case in a hundred may stand here.
 */
#include <string.h>

#include "conformance.h"

static const struct {
    const char *kind;
    const char *what; /* is part of the case's name or expression */
    const char *why;  /* is part of the miss's reason */
    const char *reason;
} differences[] = {
    {"sessions", "delete third repeat group", "/data/summary",
     "sum() of no nodes is 0 (XPath 1.0, 4.4)"},
    {"sessions", "Cycles", "a cycle:", "cycles are refused with the chain named, as in JavaRosa"},
    {"sessions", "instance", "deprecatedID",
     "an answer that was sent is never opened again on a public screen"},
    {"sessions", "nstance attachments", "", "files are not asked for on a public screen"},
    {"sessions", "setgeopoint", "", "places are not captured on a public screen"},
    {"xpath", "date(", "", "date() gives the local date (ODK XForms, date()), as in JavaRosa"},
};

const char *deliberate(const char *kind, const char *what, const char *why)
{
    for (size_t i = 0; i < sizeof(differences) / sizeof(differences[0]); i++)
        if (!strcmp(differences[i].kind, kind) && strstr(what, differences[i].what) &&
            strstr(why, differences[i].why))
            return differences[i].reason;
    return NULL;
}
