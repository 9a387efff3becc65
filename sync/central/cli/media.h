/*
 * The files that came with answers, opened and written to a folder: for export and unseal.
 * Thread: the main one.
 */
#ifndef TP_CENTRAL_CLI_MEDIA_H
#define TP_CENTRAL_CLI_MEDIA_H

#include "central/db/db.h"
#include "central/keys.h"

/* Of all answers of a form: FOLDER/INSTANCE/NAME. An answer whose files cannot be opened, or do not
 * fit its signature, is named on stderr and none of its files is written; the others go on, and
 * the end is TP_ERR_CRYPTO. */
bool tp_media_export(struct tp_sql *db, const struct tp_keys *keys, const char *form,
                     const char *folder, struct tp_error *error);

/* Opens an ODK encrypted answer (appended to `plain`) and its files, which stand beside the
 * manifest at `path`, and writes these to the folder once all are proven. */
bool tp_media_unseal(const struct tp_keys *keys, const char *path, const struct tp_buf *sealed,
                     const char *folder, struct tp_buf *plain, struct tp_error *error);

#endif
