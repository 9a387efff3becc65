/*
 * The picture that stands for a question in Easy Read, where every idea has one (ACCESSIBILITY.md
 * C1).
 *
 * An author's own picture comes first. What has none gets that of what it is about: an answer its
 * question's, a question that of its section, and at last the survey's. Thread: the main thread
 * only.
 */
#ifndef TP_KIOSK_APP_PICTURE_H
#define TP_KIOSK_APP_PICTURE_H

#include "form/session.h"
#include "kiosk/app.h"

struct tp_shown_picture {
    char path[TP_MEDIA_PATH_MAX]; /* "": none */
    const char *alt;              /* lasts as long as the texts of the session; NULL none */
};

/* For the words of a question. Outside Easy Read there is none. */
void tp_picture_of_question(struct tp_app *app, const struct tp_question *question,
                            struct tp_shown_picture *picture);

/* For a choice: its own in every way of reading; in Easy Read at least that of its question. */
void tp_picture_of_choice(struct tp_app *app, const struct tp_question *question,
                          const struct tp_choice *choice, struct tp_shown_picture *picture);

/* The path as a page takes it: NULL for none. */
static inline const char *tp_picture_path(const struct tp_shown_picture *picture)
{
    return picture->path[0] ? picture->path : NULL;
}

#endif
