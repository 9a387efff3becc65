/* What a scripted resident (app_script.h) sees: where things are on the page that shows, and the
 * commands that look. Thread: the main thread only. */
#ifndef TP_KIOSK_APP_SCRIPT_EYES_H
#define TP_KIOSK_APP_SCRIPT_EYES_H

#include "kiosk/app_script.h"

/* The target of what is called `name` (a label, or "#id") on the part that shows, the `nth` of
 * several from 1; `keys`: among the keys of the on-screen keyboard only. 0: there is none. */
uint32_t tp_eyes_target(struct tp_script *script, const char *name, int nth, bool keys);

/* Fails: `what` is not on the page. */
bool tp_eyes_not_found(struct tp_script *script, const char *what, struct tp_error *error);

bool tp_eyes_expect(struct tp_script *script, const struct tp_script_words *words,
                    struct tp_error *error);
bool tp_eyes_expect_not(struct tp_script *script, const struct tp_script_words *words,
                        struct tp_error *error);
bool tp_eyes_expect_page(struct tp_script *script, const struct tp_script_words *words,
                         struct tp_error *error);
bool tp_eyes_expect_fresh(struct tp_script *script, const struct tp_script_words *words,
                          struct tp_error *error);
bool tp_eyes_screenshot(struct tp_script *script, const struct tp_script_words *words,
                        struct tp_error *error);
bool tp_eyes_dump(struct tp_script *script, const struct tp_script_words *words,
                  struct tp_error *error);

#endif
