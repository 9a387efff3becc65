/* Commands of a scripted resident (app_script.h) who uses keys, switches, several fingers or the
 * ears. Thread: the main thread only. */
#ifndef TP_KIOSK_APP_SCRIPT_HANDS_H
#define TP_KIOSK_APP_SCRIPT_HANDS_H

#include "kiosk/app_script.h"

bool tp_hands_hear(struct tp_script *script, const struct tp_script_words *words,
                   struct tp_error *error);
bool tp_hands_step(struct tp_script *script, const struct tp_script_words *words,
                   struct tp_error *error);
bool tp_hands_scan(struct tp_script *script, const struct tp_script_words *words,
                   struct tp_error *error);
bool tp_hands_finger(struct tp_script *script, const struct tp_script_words *words,
                     struct tp_error *error);
bool tp_hands_glass(struct tp_script *script, const struct tp_script_words *words,
                    struct tp_error *error);
bool tp_hands_expect_screen(struct tp_script *script, const struct tp_script_words *words,
                            struct tp_error *error);
bool tp_hands_headphones(struct tp_script *script, const struct tp_script_words *words,
                         struct tp_error *error);
bool tp_hands_listen(struct tp_script *script, const struct tp_script_words *words,
                     struct tp_error *error);
bool tp_hands_expect_said(struct tp_script *script, const struct tp_script_words *words,
                          struct tp_error *error);
bool tp_hands_expect_not_said(struct tp_script *script, const struct tp_script_words *words,
                              struct tp_error *error);

#endif
