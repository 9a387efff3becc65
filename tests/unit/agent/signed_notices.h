/* Lists of notices, signed by a store, and what a device keeps of them. */
#ifndef TP_TEST_AGENT_SIGNED_NOTICES_H
#define TP_TEST_AGENT_SIGNED_NOTICES_H

#include "lib/signed_list.h"
#include "unit/agent/device.h"

/* One notice, of this title. */
static inline struct signed_list notices_make(const struct tp_receipt_pair *store, int64_t serial,
                                              const char *title)
{
    static char said[] = "The library opens on Sundays.";
    struct tp_notice_part part = {.text = said};
    struct tp_notice_words words = {.tag = "en", .parts = &part, .count = 1};
    struct tp_notice notice = {.id = "7",
                               .kind = TP_NOTICE_NEWS,
                               .from = "2026-11-20",
                               .until = "2026-12-31",
                               .words = &words,
                               .count = 1};
    const struct tp_notices all = {.serial = serial, .items = &notice, .count = 1};

    (void)snprintf(words.title, sizeof(words.title), "%s", title);
    return signed_list_make(store, &all);
}

/* Changes the list behind its signature. */
static inline void notices_alter(struct signed_list *notices)
{
    char *at = strstr(notices->text.data, "Sundays");

    if (!at)
        abort();
    *at = 'M';
}

/* The serial of what the device keeps; 0: nothing. */
static inline int64_t notices_kept(struct device *device)
{
    struct signed_list kept;
    struct tp_error error = {0};
    int64_t serial = 0;

    tp_buf_init(&kept.text, TP_NOTICES_BYTES_MAX);
    tp_buf_init(&kept.signature, 1024);
    device_must(tp_notices_kept(device->store, &kept.text, &kept.signature, &serial, &error),
                &error, "kept");
    signed_list_finish(&kept);
    return serial;
}

/* The device's own store can keep no notices from now on. */
static inline void notices_break(const struct device *device)
{
    device_sql(device, "DELETE FROM notices");
}

#endif
