/*
 * Where things lie on a USB stick (docs/PROTOCOL.md, "USB stick"). Thread: any.
 */
#ifndef TP_STORE_STICK_FOLDERS_H
#define TP_STORE_STICK_FOLDERS_H

#include <stdbool.h>

#include "base/error.h"

#define TP_STICK_ROOT "talkpoint"
#define TP_STICK_PATH_MAX 1024u

/* Whether it can be used: refuses a stick whose folders are links (TP_ERR_INVALID), which could
 * lead what is written elsewhere, or that is mounted under too long a name (TP_ERR_LIMIT). */
bool tp_stick_folders_are_fit(const char *stick, struct tp_error *error);

#endif
