/*
 * Which face sets which script, from which Debian package, under which licence.
 *
 * The faces are installed, not committed (fonts/README.md). Constant data. Thread: any.
 */
#ifndef TP_KIOSK_GFX_FACES_H
#define TP_KIOSK_GFX_FACES_H

#include <stdbool.h>
#include <stddef.h>

struct tp_face {
    const char *name;    /* "Noto Sans Arabic" */
    const char *scripts; /* ISO 15924 tags parted by spaces: "Arab"; "*" for any */
    const char *regular; /* file name of the regular weight */
    const char *bold;    /* and of the bold; NULL: the regular one serves */
    long index;          /* which face of a collection */
    double scale;        /* size against Andika's em, so that the scripts look equally large */
    const char *package; /* Debian's */
    const char *licence; /* SPDX */
    /* A face that takes megabytes stays open for those who read these languages: tags parted by
     * spaces. NULL: it is small, and stays for everyone. */
    const char *languages;
};

/* In order of preference; the first is the face of the interface. */
extern const struct tp_face tp_faces[];
extern const size_t tp_face_count;

/* The index of the first face that names the script; -1 where none does. `script` is an ISO 15924
 * tag. */
int tp_face_for_script(const char *script);

/* The full path of a face's file, looked for in the folders Debian installs fonts to. False where
 * it is not installed. */
bool tp_face_path(const struct tp_face *face, bool bold, char *path, size_t size);

#endif
