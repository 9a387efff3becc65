/*
 * The signed list of surveys on a USB stick, read into the structs that the store's own form list
 * and manifests are read into. Thread: one at a time.
 */
#ifndef TP_AGENT_DO_STICK_LIST_H
#define TP_AGENT_DO_STICK_LIST_H

#include <stdint.h>

#include "agent/wire/form_list.h"
#include "store/encode.h"

struct tp_stick_file {
    char sha256[TP_SHA256_TEXT_MAX];
    uint64_t length;
};

/* A form: files[0] is form.xml, files[1 + i] is manifest.media[i]. */
struct tp_stick_form {
    struct tp_manifest manifest;
    struct tp_stick_file *files; /* owned */
    size_t file_count;
};

struct tp_stick_list {
    struct tp_form_list forms;     /* URLs and names are NULL */
    struct tp_stick_form *details; /* owned; one for each of forms */
};

/* The whole list or nothing. */
bool tp_stick_list_read(const char *text, size_t count, struct tp_stick_list *list,
                        struct tp_error *error);
void tp_stick_list_finish(struct tp_stick_list *list);

#endif
