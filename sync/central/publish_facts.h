/*
 * What a package says of itself, and whether it runs: its names, the facts of its consultation, and
 * its form, loaded as a screen would. Thread: one at a time.
 */
#ifndef TP_CENTRAL_PUBLISH_FACTS_H
#define TP_CENTRAL_PUBLISH_FACTS_H

#include "central/data/forms.h"
#include "form/problem.h"

#define TP_FACTS_NAME "consultation.json"

/* Refuses an ID, a version or a title that the store cannot keep. */
bool tp_package_name(struct tp_package *package, const char *id, const char *version,
                     const char *title, struct tp_error *error);

/* Kind, days and title from the package's consultation.json. TP_ERR_NOT_FOUND where there is none;
 * TP_ERR_INVALID where a consultation lacks what must be said before its first question. */
bool tp_package_read_facts(struct tp_package *package, struct tp_error *error);

/* Loads the form with its data files, so that none is handed out that cannot run. Names the package
 * where nothing has yet. All that is wrong with the form is added to `problems`; NULL where they
 * have been told already. */
bool tp_package_try(struct tp_package *package, struct tp_problems *problems,
                    struct tp_error *error);

#endif
