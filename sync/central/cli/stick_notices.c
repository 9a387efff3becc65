/* The notices that go to screens by USB stick: the list of the network, and its signature. */
#include <stdio.h>

#include "base/file.h"
#include "central/cli/stick.h"
#include "central/data/notices.h"

/* Until both are there, and belong together, a screen takes neither. */
static bool write_both(struct tp_central *central, const char *folder,
                       const struct tp_notices *notices, struct tp_error *error)
{
    char path[TP_STICK_PATH_MAX];
    struct tp_buf list, signature;
    bool ok;

    tp_buf_init(&list, TP_NOTICES_BYTES_MAX);
    tp_buf_init(&signature, 1024);
    (void)snprintf(path, sizeof(path), "%s/" TP_STICK_ROOT "/notices/list.tpn", folder);
    ok = tp_notices_write(notices, &central->keys.receipt.key, &list, error) &&
         tp_notices_sign(&central->keys.receipt, list.data, list.length, notices->serial,
                         &signature, error) &&
         tp_file_write_atomic(path, list.data, list.length, 0, error);
    (void)snprintf(path, sizeof(path), "%s/" TP_STICK_ROOT "/notices/list.tpn.minisig", folder);
    ok = ok && tp_file_write_atomic(path, signature.data, signature.length, 0, error);
    tp_buf_finish(&list);
    tp_buf_finish(&signature);
    return ok;
}

bool tp_stick_write_notices(struct tp_central *central, const char *folder, size_t *count,
                            struct tp_error *error)
{
    struct tp_sql *db = tp_sql_pool_take(central->readers);
    struct tp_notices notices = {0};
    char today[TP_DAY_TEXT_MAX];
    bool ok = tp_sql_begin_read(db, error);

    tp_central_day(central, tp_clock_wall_ms(&central->clock), today);
    if (ok) {
        ok = tp_notice_list(db, today, &notices, error);
        tp_sql_rollback(db);
    }
    tp_sql_pool_give(central->readers, db);
    ok = ok && write_both(central, folder, &notices, error);
    if (ok)
        *count = notices.count;
    tp_notices_finish(&notices);
    return ok;
}
