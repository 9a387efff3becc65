/*
 * The pictures that a notice may have beside its ideas: those of surveys/pictures whose words the
 * interface has in every language, so that each is read aloud wherever it is shown. Thread: any.
 */
#ifndef TP_STORE_NOTICE_PICTURES_H
#define TP_STORE_NOTICE_PICTURES_H

#include <stddef.h>

struct tp_notice_picture {
    const char *name;  /* the file's, without ".svg" */
    const char *words; /* what it shows, in English: a msgid of the kiosk's */
};

/* In the order of their words; NULL after the last. */
const struct tp_notice_picture *tp_notice_picture(size_t index);

/* What a picture shows; NULL for one that is not in the table. */
const char *tp_notice_picture_words(const char *name);

#endif
