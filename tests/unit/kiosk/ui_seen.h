/* One node of a page, as a test sees it. */
#ifndef TP_TESTS_UI_SEEN_H
#define TP_TESTS_UI_SEEN_H

#include <string.h>

#include "kiosk/ui/ui.h"

struct ui_found {
    const char *id;
    struct tp_seen seen;
    int count;
};

static void ui_find(void *context, const struct tp_seen *seen)
{
    struct ui_found *found = context;

    if (strcmp(seen->id, found->id) != 0)
        return;
    found->seen = *seen;
    found->count++;
}

/* False unless it shows once. */
static bool ui_seen(const struct tp_ui *ui, const char *id, struct tp_seen *seen)
{
    struct ui_found found = {.id = id};

    tp_ui_walk(ui, ui_find, &found);
    if (found.count == 1)
        *seen = found.seen;
    return found.count == 1;
}

#endif
