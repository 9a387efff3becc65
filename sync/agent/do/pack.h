/*
 * One answer of the outbox as the body of a request, in the form that the device's server reads.
 *
 * Talkpoint's store gets the sealed bytes as they are. Another OpenRosa server gets ODK's own form:
 * what is encrypted to the form's key as an encrypted submission, what was sealed to this device's
 * own key (`connect --plain`) opened, in the clear. Thread: one at a time.
 */
#ifndef TP_AGENT_DO_PACK_H
#define TP_AGENT_DO_PACK_H

#include "agent/identity.h"
#include "agent/wire/envelope.h"
#include "store/outbox.h"

/* `openrosa` is who the device is where its server is no store of Talkpoint's, else NULL. Fails
 * (TP_ERR_INVALID, TP_ERR_LIMIT) for an answer that cannot be sent at all. `body` (made by the
 * caller) may then hold part of it; tp_buf wipes it. */
bool tp_pack(const struct tp_outbox_item *item, const struct tp_identity *openrosa,
             struct tp_buf *body, char content_type[TP_CONTENT_TYPE_MAX], struct tp_error *error);

#endif
