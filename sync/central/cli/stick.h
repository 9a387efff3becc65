/*
 * USB sticks at the central store (docs/PROTOCOL.md, "USB stick"). For the commands only. Thread:
 * the main one.
 */
#ifndef TP_CENTRAL_CLI_STICK_H
#define TP_CENTRAL_CLI_STICK_H

#include "central/central.h"
#include "store/stick_folders.h"

/* Writes the surveys that screens should have to `folder`, signed; *count of them. */
bool tp_stick_write_surveys(struct tp_central *central, const char *folder, size_t *count,
                            struct tp_error *error);

/* Writes the list of notices, signed; *count of them. */
bool tp_stick_write_notices(struct tp_central *central, const char *folder, size_t *count,
                            struct tp_error *error);

#endif
