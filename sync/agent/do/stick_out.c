#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "agent/do/notices.h"
#include "agent/do/stick.h"
#include "agent/do/stick_key.h"
#include "base/file.h"
#include "base/mem.h"
#include "store/carry.h"

struct export
{
    const struct tp_stick *stick;
    struct tp_stick_report *report;
    struct tp_error *error;
    struct tp_device_signer signer;
    char(*ids)[TP_INSTANCE_ID_MAX]; /* owned: answers of this screen that are on the stick */
    size_t count;
    size_t room;
    struct tp_carried *answers; /* owned; of one bundle */
    struct tp_buf receipts;     /* for other screens' bundles on it */
    size_t receipt_count;
};

static bool remember(struct export *export, const char *instance_id)
{
    if (export->count == export->room) {
        size_t room = export->room ? export->room * 2 : 1024;
        void *more = tp_realloc(export->ids, room, sizeof(*export->ids));

        if (!more)
            return tp_fail_memory(export->error);
        export->ids = more;
        export->room = room;
    }
    (void)snprintf(export->ids[export->count++], TP_INSTANCE_ID_MAX, "%s", instance_id);
    return true;
}

static int by_id(const void *a, const void *b)
{
    return strcmp(a, b);
}

static bool is_on_stick(const struct export *export, const char *instance_id)
{
    return export->count &&
           bsearch(instance_id, export->ids, export->count, sizeof(*export->ids), by_id);
}

/* This screen's own: it stays until all of it has arrived, for what this screen lost is there. */
static bool look_at_own(struct export *export, const struct tp_bundle *bundle, const char *path)
{
    bool stays = false;

    for (size_t i = 0; i < bundle->count; i++) {
        const char *instance_id = bundle->answers[i].instance_id;
        bool here = false;
        bool arrived = false;

        if (!tp_carry_is_here(export->stick->store, instance_id, &here, export->error) ||
            !tp_carry_has_arrived(export->stick->store, instance_id, &arrived, export->error))
            return false;
        stays = stays || !arrived;
        if (here && !remember(export, instance_id))
            return false;
    }
    if (!stays)
        (void)unlink(path);
    return true;
}

static bool look_at_other(struct export *export, const struct tp_bundle *bundle)
{
    for (size_t i = 0; i < bundle->count; i++) {
        struct tp_receipt receipt;
        bool found = false;
        bool here = false;

        /* Taken in and not sent yet: its bundle is here already. */
        if (!tp_carry_is_here(export->stick->store, bundle->answers[i].instance_id, &here,
                              export->error) ||
            (here && !remember(export, bundle->answers[i].instance_id)))
            return false;

        if (!tp_carry_receipt(export->stick->store, bundle->answers[i].instance_id, &receipt,
                              &found, export->error))
            return false;
        if (!found)
            continue;
        if (!tp_receipts_add(&export->receipts, &receipt))
            return tp_fail(export->error, TP_ERR_LIMIT,
                           "more receipts than a stick is given at once");
        export->receipt_count++;
    }
    return true;
}

/* For the screen that made the bundle, which takes them away. */
static bool write_receipts(struct export *export, const char *device_id)
{
    char name[TP_RECEIPTS_NAME_MAX];
    char path[TP_STICK_PATH_MAX];
    bool ok = true;

    if (export->receipt_count) {
        tp_receipts_name(device_id, &export->receipts, name);
        (void)snprintf(path, sizeof(path), "%s/" TP_STICK_ROOT "/receipts/%s",
                       export->stick->folder, name);
        if (access(path, F_OK) != 0) {
            ok = tp_file_write_atomic(path, export->receipts.data, export->receipts.length, 0,
                                      export->error);
            export->report->receipts += ok ? export->receipt_count : 0;
        }
    }
    tp_buf_reset(&export->receipts);
    export->receipt_count = 0;
    return ok;
}

/* Bundles that are not whole or not ours stay for whoever can read them; import says so. */
static bool look_at_bundle(void *context, const char *path)
{
    struct export *export = context;
    const struct tp_identity *identity = export->stick->identity;
    struct tp_bundle bundle;
    struct tp_buf bytes;
    bool ok = true;

    tp_buf_init(&bytes, TP_BUNDLE_BYTES_MAX);
    if (tp_file_read(path, &bytes, NULL) &&
        tp_bundle_read(tp_buf_text(&bytes), bytes.length, &identity->receipt_key, &bundle, NULL)) {
        if (strcmp(bundle.device_id, identity->device_id) == 0)
            ok = look_at_own(export, &bundle, path);
        else
            ok = (tp_receipts_begin(&export->receipts) || tp_fail_memory(export->error)) &&
                 look_at_other(export, &bundle) && write_receipts(export, bundle.device_id);
        tp_bundle_finish(&bundle);
    }
    tp_buf_finish(&bytes);
    return ok;
}

