/*
 * The facts of a consultation: who asks, why, what happens with it, whom to ask, until when.
 *
 * Read from consultation.json (docs/ARCHITECTURE.md, "Conventions of a survey"), which is made from
 * the workbook's `consultation` sheet and travels with the form:
 * {"title":{"default":"...","en-simple":"..."},"opens":{"default":"2026-11-01"},...}
 * The consultation owns its strings. Thread: read-only after parsing, so any.
 */
#ifndef TP_FORM_CONSULTATION_H
#define TP_FORM_CONSULTATION_H

#include <stdbool.h>
#include <stddef.h>

#include "base/day.h"
#include "base/error.h"

/* Two hundred facts in ten languages fit many times over. */
#define TP_CONSULTATION_BYTES_MAX (2u * 1024u * 1024u)

enum tp_consultation_kind {
    TP_KIND_CONSULTATION, /* also where the file says nothing */
    TP_KIND_EQUALITY,
    TP_KIND_FORMAT_REQUEST,
    TP_KIND_COMMENTS,
};

enum tp_consultation_phase {
    TP_PHASE_BEFORE, /* opens later */
    TP_PHASE_OPEN,   /* both days included; also where neither is said */
    TP_PHASE_AFTER,  /* closed */
};

struct tp_consultation;

/* Refuses JSON that is not this shape, an unknown kind, and days that do not exist or are in the
 * wrong order. Unknown names are kept: tp_consultation_text finds them. */
bool tp_consultation_parse(const char *json, size_t length, struct tp_consultation **consultation,
                           struct tp_error *error);

/* Reads consultation.json; TP_ERR_NOT_FOUND where there is none. */
bool tp_consultation_read(const char *path, struct tp_consultation **consultation,
                          struct tp_error *error);

void tp_consultation_destroy(struct tp_consultation *consultation);

/* The text of a fact ("who", "contact_phone" ...) in a language: the tag itself ("pl-PL"), then
 * shorter ones ("pl"), then the default. NULL tag means the default. NULL where the fact is not
 * there. Lasts as long as the consultation. */
const char *tp_consultation_text(const struct tp_consultation *consultation, const char *name,
                                 const char *tag);

/* As above, and says whether the text is in that language (true) or the default stood in. */
bool tp_consultation_has(const struct tp_consultation *consultation, const char *name,
                         const char *tag);

enum tp_consultation_kind tp_consultation_kind(const struct tp_consultation *consultation);
const char *tp_consultation_kind_name(enum tp_consultation_kind kind);

/* Minutes it takes, 1 .. 240; 0 where it is not said. */
int tp_consultation_minutes(const struct tp_consultation *consultation);

/* Year 0 where it is not said. */
struct tp_day tp_consultation_opens(const struct tp_consultation *consultation);
struct tp_day tp_consultation_closes(const struct tp_consultation *consultation);
enum tp_consultation_phase tp_consultation_phase(const struct tp_consultation *consultation,
                                                 struct tp_day today);

#endif
