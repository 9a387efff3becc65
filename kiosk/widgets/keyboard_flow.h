/*
 * Keys for a screen that is narrower than a keyboard: a tablet held upright. The letters stand in
 * more and shorter rows, and the keys with a task in rows of their own below them. Thread: any.
 */
#ifndef TP_KIOSK_WIDGETS_KEYBOARD_FLOW_H
#define TP_KIOSK_WIDGETS_KEYBOARD_FLOW_H

#include "kiosk/widgets/keyboard_layout.h"

/* The least a space bar and "Delete word" may be, in keys. */
#define TP_KEY_SPACE_LEAST 2.2f
#define TP_KEY_WORD_LEAST 2.4f

/* Lays the keys anew in rows of at most `across` keys (4 at least). `apart`: each row by itself, as
 * digits are; else one after the other, from the right where `rtl`. The key to another order goes.
 */
void tp_keyboard_flow(struct tp_key_rows *rows, float across, bool apart, bool rtl);

#endif
