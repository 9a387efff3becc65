#include "store/store.h"

#include <errno.h>
#include <inttypes.h>
#include <sodium.h>
#include <string.h>
#include <sys/statvfs.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"
#include "store/connect.h"
#include "store/db.h"
#include "store/mend.h"
#include "store/settings.h"

#define BOOT_ID_FILE "/proc/sys/kernel/random/boot_id"

/* The log is copied back at 2 MiB while nobody waits (when a resident starts, when the agent has
 * sent), and at 16 MiB in any case. */
#define LOG_SOON_PAGES 512
#define LOG_MUST_PAGES 4096

static bool read_boot_id(struct tp_store *store, const char *given, struct tp_error *error)
{
    struct tp_buf text;
    bool ok;

    if (given) {
        (void)snprintf(store->boot, sizeof(store->boot), "%s", given);
        return true;
    }
    tp_buf_init(&text, TP_BOOT_ID_MAX);
    ok = tp_file_read(BOOT_ID_FILE, &text, error);
    if (ok)
        (void)snprintf(store->boot, sizeof(store->boot), "%.36s", tp_buf_text(&text));
    tp_buf_finish(&text);
    return ok;
}

struct tp_store *tp_store_open(const char *path, const struct tp_store_params *params,
                               struct tp_error *error)
{
    struct tp_store *store = tp_calloc(1, sizeof(*store));

    if (!store || !(store->path = tp_strdup(path)) ||
        !(store->marker = tp_asprintf("%s-mending", path)) ||
        (params->vfs && !(store->vfs = tp_strdup(params->vfs)))) {
        tp_fail_memory(error);
        goto close_store;
    }
    store->clock = params->clock;
    store->read_only = params->read_only;
    store->busy_ms = params->busy_ms ? params->busy_ms : TP_STORE_BUSY_MS;
    store->free_min = params->free_min ? params->free_min : TP_STORE_FREE_MIN;
    store->data_version = -1;
    store->log_soon = LOG_SOON_PAGES;
    store->log_must = LOG_MUST_PAGES;
    if (sodium_init() < 0) {
        tp_fail(error, TP_ERR_CRYPTO, "libsodium cannot start");
        goto close_store;
    }
    randombytes_buf(&store->holder, sizeof(store->holder));
    if (!read_boot_id(store, params->boot_id, error) || !tp_store_connect(store, error))
        goto close_store;
    return store;

close_store:
    tp_store_close(store);
    return NULL;
}

struct tp_store *tp_store_open_beside(struct tp_store *store, struct tp_error *error)
{
    struct tp_store *beside = tp_calloc(1, sizeof(*beside));

    if (!beside || !(beside->path = tp_strdup(store->path)) ||
        !(beside->marker = tp_strdup(store->marker)) ||
        (store->vfs && !(beside->vfs = tp_strdup(store->vfs)))) {
        tp_fail_memory(error);
        goto close_beside;
    }
    beside->beside_of = store;
    store->besides++;
    beside->clock = store->clock;
    beside->read_only = store->read_only;
    beside->busy_ms = store->busy_ms;
    beside->free_min = store->free_min;
    beside->data_version = -1;
    beside->log_soon = store->log_soon;
    beside->log_must = store->log_must;
    memcpy(beside->boot, store->boot, sizeof(beside->boot));
    randombytes_buf(&beside->holder, sizeof(beside->holder));
    if (tp_store_connect(beside, error))
        return beside;

close_beside:
    tp_store_close(beside);
    return NULL;
}

void tp_store_close(struct tp_store *store)
{
    if (!store)
        return;
    if (store->beside_of)
        store->beside_of->besides--;
    tp_store_disconnect(store);
    tp_free(store->vfs);
    tp_free(store->marker);
    tp_free(store->path);
    tp_wipe(&store->ready, sizeof(store->ready));
    tp_free(store);
}

bool tp_store_check(struct tp_store *store, struct tp_error *error)
{
    return tp_store_heal(store, error) && tp_store_check_pages(store, error);
}

bool tp_store_disk_free(const struct tp_store *store, uint64_t *bytes, struct tp_error *error)
{
    struct statvfs disk;

    if (store->vfs) {
        *bytes = UINT64_MAX;
        return true;
    }
    if (statvfs(store->path, &disk) != 0)
        return tp_fail_errno(error, errno, "cannot see how full the disk of '%s' is", store->path);
    *bytes = (uint64_t)disk.f_bavail * disk.f_frsize;
    return true;
}

bool tp_store_can_save(struct tp_store *store, struct tp_error *error)
{
    static const char doing[] = "nothing can be saved";
    uint64_t bytes = 0;

    if (!tp_store_heal(store, error) || !tp_store_disk_free(store, &bytes, error))
        return false;
    if (bytes < store->free_min)
        return tp_fail(error, TP_ERR_IO,
                       "nothing can be saved in '%s': the disk has %" PRIu64
                       " KiB left and %" PRIu64 " KiB are wanted: make room on it",
                       store->path, bytes / 1024, store->free_min / 1024);
    /* Nobody waits now: what can be done ahead of the next answer is. */
    tp_db_tidy(store);
    if (store->has_last_key && !store->ready.is_ready)
        (void)tp_seal_prepare(&store->last_key, &store->ready, NULL);
    return tp_db_run(store, TP_SQL_PROBE, TP_NO_VALUES, doing, error);
}

bool tp_store_changed(struct tp_store *store)
{
    int64_t version = 0;
    bool changed;

    if (!tp_store_heal(store, NULL))
        return true;
    /* What cannot be read has changed, as far as the caller is concerned: it will look, and be
     * told. */
    if (!tp_db_integer(store, TP_SQL_CHANGED, TP_NO_VALUES, &version, "cannot read the store",
                       NULL))
        return true;
    changed = version != store->data_version;
    store->data_version = version;
    return changed;
}

bool tp_store_damage(struct tp_store *store, char text[TP_STORE_DAMAGE_MAX], struct tp_error *error)
{
    return tp_setting_get(store, TP_DAMAGE_SETTING, "", text, TP_STORE_DAMAGE_MAX, error);
}
