/* A list of notices with its signature, as a store hands it out. */
#ifndef TP_TEST_SIGNED_LIST_H
#define TP_TEST_SIGNED_LIST_H

#include <stdio.h>
#include <stdlib.h>

#include "store/notices.h"

struct signed_list {
    struct tp_buf text;
    struct tp_buf signature;
};

static inline struct signed_list signed_list_make(const struct tp_receipt_pair *store,
                                                  const struct tp_notices *notices)
{
    struct signed_list made;
    struct tp_error error = {0};

    tp_buf_init(&made.text, TP_NOTICES_BYTES_MAX);
    tp_buf_init(&made.signature, 1024);
    if (!tp_notices_write(notices, &store->key, &made.text, &error) ||
        !tp_notices_sign(store, made.text.data, made.text.length, notices->serial, &made.signature,
                         &error)) {
        (void)fprintf(stderr, "notices: %s\n", error.text);
        abort();
    }
    return made;
}

static inline void signed_list_finish(struct signed_list *made)
{
    tp_buf_finish(&made->text);
    tp_buf_finish(&made->signature);
}

#endif
