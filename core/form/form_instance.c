/* Secondary instances: inline, and media files by their jr:// names. */
#include "form/form_instance.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/file.h"
#include "base/mem.h"
#include "form/form_internal.h"
#include "form/xml.h"

/* Names in paths have no namespace, so the instance's names must not have one either. */
static void drop_namespaces(xmlNodePtr node)
{
    for (; node; node = tp_xml_next(node)) {
        node->ns = NULL;
        for (xmlAttrPtr attr = node->properties; attr; attr = attr->next)
            attr->ns = NULL;
        drop_namespaces(tp_xml_first(node));
    }
}

/* The last part of jr://file-csv/towns.csv, or NULL where it would leave the media folder. */
static const char *media_name(const char *src)
{
    const char *slash = strrchr(src, '/');
    const char *name = slash ? slash + 1 : src;
    const char *scheme = "jr://";

    if (strncmp(src, scheme, strlen(scheme)) != 0 || !*name || *name == '.' || strchr(name, '\\'))
        return NULL;
    /* jr://HOST/NAME: one folder deep, no more */
    return strchr(src + strlen(scheme), '/') == slash ? name : NULL;
}

static bool ends_with(const char *name, const char *ending)
{
    size_t length = strlen(name);

    return length > strlen(ending) && !strcasecmp(name + length - strlen(ending), ending);
}

static bool parse(const char *name, const struct tp_buf *bytes, xmlDocPtr *doc,
                  struct tp_error *error)
{
    const struct tp_xml_limits limits = {.bytes = TP_FORM_MEDIA_BYTES_MAX,
                                         .depth = TP_FORM_DEPTH_MAX,
                                         .nodes = TP_FORM_NODES_MAX,
                                         .text = TP_FORM_TEXT_MAX};

    if (ends_with(name, ".csv"))
        return tp_csv_to_xml(name, tp_buf_text(bytes), bytes->length, doc, error);
    if (ends_with(name, ".geojson"))
        return tp_geojson_to_xml(name, tp_buf_text(bytes), bytes->length, doc, error);
    return tp_xml_read(name, tp_buf_text(bytes), bytes->length, &limits, doc, error);
}

static bool read_media(struct tp_form *form, const char *name, xmlDocPtr *doc,
                       struct tp_error *error)
{
    char path[PATH_MAX];
    struct tp_buf bytes;
    bool ok;

    if (!form->media_dir ||
        snprintf(path, sizeof(path), "%s/%s", form->media_dir, name) >= (int)sizeof(path))
        return tp_fail(error, TP_ERR_NOT_FOUND, "%s: no such file beside the form", name);
    tp_buf_init(&bytes, TP_FORM_MEDIA_BYTES_MAX);
    ok = tp_file_read(path, &bytes, error) && parse(name, &bytes, doc, error);
    tp_buf_finish(&bytes);
    return ok;
}

static bool load_external(struct tp_form *form, const xmlNode *element,
                          struct tp_instance *instance, struct tp_error *error)
{
    const char *name = media_name(instance->src);
    struct tp_error reason = {0};

    if (!name)
        return form->lenient ||
               tp_form_fail(form, element, error, TP_ERR_UNSUPPORTED,
                            "instance '%s' comes from '%s', which is no file beside the form",
                            instance->id, instance->src);
    if (!read_media(form, name, &instance->doc, &reason))
        return (form->media_may_be_missing && reason.code == TP_ERR_NOT_FOUND) ||
               tp_form_fail(form, element, error, reason.code, "instance '%s': %s", instance->id,
                            reason.text);
    if (!ends_with(name, ".csv"))
        drop_namespaces(xmlDocGetRootElement(instance->doc));
    instance->parent = (xmlNodePtr)instance->doc;
    return true;
}

/* ---- by their ids ---- */

static size_t hash(const char *text)
{
    uint64_t value = UINT64_C(14695981039346656037);

    for (; *text; text++)
        value = (value ^ (unsigned char)*text) * UINT64_C(1099511628211);
    return (size_t)(value ^ value >> 32);
}

