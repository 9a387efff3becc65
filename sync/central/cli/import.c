/* import: takes in what screens put on a USB stick, and leaves receipts, surveys and notices on it.
 */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "central/api/taking.h"
#include "central/cli/cli.h"
#include "central/cli/stick.h"
#include "central/data/brought.h"
#include "central/data/devices.h"
#include "store/bundle.h"

#define FILES_MAX 10000u

struct totals {
    size_t taken;    /* new here */
    size_t known;    /* here before */
    size_t conflict; /* other bytes under a known name: put aside */
    size_t refused;  /* answers for no survey or key of this store */
    size_t bundles;  /* refused whole */
    size_t surveys;  /* put on the stick, as the notices */
    size_t notices;
};

/* One bundle, all of it in one transaction. */
struct import {
    struct tp_central *central;
    const struct tp_bundle *bundle;
    struct tp_submission *submissions; /* one for each answer; form NULL: refused */
    void **contexts;                   /* of those that are not: for tp_submissions_take */
    size_t count;
    struct tp_arrival arrival;
};

static bool run_import(struct tp_sql *db, void *context, struct tp_error *error)
{
    struct import *import = context;

    return tp_submissions_take(db, import->contexts, import->count, error);
}

struct search {
    const char *device;
    bool known;
    bool revoked;
};

static bool look_at_device(void *context, const struct tp_device *device)
{
    struct search *search = context;

    if (strcmp(device->id, search->device) != 0)
        return true;
    search->known = true;
    search->revoked = device->revoked_ms != 0;
    return false;
}

/* A screen that was taken off may have been stolen, and its stick with it. */
static bool check_device(struct tp_sql *db, const char *id, struct tp_error *error)
{
    struct search search = {.device = id};

    if (!tp_devices_each(db, look_at_device, &search, error))
        return false;
    if (search.known && !search.revoked)
        return true;
    return tp_fail(error, TP_ERR_CRYPTO, "it is from a screen that %s",
                   search.known ? "was taken off" : "this store does not know");
}

/* As tp_api_submit does for an answer that comes over the network. */
static bool prepare_one(struct import *import, const struct tp_carried *answer,
                        struct tp_submission *submission, struct tp_error *error)
{
    if (!tp_taking_is_for_us(import->central, answer->sealed, answer->sealed_count,
                             answer->instance_id, answer->form_id))
        return true;
    *submission = (struct tp_submission){
        .instance_id = answer->instance_id,
        .form = answer->form_id,
        .version = answer->form_version,
        .device = import->bundle->device_id,
        .carrier = TP_BY_STICK,
        .sealed = answer->sealed,
        .sealed_length = answer->sealed_count,
    };
    tp_arrival_mark(&import->arrival, submission);
    import->contexts[import->count++] = submission;
    return tp_hex_decode(answer->sha256, submission->sha256, TP_SHA256_BYTES) ||
           tp_fail(error, TP_ERR_INVALID, "an answer has no SHA-256");
}

static bool prepare(struct import *import, struct tp_error *error)
{
    struct tp_sql *db = tp_sql_pool_take(import->central->readers);
    bool ok = check_device(db, import->bundle->device_id, error);

    tp_sql_pool_give(import->central->readers, db);
    tp_arrival_init(import->central, &import->arrival);
    for (size_t i = 0; ok && i < import->bundle->count; i++)
        ok = prepare_one(import, &import->bundle->answers[i], &import->submissions[i], error);
    return ok;
}

/* Receipts for what is here now, also for what was before. */
static bool write_receipts(const struct import *import, const char *folder, struct totals *totals,
                           struct tp_error *error)
{
    char path[TP_STICK_PATH_MAX];
    char name[TP_RECEIPTS_NAME_MAX];
    struct tp_buf list;
    size_t signed_for = 0;
    bool ok;

    tp_buf_init(&list, TP_RECEIPTS_BYTES_MAX);
    ok = tp_receipts_begin(&list);
    for (size_t i = 0; ok && i < import->bundle->count; i++) {
        const struct tp_submission *submission = &import->submissions[i];
        struct tp_receipt receipt;

        if (!submission->form || submission->taken == TP_TAKEN_NO_FORM) {
            totals->refused++;
            continue;
        }
        if (submission->taken == TP_TAKEN_CONFLICT) {
            totals->conflict++;
            continue;
        }
        *(submission->taken == TP_TAKEN_NEW ? &totals->taken : &totals->known) += 1;
        ok = tp_receipt_sign(&import->central->keys.receipt, submission->instance_id,
                             import->bundle->answers[i].sha256, submission->first_received_ms,
                             &receipt, error) &&
             tp_receipts_add(&list, &receipt);
        signed_for++;
    }
    if (ok && signed_for) {
        tp_receipts_name(import->bundle->device_id, &list, name);
        (void)snprintf(path, sizeof(path), "%s/" TP_STICK_ROOT "/receipts/%s", folder, name);
        ok = tp_file_write_atomic(path, list.data, list.length, 0, error);
    }
    tp_buf_finish(&list);
    return ok;
}

static bool take_bundle(struct tp_central *central, const char *folder,
                        const struct tp_bundle *bundle, struct totals *totals,
                        struct tp_error *error)
{
    struct import import = {
        .central = central,
        .bundle = bundle,
        .submissions = tp_calloc(bundle->count, sizeof(*import.submissions)),
        .contexts = tp_calloc(bundle->count, sizeof(*import.contexts)),
    };
    bool ok;

