/*
 * Configuration: INI files by libinih, read into one list of (section, name, value, line).
 *
 * A later file overrules an earlier one. Unknown names are reported by tp_config_check, so that a
 * misspelt setting never passes unseen. The config owns its strings. Thread: one at a time.
 */
#ifndef TP_BASE_CONFIG_H
#define TP_BASE_CONFIG_H

#include <stdbool.h>

#include "base/error.h"

/* A configuration file is written by hand; more than this is a mistake. */
#define TP_CONFIG_FILE_MAX (256u * 1024u)

struct tp_config;

/* Creates an empty configuration; NULL when out of memory. */
struct tp_config *tp_config_create(void);
void tp_config_destroy(struct tp_config *config);

/* Reads a file on top of what is there. A missing file is an error (TP_ERR_NOT_FOUND) that callers
 * with an optional file ignore. */
bool tp_config_read(struct tp_config *config, const char *path, struct tp_error *error);

/* The value, or `fallback` where it is not set. The pointer lasts as long as the config. */
const char *tp_config_text(const struct tp_config *config, const char *section, const char *name,
                           const char *fallback);

/* Sets *value; leaves it alone where the setting is missing; fails, naming file and line, where the
 * value is not a number in min..max. */
bool tp_config_number(const struct tp_config *config, const char *section, const char *name,
                      double min, double max, double *value, struct tp_error *error);
bool tp_config_integer(const struct tp_config *config, const char *section, const char *name,
                       long min, long max, long *value, struct tp_error *error);

/* yes/no, true/false, on/off, 1/0. */
bool tp_config_flag(const struct tp_config *config, const char *section, const char *name,
                    bool *value, struct tp_error *error);

/* Puts the file and line of a setting that is set before the error's words. Returns false. */
bool tp_config_fail_at(const struct tp_config *config, const char *section, const char *name,
                       struct tp_error *error);

/* `known` is a NULL-ended list of "section.name" or "section.*". Fails on the first setting outside
 * it. */
bool tp_config_check(const struct tp_config *config, const char *const *known,
                     struct tp_error *error);

#endif
