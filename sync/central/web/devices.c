#include "central/web/devices.h"

#include <stdio.h>

#include "base/mem.h"
#include "central/http/access.h"

#define CLOCK_WRONG_MS (2 * 60 * 1000LL)
#define DISK_LOW_MIB 200

/* A screen that is off a table at an event is not silent: it will come home. */
static enum tp_mood quiet(const struct tp_central *central, const struct tp_device *device,
                          int64_t now_ms, char text[192])
{
    char when[TP_WHEN_TEXT_MAX];

    if (*device->event) {
        (void)snprintf(text, 192, "At an event: %s", device->event);
        return TP_MOOD_NOTE;
    }
    (void)snprintf(text, 192, "Silent since %s",
                   tp_page_clock(central, device->seen_ms, now_ms, when));
    return TP_MOOD_ALARM;
}

const char *tp_device_clock(const struct tp_device *device, char text[TP_WHEN_TEXT_MAX])
{
    long long minutes = llabs(device->clock_off_ms) / 60000;
    bool hours = minutes >= 120;

    if (device->seen_ms == 0)
        return "\xe2\x80\x93";
    if (minutes == 0)
        return "Right";
    (void)snprintf(text, TP_WHEN_TEXT_MAX, "%lld %s %s", hours ? minutes / 60 : minutes,
                   hours ? "h" : "min", device->clock_off_ms < 0 ? "slow" : "fast");
    return text;
}

static enum tp_mood clock_is_wrong(const struct tp_device *device, char text[192])
{
    int64_t minutes = llabs(device->clock_off_ms) / 60000;

    if (minutes >= 120)
        (void)snprintf(text, 192, "Clock %lld hours %s, corrected", (long long)minutes / 60,
                       device->clock_off_ms < 0 ? "slow" : "fast");
    else
        (void)snprintf(text, 192, "Clock %lld minutes %s, corrected", (long long)minutes,
                       device->clock_off_ms < 0 ? "slow" : "fast");
    return TP_MOOD_NOTE;
}

enum tp_mood tp_device_state(const struct tp_central *central, const struct tp_device *device,
                             int64_t now_ms, char text[192])
{
    int64_t silent_ms = central->settings.silent_hours * 3600 * 1000LL;

    if (device->revoked_ms) {
        (void)snprintf(text, 192, "Taken off");
        return TP_MOOD_OFF;
    }
    if (!device->claimed || device->seen_ms == 0) {
        (void)snprintf(text, 192,
                       device->claimed ? "Approved, not heard yet"
                                       : "Approved, has not fetched its key yet");
        return TP_MOOD_NOTE;
    }
    if (device->quarantined > 0) {
        (void)snprintf(text, 192, "%lld answer%s set aside", (long long)device->quarantined,
                       device->quarantined == 1 ? "" : "s");
        return TP_MOOD_ALARM;
    }
    if (now_ms - device->seen_ms > silent_ms)
        return quiet(central, device, now_ms, text);
    if (device->disk_free_mib >= 0 && device->disk_free_mib < DISK_LOW_MIB) {
        (void)snprintf(text, 192, "Disk nearly full: %lld MiB left",
                       (long long)device->disk_free_mib);
        return TP_MOOD_ALARM;
    }
    if (llabs(device->clock_off_ms) > CLOCK_WRONG_MS)
        return clock_is_wrong(device, text);
    if (*device->event) {
        (void)snprintf(text, 192, "At an event: %s", device->event);
        return TP_MOOD_NOTE;
    }
    (void)snprintf(text, 192, "Good");
    return TP_MOOD_GOOD;
}

void tp_device_state_cell(struct tp_html *html, enum tp_mood mood, const char *text)
{
    static const char *const classes[] = {"tag good", "tag note", "tag alarm", "tag off"};

    tp_html_open(html, "td", "data-label", "State", NULL);
    tp_html_element(html, "span", text, "class", classes[mood], NULL);
    tp_html_close(html);
}

void tp_device_take_off_cell(struct tp_html *html, const struct tp_exchange *exchange,
                             const struct tp_device *device)
{
    char path[TP_PAGE_PATH_MAX];
    char spoken[TP_DEVICE_NAME_MAX + 16];

    tp_html_open(html, "td", "class", "actions", NULL);
    if (!device->revoked_ms && tp_access_may(exchange, TP_OFFICER)) {
        (void)tp_page_path(path, "/screens/", device->id, "/revoke");
        (void)snprintf(spoken, sizeof(spoken), "Take off %s", device->name);
        tp_html_element(html, "a", "Take off", "class", "quiet", "href", path, "aria-label", spoken,
                        NULL);
    }
    tp_html_close(html);
}

struct gathering {
    bool phones;
    struct tp_device *list;
    size_t count;
    size_t room;
    bool failed;
};

static bool gather(void *context, const struct tp_device *device)
{
    struct gathering *gathering = context;

    if (device->collects && !gathering->phones)
        return true;
    if (gathering->count == gathering->room) {
        size_t room = gathering->room ? gathering->room * 2 : 16;
        struct tp_device *list = tp_realloc(gathering->list, room, sizeof(*list));

        if (!list) {
            gathering->failed = true;
            return false;
        }
        gathering->list = list;
        gathering->room = room;
    }
    gathering->list[gathering->count++] = *device;
    return true;
}

bool tp_device_list(struct tp_sql *db, bool phones, struct tp_device **list, size_t *count,
                    struct tp_error *error)
{
    struct gathering gathering = {.phones = phones};
    bool ok = tp_devices_each(db, gather, &gathering, error);

    if (ok && gathering.failed)
        ok = tp_fail_memory(error);
    if (!ok) {
        tp_free(gathering.list);
        return false;
    }
    *list = gathering.list;
    *count = gathering.count;
    return true;
}
