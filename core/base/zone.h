/*
 * Time zones through one door: the offset from UTC at an instant, from the system's zone database.
 *
 * A zone is read once and never changes; nothing looks at the TZ variable. Thread: any, after
 * loading. Source: RFC 8536 (TZif), POSIX.1 TZ rules.
 */
#ifndef TP_BASE_ZONE_H
#define TP_BASE_ZONE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* A zone file; the largest of the database has less than 4 KiB. */
#define TP_ZONE_BYTES_MAX (64u * 1024u)

struct tp_zone;

/* `name` is "Europe/London", "Etc/UTC"...; also "UTC", and a fixed "+05:30" or "-03:00". NULL is
 * the machine's own (/etc/localtime; UTC where there is none). */
bool tp_zone_load(const char *name, struct tp_zone **zone, struct tp_error *error);

/* The same from the bytes of a TZif file. */
bool tp_zone_parse(const void *bytes, size_t length, struct tp_zone **zone, struct tp_error *error);

/* NULL is safe. */
void tp_zone_destroy(struct tp_zone *zone);

/* Seconds to add to UTC at this Unix time (seconds). NULL is UTC. */
int32_t tp_zone_offset_at(const struct tp_zone *zone, int64_t unix_seconds);

/* The offset for a local time (seconds since 1970-01-01T00:00 as if it were UTC). In the hour that
 * is skipped, the offset before it; in the hour that comes twice, the earlier (summer) one. */
int32_t tp_zone_offset_local(const struct tp_zone *zone, int64_t local_seconds);

#endif
