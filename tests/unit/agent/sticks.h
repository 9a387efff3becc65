/* Two screens of one fleet, their store's keys, and a USB stick between them. Header only: each
 * test is one program. */
#ifndef TP_TEST_AGENT_STICKS_H
#define TP_TEST_AGENT_STICKS_H

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/do/fetch.h"
#include "agent/do/stick.h"
#include "agent/do/stick_key.h"
#include "store/bundle.h"
#include "unit/agent/device.h"

#define USB_FILES_MAX 16

struct screen {
    struct device device;
    struct tp_identity identity;
};

static struct tp_receipt_pair office; /* the store's, which every screen of the fleet has pinned */
static struct screen hall, library;
static struct tp_clock_fake time_now;
static char usb[64]; /* where the stick is */

static inline void screen_certify(struct screen *screen, const struct tp_receipt_pair *store)
{
    char certificate[TP_CERTIFICATE_TEXT_MAX];
    struct tp_receipt_pair pair;
    struct tp_error error = {0};

    device_must(tp_stick_key_read(screen->device.folder, &pair, &error), &error, "key");
    device_must(
        tp_device_certify(store, screen->identity.device_id, &pair.key, certificate, &error),
        &error, "certify");
    device_must(
        tp_stick_certificate_take(screen->device.folder, &screen->identity, certificate, &error),
        &error, "certificate");
}

static inline void screen_open(struct screen *screen, const char *id, uint64_t seed)
{
    device_open_by(&screen->device, tp_clock_from_fake(&time_now));
    screen->device.seed = seed;
    screen->identity = (struct tp_identity){.receipt_key = office.key};
    (void)snprintf(screen->identity.device_id, sizeof(screen->identity.device_id), "%s", id);
    screen_certify(screen, &office);
}

static inline int sticks_set_up(void **state)
{
    struct tp_clock system_now = tp_clock_system();
    struct tp_error error = {0};

    (void)state;
    time_now = (struct tp_clock_fake){.wall = tp_clock_wall_ms(&system_now)};
    device_must(tp_receipt_pair_generate(&office, &error), &error, "keys");
    screen_open(&hall, "uuid:hall", 1);
    screen_open(&library, "uuid:library", 2);
    (void)snprintf(usb, sizeof(usb), "/tmp/tp-stick-XXXXXX");
    return mkdtemp(usb) ? 0 : -1;
}

static inline int sticks_tear_down(void **state)
{
    (void)state;
    device_close(&hall.device);
    device_close(&library.device);
    return tp_dir_remove(usb, NULL) ? 0 : -1;
}

static inline struct tp_stick stick_of(const struct screen *screen)
{
    return (struct tp_stick){.store = screen->device.store,
                             .identity = &screen->identity,
                             .state = screen->device.folder,
                             .clock = &screen->device.clock,
                             .folder = usb,
                             .free_min = 1};
}

/* What must not fail of itself. */
static inline struct tp_stick_report take_in(const struct screen *screen)
{
    const struct tp_stick stick = stick_of(screen);
    struct tp_stick_report report = {0};
    struct tp_error error = {0};

    if (!tp_stick_import(&stick, &report, &error))
        fail_msg("%s", error.text);
    return report;
}

static inline struct tp_stick_report put_out(const struct screen *screen)
{
    const struct tp_stick stick = stick_of(screen);
    struct tp_stick_report report = {0};
    struct tp_error error = {0};

    if (!tp_stick_export(&stick, &report, &error))
        fail_msg("%s", error.text);
    return report;
}

/* One file was left alone, and the report says which and why. */
static inline void assert_refused(const struct tp_stick_report *report, const char *name,
                                  const char *why)
{
    assert_int_equal(report->refused, 1);
    if (!strstr(report->words, name) || !strstr(report->words, why))
        fail_msg("'%s' does not name '%s' and '%s'", report->words, name, why);
}

/* ---- what lies on the stick ---- */

