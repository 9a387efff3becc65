/*
 * For ODK Central, which takes only files that the form itself names: consultation.json and the
 * consultation's pictures are named by texts (itext) that no question uses, which no client shows.
 */
#ifndef TP_TOOL_PACKAGE_ODK_H
#define TP_TOOL_PACKAGE_ODK_H

#include "base/error.h"
#include "form/xlsform.h"

/* Puts them into the form's XML, in its first translation, or one of their own. A form that names
 * all its files stays as it is. */
bool tp_package_name_files(struct tp_xlsform *form, struct tp_error *error);

#endif
