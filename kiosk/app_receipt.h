/*
 * Receipt codes: two everyday words and a number between them, as "Maple 47 River".
 *
 * A resident can read one out over the telephone to have an answer taken out again. It names
 * nobody, is drawn at random, and tells nothing about the answer. The words are English in every
 * language, so that whoever answers the telephone can type them. Thread: any.
 */
#ifndef TP_KIOSK_APP_RECEIPT_H
#define TP_KIOSK_APP_RECEIPT_H

#include <stddef.h>

#include "base/random.h"

/* Two words of at most nine letters, two spaces, two digits and the NUL, with room to spare. */
#define TP_RECEIPT_CODE_MAX 32

/* Writes a new code. */
void tp_receipt_code(const struct tp_random *random, char code[TP_RECEIPT_CODE_MAX]);

/* The words codes are made of, and how many. */
const char *const *tp_receipt_words(size_t *count);

#endif
