/*
 * Files: read with a cap, write so that a power cut leaves the old file or the new one, never half.
 * Thread: any.
 */
#ifndef TP_BASE_FILE_H
#define TP_BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/error.h"

/* Appends the whole file to `out`; refuses (TP_ERR_LIMIT) one that does not fit the buffer's cap.
 */
bool tp_file_read(const char *path, struct tp_buf *out, struct tp_error *error);

/* Writes all of it to an open file, in as many steps as that takes; false with errno set. */
bool tp_write_all(int fd, const void *bytes, size_t count);

/* Writes a temporary file beside `path`, fsyncs it, renames it over `path` and fsyncs the
 * directory. `mode` is the file's permission bits (0600 for secrets); 0 is 0644 where the
 * file system keeps such bits, which a USB stick's does not. On failure `path` is as it
 * was. */
bool tp_file_write_atomic(const char *path, const void *bytes, size_t count, mode_t mode,
                          struct tp_error *error);

/* Makes `path` and its missing parents with `mode`; an existing directory is left alone. */
bool tp_dir_make(const char *path, mode_t mode, struct tp_error *error);

/* fsyncs a file that was written by other means, as SQLite writes it. */
bool tp_file_sync(const char *path, struct tp_error *error);

/* fsyncs a directory, so that names made or removed in it last. */
bool tp_dir_sync(const char *path, struct tp_error *error);

/* Removes a directory and all below it; symbolic links are removed, not followed. A missing one is
 * fine. */
bool tp_dir_remove(const char *path, struct tp_error *error);

#endif