/* A folder that is not there, in a static buffer. */
static inline const char *usb_none(void)
{
    static char path[96];

    (void)snprintf(path, sizeof(path), "%s/none", usb);
    return path;
}

/* FOLDER/NAME on the stick, in a static buffer. */
static inline const char *usb_path(const char *folder, const char *name)
{
    static char path[TP_STICK_PATH_MAX];

    (void)snprintf(path, sizeof(path), "%s/" TP_STICK_ROOT "/%s/%s", usb, folder, name);
    return path;
}

struct usb_list {
    char names[USB_FILES_MAX][256];
    size_t count;
};

/* Everything in a folder of the stick, what was left half written too. */
static inline struct usb_list usb_list(const char *folder)
{
    struct usb_list list = {.count = 0};
    DIR *dir = opendir(usb_path(folder, ""));
    const struct dirent *entry;

    while (dir && (entry = readdir(dir)))
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) {
            assert_in_range(list.count, 0, USB_FILES_MAX - 1);
            (void)snprintf(list.names[list.count++], sizeof(list.names[0]), "%s", entry->d_name);
        }
    if (dir)
        (void)closedir(dir);
    return list;
}

static inline size_t usb_count(const char *folder)
{
    return usb_list(folder).count;
}

/* The only file of a folder. */
static inline const char *usb_only(const char *folder)
{
    static char path[TP_STICK_PATH_MAX];
    struct usb_list list = usb_list(folder);

    assert_int_equal(list.count, 1);
    (void)snprintf(path, sizeof(path), "%s", usb_path(folder, list.names[0]));
    return path;
}

static inline void usb_write(const char *folder, const char *name, const void *bytes, size_t count)
{
    struct tp_error error = {0};

    device_must(tp_dir_make(usb_path(folder, ""), 0755, &error), &error, "folder");
    device_must(tp_file_write_atomic(usb_path(folder, name), bytes, count, 0644, &error), &error,
                "file");
}

static inline void usb_read(const char *path, struct tp_buf *bytes)
{
    struct tp_error error = {0};

    tp_buf_init(bytes, TP_BUNDLE_BYTES_MAX);
    device_must(tp_file_read(path, bytes, &error), &error, "file");
}

/* ---- the store, for the stick ---- */

struct signing {
    const struct tp_receipt_pair *pair;
    size_t most; /* receipts of a bundle */
};

static inline bool sign_bundle(void *context, const char *path)
{
    const struct signing *signing = context;
    char name[TP_RECEIPTS_NAME_MAX];
    struct tp_error error = {0};
    struct tp_bundle bundle;
    struct tp_buf bytes, list;

    usb_read(path, &bytes);
    tp_buf_init(&list, TP_RECEIPTS_BYTES_MAX);
    device_must(tp_bundle_read(bytes.data, bytes.length, &office.key, &bundle, &error) &&
                    tp_receipts_begin(&list),
                &error, "bundle");
    for (size_t i = 0; i < bundle.count && i < signing->most; i++) {
        struct tp_receipt receipt;

        device_must(tp_receipt_sign(signing->pair, bundle.answers[i].instance_id,
                                    bundle.answers[i].sha256, time_now.wall, &receipt, &error) &&
                        tp_receipts_add(&list, &receipt),
                    &error, "receipt");
    }
    tp_receipts_name(bundle.device_id, &list, name);
    usb_write("receipts", name, list.data, list.length);
    tp_bundle_finish(&bundle);
    tp_buf_finish(&bytes);
    tp_buf_finish(&list);
    return true;
}

/* Signs for the first `most` answers of each bundle on the stick. */
static inline void office_signs(const struct tp_receipt_pair *pair, size_t most)
{
    const struct tp_stick stick = stick_of(&hall);
    struct signing signing = {.pair = pair, .most = most};

    assert_true(tp_stick_each(&stick, "answers", ".tpb", sign_bundle, &signing, NULL));
}

#endif
