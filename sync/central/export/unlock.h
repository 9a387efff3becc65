/*
 * Opening what is encrypted to a form's own key (store/odk.h): reads ODK's manifest, then tries the
 * private keys that are here. Thread: any.
 */
#ifndef TP_CENTRAL_EXPORT_UNLOCK_H
#define TP_CENTRAL_EXPORT_UNLOCK_H

#include "store/odk.h"

/* Appends the instance XML to `plain`. TP_ERR_INVALID: not such bytes, or a manifest that cannot be
 * read; TP_ERR_CRYPTO: none of the keys fits, or it was altered. */
bool tp_unlock(const struct tp_odk_private *keys, size_t count, const void *sealed,
               size_t sealed_count, struct tp_buf *plain, struct tp_error *error);

/* Where the files of an answer come from and go to. Names are plain names of files. */
struct tp_unlock_files {
    /* Appends what stands under this name (with ".enc"); TP_ERR_NOT_FOUND where nothing does. */
    bool (*read)(void *context, const char *name, struct tp_buf *encrypted, struct tp_error *error);
    /* Called for each, without ".enc", once all of them and the answer are proven. */
    bool (*take)(void *context, const char *name, const struct tp_buf *plain,
                 struct tp_error *error);
    void *context;
};

/* As tp_unlock, with the files that the manifest names. One that is missing, altered or swapped
 * refuses all of them and the answer. */
bool tp_unlock_with_files(const struct tp_odk_private *keys, size_t count, const void *sealed,
                          size_t sealed_count, const struct tp_unlock_files *files,
                          struct tp_buf *plain, struct tp_error *error);

#endif
