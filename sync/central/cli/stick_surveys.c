/* The surveys that go to screens by USB stick: files named by their SHA-256, and a signed list. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "central/cli/stick.h"
#include "central/data/forms.h"
#include "store/minisign.h"

#define LIST_MAX (4u * 1024u * 1024u)
#define DAY_MS (24 * 3600 * 1000LL)

struct writing {
    struct tp_sql *db; /* for media; the list of forms is read by another */
    const char *folder;
    char today[TP_DAY_TEXT_MAX];
    char soon[TP_DAY_TEXT_MAX];
    const struct tp_form_row *form;
    struct tp_buf list;
    size_t count;
    struct tp_error *error;
    bool failed;
};

/* A file of that name and size is there already: its name is its content. */
static bool is_there(const char *path, size_t length)
{
    struct stat status;

    return stat(path, &status) == 0 && (size_t)status.st_size == length;
}

static bool write_file(struct writing *writing, const char *name, const char *md5,
                       const struct tp_buf *bytes)
{
    char path[TP_STICK_PATH_MAX];
    char sha256[TP_SHA256_TEXT_MAX];

    tp_sha256_text(tp_buf_text(bytes), bytes->length, sha256);
    (void)snprintf(path, sizeof(path), "%s/" TP_STICK_ROOT "/surveys/files/%s", writing->folder,
                   sha256);
    return (is_there(path, bytes->length) ||
            tp_file_write_atomic(path, tp_buf_text(bytes), bytes->length, 0, writing->error)) &&
           (tp_buf_printf(&writing->list, "file\t%s\t%s\t%s\t%zu\n", name, md5, sha256,
                          bytes->length) ||
            tp_fail_memory(writing->error));
}

static bool write_media(void *context, const char *name, const char *md5)
{
    struct writing *writing = context;
    struct tp_buf bytes;
    bool found = false;

    tp_buf_init(&bytes, TP_MEDIA_MAX);
    writing->failed = !tp_forms_media(writing->db, writing->form->id, writing->form->version, name,
                                      &bytes, &found, writing->error) ||
                      (found && !write_file(writing, name, md5, &bytes));
    tp_buf_finish(&bytes);
    return !writing->failed;
}

static bool write_form(void *context, const struct tp_form_row *form)
{
    struct writing *writing = context;
    enum tp_form_phase phase = tp_form_phase(form, writing->today);
    struct tp_buf xml;
    bool found = false;

    /* As the form list has it (api/surveys.c). */
    if (phase == TP_FORM_CLOSED ||
        (phase == TP_FORM_BEFORE && strcmp(form->opens, writing->soon) > 0))
        return true;
    writing->form = form;
    tp_buf_init(&xml, TP_MEDIA_MAX);
    writing->failed =
        !tp_forms_xml(writing->db, form->id, form->version, &xml, &found, writing->error) ||
        !tp_buf_printf(&writing->list, "form\t%s\t%s\t%s\n", form->id, form->version, form->md5) ||
        !write_file(writing, "form.xml", form->md5, &xml) ||
        !tp_forms_media_each(writing->db, form->id, form->version, write_media, writing,
                             writing->error) ||
        writing->failed;
    tp_buf_finish(&xml);
    writing->count++;
    return !writing->failed;
}

/* The list last, and its signature after it: until both are there, a screen takes neither. */
static bool write_list(struct tp_central *central, struct writing *writing, struct tp_error *error)
{
    unsigned char digest[TP_MINISIGN_DIGEST_BYTES];
    char comment[TP_MINISIGN_COMMENT_MAX];
    char made[TP_TIME_TEXT_MAX];
    char path[TP_STICK_PATH_MAX];
    struct tp_buf signature;
    bool ok;

    tp_time_utc(tp_clock_wall_ms(&central->clock), made);
    (void)snprintf(comment, sizeof(comment), "talkpoint-surveys made:%s", made);
    tp_minisign_digest(tp_buf_text(&writing->list), writing->list.length, digest);
    (void)snprintf(path, sizeof(path), "%s/" TP_STICK_ROOT "/surveys/list.tps", writing->folder);
    tp_buf_init(&signature, TP_MINISIGN_TEXT_MAX);
    ok = tp_minisign_sign(&central->keys.receipt, digest, comment, &signature, error) &&
         tp_file_write_atomic(path, writing->list.data, writing->list.length, 0, error);
    (void)snprintf(path, sizeof(path), "%s/" TP_STICK_ROOT "/surveys/list.tps.minisig",
                   writing->folder);
    ok = ok && tp_file_write_atomic(path, signature.data, signature.length, 0, error);
    tp_buf_finish(&signature);
    return ok;
}

/* For whoever wants to check the list with minisign. A screen never reads it: it has its own. */
static bool write_key(struct tp_central *central, struct writing *writing, struct tp_error *error)
{
    char key[TP_MINISIGN_KEY_TEXT_MAX];
    char path[TP_STICK_PATH_MAX];
    struct tp_buf text;
    bool ok;

    tp_minisign_key_text(&central->keys.receipt.key, key);
    (void)snprintf(path, sizeof(path), "%s/" TP_STICK_ROOT "/surveys/store.pub", writing->folder);
    tp_buf_init(&text, TP_MINISIGN_TEXT_MAX);
    ok = tp_buf_printf(&text, "untrusted comment: minisign public key of a Talkpoint store\n%s\n",
                       key)
             ? tp_file_write_atomic(path, text.data, text.length, 0, error)
             : tp_fail_memory(error);
    tp_buf_finish(&text);
    return ok;
}

bool tp_stick_write_surveys(struct tp_central *central, const char *folder, size_t *count,
                            struct tp_error *error)
{
    struct writing writing = {.folder = folder, .error = error};
    struct tp_sql *forms = tp_sql_pool_take(central->readers);
    int64_t now_ms = tp_clock_wall_ms(&central->clock);
    bool ok;

    writing.db = tp_sql_pool_take(central->readers);
    tp_central_day(central, now_ms, writing.today);
    tp_central_day(central, now_ms + TP_FORM_EARLY_DAYS * DAY_MS, writing.soon);
    tp_buf_init(&writing.list, LIST_MAX);
    ok = tp_buf_puts(&writing.list, "talkpoint-surveys-1\n") &&
         tp_forms_each(forms, write_form, &writing, error) && !writing.failed &&
         write_list(central, &writing, error) && write_key(central, &writing, error);
    if (ok)
        *count = writing.count;
    tp_buf_finish(&writing.list);
    tp_sql_pool_give(central->readers, writing.db);
    tp_sql_pool_give(central->readers, forms);
    return ok;
}
