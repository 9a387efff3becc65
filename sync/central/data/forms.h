/*
 * Surveys: their versions, media, opening and closing. A version's XForm never changes once it is
 * published, because answers are read by it; its media may be mended.
 *
 * Functions take a connection; those that write are meant for the committer. Thread: the
 * connection's.
 */
#ifndef TP_CENTRAL_DATA_FORMS_H
#define TP_CENTRAL_DATA_FORMS_H

#include "base/buf.h"
#include "central/db/db.h"

#define TP_FORM_ID_MAX 128u /* bytes, one line */
#define TP_FORM_VERSION_MAX 64u
#define TP_FORM_TITLE_MAX 250u
#define TP_FORM_DAY_MAX 11u
#define TP_MD5_TEXT_MAX 33u
#define TP_MEDIA_NAME_MAX 255u
/* One media file: a recorded clip or a picture, with room. */
#define TP_MEDIA_MAX (32u * 1024u * 1024u)
#define TP_MEDIA_COUNT_MAX 500u
/* A screen is told of a survey this many days before it opens, so that it is there in time. */
#define TP_FORM_EARLY_DAYS 30

enum tp_form_phase {
    TP_FORM_BEFORE,
    TP_FORM_OPEN,
    TP_FORM_CLOSED,
};

struct tp_form_row {
    char id[TP_FORM_ID_MAX + 1];
    char version[TP_FORM_VERSION_MAX + 1];
    char title[TP_FORM_TITLE_MAX + 1];
    char kind[32];
    char opens[TP_FORM_DAY_MAX];  /* "" where it is not said */
    char closes[TP_FORM_DAY_MAX]; /* likewise */
    char md5[TP_MD5_TEXT_MAX];
    int64_t created_ms;
    int64_t published_ms;
    int64_t closed_ms; /* closed by hand; 0 where not */
};

/* `today` is a day in the store's zone. */
enum tp_form_phase tp_form_phase(const struct tp_form_row *form, const char *today);

/* Calls `each` for every survey, consultations first, then by title; false from it stops. */
bool tp_forms_each(struct tp_sql *db, bool (*each)(void *context, const struct tp_form_row *form),
                   void *context, struct tp_error *error);

bool tp_forms_get(struct tp_sql *db, const char *id, struct tp_form_row *form, bool *found,
                  struct tp_error *error);

/* Appends the XForm of a version. */
bool tp_forms_xml(struct tp_sql *db, const char *id, const char *version, struct tp_buf *xml,
                  bool *found, struct tp_error *error);

/* Every version, the newest first: for reading answers. */
bool tp_forms_versions(struct tp_sql *db, const char *id,
                       bool (*each)(void *context, const char *version, const void *xml,
                                    size_t length),
                       void *context, struct tp_error *error);

bool tp_forms_media_each(struct tp_sql *db, const char *id, const char *version,
                         bool (*each)(void *context, const char *name, const char *md5),
                         void *context, struct tp_error *error);

bool tp_forms_media(struct tp_sql *db, const char *id, const char *version, const char *name,
                    struct tp_buf *bytes, bool *found, struct tp_error *error);

/* Closes, or opens again what was closed by hand. */
bool tp_forms_close(struct tp_sql *db, const char *id, bool closed, int64_t now_ms, bool *found,
                    struct tp_error *error);

/* ---- publishing ---- */

struct tp_package_file {
    char *name;          /* owned */
    struct tp_buf bytes; /* owned */
};

/* A survey ready to be published. Embedded; finish it. */
struct tp_package {
    char id[TP_FORM_ID_MAX + 1];
    char version[TP_FORM_VERSION_MAX + 1];
    char title[TP_FORM_TITLE_MAX + 1];
    char kind[32];
    char opens[TP_FORM_DAY_MAX];
    char closes[TP_FORM_DAY_MAX];
    struct tp_buf xml;
    struct tp_package_file *files; /* consultation.json among them */
    size_t file_count;
};

void tp_package_init(struct tp_package *package);
void tp_package_finish(struct tp_package *package);
/* Adds an empty file; NULL when out of memory or over the cap. */
struct tp_package_file *tp_package_add(struct tp_package *package, const char *name);

enum tp_publish_result {
    TP_PUBLISHED,
    TP_PUBLISHED_MEDIA,   /* the same XForm with other media */
    TP_PUBLISHED_NOTHING, /* all of it was there */
    TP_PUBLISH_CONFLICT,  /* that version is there with another XForm */
};

/* The version becomes the one that is handed out. A survey closed by hand opens again when a new
 * version comes. */
bool tp_forms_publish(struct tp_sql *db, const struct tp_package *package, int64_t now_ms,
                      enum tp_publish_result *result, struct tp_error *error);

#endif
