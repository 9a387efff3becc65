#include "agent/wire/form_list.h"

#include <string.h>

#include "agent/wire/xml.h"
#include "base/mem.h"

#define LIST_NS "http://openrosa.org/xforms/xformsList"
#define MANIFEST_NS "http://openrosa.org/xforms/xformsManifest"
#define HASH_MAX 64
#define FACTS "consultation.json"

static void finish_form(struct tp_listed_form *form)
{
    tp_free(form->id);
    tp_free(form->name);
    tp_free(form->version);
    tp_free(form->url);
    tp_free(form->manifest_url);
    tp_free(form->problem);
}

void tp_form_list_finish(struct tp_form_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        finish_form(&list->forms[i]);
    tp_free(list->forms);
    *list = (struct tp_form_list){0};
}

void tp_manifest_finish(struct tp_manifest *manifest)
{
    for (size_t i = 0; i < manifest->count; i++) {
        tp_free(manifest->media[i].name);
        tp_free(manifest->media[i].url);
    }
    tp_free(manifest->media);
    *manifest = (struct tp_manifest){0};
}

/* A child that must be there and not be empty. */
static bool required(const xmlNode *node, const char *ns, const char *name, size_t max, char **text,
                     struct tp_error *error)
{
    if (!tp_xml_text(node, ns, name, max, text, error))
        return false;
    if (*text && **text)
        return true;
    tp_fail(error, TP_ERR_INVALID, "an entry without '%s'", name);
    return false;
}

static bool optional(const xmlNode *node, const char *ns, const char *name, size_t max, char **text,
                     struct tp_error *error)
{
    if (!tp_xml_text(node, ns, name, max, text, error))
        return false;
    if (!*text)
        *text = tp_strdup("");
    return *text || tp_fail_memory(error);
}

static bool read_hash(const xmlNode *node, const char *ns, const char *of,
                      char md5[TP_MD5_TEXT_MAX], struct tp_error *error)
{
    char *text = NULL;
    bool ok = required(node, ns, "hash", HASH_MAX, &text, error);

    if (ok && !tp_name_is_md5(text, md5))
        ok = tp_fail(error, TP_ERR_UNSUPPORTED, "'%s' has a hash that is not md5:HEX", of);
    tp_free(text);
    return ok;
}

static bool read_form(const xmlNode *node, struct tp_listed_form *form, struct tp_error *error)
{
    return optional(node, LIST_NS, "name", TP_FORM_TEXT_MAX, &form->name, error) &&
           optional(node, LIST_NS, "version", TP_FORM_TEXT_MAX, &form->version, error) &&
           required(node, LIST_NS, "downloadUrl", TP_URL_MAX, &form->url, error) &&
           tp_xml_text(node, LIST_NS, "manifestUrl", TP_URL_MAX, &form->manifest_url, error) &&
           read_hash(node, LIST_NS, form->id, form->md5, error);
}

static bool read_id(const xmlNode *node, const struct tp_form_list *list, char **id,
                    struct tp_error *error)
{
    if (!required(node, LIST_NS, "formID", TP_FORM_TEXT_MAX, id, error))
        return false;
    if (!tp_name_is_form_id(*id)) {
        tp_fail(error, TP_ERR_INVALID,
                "a form's ID is not 1 to %d of A-Z a-z 0-9 . _ - (not beginning with a dot)",
                TP_LISTED_ID_MAX);
        return false;
    }
    for (size_t i = 0; i < list->count; i++) {
        if (strcmp(list->forms[i].id, *id) == 0) {
            tp_fail(error, TP_ERR_INVALID, "form '%s' is listed twice", *id);
            return false;
        }
    }
    return true;
}

