#include "agent/do/stick_surveys.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "agent/do/packages.h"
#include "agent/do/stick_list.h"
#include "base/file.h"
#include "base/mem.h"
#include "store/minisign.h"
#include "store/settings.h"

#define BLOCK 65536u

static bool goes_on(const struct tp_stick *stick, struct tp_error *error)
{
    return !stick->may_go_on || stick->may_go_on(stick->context) ||
           tp_fail(error, TP_ERR_IO, "not copied, for talkpoint-sync is to stop");
}

static bool write_block(int out, const void *block, size_t count, struct tp_error *error)
{
    return tp_write_all(out, block, count) ||
           tp_fail_errno(error, errno, "cannot copy a file of a survey");
}

/* Counts the SHA-256 as it goes, so that what is kept is what was checked; synced. */
static bool copy_checked(const struct tp_stick *stick, int in, int out,
                         const struct tp_stick_file *file, struct tp_error *error)
{
    unsigned char *block = tp_calloc(BLOCK, 1);
    unsigned char digest[crypto_hash_sha256_BYTES];
    char sha256[TP_SHA256_TEXT_MAX];
    crypto_hash_sha256_state state;
    uint64_t length = 0;
    ssize_t got = 0;
    bool ok = true;

    if (!block)
        return tp_fail_memory(error);
    (void)crypto_hash_sha256_init(&state);
    while (ok && length <= file->length && (got = read(in, block, BLOCK)) > 0) {
        (void)crypto_hash_sha256_update(&state, block, (unsigned long long)got);
        length += (uint64_t)got;
        ok = goes_on(stick, error) && write_block(out, block, (size_t)got, error);
    }
    (void)crypto_hash_sha256_final(&state, digest);
    tp_hex(digest, sizeof(digest), sha256);
    if (ok && (got < 0 || fsync(out) != 0))
        ok = tp_fail_errno(error, errno, "cannot copy a file of a survey");
    else if (ok && strcmp(sha256, file->sha256) != 0)
        ok = tp_fail(error, TP_ERR_CRYPTO, "a file of a survey was altered");
    tp_free(block);
    return ok;
}

/* A file of the stick, which is no link and no pipe. */
static bool copy(const struct tp_stick *stick, const char *from, const char *to,
                 const struct tp_stick_file *file, struct tp_error *error)
{
    int in = open(from, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    int out = in >= 0 ? open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644) : -1;
    bool ok = out >= 0 ? copy_checked(stick, in, out, file, error)
                       : tp_fail_errno(error, errno, "cannot copy '%s'", in < 0 ? from : to);

    if (out >= 0)
        (void)close(out);
    if (in >= 0)
        (void)close(in);
    return ok;
}

static bool build(const struct tp_stick *stick, const struct tp_listed_form *form,
                  const struct tp_stick_form *details, const char *package, struct tp_error *error)
{
    char from[TP_STICK_PATH_MAX];
    char to[TP_PACKAGE_PATH_MAX];

    if (!tp_packages_path(stick->state, true, package, NULL, to, error) ||
        !tp_dir_make(to, 0755, error))
        return false;
    for (size_t i = 0; i < details->file_count; i++) {
        const char *name = i ? details->manifest.media[i - 1].name : "form.xml";

        (void)snprintf(from, sizeof(from), "%s/" TP_STICK_ROOT "/surveys/files/%s", stick->folder,
                       details->files[i].sha256);
        if (!tp_packages_path(stick->state, true, package, name, to, error) ||
            !tp_stick_has_room(stick, details->files[i].length, error) ||
            !copy(stick, from, to, &details->files[i], error))
            return false;
    }
    return tp_packages_path(stick->state, true, package, TP_PACKAGE_VERSION_FILE, to, error) &&
           tp_file_write_atomic(to, form->version, strlen(form->version), 0644, error) &&
           tp_packages_finish(stick->state, package, error);
}

static bool bring(const struct tp_stick *stick, const struct tp_listed_form *form,
                  const struct tp_stick_form *details, size_t *changed, struct tp_error *error)
{
    char package[TP_PACKAGE_NAME_MAX];
    char current[TP_PACKAGE_NAME_MAX] = "";

    if (!tp_package_name(form, &details->manifest, package, error) ||
        !(tp_packages_has(stick->state, package, &details->manifest) ||
          build(stick, form, details, package, error)))
        return false;
    (void)tp_packages_current(stick->state, form->id, current);
    if (strcmp(current, package) == 0)
        return true;
    (*changed)++;
    return tp_packages_switch(stick->state, form->id, package, tp_clock_wall_ms(stick->clock),
                              error);
}

