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

#endif