/* The slot of the first instance of that id, or the free one where it would be. */
static struct tp_instance **slot_of(const struct tp_form *form, const char *id)
{
    size_t at = hash(id) & (form->instance_table_size - 1);

    while (form->instance_table[at] && strcmp(form->instance_table[at]->id, id) != 0)
        at = (at + 1) & (form->instance_table_size - 1);
    return &form->instance_table[at];
}

struct tp_instance *tp_form_instance(const struct tp_form *form, const char *id)
{
    return form->instance_table_size ? *slot_of(form, id) : NULL;
}

static bool load_one(struct tp_form *form, xmlNodePtr element, struct tp_error *error)
{
    struct tp_instance *instance = &form->instances[form->instance_count++];
    xmlNodePtr root = tp_xml_first(element);
    struct tp_instance **slot;

    instance->id = tp_xml_attr(element, "id", NULL);
    instance->src = tp_xml_attr(element, "src", NULL);
    if (!instance->id)
        instance->id = "";
    slot = slot_of(form, instance->id);
    if (!*slot)
        *slot = instance; /* of two with one id the first counts */
    if (instance->src)    /* one that is refused was named already */
        return tp_form_is_refused(element) || load_external(form, element, instance, error);
    drop_namespaces(root);
    instance->parent = element;
    return true;
}

static bool make_room(struct tp_form *form, size_t count)
{
    size_t size = 2;

    while (size < count * 2)
        size *= 2;
    form->instances = tp_arena_alloc(&form->arena, count, sizeof(*form->instances));
    form->instance_table = tp_arena_alloc(&form->arena, size, sizeof(struct tp_instance *));
    form->instance_table_size = form->instance_table ? size : 0;
    return form->instances && form->instance_table;
}

bool tp_form_load_instances(struct tp_form *form, const xmlNode *model, struct tp_error *error)
{
    size_t count = 0;
    bool primary = true;

    for (xmlNodePtr node = tp_xml_first(model); node; node = tp_xml_next(node))
        count += tp_xml_is(node, "instance", NULL);
    if (!make_room(form, count))
        return tp_fail_memory(error);
    for (xmlNodePtr node = tp_xml_first(model); node; node = tp_xml_next(node)) {
        if (!tp_xml_is(node, "instance", NULL))
            continue;
        if (!primary && !load_one(form, node, error) && !tp_form_note(form, error))
            return false;
        primary = false;
    }
    return true;
}

/* ---- finding items ---- */

/* One column's texts, each with its items in document order. */
struct tp_lookup {
    struct tp_lookup *next;
    char *column; /* owned */
    struct entry {
        const char *text; /* NULL: the slot is free */
        uint32_t first, last;
    } * table; /* owned */
    size_t size;
    struct link {
        xmlNodePtr item;
        uint32_t next; /* 0: the last */
    } * links;         /* owned; from 1 */
    uint32_t link_count;
};

static const char *text_of(const xmlNode *element)
{
    return element->children && element->children->content
               ? (const char *)element->children->content
               : "";
}

const char *tp_item_text(const xmlNode *item, const char *column)
{
    if (*column == '@')
        return tp_xml_attr(item, column + 1, NULL);
    for (const xmlNode *child = tp_xml_first(item); child; child = tp_xml_next(child))
        if (!strcmp((const char *)child->name, column))
            return text_of(child);
    return NULL;
}

static struct entry *entry_of(const struct tp_lookup *lookup, const char *text)
{
    size_t at = hash(text) & (lookup->size - 1);

    while (lookup->table[at].text && strcmp(lookup->table[at].text, text) != 0)
        at = (at + 1) & (lookup->size - 1);
    return &lookup->table[at];
}

static void add_link(struct tp_lookup *lookup, const char *text, xmlNodePtr item)
{
    struct entry *entry = entry_of(lookup, text);
    uint32_t at = lookup->link_count;

    if (entry->text && lookup->links[entry->last].item == item)
        return; /* twice the same text in one item */
    lookup->links[at] = (struct link){.item = item};
    if (entry->text)
        lookup->links[entry->last].next = at;
    else
        *entry = (struct entry){.text = text, .first = at};
    entry->last = at;
    lookup->link_count++;
}

