/*
 * From an author's workbook or XForm, or a folder with one, to a package that can be published; or
 * to a list of what is wrong with it. Errors refuse, the minimum standards (form/lint.h) included.
 *
 * Thread: one at a time.
 */
#ifndef TP_CENTRAL_PUBLISH_H
#define TP_CENTRAL_PUBLISH_H

#include "central/data/forms.h"
#include "form/problem.h"

struct tp_exchange;

struct tp_publishing {
    struct tp_package package;
    struct tp_problems problems; /* errors and advice */
    const char *who;             /* publishes it, for the log */
    int64_t now_ms;
    enum tp_publish_result result;
};

void tp_publishing_init(struct tp_publishing *publishing);
void tp_publishing_finish(struct tp_publishing *publishing);

/* Reads a workbook (.xlsx, .md, .csv), an XForm (.xml) or a folder as authors keep it: a workbook
 * or form.xml, and media beside it or in media/. False with problems.errors set where the workbook
 * is wrong; else *error says why. A folder without a survey is TP_ERR_NOT_FOUND. */
bool tp_publish_read_path(struct tp_publishing *publishing, const char *path,
                          struct tp_error *error);

/* The same from an upload, of parts named "files": one workbook, else one .xml, or the one of
 * several that is named form.xml; an XForm comes with its consultation.json. */
bool tp_publish_read_parts(struct tp_publishing *publishing, const struct tp_exchange *exchange,
                           struct tp_error *error);

/* What to say of TP_PUBLISH_CONFLICT. */
void tp_publish_conflict(const struct tp_package *package, char text[TP_ERROR_TEXT_MAX]);

#endif
