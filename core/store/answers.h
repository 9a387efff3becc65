/*
 * Sealed answers one after the other, as they travel together (docs/PROTOCOL.md): first a line for
 * each, then their bytes. A bundle on a USB stick (store/bundle.h) and a request that brings
 * several answers (store/several.h) are both made of this. What is read is hostile input: every
 * length is checked before it is used. Thread: any.
 */
#ifndef TP_STORE_ANSWERS_H
#define TP_STORE_ANSWERS_H

#include "base/buf.h"

/* An answer, sealed. */
struct tp_carried {
    const char *instance_id;
    const char *form_id;
    const char *form_version;
    const char *sha256; /* hex; of the sealed bytes */
    const void *sealed;
    size_t sealed_count;
    const char *device_id; /* the screen it was given on; NULL or "" where that is not known */
};

/* Whether its names can stand in a line. */
bool tp_answer_is_proper(const struct tp_carried *answer);

/* Appends "answers N" and a line for each: instance ID, form, version, SHA-256, length. */
bool tp_answers_put_lines(struct tp_buf *out, const struct tp_carried *answers, size_t count);
bool tp_answers_put_bytes(struct tp_buf *out, const struct tp_carried *answers, size_t count);

/* Reads the lines at `text`, which it cuts up and which must end with them, and gives each answer
 * its part of the `count` bytes, all of which must be somebody's. *answers is the caller's
 * (tp_free) and points into both. The hashes are those that the lines name; whether the bytes have
 * them is for the caller to see. TP_ERR_INVALID: not like this, none, or more than `most`. */
bool tp_answers_read(char *text, const void *bytes, size_t count, size_t most,
                     struct tp_carried **answers, size_t *answer_count, struct tp_error *error);

/* Cuts the next line off; NULL where there is none. */
char *tp_next_line(char **text);
/* The value of the line "name<tab>value"; NULL where the next line is another. */
const char *tp_next_value(char **text, const char *name);
/* Cuts a line into exactly so many fields, parted by tabs. */
bool tp_cut_fields(char *line, char **fields, size_t count);
/* Digits alone, at most eight of them. */
bool tp_read_count(const char *text, size_t *number);

#endif
