#include "central/export/unlock.h"

#include <string.h>

#include "central/export/tree.h"

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

/* Each <media> holds one <file> (ODK Collect) or several (the specification's compact form). */
static size_t count_media(const xmlNode *root)
{
    size_t count = 0;

    for (const xmlNode *media = tp_tree_child(root, NULL); media; media = tp_tree_next(media)) {
        if (!tp_tree_is(media, "media"))
            continue;
        for (const xmlNode *file = tp_tree_child(media, NULL); file; file = tp_tree_next(file))
            count += tp_tree_is(file, "file");
    }
    return count;
}

static bool open_with_any(const struct tp_odk_private *keys, size_t count,
                          const struct tp_odk_manifest *manifest, const struct tp_odk_parts *parts,
                          struct tp_buf *plain, struct tp_error *error)
{
    struct tp_error why;

    tp_fail(error, TP_ERR_CRYPTO,
            "the private key of this answer's form is not here; name its PEM file with --key");
    for (size_t i = 0; i < count; i++) {
        if (tp_odk_open(&keys[i], manifest, parts->encrypted, parts->encrypted_count, plain, &why))
            return true;
        if (error)
            *error = why;
        if (why.code != TP_ERR_CRYPTO)
            break;
    }
    return false;
}

bool tp_unlock(const struct tp_odk_private *keys, size_t count, const void *sealed,
               size_t sealed_count, struct tp_buf *plain, struct tp_error *error)
{
    struct tp_odk_manifest manifest = {0};
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
    manifest.form_id = attribute_of(root, "id");
    manifest.form_version = attribute_of(root, "version");
    manifest.instance_id = text_of(tp_tree_child(root, "meta"), "instanceID");
    manifest.wrapped_key = text_of(root, "base64EncryptedKey");
    manifest.signature = text_of(root, "base64EncryptedElementSignature");
    manifest.media_count = count_media(root);
    ok = open_with_any(keys, count, &manifest, &parts, plain, error);
    xmlFreeDoc(doc);
    return ok;
}
