/*
 * Is this screen ready? Settings, PIN, display, touch, sound, faces, disk, clock, key, surveys,
 * contact: one line each, with what to do where it is not.
 *
 * `talkpoint-kiosk --self-test` prints it for support, beside a running kiosk (it takes neither the
 * screen nor the sound), and the staff menu shows it. The words are English, since they are read to
 * whoever supports the screen, and hold nothing of any person: no answer, no contact detail, no
 * token, no address but the store's. Thread: the main thread only.
 */
#ifndef TP_KIOSK_SELF_TEST_H
#define TP_KIOSK_SELF_TEST_H

#include <stdbool.h>
#include <stddef.h>

struct tp_app;

enum tp_health_result {
    TP_HEALTH_OK,
    TP_HEALTH_NOTE,  /* works, but someone should know */
    TP_HEALTH_WRONG, /* residents are let down until it is mended */
};

struct tp_health {
    const char *what; /* "display"; constant */
    enum tp_health_result result;
    char words[200]; /* one line: what is there, or what is wrong and what to do */
};

#define TP_HEALTH_MAX 13

/* Looks at everything. `system` stands before /proc, /sys and /usr: "" but in tests. The app's
 * store and surveys are asked, and a probe is written to the store. Returns how many checks there
 * are. */
size_t tp_self_test(struct tp_app *app, const char *system, struct tp_health checks[TP_HEALTH_MAX]);

/* Prints the lines to standard output; true where nothing is wrong. */
bool tp_self_test_print(struct tp_app *app);

/* "OK", "note" or "wrong". */
const char *tp_health_word(enum tp_health_result result);

#endif