/* Adds the entry, with its problem where it has one. False only where there is no memory. */
static bool take_form(const xmlNode *node, struct tp_form_list *list, struct tp_error *error)
{
    struct tp_listed_form form = {0};
    struct tp_error problem = {0};

    if (!read_id(node, list, &form.id, &problem)) {
        list->skipped = problem;
    } else if (read_form(node, &form, &problem)) {
        list->forms[list->count++] = form;
        return true;
    } else if (problem.code != TP_ERR_MEMORY) {
        form.problem = tp_asprintf("form '%s': %s", form.id, problem.text);
        if (form.problem) {
            list->forms[list->count++] = form;
            return true;
        }
        tp_fail_memory(&problem);
    }
    finish_form(&form);
    return problem.code != TP_ERR_MEMORY || tp_fail_memory(error);
}

bool tp_form_list_read(const char *bytes, size_t count, struct tp_form_list *list,
                       struct tp_error *error)
{
    xmlDoc *doc = tp_xml_read(bytes, count, "the form list", LIST_NS, "xforms", error);
    struct tp_form_list read = {0};
    const xmlNode *root;
    bool ok = true;

    if (!doc)
        return false;
    root = xmlDocGetRootElement(doc);
    read.forms = tp_calloc(TP_FORMS_MAX, sizeof(*read.forms));
    if (!read.forms) {
        xmlFreeDoc(doc);
        return tp_fail_memory(error);
    }
    for (const xmlNode *node = NULL; ok && (node = tp_xml_next(root, node, LIST_NS, "xform"));) {
        ok = read.count < TP_FORMS_MAX ||
             tp_fail(error, TP_ERR_LIMIT, "the form list has more than %d forms", TP_FORMS_MAX);
        ok = ok && take_form(node, &read, error);
    }
    xmlFreeDoc(doc);
    if (ok)
        *list = read;
    else
        tp_form_list_finish(&read);
    return ok;
}

/* KoboToolbox takes no .json among a form's files: the facts go there as a .csv. */
static void take_name(char *name)
{
    if (strcmp(name, FACTS ".csv") == 0)
        name[strlen(FACTS)] = '\0';
}

static bool read_media(const xmlNode *node, struct tp_listed_media *media, struct tp_error *error)
{
    if (!required(node, MANIFEST_NS, "filename", TP_FORM_TEXT_MAX, &media->name, error) ||
        !required(node, MANIFEST_NS, "downloadUrl", TP_URL_MAX, &media->url, error))
        return false;
    take_name(media->name);
    if (!tp_name_is_media(media->name))
        return tp_fail(error, TP_ERR_INVALID, "a file's name is not fit to be a name on disk");
    return read_hash(node, MANIFEST_NS, media->name, media->md5, error);
}

static bool media_is_new(const struct tp_manifest *manifest, const char *name,
                         struct tp_error *error)
{
    for (size_t i = 0; i < manifest->count; i++)
        if (strcmp(manifest->media[i].name, name) == 0)
            return tp_fail(error, TP_ERR_INVALID, "file '%s' is listed twice", name);
    return true;
}

bool tp_manifest_read(const char *bytes, size_t count, struct tp_manifest *manifest,
                      struct tp_error *error)
{
    xmlDoc *doc = tp_xml_read(bytes, count, "the manifest", MANIFEST_NS, "manifest", error);
    struct tp_manifest read = {0};
    const xmlNode *root;
    bool ok = true;

    if (!doc)
        return false;
    root = xmlDocGetRootElement(doc);
    read.media = tp_calloc(TP_MEDIA_MAX, sizeof(*read.media));
    if (!read.media) {
        xmlFreeDoc(doc);
        return tp_fail_memory(error);
    }
    for (const xmlNode *node = NULL;
         ok && (node = tp_xml_next(root, node, MANIFEST_NS, "mediaFile"));) {
        struct tp_listed_media media = {0};

        ok = read.count < TP_MEDIA_MAX ||
             tp_fail(error, TP_ERR_LIMIT, "more than %d files", TP_MEDIA_MAX);
        ok = ok && read_media(node, &media, error) && media_is_new(&read, media.name, error);
        if (ok) {
            read.media[read.count++] = media;
        } else {
            tp_free(media.name);
            tp_free(media.url);
        }
    }
    xmlFreeDoc(doc);
    if (ok) {
        *manifest = read;
        return true;
    }
    tp_manifest_finish(&read);
    return tp_fail_prefix(error, "manifest");
}
