/*
 * The key with which this device signs what it puts on a USB stick, and the store's certificate for
 * it: stick.key (0600) and stick.certificate in the state folder. The key is made when it is first
 * wanted; its public half goes to the store with each heartbeat, whose answer brings the
 * certificate (docs/PROTOCOL.md, "USB stick"). Thread: one at a time.
 */
#ifndef TP_AGENT_DO_STICK_KEY_H
#define TP_AGENT_DO_STICK_KEY_H

#include "agent/identity.h"
#include "store/bundle.h"

#define TP_STICK_KEY_FILE "stick.key"
#define TP_STICK_CERTIFICATE_FILE "stick.certificate"

/* The key, made where there is none; wipe after use. */
bool tp_stick_key_read(const char *state, struct tp_receipt_pair *pair, struct tp_error *error);

/* Keeps what the store said, if it is this device's certificate for its present key. */
bool tp_stick_certificate_take(const char *state, const struct tp_identity *identity,
                               const char *certificate, struct tp_error *error);

/* Key and certificate; TP_ERR_NOT_FOUND, saying what to do, where the store gave none yet. */
bool tp_stick_signer_read(const char *state, const struct tp_identity *identity,
                          struct tp_device_signer *signer, struct tp_error *error);

#endif