/* A form whose files are not whole on the stick stays as it is here; the others go on. */
static bool take_forms(const struct tp_stick *stick, const struct tp_stick_list *list,
                       struct tp_stick_report *report)
{
    int64_t now_ms = tp_clock_wall_ms(stick->clock);
    struct tp_error why = {0};
    bool whole = true;

    if (!tp_packages_init(stick->state, &why)) {
        tp_stick_refuse(report, "surveys", why.text);
        return false;
    }
    for (size_t i = 0; i < list->forms.count; i++) {
        if (bring(stick, &list->forms.forms[i], &list->details[i], &report->surveys, &why))
            continue;
        tp_stick_refuse(report, list->forms.forms[i].id, why.text);
        whole = false;
    }
    if (!tp_packages_retire(stick->state, &list->forms, now_ms, &why) ||
        !tp_packages_sweep(stick->state, now_ms, &why)) {
        tp_stick_refuse(report, "surveys", why.text);
        whole = false;
    }
    return whole;
}

/* Times as tp_time_utc writes them have the order of their texts. */
static bool is_stale(const struct tp_stick *stick, const char *made, bool *stale,
                     struct tp_error *error)
{
    struct tp_agent_status status;
    char last[TP_SETTING_VALUE_MAX];
    char contact[TP_TIME_TEXT_MAX] = "";

    if (!tp_setting_get(stick->store, TP_SETTING_STICK_SURVEYS, "", last, sizeof(last), error) ||
        !tp_agent_status_get(stick->store, &status, error))
        return false;
    if (status.last_contact_ms)
        tp_time_utc(status.last_contact_ms, contact);
    *stale = strcmp(made, last) < 0 || strcmp(made, contact) < 0;
    return true;
}

struct signed_list {
    struct tp_buf text;
    char made[TP_TIME_TEXT_MAX];
};

/* The list itself is read once: what is verified is what is used. */
static bool read_signed(const struct tp_stick *stick, const char *path, struct signed_list *list,
                        struct tp_error *error)
{
    unsigned char digest[TP_MINISIGN_DIGEST_BYTES];
    char comment[TP_MINISIGN_COMMENT_MAX];
    char *signature_path = tp_asprintf("%s.minisig", path);
    struct tp_buf signature;
    bool ok;

    tp_buf_init(&list->text, TP_SURVEY_LIST_MAX);
    tp_buf_init(&signature, TP_MINISIGN_TEXT_MAX);
    ok = signature_path ? tp_stick_read(path, &list->text, error) &&
                              tp_stick_read(signature_path, &signature, error)
                        : tp_fail_memory(error);
    if (ok) {
        tp_minisign_digest(tp_buf_text(&list->text), list->text.length, digest);
        ok = tp_minisign_verify(&stick->identity->receipt_key, digest, tp_buf_text(&signature),
                                signature.length, comment, error);
    }
    if (ok && (strncmp(comment, TP_SURVEY_LIST_MADE, sizeof(TP_SURVEY_LIST_MADE) - 1) != 0 ||
               strlen(comment) - (sizeof(TP_SURVEY_LIST_MADE) - 1) != 24))
        ok = tp_fail(error, TP_ERR_INVALID, "signed, but not as a list of surveys");
    if (ok)
        (void)snprintf(list->made, sizeof(list->made), "%.24s",
                       comment + sizeof(TP_SURVEY_LIST_MADE) - 1);
    tp_buf_finish(&signature);
    tp_free(signature_path);
    return ok;
}

bool tp_stick_surveys(const struct tp_stick *stick, struct tp_stick_report *report,
                      struct tp_error *error)
{
    char path[TP_STICK_PATH_MAX];
    struct signed_list signed_list = {.made = ""};
    struct tp_stick_list list;
    struct tp_error why = {0};
    bool stale = false;
    bool ok = true;

    (void)snprintf(path, sizeof(path), "%s/" TP_STICK_ROOT "/surveys/list.tps", stick->folder);
    if (access(path, F_OK) != 0)
        return true;
    if (!read_signed(stick, path, &signed_list, &why)) {
        tp_stick_refuse(report, path, why.text);
    } else if (!is_stale(stick, signed_list.made, &stale, error)) {
        ok = false;
    } else if (stale) {
        tp_stick_refuse(report, path, "it is older than what this screen has");
    } else if (!tp_stick_list_read(tp_buf_text(&signed_list.text), signed_list.text.length, &list,
                                   &why)) {
        tp_stick_refuse(report, path, why.text);
    } else {
        if (take_forms(stick, &list, report))
            ok = tp_setting_set(stick->store, TP_SETTING_STICK_SURVEYS, signed_list.made, error);
        tp_stick_list_finish(&list);
    }
    tp_buf_finish(&signed_list.text);
    return ok;
}
