/*
 * OpenRosa's form list and manifests, read into plain structs (docs/PROTOCOL.md, Surveys). What a
 * list says is not believed: names that cannot be names on disk, hashes that are not MD5 and
 * repeats are refused here, so that no later step has to. Thread: one at a time.
 *
 * One bad form does not hold up the others: an entry whose ID can be read is kept with its problem
 * in words, so that the form already on the device stays; an entry without a usable ID is left out
 * and the list says so.
 */
#ifndef TP_AGENT_WIRE_FORM_LIST_H
#define TP_AGENT_WIRE_FORM_LIST_H

#include <stddef.h>

#include "agent/decide/names.h"
#include "base/error.h"

/* More consultations than a council runs at once. */
#define TP_FORMS_MAX 200
/* Pictures, sounds and films of one consultation in several languages. */
#define TP_MEDIA_MAX 500
#define TP_URL_MAX 2000
#define TP_FORM_TEXT_MAX 1000

struct tp_listed_form {
    char *id;                  /* fit to be a name on disk */
    char *name;                /* may be "" */
    char *version;             /* may be "" */
    char md5[TP_MD5_TEXT_MAX]; /* of the form's bytes */
    char *url;                 /* of the form; as listed, not checked */
    char *manifest_url;        /* NULL where the form has no media */
    char *problem;             /* NULL where it is fit to be downloaded */
};

struct tp_form_list {
    struct tp_listed_form *forms; /* owned */
    size_t count;
    struct tp_error skipped; /* code TP_OK, or why the last entry left out was */
};

struct tp_listed_media {
    char *name; /* fit to be a name on disk */
    char md5[TP_MD5_TEXT_MAX];
    char *url;
};

struct tp_manifest {
    struct tp_listed_media *media; /* owned */
    size_t count;
};

bool tp_form_list_read(const char *bytes, size_t count, struct tp_form_list *list,
                       struct tp_error *error);
void tp_form_list_finish(struct tp_form_list *list);

/* The whole manifest or nothing: a form without one of its pictures is not shown. The facts may
 * be listed as "consultation.json.csv" too, and are "consultation.json" then. */
bool tp_manifest_read(const char *bytes, size_t count, struct tp_manifest *manifest,
                      struct tp_error *error);
void tp_manifest_finish(struct tp_manifest *manifest);

#endif
