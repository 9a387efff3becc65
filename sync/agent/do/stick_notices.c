/* Notices by USB stick: notices/list.tpn and its signature, as the store made them. */
#include <stdio.h>
#include <unistd.h>

#include "agent/do/notices.h"
#include "base/file.h"
#include "store/notices.h"

#define SIGNATURE_MAX 1024u

struct paths {
    char folder[TP_STICK_PATH_MAX];
    char list[TP_STICK_PATH_MAX + 16];
    char signature[TP_STICK_PATH_MAX + 32];
};

static struct paths paths_of(const struct tp_stick *stick)
{
    struct paths paths = {.folder = ""};

    (void)snprintf(paths.folder, sizeof(paths.folder), "%s/" TP_STICK_ROOT "/notices",
                   stick->folder);
    (void)snprintf(paths.list, sizeof(paths.list), "%s/list.tpn", paths.folder);
    (void)snprintf(paths.signature, sizeof(paths.signature), "%s.minisig", paths.list);
    return paths;
}

static bool read_both(const struct paths *paths, struct tp_buf *list, struct tp_buf *signature,
                      struct tp_error *error)
{
    tp_buf_init(list, TP_NOTICES_BYTES_MAX);
    tp_buf_init(signature, SIGNATURE_MAX);
    return tp_stick_read(paths->list, list, error) &&
           tp_stick_read(paths->signature, signature, error);
}

bool tp_stick_notices_in(const struct tp_stick *stick, struct tp_stick_report *report,
                         struct tp_error *error)
{
    struct tp_buf list, signature;
    struct tp_error why = {.text = ""};
    const struct paths paths = paths_of(stick);
    bool changed = false;
    bool ok = true;

    if (access(paths.list, F_OK) != 0)
        return true;
    /* What is verified is what is kept: each file is read once. */
    if (!read_both(&paths, &list, &signature, &why)) {
        tp_stick_refuse(report, paths.list, why.text);
    } else if (!tp_notices_take(stick->store, &stick->identity->receipt_key, tp_buf_text(&list),
                                list.length, tp_buf_text(&signature), signature.length, &changed,
                                &why)) {
        ok = why.code != TP_ERR_IO && why.code != TP_ERR_MEMORY;
        if (ok)
            tp_stick_refuse(report, paths.list, why.text);
        else
            *error = why;
    }
    report->notices = report->notices || changed;
    tp_buf_finish(&list);
    tp_buf_finish(&signature);
    return ok;
}

/* The serial of the list on the stick; 0 where it has none that our store signed. */
static int64_t serial_there(const struct tp_stick *stick, const struct paths *paths)
{
    struct tp_buf list, signature;
    struct tp_notices notices;
    int64_t serial = 0;

    if (read_both(paths, &list, &signature, NULL) &&
        tp_notices_open(tp_buf_text(&list), list.length, tp_buf_text(&signature), signature.length,
                        &stick->identity->receipt_key, &notices, NULL)) {
        serial = notices.serial;
        tp_notices_finish(&notices);
    }
    tp_buf_finish(&list);
    tp_buf_finish(&signature);
    return serial;
}

bool tp_stick_notices_out(const struct tp_stick *stick, struct tp_error *error)
{
    struct tp_buf list, signature;
    const struct paths paths = paths_of(stick);
    int64_t serial = 0;
    bool ok;

    tp_buf_init(&list, TP_NOTICES_BYTES_MAX);
    tp_buf_init(&signature, SIGNATURE_MAX);
    ok = tp_notices_kept(stick->store, &list, &signature, &serial, error);
    if (ok && list.length && serial > serial_there(stick, &paths))
        ok = tp_dir_make(paths.folder, 0755, error) &&
             tp_file_write_atomic(paths.list, list.data, list.length, 0, error) &&
             tp_file_write_atomic(paths.signature, signature.data, signature.length, 0, error);
    tp_buf_finish(&list);
    tp_buf_finish(&signature);
    return ok;
}
