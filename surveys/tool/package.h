/* A package: a folder with form.xml, consultation.json and the media files (docs/ARCHITECTURE.md).
 */
#ifndef TP_TOOL_PACKAGE_H
#define TP_TOOL_PACKAGE_H

#include "base/error.h"
#include "form/problem.h"

/* Makes the package of a workbook, or of an XForm with its consultation.json beside it. Media are
 * looked for beside the workbook and in its folder `media`. On failure the folder may hold the
 * parts that were written. False also where the workbook has errors (then `problems` says them and
 * error->code is TP_OK). */
bool tp_package_make(const char *workbook, const char *folder, struct tp_problems *problems,
                     struct tp_error *error);

#endif
