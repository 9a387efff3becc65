#include "central/cli/media.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/mem.h"
#include "central/data/attachments.h"
#include "central/data/forms.h"
#include "central/data/submissions.h"
#include "central/export/unlock.h"
#include "central/http/decode.h"

/* In as many requests as it took. */
#define FILES_MAX 1000u
#define INSTANCE_MAX 256u

struct file {
    char *name; /* owned */
    struct tp_buf bytes;
};

/* One answer with what came with it, as it left the sender. */
struct answer {
    const struct tp_keys *keys;
    const char *folder; /* where its files go */
    char instance_id[INSTANCE_MAX];
    struct tp_buf sealed;
    struct file *files;
    size_t count;
    struct tp_error problem; /* TP_OK: none so far */
};

/* ---- writing ---- */

static bool make_folder(const char *path, struct tp_error *error)
{
    return mkdir(path, 0700) == 0 || errno == EEXIST ||
           tp_fail_errno(error, errno, "cannot make the folder '%s'", path);
}

static bool write_file(const char *folder, const char *name, const struct tp_buf *plain,
                       struct tp_error *error)
{
    char *path = tp_asprintf("%s/%s", folder, name);
    bool ok = path ? make_folder(folder, error) &&
                         tp_file_write_atomic(path, tp_buf_text(plain), plain->length, 0600, error)
                   : tp_fail_memory(error);

    tp_free(path);
    return ok;
}

/* ---- from the store ---- */

static bool keep_sealed(void *context, const struct tp_kept *kept)
{
    struct answer *answer = context;

    (void)snprintf(answer->instance_id, sizeof(answer->instance_id), "%s", kept->instance_id);
    tp_buf_init(&answer->sealed, TP_SEAL_SEALED_MAX);
    if (!tp_buf_add(&answer->sealed, kept->sealed, kept->sealed_length))
        (void)tp_fail_memory(&answer->problem);
    return true;
}

static bool add_file(struct answer *answer, const char *name, struct file **file)
{
    struct file *files;

    if (answer->count == FILES_MAX)
        return tp_fail(&answer->problem, TP_ERR_LIMIT, "it has more than %u files", FILES_MAX);
    if (!tp_is_file_name(name, TP_MEDIA_NAME_MAX))
        return tp_fail(&answer->problem, TP_ERR_INVALID, "one of its files has no usable name");
    files = tp_realloc(answer->files, answer->count + 1, sizeof(*files));
    if (!files)
        return tp_fail_memory(&answer->problem);
    answer->files = files;
    *file = &files[answer->count];
    (*file)->name = tp_strdup(name);
    tp_buf_init(&(*file)->bytes, TP_SEAL_PLAIN_MAX + TP_SEAL_PAD);
    answer->count++;
    return (*file)->name || tp_fail_memory(&answer->problem);
}

static bool keep_file(void *context, const char *name, const void *sealed, size_t length)
{
    struct answer *answer = context;
    struct file *file = NULL;

    return add_file(answer, name, &file) &&
           (tp_keys_unseal(answer->keys, sealed, length, &file->bytes, &answer->problem) ||
            tp_fail_prefix(&answer->problem, "'%s'", name));
}

static bool give_file(void *context, const char *name, struct tp_buf *encrypted,
                      struct tp_error *error)
{
    const struct answer *answer = context;

    for (size_t i = 0; i < answer->count; i++) {
        const struct tp_buf *bytes = &answer->files[i].bytes;

        if (strcmp(answer->files[i].name, name) == 0)
            return tp_buf_add(encrypted, tp_buf_text(bytes), bytes->length) ||
                   tp_fail_memory(error);
    }
    return tp_fail(error, TP_ERR_NOT_FOUND, "'%s' is not here", name);
}

static bool take_file(void *context, const char *name, const struct tp_buf *plain,
                      struct tp_error *error)
{
    const struct answer *answer = context;

    return write_file(answer->folder, name, plain, error);
}

