/* export, backup, seal, unseal: what leaves the store. */
#include "central/export/export.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "central/api/envelope.h"
#include "central/cli/cli.h"
#include "central/cli/media.h"

/* One piece of an export, with room. */
#define PIECE_MAX (256u * 1024u * 1024u)

/* Those of the store's folder, where there is one, and the one that --key names. */
static bool read_keys(const struct tp_cli *cli, const char *key, struct tp_keys *keys,
                      struct tp_error *error)
{
    memset(keys, 0, sizeof(*keys));
    if (*cli->settings.data && !tp_keys_read(cli->settings.data, keys, error) &&
        !(key && error->code == TP_ERR_NOT_FOUND))
        return false;
    return !key || tp_keys_add(key, keys, error);
}

static bool write_out(const struct tp_buf *piece, struct tp_error *error)
{
    return fwrite(tp_buf_text(piece), 1, piece->length, stdout) == piece->length ||
           tp_fail_errno(error, errno, "cannot write the export");
}

static bool write_all(struct tp_export *export, struct tp_error *error)
{
    struct tp_buf piece;
    bool end = false;
    bool ok = true;

    tp_buf_init(&piece, PIECE_MAX);
    while (ok && !end) {
        tp_buf_reset(&piece);
        ok = tp_export_fill(export, &piece, &end, error) && write_out(&piece, error);
    }
    tp_buf_finish(&piece);
    if (ok && fflush(stdout) != 0)
        ok = tp_fail_errno(error, errno, "cannot write the export");
    return ok;
}

static bool export_media(struct tp_sql_pool *pool, const struct tp_keys *keys, const char *form,
                         const char *folder, struct tp_error *error)
{
    struct tp_sql *db = tp_sql_pool_take(pool);
    bool ok = tp_media_export(db, keys, form, folder, error);

    tp_sql_pool_give(pool, db);
    return ok;
}

/* media: the folder for the files that came with answers, or NULL. */
static bool export_all(const struct tp_cli *cli, const char *key, const char *media,
                       const struct tp_export_options *options, struct tp_error *error)
{
    char path[TP_DATA_PATH_MAX];
    struct tp_sql_pool *pool = NULL;
    struct tp_export *export = NULL;
    struct tp_sql *db;
    struct tp_keys keys;
    bool ok;

    /* Opened once by itself: it may be an older copy that has to be brought up to date. */
    if (!tp_cli_open(cli, &db, error))
        return false;
    tp_sql_close(db);
    ok = read_keys(cli, key, &keys, error) &&
         tp_sql_pool_create(tp_settings_db(&cli->settings, path), 1, &pool, error) &&
         tp_export_open(pool, &keys, options, &export, error) && write_all(export, error);
    tp_export_close(export);
    ok = ok && (!media || export_media(pool, &keys, options->form, media, error));
    tp_sql_pool_destroy(pool);
    tp_keys_finish(&keys);
    return ok;
}

int tp_cli_export(int argc, char **argv)
{
    const char *format = "csv";
    const char *key = NULL;
    const char *media = NULL;
    bool codes = false;
    struct tp_export_options export = {.form = NULL};
    const struct tp_cli_option options[] = {{"form", &export.form, NULL},
                                            {"format", &format, NULL},
                                            {"language", &export.language, NULL},
                                            {"key", &key, NULL},
                                            {"media", &media, NULL},
                                            {"labels", NULL, &export.labels},
                                            {"codes", NULL, &codes},
                                            {"bom", NULL, &export.bom},
                                            {"practice", NULL, &export.practice},
                                            {"no-equality", NULL, &export.no_equality},
                                            {NULL, NULL, NULL}};
    struct tp_error error;
    struct tp_cli cli;

    if (!tp_cli_read(argc, argv, options, 0, 0, "export --data DIR --form FORM", &cli))
        return TP_EXIT_MISUSE;
    if (!export.form)
        return tp_cli_misuse("name the form with --form");
    if (strcmp(format, "csv") != 0 && strcmp(format, "json") != 0)
        return tp_cli_misuse("--format is '%s'; it can be csv or json", format);
    if (export.labels && codes)
        return tp_cli_misuse("choose one of --labels and --codes");
    export.format = strcmp(format, "json") == 0 ? TP_EXPORT_JSON : TP_EXPORT_CSV;
    return export_all(&cli, key, media, &export, &error) ? TP_EXIT_DONE : tp_cli_fail(&error);
}

int tp_cli_backup(int argc, char **argv)
{
    struct tp_sql *db;
    struct tp_error error;
    struct tp_cli cli;
    bool ok;

    if (!tp_cli_read(argc, argv, NULL, 1, 1, "backup FILE --data DIR", &cli))
        return TP_EXIT_MISUSE;
    if (!tp_cli_open(&cli, &db, &error))
        return tp_cli_fail(&error);
    ok = tp_sql_backup(db, cli.argv[0], &error);
    tp_sql_close(db);
    return ok ? TP_EXIT_DONE : tp_cli_fail(&error);
}