/* Those of the batch that are not on the stick yet. */
static size_t choose(struct export *export, const struct tp_outbox_batch *batch)
{
    size_t count = 0;

    for (size_t i = 0; i < batch->count; i++) {
        const struct tp_outbox_item *item = &batch->items[i];

        if (is_on_stick(export, item->instance_id)) {
            export->report->on_stick++;
            continue;
        }
        export->answers[count++] = (struct tp_carried){.instance_id = item->instance_id,
                                                       .form_id = item->form_id,
                                                       .form_version = item->form_version,
                                                       .sha256 = item->sha256,
                                                       .sealed = item->sealed,
                                                       .sealed_count = item->sealed_count};
    }
    return count;
}

/* Where so much did not fit, it is said in words that tell what to do: the staff menu shows them.
 */
static void say_full(const struct tp_stick *stick, size_t bytes, struct tp_error *error)
{
    struct statvfs disk;

    if (statvfs(stick->folder, &disk) == 0 && (uint64_t)disk.f_bavail * disk.f_frsize < bytes)
        tp_fail(error, TP_ERR_LIMIT,
                "the USB stick is full: take other files off it, or use another");
}

static bool write_bundle(struct export *export, size_t count)
{
    char sha256[TP_SHA256_TEXT_MAX];
    char path[TP_STICK_PATH_MAX];
    struct tp_buf bytes;
    bool ok;

    if (count == 0)
        return true;
    tp_buf_init(&bytes, TP_BUNDLE_BYTES_MAX);
    ok = tp_bundle_write(&export->signer, &export->stick->identity->receipt_key,
                         tp_clock_wall_ms(export->stick->clock), export->answers, count, &bytes,
                         export->error);
    if (ok) {
        tp_sha256_text(bytes.data, bytes.length, sha256);
        (void)snprintf(path, sizeof(path), "%s/" TP_STICK_ROOT "/answers/%.32s.tpb",
                       export->stick->folder, sha256);
        ok = tp_file_write_atomic(path, bytes.data, bytes.length, 0, export->error);
        if (!ok)
            say_full(export->stick, bytes.length, export->error);
    }
    if (ok)
        export->report->written += count;
    tp_buf_finish(&bytes);
    return ok;
}

static bool write_answers(struct export *export)
{
    const struct tp_stick *stick = export->stick;
    int64_t after = 0;

    for (;;) {
        struct tp_outbox_batch batch;
        bool ok;

        if (stick->may_go_on && !stick->may_go_on(stick->context))
            return true;
        if (!tp_carry_read(stick->store, after, TP_BUNDLE_ANSWERS_MAX, TP_BUNDLE_SEALED_MAX, &batch,
                           export->error))
            return false;
        if (batch.count == 0) {
            tp_outbox_batch_finish(&batch);
            return true;
        }
        after = batch.items[batch.count - 1].sequence;
        ok = write_bundle(export, choose(export, &batch));
        tp_outbox_batch_finish(&batch);
        if (!ok)
            return false;
    }
}

static bool make_folders(const struct tp_stick *stick, struct tp_error *error)
{
    static const char *const folders[] = {"answers", "receipts"};
    char path[TP_STICK_PATH_MAX];

    for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
        (void)snprintf(path, sizeof(path), "%s/" TP_STICK_ROOT "/%s", stick->folder, folders[i]);
        if (!tp_dir_make(path, 0755, error))
            return false;
    }
    return true;
}

bool tp_stick_export(const struct tp_stick *stick, struct tp_stick_report *report,
                     struct tp_error *error)
{
    struct export export = {.stick = stick, .report = report, .error = error};
    bool ok;

    if (access(stick->folder, R_OK | W_OK | X_OK) != 0)
        return tp_fail(error, TP_ERR_NOT_FOUND,
                       "there is no USB stick at '%s', or it cannot be written", stick->folder);
    export.answers = tp_calloc(TP_BUNDLE_ANSWERS_MAX, sizeof(*export.answers));
    if (!export.answers)
        return tp_fail_memory(error);
    tp_buf_init(&export.receipts, TP_RECEIPTS_BYTES_MAX);
    ok = tp_stick_folders_are_fit(stick->folder, error) && make_folders(stick, error) &&
         tp_stick_signer_read(stick->state, stick->identity, &export.signer, error) &&
         tp_stick_each(stick, "answers", ".tpb", look_at_bundle, &export, error);
    if (ok && export.count)
        qsort(export.ids, export.count, sizeof(*export.ids), by_id);
    ok = ok && write_answers(&export) && tp_stick_notices_out(stick, error);
    tp_buf_finish(&export.receipts);
    tp_free(export.answers);
    tp_free(export.ids);
    tp_wipe(&export.signer, sizeof(export.signer));
    return ok;
}
