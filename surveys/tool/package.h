/* A package: a folder with form.xml, consultation.json and the media files (docs/ARCHITECTURE.md).
 */
#ifndef TP_TOOL_PACKAGE_H
#define TP_TOOL_PACKAGE_H

#include <stdbool.h>

#include "base/error.h"
#include "form/problem.h"

struct tp_package_options {
    bool odk; /* for ODK Central: its form names every file (package_odk.h) */
};

/* The folder in which a workbook's media files are looked for first: `media` beside it where there
 * is one, else its own. tp_free; NULL when out of memory. */
char *tp_package_media_folder(const char *workbook);

/* Makes the package of a workbook, or of an XForm with its consultation.json beside it. Media are
 * looked for beside the workbook and in its folder `media`. On failure the folder may hold the
 * parts that were written. False also where the workbook has errors (then `problems` says them and
 * error->code is TP_OK). */
bool tp_package_make(const char *workbook, const char *folder,
                     const struct tp_package_options *options, struct tp_problems *problems,
                     struct tp_error *error);

#endif