/* "-" is standard input. */
static bool read_file(const char *path, struct tp_buf *bytes, struct tp_error *error)
{
    return tp_file_read(strcmp(path, "-") == 0 ? "/dev/stdin" : path, bytes, error);
}

/* ODK's manifest as a file, the encrypted one beside it: put together as a screen keeps them. Bytes
 * that are no manifest stay as they are. */
static bool take_manifest(const char *path, struct tp_buf *bytes, struct tp_error *error)
{
    const char *slash = strrchr(path, '/');
    int folder = slash ? (int)(slash - path + 1) : 0;
    struct tp_odk_parts parts = {.manifest = tp_buf_text(bytes), .manifest_count = bytes->length};
    struct tp_envelope manifest;
    struct tp_buf encrypted;
    struct tp_buf joined;
    char *beside;
    bool ok;

    if (!tp_envelope_read(bytes->data, bytes->length, &manifest, NULL) || !*manifest.odk_part ||
        strchr(manifest.odk_part, '/'))
        return true;
    beside = tp_asprintf("%.*s%s", folder, path, manifest.odk_part);
    tp_buf_init(&encrypted, TP_ODK_SEALED_MAX);
    tp_buf_init(&joined, TP_ODK_SEALED_MAX);
    ok = beside ? tp_file_read(beside, &encrypted, error) : tp_fail_memory(error);
    parts.encrypted = (const unsigned char *)tp_buf_text(&encrypted);
    parts.encrypted_count = encrypted.length;
    ok = ok && (tp_odk_join(&parts, &joined, error) || tp_fail_prefix(error, "'%s'", path));
    if (ok) {
        tp_buf_finish(bytes);
        *bytes = joined;
    } else {
        tp_buf_finish(&joined);
    }
    tp_buf_finish(&encrypted);
    tp_free(beside);
    return ok;
}

static bool open_one(const struct tp_keys *keys, const char *path, const struct tp_buf *sealed,
                     const char *media, struct tp_buf *plain, struct tp_error *error)
{
    if (media && tp_odk_is(tp_buf_text(sealed), sealed->length))
        return tp_media_unseal(keys, path, sealed, media, plain, error);
    return tp_keys_unseal(keys, tp_buf_text(sealed), sealed->length, plain, error);
}

static bool unseal_one(const struct tp_keys *keys, const char *path, const char *media,
                       struct tp_error *error)
{
    struct tp_buf sealed;
    struct tp_buf plain;
    bool ok;

    tp_buf_init(&sealed, TP_SEAL_SEALED_MAX);
    tp_buf_init(&plain, TP_SEAL_PLAIN_MAX + TP_SEAL_PAD);
    ok = read_file(path, &sealed, error) && take_manifest(path, &sealed, error) &&
         (open_one(keys, path, &sealed, media, &plain, error) ||
          tp_fail_prefix(error, "'%s'", path)) &&
         write_out(&plain, error);
    tp_buf_finish(&sealed);
    tp_buf_finish(&plain);
    return ok;
}

/* Seals one file to the store's public key, as a screen does: for answers that come another way. */
int tp_cli_seal(int argc, char **argv)
{
    struct tp_buf plain;
    struct tp_buf sealed;
    struct tp_error error;
    struct tp_keys keys;
    struct tp_cli cli;
    bool ok;

    if (!tp_cli_read(argc, argv, NULL, 1, 1, "seal FILE --data DIR", &cli))
        return TP_EXIT_MISUSE;
    if (!*cli.settings.data)
        return tp_cli_misuse("name the store's folder with --data DIR");
    tp_buf_init(&plain, TP_SEAL_PLAIN_MAX);
    tp_buf_init(&sealed, TP_SEAL_SEALED_MAX);
    ok = read_keys(&cli, NULL, &keys, &error) && read_file(cli.argv[0], &plain, &error) &&
         tp_seal(&keys.sealing, tp_buf_text(&plain), plain.length, &sealed, &error) &&
         write_out(&sealed, &error) &&
         (fflush(stdout) == 0 || tp_fail_errno(&error, errno, "cannot write"));
    tp_keys_finish(&keys);
    tp_buf_finish(&plain);
    tp_buf_finish(&sealed);
    return ok ? TP_EXIT_DONE : tp_cli_fail(&error);
}

int tp_cli_unseal(int argc, char **argv)
{
    const char *key = NULL;
    const char *media = NULL;
    const struct tp_cli_option options[] = {
        {"key", &key, NULL}, {"media", &media, NULL}, {NULL, NULL, NULL}};
    struct tp_error error;
    struct tp_keys keys;
    struct tp_cli cli;
    bool ok;

    if (!tp_cli_read(argc, argv, options, 1, 10000, "unseal (--data DIR | --key FILE) FILE...",
                     &cli))
        return TP_EXIT_MISUSE;
    ok = read_keys(&cli, key, &keys, &error);
    for (int i = 0; ok && i < cli.argc; i++)
        ok = unseal_one(&keys, cli.argv[i], media, &error);
    tp_keys_finish(&keys);
    if (ok && fflush(stdout) != 0)
        ok = tp_fail_errno(&error, errno, "cannot write");
    return ok ? TP_EXIT_DONE : tp_cli_fail(&error);
}