    ok = (import.submissions && import.contexts) || tp_fail_memory(error);
    ok = ok && prepare(&import, error) &&
         tp_committer_run(central->committer, run_import, &import, error) &&
         write_receipts(&import, folder, totals, error);
    tp_free(import.submissions);
    tp_free(import.contexts);
    return ok;
}

/* What is not a bundle of this store's screens is named and left; what fails here ends it all. */
static bool take_file(struct tp_central *central, const char *folder, const char *name,
                      struct totals *totals, struct tp_error *error)
{
    char path[TP_STICK_PATH_MAX];
    char shown[NAME_MAX + 1];
    struct tp_bundle bundle = {.count = 0};
    struct tp_error why = {0};
    struct tp_buf bytes;
    bool ok;

    (void)snprintf(path, sizeof(path), "%s/" TP_STICK_ROOT "/answers/%s", folder, name);
    tp_buf_init(&bytes, TP_BUNDLE_BYTES_MAX);
    ok = tp_file_read(path, &bytes, &why) &&
         tp_bundle_read(tp_buf_text(&bytes), bytes.length, &central->keys.receipt.key, &bundle,
                        &why) &&
         take_bundle(central, folder, &bundle, totals, &why);
    if (!ok &&
        (why.code == TP_ERR_INVALID || why.code == TP_ERR_CRYPTO || why.code == TP_ERR_LIMIT)) {
        tp_utf8_to_words(name, shown, sizeof(shown));
        (void)fprintf(stderr, "talkpoint-central: '%s' is left alone: %s\n", shown, why.text);
        totals->bundles++;
        ok = true;
    } else if (!ok) {
        *error = why;
    }
    tp_bundle_finish(&bundle);
    tp_buf_finish(&bytes);
    return ok;
}

static int is_bundle(const struct dirent *entry)
{
    size_t length = strlen(entry->d_name);

    return entry->d_name[0] != '.' && length > 4 && length < 128 &&
           strcmp(entry->d_name + length - 4, ".tpb") == 0;
}

static bool take_all(struct tp_central *central, const char *folder, struct totals *totals,
                     struct tp_error *error)
{
    char path[TP_STICK_PATH_MAX];
    struct dirent **entries = NULL;
    bool ok = true;
    int count;

    (void)snprintf(path, sizeof(path), "%s/" TP_STICK_ROOT "/answers", folder);
    count = scandir(path, &entries, is_bundle, alphasort);
    if (count < 0)
        return errno == ENOENT || tp_fail_errno(error, errno, "cannot read '%s'", path);
    for (int i = 0; i < count; i++) {
        struct stat status;
        char file[TP_STICK_PATH_MAX + 260];

        (void)snprintf(file, sizeof(file), "%s/%s", path, entries[i]->d_name);
        if (ok && (size_t)i < FILES_MAX && lstat(file, &status) == 0 && S_ISREG(status.st_mode))
            ok = take_file(central, folder, entries[i]->d_name, totals, error);
        free(entries[i]);
    }
    free(entries);
    return ok;
}

static bool run(struct tp_central *central, const char *folder, struct totals *totals,
                struct tp_error *error)
{
    static const char *const folders[] = {"receipts", "surveys/files", "notices"};
    char path[TP_STICK_PATH_MAX];
    struct stat status;

    if (stat(folder, &status) != 0 || !S_ISDIR(status.st_mode))
        return tp_fail(error, TP_ERR_NOT_FOUND, "there is no USB stick at '%s'", folder);
    if (!tp_stick_folders_are_fit(folder, error))
        return false;
    for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
        (void)snprintf(path, sizeof(path), "%s/" TP_STICK_ROOT "/%s", folder, folders[i]);
        if (!tp_dir_make(path, 0755, error))
            return false;
    }
    return take_all(central, folder, totals, error) &&
           tp_stick_write_surveys(central, folder, &totals->surveys, error) &&
           tp_stick_write_notices(central, folder, &totals->notices, error);
}

int tp_cli_import(int argc, char **argv)
{
    const struct tp_clock clock = tp_clock_system();
    const struct tp_random random = tp_random_system();
    static struct tp_central central;
    struct totals totals = {0};
    struct tp_error error;
    struct tp_cli cli;
    bool ok;

    if (!tp_cli_read(argc, argv, NULL, 1, 1, "import STICK --data DIR", &cli))
        return TP_EXIT_MISUSE;
    if (strlen(cli.argv[0]) + 256 > TP_STICK_PATH_MAX)
        return tp_cli_misuse("the stick's folder has too long a name");
    if (!tp_central_open(&cli.settings, &clock, &random, &central, &error))
        return tp_cli_fail(&error);
    ok = run(&central, cli.argv[0], &totals, &error);
    tp_central_close(&central);
    (void)printf("took in %zu, %zu were here, %zu put aside, %zu refused; %zu files left alone; "
                 "%zu surveys and %zu notices put on the stick\n",
                 totals.taken, totals.known, totals.conflict, totals.refused, totals.bundles,
                 totals.surveys, totals.notices);
    if (!ok)
        return tp_cli_fail(&error);
    return totals.refused || totals.bundles ? TP_EXIT_FAILED : TP_EXIT_DONE;
}
