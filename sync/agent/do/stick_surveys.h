/*
 * Surveys from a USB stick: surveys/list.tps names every form that is open and its files by their
 * SHA-256, signed by the store (surveys/list.tps.minisig); surveys/files/ holds them. The whole
 * list counts as the store's form list does: what it does not name is retired. Thread: one at a
 * time.
 */
#ifndef TP_AGENT_DO_STICK_SURVEYS_H
#define TP_AGENT_DO_STICK_SURVEYS_H

#include "agent/do/stick.h"

/* 200 forms of 500 files would be 30 MiB; a council's are a hundredth of that. */
#define TP_SURVEY_LIST_MAX (4u * 1024u * 1024u)

/* The list's first line, and the words of the signature's trusted comment before its time. */
#define TP_SURVEY_LIST_MAGIC "talkpoint-surveys-1"
#define TP_SURVEY_LIST_MADE "talkpoint-surveys made:"

/* When the list that was last taken in was made; a setting. */
#define TP_SETTING_STICK_SURVEYS "agent_stick_surveys_made"

/* Refuses (in *report) a list that is altered, of another store, or older than what this screen
 * has: than the last list, or the last contact. False only where the device's own store failed. */
bool tp_stick_surveys(const struct tp_stick *stick, struct tp_stick_report *report,
                      struct tp_error *error);

#endif
