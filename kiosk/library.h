/*
 * The surveys on this screen: which there are, which are open, and their forms when they are
 * needed.
 *
 * Two kinds of folder are read: `forms/` of the state folder, where the agent keeps a link to one
 * package a survey (form.xml, consultation.json, media beside them), and a folder of consultations
 * as authors keep them (each subfolder a workbook or form.xml, and media/), whose workbooks are
 * converted in memory. Reading takes only the facts; a form is loaded when someone opens it. What
 * the agent brought without a consultation.json is left out: nobody starts without being told who
 * asks, why, and what becomes of the answers.
 *
 * tp_library_refresh may throw surveys and their forms away, so it is called only while nobody is
 * answering. A survey that cannot be read is left out and its problem kept in words. The library
 * owns everything it hands out. Thread: one.
 */
#ifndef TP_KIOSK_LIBRARY_H
#define TP_KIOSK_LIBRARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "form/consultation.h"
#include "form/form.h"

/* More than anyone would put on one screen. */
#define TP_LIBRARY_MAX 64

struct tp_survey {
    char *id;    /* the form's ID, or the folder's name until the form is loaded */
    char *media; /* folder of its pictures and sounds */
    struct tp_consultation *facts; /* NULL: a plain form without consultation.json */
    enum tp_consultation_kind kind;
    struct tp_form *form; /* NULL until tp_survey_form */
    char *source;         /* form.xml or the workbook; its path */
    char *xml;            /* of a converted workbook, until the form is loaded; else NULL */
    size_t xml_length;
    uint64_t stamp; /* changes when the files do */
    bool broken;    /* cannot be offered */
    char *problem;  /* why, in one line; NULL */
};

struct tp_library;

/* `forms` and `surveys` are folders, each NULL for none; a missing folder is an empty one. */
struct tp_library *tp_library_create(const char *forms, const char *surveys);
void tp_library_destroy(struct tp_library *library);

/* True: a survey whose form has no key of its own (tp_form_public_key) is left out, for nobody
 * could read what it gets. Counts from the next refresh. */
void tp_library_want_own_keys(struct tp_library *library, bool wanted);

/* Reads what has changed since the last time. True when anything did. */
bool tp_library_refresh(struct tp_library *library);

/* All surveys, in the order to offer them: those that close first come first, then by title. */
size_t tp_library_count(const struct tp_library *library);
struct tp_survey *tp_library_at(struct tp_library *library, size_t index);

/* The survey with this ID; NULL where there is none. */
struct tp_survey *tp_library_find(struct tp_library *library, const char *id);

/* The first survey of a kind that is open on `today`; NULL where there is none. */
struct tp_survey *tp_library_of_kind(struct tp_library *library, enum tp_consultation_kind kind,
                                     struct tp_day today);

/* Consultations that are open on `today`: fills at most `max`, gives how many there are. */
size_t tp_library_open(struct tp_library *library, struct tp_day today, struct tp_survey **surveys,
                       size_t max);

/* Below 0 where `one` closes before `other`, 0 on one day; what never closes comes last. */
int tp_survey_compare_closing(const struct tp_survey *one, const struct tp_survey *other);

/* Loads the form the first time. A form that does not load is marked broken and not offered
 * again until its files change. */
bool tp_survey_form(struct tp_survey *survey, struct tp_form **form, struct tp_error *error);

/* One survey on its own: a workbook, a form.xml, or the folder of either. tp_survey_close releases
 * it. */
bool tp_survey_open(const char *path, struct tp_survey **survey, struct tp_error *error);
void tp_survey_close(struct tp_survey *survey);

/* A fact of a survey in a language, as tp_consultation_text; falls back to the form's own title for
 * "title". "" where there is none, never NULL. */
const char *tp_survey_text(const struct tp_survey *survey, const char *name, const char *tag);

/* Path of a media file, or NULL where it is not there. `path` holds TP_MEDIA_PATH_MAX bytes. */
#define TP_MEDIA_PATH_MAX 4096
const char *tp_survey_media(const struct tp_survey *survey, const char *name,
                            char path[TP_MEDIA_PATH_MAX]);

/* The index-th problem of the surveys that are left out, for the log and the staff menu; NULL after
 * the last. */
const char *tp_library_problem(const struct tp_library *library, size_t index);

#endif
