/*
 * What a USB stick does for an agent: in, then on to the store where there is a network, then out,
 * so that one visit of a stick carries everything both ways. Thread: the main one.
 */
#ifndef TP_AGENT_STICK_H
#define TP_AGENT_STICK_H

#include "agent/agent.h"
#include "agent/do/stick.h"

struct tp_stick_visit {
    const char *folder;
    bool in;
    bool send; /* what was taken in, before receipts are written */
    bool out;
};

/* The agent must be enrolled. *report says what was done also where it failed. */
bool tp_stick_run(struct tp_agent *agent, const struct tp_stick_visit *visit,
                  struct tp_stick_report *report, struct tp_error *error);

/* What the staff menu asked for: a whole visit of the stick at `folder`, or ("") where the
 * configuration says; what came of it goes to TP_SETTING_STICK_SAID. */
void tp_stick_answer(struct tp_agent *agent, const char *folder);

/* The report in a line of plain words; false where there was nothing to do, which is said. */
bool tp_stick_words(const struct tp_stick_report *report, char words[TP_ERROR_TEXT_MAX]);

#endif
