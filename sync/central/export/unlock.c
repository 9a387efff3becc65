#include "central/export/unlock.h"

#include <string.h>

#include "base/mem.h"
#include "central/data/forms.h"
#include "central/export/tree.h"
#include "central/http/decode.h"

static const char *text_of(const xmlNode *parent, const char *name)
{
    const xmlNode *node = tp_tree_child(parent, name);

    return node ? tp_tree_text(node) : "";
}

static const char *attribute_of(const xmlNode *node, const char *name)
{
    const char *value = tp_tree_attribute(node, name);

    return value ? value : "";
}

/* More than any phone sends. */
#define FILES_MAX 1000u

static const xmlNode *file_from(const xmlNode *node)
{
    while (node && !tp_tree_is(node, "file"))
        node = tp_tree_next(node);
    return node;
}

/* The next <file>: each <media> holds one (ODK Collect) or several (the specification's compact
 * form). NULL `file`: the first. */
static const xmlNode *next_file(const xmlNode *root, const xmlNode *file)
{
    const xmlNode *media = file ? tp_tree_next(file->parent) : tp_tree_child(root, NULL);
    const xmlNode *next = file ? file_from(tp_tree_next(file)) : NULL;

    for (; !next && media; media = tp_tree_next(media))
        if (tp_tree_is(media, "media"))
            next = file_from(tp_tree_child(media, NULL));
    return next;
}

static size_t count_media(const xmlNode *root)
{
    size_t count = 0;

    for (const xmlNode *file = next_file(root, NULL); file; file = next_file(root, file))
        count++;
    return count;
}

/* What a manifest says, pointing into its tree. */
static struct tp_odk_manifest manifest_of(const xmlNode *root)
{
    return (struct tp_odk_manifest){
        .form_id = attribute_of(root, "id"),
        .form_version = attribute_of(root, "version"),
        .instance_id = text_of(tp_tree_child(root, "meta"), "instanceID"),
        .wrapped_key = text_of(root, "base64EncryptedKey"),
        .signature = text_of(root, "base64EncryptedElementSignature"),
        .media_count = count_media(root),
    };
}

static bool open_with_any(const struct tp_odk_private *keys, size_t count,
                          const struct tp_odk_manifest *manifest, struct tp_odk_media *media,
                          const struct tp_odk_parts *parts, struct tp_buf *plain,
                          struct tp_error *error)
{
    struct tp_error why;

    tp_fail(&why, TP_ERR_CRYPTO,
            "the private key of this answer's form is not here; name its PEM file with --key");
    for (size_t i = 0; i < count && why.code == TP_ERR_CRYPTO; i++)
        if (tp_odk_open(&keys[i], manifest, media, parts->encrypted, parts->encrypted_count, plain,
                        &why))
            return true;
    if (error)
        *error = why;
    return false;
}

/* The bytes of one file, in `encrypted` and in *media. */
static bool read_file(const xmlNode *file, const struct tp_unlock_files *files,
                      struct tp_buf *encrypted, struct tp_odk_media *media, struct tp_error *error)
{
    const char *name = tp_tree_text(file);
    struct tp_error why = {.code = TP_OK};

    tp_buf_init(encrypted, TP_ODK_MEDIA_MAX);
    tp_buf_init(&media->plain, TP_ODK_MEDIA_MAX);
    if (!tp_is_file_name(name, TP_MEDIA_NAME_MAX))
        return tp_fail(error, TP_ERR_INVALID, "the manifest names a file that can be none");
    if (!files->read(files->context, name, encrypted, &why))
        return why.code == TP_ERR_NOT_FOUND
                   ? tp_fail(error, TP_ERR_NOT_FOUND, "'%s', which belongs to it, is missing", name)
                   : tp_fail(error, why.code, "%s", why.text);
    media->name = name;
    media->encrypted = tp_buf_text(encrypted);
    media->count = encrypted->length;
    return true;
}

static bool take_files(const struct tp_odk_media *media, size_t count,
                       const struct tp_unlock_files *files, struct tp_error *error)
{
    char name[TP_MEDIA_NAME_MAX + 1];

    for (size_t i = 0; i < count; i++) {
        size_t length = tp_odk_media_name(media[i].name);

        memcpy(name, media[i].name, length);
        name[length] = '\0';
        if (!files->take(files->context, name, &media[i].plain, error))
            return false;
    }
    return true;
}

static bool unlock_files(const struct tp_odk_private *keys, size_t count, const xmlNode *root,
                         const struct tp_odk_manifest *manifest, const struct tp_odk_parts *parts,
                         const struct tp_unlock_files *files, struct tp_buf *plain,
                         struct tp_error *error)
{
    struct tp_odk_media *media = tp_calloc(manifest->media_count, sizeof(*media));
    struct tp_buf *encrypted = tp_calloc(manifest->media_count, sizeof(*encrypted));
    const xmlNode *file = next_file(root, NULL);
    bool ok = (media && encrypted) || tp_fail_memory(error);

    for (size_t i = 0; ok && file; file = next_file(root, file), i++)
        ok = read_file(file, files, &encrypted[i], &media[i], error);
    ok = ok && open_with_any(keys, count, manifest, media, parts, plain, error) &&
         take_files(media, manifest->media_count, files, error);
    for (size_t i = 0; media && encrypted && i < manifest->media_count; i++) {
        tp_buf_finish(&encrypted[i]);
        tp_buf_finish(&media[i].plain);
    }
    tp_free(encrypted);
    tp_free(media);
    return ok;
}

/* `files`: NULL for the answer alone. */
static bool unlock(const struct tp_odk_private *keys, size_t count, const void *sealed,
                   size_t sealed_count, const struct tp_unlock_files *files, struct tp_buf *plain,
                   struct tp_error *error)
{
    struct tp_odk_manifest manifest;
    struct tp_odk_parts parts;
    const xmlNode *root;
    xmlDocPtr doc;
    bool ok;

    if (!tp_odk_split(sealed, sealed_count, &parts, error))
        return false;
    doc = tp_tree_read("the manifest", parts.manifest, parts.manifest_count, error);
    if (!doc)
        return false;
    root = xmlDocGetRootElement(doc);
    manifest = manifest_of(root);
    if (manifest.media_count > FILES_MAX)
        ok = tp_fail(error, TP_ERR_LIMIT, "the manifest names more than %u files", FILES_MAX);
    else if (files && manifest.media_count)
        ok = unlock_files(keys, count, root, &manifest, &parts, files, plain, error);
    else
        ok = open_with_any(keys, count, &manifest, NULL, &parts, plain, error);
    xmlFreeDoc(doc);
    return ok;
}

bool tp_unlock(const struct tp_odk_private *keys, size_t count, const void *sealed,
               size_t sealed_count, struct tp_buf *plain, struct tp_error *error)
{
    return unlock(keys, count, sealed, sealed_count, NULL, plain, error);
}

bool tp_unlock_with_files(const struct tp_odk_private *keys, size_t count, const void *sealed,
                          size_t sealed_count, const struct tp_unlock_files *files,
                          struct tp_buf *plain, struct tp_error *error)
{
    return unlock(keys, count, sealed, sealed_count, files, plain, error);
}
