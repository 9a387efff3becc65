#include "form/consultation_facts.h"

#include <string.h>

#include "form/xlsform_parts.h"

/* The minimum standards (docs/ACCESSIBILITY.md, C5): those with words under `missing` must be there
 * before the first question. */
static const struct tp_consultation_fact facts[] = {
    {"kind", TP_FACT_KIND, NULL},
    {"title", TP_FACT_TEXT, "give the consultation a short title"},
    {"summary", TP_FACT_TEXT, NULL},
    {"picture", TP_FACT_FILE, NULL},
    {"picture_alt", TP_FACT_TEXT, NULL},
    {"minutes", TP_FACT_MINUTES, "say how many minutes it takes"},
    {"who", TP_FACT_TEXT, "say who is asking"},
    {"why", TP_FACT_TEXT, "say why you are asking"},
    {"what_happens", TP_FACT_TEXT, "say what happens with the answers"},
    {"opens", TP_FACT_DAY, "say the first day: 2026-11-01"},
    {"closes", TP_FACT_DAY, "say the last day: 2026-11-30"},
    {"contact_name", TP_FACT_TEXT, "name a person or team to ask"},
    {"contact_phone", TP_FACT_TEXT, "give a telephone number to ask"},
    {"contact_email", TP_FACT_TEXT, "give an email address to ask"},
    {"contact_post", TP_FACT_TEXT, "give a postal address to ask"},
    {"privacy_short", TP_FACT_TEXT, "say in a sentence or two how answers are kept private"},
    {"privacy_full", TP_FACT_TEXT, "give the whole privacy notice"},
    {"privacy_version", TP_FACT_TEXT, "give the privacy notice a version: 2026-1"},
    {"retention", TP_FACT_TEXT, "say how long the answers are kept"},
    {"rights", TP_FACT_TEXT, "say what rights people have over their answers"},
    {"alternative_formats", TP_FACT_TEXT,
     "say how to ask for large print, Braille, Easy Read or another language"},
    {"results_date", TP_FACT_TEXT, "say when the results are published"},
    {"thanks", TP_FACT_TEXT, NULL},
    {"equality", TP_FACT_TEXT,
     "name the version of the shared equality questions that follow, or write 'none' and give "
     "'equality_reason'"},
    {"equality_reason", TP_FACT_TEXT, NULL},
};

#define FACT_COUNT (sizeof(facts) / sizeof(facts[0]))

const struct tp_consultation_fact *tp_consultation_fact(const char *name)
{
    for (size_t i = 0; i < FACT_COUNT; i++) {
        if (strcmp(facts[i].name, name) == 0)
            return &facts[i];
    }
    return NULL;
}

const struct tp_consultation_fact *tp_consultation_fact_at(size_t index)
{
    return index < FACT_COUNT ? &facts[index] : NULL;
}

const char *tp_consultation_fact_nearest(const char *name)
{
    const char *names[FACT_COUNT];

    for (size_t i = 0; i < FACT_COUNT; i++)
        names[i] = facts[i].name;
    return tp_xf_nearest(name, names, FACT_COUNT);
}