/* An item without the column counts as one where it is empty, as a question without an answer. */
static void add_item(struct tp_lookup *lookup, xmlNodePtr item)
{
    bool any = false;

    if (*lookup->column == '@') {
        const char *text = tp_item_text(item, lookup->column);

        add_link(lookup, text ? text : "", item);
        return;
    }
    for (const xmlNode *child = tp_xml_first(item); child; child = tp_xml_next(child)) {
        if (strcmp((const char *)child->name, lookup->column) != 0)
            continue;
        add_link(lookup, text_of(child), item);
        any = true;
    }
    if (!any)
        add_link(lookup, "", item);
}

static bool fill_lookup(struct tp_lookup *lookup, const xmlNode *root)
{
    size_t count = 2;

    for (const xmlNode *item = tp_xml_first(root); item; item = tp_xml_next(item)) {
        count++;
        for (const xmlNode *child = tp_xml_first(item); child; child = tp_xml_next(child))
            count += !strcmp((const char *)child->name, lookup->column);
    }
    lookup->size = 16;
    while (lookup->size < count * 2)
        lookup->size *= 2;
    lookup->table = tp_calloc(lookup->size, sizeof(*lookup->table));
    lookup->links = tp_calloc(count, sizeof(*lookup->links));
    if (!lookup->table || !lookup->links)
        return false;
    lookup->link_count = 1;
    for (xmlNodePtr item = tp_xml_first(root); item; item = tp_xml_next(item))
        add_item(lookup, item);
    return true;
}

static void free_lookup(struct tp_lookup *lookup)
{
    if (!lookup)
        return;
    tp_free(lookup->column);
    tp_free(lookup->table);
    tp_free(lookup->links);
    tp_free(lookup);
}

static const struct tp_lookup *lookup_of(struct tp_instance *instance, const char *column)
{
    const xmlNode *root = instance->parent ? tp_xml_first(instance->parent) : NULL;
    struct tp_lookup *lookup;

    for (lookup = instance->lookups; lookup; lookup = lookup->next)
        if (!strcmp(lookup->column, column))
            return lookup;
    lookup = root ? tp_calloc(1, sizeof(*lookup)) : NULL;
    if (!lookup)
        return NULL;
    lookup->column = tp_strdup(column);
    if (!lookup->column || !fill_lookup(lookup, root)) {
        free_lookup(lookup);
        return NULL;
    }
    lookup->next = instance->lookups;
    instance->lookups = lookup;
    return lookup;
}

xmlNodePtr tp_instance_find(const struct tp_form *form, const char *id, const char *column,
                            const char *key)
{
    struct tp_instance *instance = tp_form_instance(form, id);
    const struct tp_lookup *lookup = instance ? lookup_of(instance, column) : NULL;
    const struct entry *entry = lookup ? entry_of(lookup, key) : NULL;
    xmlNodePtr item = entry && entry->text ? lookup->links[entry->first].item : NULL;

    return item && tp_item_text(item, column) ? item : NULL;
}

void tp_instance_each(const struct tp_form *form, const char *id, const char *column,
                      const char *key, void (*each)(xmlNodePtr item, void *state), void *state)
{
    struct tp_instance *instance = tp_form_instance(form, id);
    const struct tp_lookup *lookup = instance ? lookup_of(instance, column) : NULL;
    const struct entry *entry = lookup ? entry_of(lookup, key) : NULL;

    for (uint32_t at = entry && entry->text ? entry->first : 0; at; at = lookup->links[at].next)
        each(lookup->links[at].item, state);
}

void tp_form_finish_instances(struct tp_form *form)
{
    for (size_t i = 0; i < form->instance_count; i++) {
        struct tp_instance *instance = &form->instances[i];

        while (instance->lookups) {
            struct tp_lookup *lookup = instance->lookups;

            instance->lookups = lookup->next;
            free_lookup(lookup);
        }
        xmlFreeDoc(instance->doc);
    }
    form->instance_count = 0;
}