static bool write_files(struct answer *answer, struct tp_error *error)
{
    const struct tp_unlock_files files = {.read = give_file, .take = take_file, .context = answer};
    struct tp_buf plain;
    bool ok = true;

    if (tp_odk_is(answer->sealed.data, answer->sealed.length)) {
        tp_buf_init(&plain, TP_SEAL_PLAIN_MAX + TP_SEAL_PAD);
        ok = tp_unlock_with_files(answer->keys->odk, answer->keys->odk_count, answer->sealed.data,
                                  answer->sealed.length, &files, &plain, error);
        tp_buf_finish(&plain);
        return ok;
    }
    for (size_t i = 0; ok && i < answer->count; i++)
        ok = take_file(answer, answer->files[i].name, &answer->files[i].bytes, error);
    return ok;
}

static void finish_answer(struct answer *answer)
{
    for (size_t i = 0; i < answer->count; i++) {
        tp_free(answer->files[i].name);
        tp_buf_finish(&answer->files[i].bytes);
    }
    tp_free(answer->files);
    tp_buf_finish(&answer->sealed);
}

/* False, with the answer's problem, where its files are not all opened, proven and written. */
static bool take_answer(struct answer *answer, const char *folder)
{
    char *inside;
    bool ok;

    if (answer->problem.code != TP_OK)
        return false;
    if (!tp_is_file_name(answer->instance_id, INSTANCE_MAX))
        return tp_fail(&answer->problem, TP_ERR_INVALID, "its instance ID can be no folder");
    inside = tp_asprintf("%s/%s", folder, answer->instance_id);
    answer->folder = inside;
    ok = inside ? write_files(answer, &answer->problem) : tp_fail_memory(&answer->problem);
    tp_free(inside);
    return ok;
}

/* *taken: this answer's files are in the folder. False where the store or the disk failed. */
static bool export_one(struct tp_sql *db, const struct tp_keys *keys, int64_t seq,
                       const char *folder, bool *taken, struct tp_error *error)
{
    struct answer answer = {.keys = keys};
    bool ok = tp_submission_get(db, seq, keep_sealed, &answer, error) &&
              tp_attachments_each(db, answer.instance_id, keep_file, &answer, error);

    *taken = ok && take_answer(&answer, folder);
    if (ok && !*taken && answer.problem.code == TP_ERR_IO) {
        *error = answer.problem;
        ok = false;
    } else if (ok && !*taken) {
        (void)fprintf(stderr, "talkpoint-central: %s: %s\n", answer.instance_id,
                      answer.problem.text);
    }
    finish_answer(&answer);
    return ok;
}

bool tp_media_export(struct tp_sql *db, const struct tp_keys *keys, const char *form,
                     const char *folder, struct tp_error *error)
{
    size_t unread = 0;
    int64_t seq = 0;
    bool taken;

    if (!make_folder(folder, error))
        return false;
    if (!tp_attachments_next(db, form, seq, &seq, error))
        return false;
    while (seq != 0) {
        if (!export_one(db, keys, seq, folder, &taken, error) ||
            !tp_attachments_next(db, form, seq, &seq, error))
            return false;
        unread += !taken;
    }
    return unread == 0 ||
           tp_fail(error, TP_ERR_CRYPTO,
                   "the files of %zu answers were not written, for the reasons above", unread);
}

/* ---- from a folder ---- */

struct beside {
    const char *path; /* of the manifest */
    const char *folder;
};

static bool read_beside(void *context, const char *name, struct tp_buf *encrypted,
                        struct tp_error *error)
{
    const struct beside *beside = context;
    const char *slash = strrchr(beside->path, '/');
    char *path =
        tp_asprintf("%.*s%s", slash ? (int)(slash - beside->path + 1) : 0, beside->path, name);
    bool ok = path ? tp_file_read(path, encrypted, error) : tp_fail_memory(error);

    tp_free(path);
    return ok;
}

static bool write_proven(void *context, const char *name, const struct tp_buf *plain,
                         struct tp_error *error)
{
    const struct beside *beside = context;

    return write_file(beside->folder, name, plain, error);
}

bool tp_media_unseal(const struct tp_keys *keys, const char *path, const struct tp_buf *sealed,
                     const char *folder, struct tp_buf *plain, struct tp_error *error)
{
    struct beside beside = {.path = path, .folder = folder};
    const struct tp_unlock_files files = {
        .read = read_beside, .take = write_proven, .context = &beside};

    return tp_unlock_with_files(keys->odk, keys->odk_count, sealed->data, sealed->length, &files,
                                plain, error);
}
