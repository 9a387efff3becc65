#include <string.h>
#include <unistd.h>

#include "agent/do/notices.h"
#include "agent/do/stick.h"
#include "agent/do/stick_surveys.h"
#include "base/file.h"
#include "base/mem.h"
#include "store/carry.h"

/* Receipts acted on in one transaction. */
#define GROUP 256u

struct import {
    const struct tp_stick *stick;
    struct tp_stick_report *report;
    struct tp_error *error;
    struct tp_receipt *receipts; /* owned; GROUP of them */
    size_t count;
};

static bool read_file(const char *path, size_t max, struct tp_buf *bytes,
                      struct tp_stick_report *report)
{
    struct tp_error why;

    tp_buf_init(bytes, max);
    if (tp_file_read(path, bytes, &why))
        return true;
    tp_stick_refuse(report, path, why.text);
    tp_buf_finish(bytes);
    return false;
}

/* The outbox verifies each; what is not the store's changes nothing. */
static bool act_on_receipts(struct import *import)
{
    enum tp_outbox_sent outcomes[GROUP];
    size_t count = import->count;

    import->count = 0;
    if (count == 0)
        return true;
    if (!tp_outbox_mark_sent(import->stick->store, &import->stick->identity->receipt_key,
                             import->receipts, count, outcomes, import->error))
        return false;
    for (size_t i = 0; i < count; i++)
        if (outcomes[i] == TP_SENT_DELETED)
            import->report->done++;
    return true;
}

static bool take_receipt(void *context, const struct tp_receipt *receipt)
{
    struct import *import = context;

    import->receipts[import->count++] = *receipt;
    return import->count < GROUP || act_on_receipts(import);
}

static bool take_receipts(void *context, const char *path)
{
    struct import *import = context;
    size_t done = import->report->done;
    struct tp_error why = {0};
    struct tp_buf text;
    bool ok = true;

    if (!read_file(path, TP_RECEIPTS_BYTES_MAX, &text, import->report))
        return true;
    if (!tp_receipts_read(tp_buf_text(&text), text.length, take_receipt, import, &why)) {
        if (why.code == TP_OK)
            ok = false;
        else
            tp_stick_refuse(import->report, path, why.text);
    }
    tp_buf_finish(&text);
    if (!ok || !act_on_receipts(import))
        return false;
    /* Another screen that took these answers in may wait for it too, and sees it on the stick's
     * next way round; a list that has nothing new for this screen has made it. */
    if (why.code == TP_OK && import->report->done == done &&
        tp_receipts_is_for(import->stick->identity->device_id, strrchr(path, '/') + 1))
        (void)unlink(path);
    return true;
}

/* Another screen's answers where there is room for them, and this screen's own that it lost. */
static bool adopt(struct import *import, struct tp_bundle *bundle, size_t bytes, const char *path)
{
    const struct tp_stick *stick = import->stick;
    bool own = strcmp(bundle->device_id, stick->identity->device_id) == 0;
    struct tp_error why;
    size_t added = 0;

    if (!own && !tp_stick_has_room(stick, bytes, &why)) {
        tp_stick_refuse(import->report, path, why.text);
        return true;
    }
    for (size_t i = 0; !own && i < bundle->count; i++)
        bundle->answers[i].device_id = bundle->device_id;
    if (!tp_carry_adopt(stick->store, bundle->answers, bundle->count, &added, import->error))
        return false;
    if (own)
        import->report->back += added;
    else
        import->report->taken += added;
    return true;
}

static bool take_bundle(void *context, const char *path)
{
    struct import *import = context;
    struct tp_bundle bundle;
    struct tp_error why;
    struct tp_buf bytes;
    bool ok = true;

    if (!read_file(path, TP_BUNDLE_BYTES_MAX, &bytes, import->report))
        return true;
    if (tp_bundle_read(tp_buf_text(&bytes), bytes.length, &import->stick->identity->receipt_key,
                       &bundle, &why)) {
        ok = adopt(import, &bundle, bytes.length, path);
        tp_bundle_finish(&bundle);
    } else {
        tp_stick_refuse(import->report, path, why.text);
    }
    tp_buf_finish(&bytes);
    return ok;
}

bool tp_stick_import(const struct tp_stick *stick, struct tp_stick_report *report,
                     struct tp_error *error)
{
    struct import import = {.stick = stick, .report = report, .error = error};
    bool ok;

    if (access(stick->folder, R_OK | X_OK) != 0)
        return tp_fail(error, TP_ERR_NOT_FOUND, "there is no USB stick at '%s'", stick->folder);
    if (!tp_stick_folders_are_fit(stick->folder, error))
        return false;
    import.receipts = tp_calloc(GROUP, sizeof(*import.receipts));
    if (!import.receipts)
        return tp_fail_memory(error);
    /* Receipts after the answers: what another screen's are signed for already need not go on. */
    ok = tp_stick_each(stick, "answers", ".tpb", take_bundle, &import, error) &&
         tp_stick_each(stick, "receipts", ".tpr", take_receipts, &import, error) &&
         tp_stick_surveys(stick, report, error) && tp_stick_notices_in(stick, report, error);
    tp_free(import.receipts);
    return ok;
}
