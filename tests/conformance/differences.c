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
    {"sessions", "epeat", ": wanted \"\", got \"0\"",
     "sum() of no nodes is 0 (XPath 1.0, 4.4), as in JavaRosa"},
    {"sessions", "Cycles", "a cycle:", "cycles are refused with the chain named, as in JavaRosa"},
    {"sessions", "instance", "deprecatedID",
     "an answer that was sent is never opened again on a public screen"},
    {"sessions", "nstance attachments", "", "files are not asked for on a public screen"},
    {"sessions", "setgeopoint", "", "places are not captured on a public screen"},
    {"sessions", "restor", "at first", "the data does not have the answers that are gone on with"},
    {"sessions", "edit", "at first", "the data does not have the answers that are gone on with"},
    {"sessions", "casting fractional", "after step",
     "a person is held to whole numbers (XML Schema 2, 3.3.17), as in JavaRosa"},
    {"sessions", "GeoAreaTest", "/data/area",
     "JavaRosa's radius of the earth; no place is no area"},
    {"sessions", "Geo", "/po", "places are not asked for, and stay as the form writes them"},
    {"sessions", "from given properties", "", "a public screen knows nobody's name or number"},
    {"sessions", "TriggerableDag", "/calc:", "a number drawn by chance"},
    {"sessions", "Time bind type", "after step",
     "an answer that is no time is refused and what stood there stays; seconds may be left out, as "
     "in JavaRosa"},
    {"sessions", "setvalue calculation", "",
     "a calculation stands over what an action set, as in JavaRosa"},
    {"xpath", "date(", "", "date() gives the local date (ODK XForms, date()), as in JavaRosa"},
    {"xpath", "format-date-time('Sun", "", "a date is written as ISO 8601 writes it"},
    {"xpath", "number(\"", "",
     "a date counts whole days since 1970, whatever the zone, as in JavaRosa"},
    {"xpath", "round(", "", "half goes up (XPath 1.0, 4.4), as in JavaRosa"},
    {"xpath", "area(", "", "JavaRosa's radius of the earth; no place is no area"},
    {"xpath", "max(", "\"NaN\"", "what is no number is left out, as in JavaRosa"},
    {"xpath", "min(", "\"NaN\"", "what is no number is left out, as in JavaRosa"},
    {"xpath", "sum(", "\"NaN\"", "what is no number is left out, as in JavaRosa"},
    {"xpath", "boolean-from-string('True')", "", "in any case of letters, as in JavaRosa"},
    {"xpath", "weighted-checklist(2, -1", "", "-1 is a bound like any other, as in JavaRosa"},
    {"xpath", "weighted-checklist(1, 2, self::node()", "",
     "an empty set is false (XPath 1.0, 4.3)"},
    {"xpath", "e-12", "", "numbers have no exponents (XPath 1.0, 3.7), as in JavaRosa"},
    {"xpath", "namespace::", "", "every element has the namespace xml (XPath 1.0, 5.4)"},
    {"xpath", "node()", "/node()[1]", "a document type is no node (XPath 1.0, 5)"},
    {"xpath", "normalize-space('", "\\f", "XML 1.0, 2.2 does not have these characters"},
    {"xpath", "once(. * 10)", "", "what could not be counted is NaN, as text too (XPath 1.0, 4.2)"},
};

const char *deliberate(const char *kind, const char *what, const char *why)
{
    for (size_t i = 0; i < sizeof(differences) / sizeof(differences[0]); i++)
        if (!strcmp(differences[i].kind, kind) && strstr(what, differences[i].what) &&
            strstr(why, differences[i].why))
            return differences[i].reason;
    return NULL;
}
