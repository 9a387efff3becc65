/*
 * The device's folder (docs/ARCHITECTURE.md): where it is when nobody says, and whose it is.
 * Thread: any.
 */
#ifndef TP_BASE_STATE_FOLDER_H
#define TP_BASE_STATE_FOLDER_H

#include <stdbool.h>

#include "base/error.h"

/* Where a package keeps it for a screen that is nothing else. */
#define TP_STATE_OF_MACHINE "/var/lib/talkpoint"

/* The folder, from $STATE_DIRECTORY, $XDG_STATE_HOME and $HOME, each NULL where it is not set.
 * Root, who has none of their own, means the machine's. NULL when out of memory. Released with
 * tp_free. */
char *tp_state_folder(const char *systemd, const char *xdg, const char *home);

/* False, with what to run instead, where `state` is there and belongs to somebody else: what
 * another person writes there, root too, the screen's own programs could not read. */
bool tp_state_folder_is_ours(const char *state, const char *program, struct tp_error *error);

#endif
