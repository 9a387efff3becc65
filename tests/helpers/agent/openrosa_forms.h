/* What an OpenRosa server of the tests gives out: the form list, manifests, forms and their media.
 * Header only. */
#ifndef TP_HELPER_AGENT_OPENROSA_FORMS_H
#define TP_HELPER_AGENT_OPENROSA_FORMS_H

#include <dirent.h>

#include "helpers/agent/openrosa_server.h"

/* A file of a form, and its MD5; false where it is not there. */
static inline bool read_of_form(const struct openrosa *it, const char *id, const char *file,
                                struct tp_buf *bytes, char md5[33])
{
    char name[600], path[1200];

    (void)snprintf(name, sizeof(name), "forms/%s/%s", id, file);
    path_in(it, path, name);
    tp_buf_init(bytes, 64u << 20);
    if (!tp_file_read(path, bytes, NULL))
        return false;
    md5_text(tp_buf_text(bytes), bytes->length, md5);
    return true;
}

static inline void add_form(const struct openrosa *it, struct tp_buf *xml, const char *base,
                            const char *id)
{
    char name[600], version[100], md5[33];
    struct tp_buf form;

    (void)snprintf(name, sizeof(name), "forms/%s/version", id);
    read_word(it, name, version, sizeof(version));
    if (read_of_form(it, id, "form.xml", &form, md5))
        tp_buf_printf(xml,
                      "<xform><formID>%s</formID><name>%s</name><version>%s</version>"
                      "<hash>md5:%s</hash><downloadUrl>%s/forms/%s.xml</downloadUrl>"
                      "<manifestUrl>%s/forms/%s/manifest</manifestUrl></xform>",
                      id, id, version, md5, base, id, base, id);
    tp_buf_finish(&form);
}

static inline void add_media(const struct openrosa *it, struct tp_buf *xml, const char *base,
                             const char *id, const char *file)
{
    char md5[33];
    struct tp_buf bytes;

    if (read_of_form(it, id, file, &bytes, md5))
        tp_buf_printf(xml,
                      "<mediaFile><filename>%s</filename><hash>md5:%s</hash>"
                      "<downloadUrl>%s/forms/%s/attachments/%s</downloadUrl></mediaFile>",
                      file, md5, base, id, file);
    tp_buf_finish(&bytes);
}

/* The form list, or with `id` the manifest of one form. */
static inline void list(const struct openrosa *it, const char *base, const char *id,
                        struct server_reply *reply)
{
    char name[600] = "forms", path[1200];
    struct dirent *entry;
    struct tp_buf xml;
    DIR *folder;

    if (id)
        (void)snprintf(name, sizeof(name), "forms/%s", id);
    path_in(it, path, name);
    tp_buf_init(&xml, 1u << 20);
    tp_buf_printf(&xml, XML "<%s xmlns=\"http://openrosa.org/xforms/xforms%s\">",
                  id ? "manifest" : "xforms", id ? "Manifest" : "List");
    folder = opendir(path);
    while (folder && (entry = readdir(folder))) {
        if (*entry->d_name == '.' || (id && (strcmp(entry->d_name, "form.xml") == 0 ||
                                             strcmp(entry->d_name, "version") == 0)))
            continue;
        if (id)
            add_media(it, &xml, base, id, entry->d_name);
        else
            add_form(it, &xml, base, entry->d_name);
    }
    if (folder)
        (void)closedir(folder);
    tp_buf_printf(&xml, "</%s>", id ? "manifest" : "xforms");
    server_reply(reply, 200, OPENROSA "Content-Type: text/xml\r\n", tp_buf_text(&xml), xml.length);
    tp_buf_finish(&xml);
}

/* As ODK Central: a form's own files come without the OpenRosa header. */
static inline void give(const struct openrosa *it, const char *asked, struct server_reply *reply)
{
    static const char attachments[] = "/attachments/";
    const char *file = strstr(asked, attachments);
    const char *end = file ? file : strstr(asked, ".xml");
    char name[1100], path[1200];
    struct tp_buf bytes;

    (void)snprintf(name, sizeof(name), "%.*s/%s", (int)(end ? end - asked : 0), asked,
                   file ? file + sizeof(attachments) - 1 : "form.xml");
    path_in(it, path, name);
    tp_buf_init(&bytes, 64u << 20);
    if (!strstr(name, "..") && tp_file_read(path, &bytes, NULL))
        server_reply(reply, 200, "Content-Type: application/octet-stream\r\n", tp_buf_text(&bytes),
                     bytes.length);
    else
        server_reply(reply, 404, OPENROSA, "", 0);
    tp_buf_finish(&bytes);
}

#endif
