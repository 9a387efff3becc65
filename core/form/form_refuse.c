/*
 * What a public touchscreen cannot ask, refused by name with the way round. One table: adding a
 * refusal is one line.
 */
#include <string.h>

#include "form/form_internal.h"
#include "form/xml.h"

struct refusal {
    const char *element;   /* local name of the XML element; NULL: any */
    const char *attribute; /* whose value must hold `word`; NULL: the element alone is enough */
    const char *word;      /* "": any value; "x*": a value or word that begins with x */
    const char *what;
    const char *instead;
};

static const struct refusal refusals[] = {
    {"upload", NULL, NULL, "photo, sound, video and file answers",
     "ask in words, or take the picture with another form"},
    {"bind", "type", "geopoint", "location capture", "ask for a place by name or postcode"},
    {"bind", "type", "geotrace", "location capture", "ask for a place by name or postcode"},
    {"bind", "type", "geoshape", "location capture", "ask for a place by name or postcode"},
    {"bind", "type", "barcode", "barcodes", "ask for the number as text"},
    {"bind", "type", "binary", "file answers", "ask in words"},
    {"bind", "location-priority", "", "location capture", "remove it: nobody is followed here"},
    {"setgeopoint", NULL, NULL, "location capture", "ask for a place by name or postcode"},
    {"recordaudio", NULL, NULL, "background audio recording",
     "remove it: nobody is recorded on a public screen"},
    {"entity", "dataset", "", "entities", "turn off saving to an entity list"},
    {"bind", "saveto", "", "entities", "turn off saving to an entity list"},
    {NULL, "appearance", "ex:*", "external apps", "remove the appearance"},
    {NULL, "intent", "", "external apps", "remove the intent"},
    {NULL, "appearance", "printer:*", "printers", "remove the appearance"},
    {NULL, "appearance", "signature", "signatures", "use acknowledge"},
    {NULL, "appearance", "draw", "drawing", "ask in words"},
    {NULL, "appearance", "annotate", "drawing", "ask in words"},
    {NULL, "appearance", "ethiopian", "non-Gregorian calendars", "remove the appearance"},
    {NULL, "appearance", "coptic", "non-Gregorian calendars", "remove the appearance"},
    {NULL, "appearance", "islamic", "non-Gregorian calendars", "remove the appearance"},
    {NULL, "appearance", "persian", "non-Gregorian calendars", "remove the appearance"},
    {NULL, "appearance", "myanmar", "non-Gregorian calendars", "remove the appearance"},
    {NULL, "appearance", "buddhist", "non-Gregorian calendars", "remove the appearance"},
    {NULL, "appearance", "bikram-sambat", "non-Gregorian calendars", "remove the appearance"},
    {NULL, "appearance", "placement-map", "maps", "ask for a place by name or postcode"},
    {NULL, "appearance", "maps", "maps", "ask for a place by name or postcode"},
    {"instance", "src", "jr://instance/last-saved", "answers of the person before (last-saved)",
     "give a default instead"},
};

static bool word_matches(const char *value, const char *word)
{
    size_t length = strlen(word);

    if (!length)
        return true;
    if (word[length - 1] != '*')
        return tp_appearance_has(value, word);
    for (; *value; value += strcspn(value, " ")) {
        value += strspn(value, " ");
        if (!strncmp(value, word, length - 1))
            return true;
    }
    return false;
}

static const char *attribute_of(const xmlNode *node, const char *name)
{
    for (const xmlAttr *attr = node->properties; attr; attr = attr->next)
        if (!strcmp((const char *)attr->name, name) && attr->children && attr->children->content)
            return (const char *)attr->children->content;
    return NULL;
}

/* "xsd:barcode" is the type "barcode". */
static const char *without_prefix(const char *name, const char *value)
{
    const char *colon = !strcmp(name, "type") ? strchr(value, ':') : NULL;

    return colon ? colon + 1 : value;
}

/* Where other devices log what was touched: nobody is asked for a file, and it stays empty. */
static bool is_audit(const xmlNode *node)
{
    static const char *const paths[] = {"/meta/audit", "/orx:meta/orx:audit"};
    const char *path = attribute_of(node, "nodeset");
    size_t length = path ? strlen(path) : 0;

    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
        size_t n = strlen(paths[i]);

        if (length > n && !strcmp(path + length - n, paths[i]))
            return true;
    }
    return false;
}

static const struct refusal *refusal_of(const xmlNode *node)
{
    for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
        const struct refusal *refusal = &refusals[i];
        const char *value;

        if (refusal->element && strcmp((const char *)node->name, refusal->element) != 0)
            continue;
        if (!refusal->attribute)
            return refusal;
        value = attribute_of(node, refusal->attribute);
        if (!strcmp(refusal->word, "binary") && is_audit(node))
            continue;
        if (value && word_matches(without_prefix(refusal->attribute, value), refusal->word))
            return refusal;
    }
    return NULL;
}

/* The primary instance and the texts are the author's own words, not instructions. */
static bool is_content(const xmlNode *node)
{
    return !strcmp((const char *)node->name, "itext") ||
           (!strcmp((const char *)node->name, "instance") && !attribute_of(node, "src"));
}

/* An entity is declared inside the primary instance, all the same: in a <meta> of the form or of a
 * repeat. */
static const xmlNode *entity_of(const xmlNode *node)
{
    bool meta = !strcmp((const char *)node->name, "meta");

    for (const xmlNode *child = tp_xml_first(node); child; child = tp_xml_next(child)) {
        const xmlNode *found;

        if (meta && !strcmp((const char *)child->name, "entity") && attribute_of(child, "dataset"))
            return child;
        found = entity_of(child);
        if (found)
            return found;
    }
    return NULL;
}

bool tp_form_is_refused(const xmlNode *element)
{
    return refusal_of(element) != NULL;
}

static bool refuse(struct tp_form *form, const xmlNode *node, const struct refusal *refusal,
                   struct tp_error *error)
{
    const char *subject = attribute_of(node, "ref");

    if (!subject)
        subject = attribute_of(node, "nodeset");
    if (!subject)
        subject = (const char *)node->name;
    (void)tp_form_fail(form, node, error, TP_ERR_UNSUPPORTED,
                       "'%.200s': a public screen does not do %s; %s", subject, refusal->what,
                       refusal->instead);
    return tp_form_note(form, error);
}

bool tp_form_refuse(struct tp_form *form, const xmlNode *parent, struct tp_error *error)
{
    for (const xmlNode *node = tp_xml_first(parent); node; node = tp_xml_next(node)) {
        const struct refusal *refusal;

        if (is_content(node)) {
            const xmlNode *root = tp_xml_first(node);
            const xmlNode *entity = root ? entity_of(root) : NULL;

            refusal = entity ? refusal_of(entity) : NULL;
            if (refusal && !refuse(form, entity, refusal, error))
                return false;
            continue;
        }
        refusal = refusal_of(node);
        if (refusal ? !refuse(form, node, refusal, error) : !tp_form_refuse(form, node, error))
            return false;
    }
    return true;
}
