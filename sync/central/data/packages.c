/* Publishing: a package becomes a version of a form, with its media. */
#include <nettle/md5.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "central/data/forms.h"
#include "store/encode.h"

void tp_package_init(struct tp_package *package)
{
    memset(package, 0, sizeof(*package));
    tp_buf_init(&package->xml, 64u * 1024u * 1024u);
}

void tp_package_finish(struct tp_package *package)
{
    for (size_t i = 0; i < package->file_count; i++) {
        tp_free(package->files[i].name);
        tp_buf_finish(&package->files[i].bytes);
    }
    tp_free(package->files);
    tp_buf_finish(&package->xml);
    memset(package, 0, sizeof(*package));
}

struct tp_package_file *tp_package_add(struct tp_package *package, const char *name)
{
    struct tp_package_file *files;
    struct tp_package_file *file;

    if (package->file_count == TP_MEDIA_COUNT_MAX)
        return NULL;
    files = tp_realloc(package->files, package->file_count + 1, sizeof(*files));
    if (!files)
        return NULL;
    package->files = files;
    file = &files[package->file_count];
    file->name = tp_strdup(name);
    if (!file->name)
        return NULL;
    tp_buf_init(&file->bytes, TP_MEDIA_MAX);
    package->file_count++;
    return file;
}

static void md5_text(const struct tp_buf *bytes, char text[TP_MD5_TEXT_MAX])
{
    unsigned char digest[MD5_DIGEST_SIZE];
    struct md5_ctx state;

    md5_init(&state);
    md5_update(&state, bytes->length, (const uint8_t *)tp_buf_text(bytes));
    md5_digest(&state, sizeof(digest), digest);
    tp_hex(digest, sizeof(digest), text);
}

/* The MD5 that the version was published with; "" where it is not there. */
static bool published_md5(struct tp_sql *db, const struct tp_package *package,
                          char md5[TP_MD5_TEXT_MAX], struct tp_error *error)
{
    struct tp_rows rows;

    md5[0] = '\0';
    if (tp_sql_ask(db, "SELECT md5 FROM form_version WHERE form = ?1 AND version = ?2",
                   TP_VALUES(tp_str(package->id), tp_str(package->version)), &rows, error) &&
        tp_rows_next(&rows))
        (void)snprintf(md5, TP_MD5_TEXT_MAX, "%s", tp_rows_text(&rows, 0));
    return tp_rows_finish(&rows);
}

static bool write_form(struct tp_sql *db, const struct tp_package *package, bool new_version,
                       int64_t now_ms, struct tp_error *error)
{
    return tp_sql_run(db,
                      "INSERT INTO form (id, version, title, kind, opens, closes, created_ms) "
                      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (id) DO UPDATE SET "
                      "version = excluded.version, title = excluded.title, kind = excluded.kind, "
                      "opens = excluded.opens, closes = excluded.closes, "
                      "closed_ms = CASE WHEN ?8 = 1 THEN NULL ELSE form.closed_ms END",
                      TP_VALUES(tp_str(package->id), tp_str(package->version),
                                tp_str(package->title), tp_str(package->kind),
                                tp_str(package->opens), tp_str(package->closes), tp_int(now_ms),
                                tp_int(new_version)),
                      NULL, error);
}

static bool write_media(struct tp_sql *db, const struct tp_package *package,
                        const struct tp_package_file *file, int64_t *changed,
                        struct tp_error *error)
{
    unsigned char sha256[TP_SHA256_BYTES];
    char md5[TP_MD5_TEXT_MAX];
    const struct tp_buf *bytes = &file->bytes;

    (void)crypto_hash_sha256(sha256, (const unsigned char *)tp_buf_text(bytes), bytes->length);
    md5_text(bytes, md5);
    return tp_sql_run(db,
                      "INSERT INTO content (sha256, bytes) VALUES (?1, ?2) "
                      "ON CONFLICT (sha256) DO NOTHING",
                      TP_VALUES(tp_blob(sha256, sizeof(sha256)),
                                tp_blob(tp_buf_text(bytes), bytes->length)),
                      NULL, error) &&
           tp_sql_run(db,
                      "INSERT INTO media (form, version, name, md5, sha256) "
                      "VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (form, version, name) DO UPDATE "
                      "SET md5 = excluded.md5, sha256 = excluded.sha256 "
                      "WHERE media.sha256 <> excluded.sha256",
                      TP_VALUES(tp_str(package->id), tp_str(package->version), tp_str(file->name),
                                tp_str(md5), tp_blob(sha256, sizeof(sha256))),
                      changed, error);
}

static bool is_in(const struct tp_package *package, const char *name)
{
    for (size_t i = 0; i < package->file_count; i++) {
        if (strcmp(package->files[i].name, name) == 0)
            return true;
    }
    return false;
}

/* Takes away media that the package no longer has, one at a time: the list is short. */
static bool remove_media(struct tp_sql *db, const struct tp_package *package, bool *changed,
                         struct tp_error *error)
{
    char name[TP_MEDIA_NAME_MAX + 1];
    bool found;

    do {
        struct tp_rows rows;

        found = false;
        (void)tp_sql_ask(db, "SELECT name FROM media WHERE form = ?1 AND version = ?2",
                         TP_VALUES(tp_str(package->id), tp_str(package->version)), &rows, error);
        while (!found && tp_rows_next(&rows)) {
            found = !is_in(package, tp_rows_text(&rows, 0));
            if (found)
                (void)snprintf(name, sizeof(name), "%s", tp_rows_text(&rows, 0));
        }
        if (!tp_rows_finish(&rows) ||
            (found &&
             !tp_sql_run(db, "DELETE FROM media WHERE form = ?1 AND version = ?2 AND name = ?3",
                         TP_VALUES(tp_str(package->id), tp_str(package->version), tp_str(name)),
                         NULL, error)))
            return false;
        *changed = *changed || found;
    } while (found);
    return tp_sql_run(db,
                      "DELETE FROM content WHERE NOT EXISTS "
                      "(SELECT 1 FROM media WHERE media.sha256 = content.sha256)",
                      TP_NO_VALUES, NULL, error);
}

bool tp_forms_publish(struct tp_sql *db, const struct tp_package *package, int64_t now_ms,
                      enum tp_publish_result *result, struct tp_error *error)
{
    char before[TP_MD5_TEXT_MAX];
    char md5[TP_MD5_TEXT_MAX];
    bool changed = false;

    md5_text(&package->xml, md5);
    if (!published_md5(db, package, before, error))
        return false;
    if (*before && strcmp(before, md5) != 0) {
        *result = TP_PUBLISH_CONFLICT;
        return true;
    }
    if (!write_form(db, package, !*before, now_ms, error))
        return false;
    if (!*before && !tp_sql_run(db,
                                "INSERT INTO form_version (form, version, published_ms, md5, xml) "
                                "VALUES (?1, ?2, ?3, ?4, ?5)",
                                TP_VALUES(tp_str(package->id), tp_str(package->version),
                                          tp_int(now_ms), tp_str(md5),
                                          tp_blob(tp_buf_text(&package->xml), package->xml.length)),
                                NULL, error))
        return false;
    for (size_t i = 0; i < package->file_count; i++) {
        int64_t one = 0;

        if (!write_media(db, package, &package->files[i], &one, error))
            return false;
        changed = changed || one > 0;
    }
    if (!remove_media(db, package, &changed, error))
        return false;
    if (!*before)
        *result = TP_PUBLISHED;
    else
        *result = changed ? TP_PUBLISHED_MEDIA : TP_PUBLISHED_NOTHING;
    return true;
}
