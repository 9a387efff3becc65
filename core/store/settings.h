/*
 * Settings and the agent's status: what the kiosk and the agent tell each other through the store.
 * A process sees the other's writes by tp_store_changed.
 */
#ifndef TP_STORE_SETTINGS_H
#define TP_STORE_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "store/store.h"

/* With the NUL. */
#define TP_SETTING_NAME_MAX 64u
#define TP_SETTING_VALUE_MAX 1024u

/* Names in use; others may be added. */
#define TP_SETTING_VENUE "venue"
#define TP_SETTING_EVENT "event"

/* The value, or `fallback` where it was never set. Fails with TP_ERR_LIMIT where it does not fit
 * `size` bytes with its NUL. */
bool tp_setting_get(struct tp_store *store, const char *name, const char *fallback, char *value,
                    size_t size, struct tp_error *error);

/* NULL forgets it. Text is UTF-8 without control characters. */
bool tp_setting_set(struct tp_store *store, const char *name, const char *value,
                    struct tp_error *error);

#define TP_AGENT_WORDS_MAX 256u
#define TP_AGENT_CODE_MAX 16u

/* What the agent last did; the staff menu shows it. */
struct tp_agent_status {
    int64_t last_contact_ms;                /* Unix time of the last good answer; 0 for never */
    char last_error[TP_AGENT_WORDS_MAX];    /* in words; "" when the last contact was good */
    char enrolment_code[TP_AGENT_CODE_MAX]; /* to show while enrolling: "K7QM-4TXB"; else "" */
    bool enrolled;
};

/* All zero where the agent never wrote. */
bool tp_agent_status_get(struct tp_store *store, struct tp_agent_status *status,
                         struct tp_error *error);
bool tp_agent_status_set(struct tp_store *store, const struct tp_agent_status *status,
                         struct tp_error *error);

/* The staff menu's "Send now"; the agent takes each request once. */
bool tp_agent_request_send(struct tp_store *store, struct tp_error *error);
bool tp_agent_take_request(struct tp_store *store, bool *asked, struct tp_error *error);

/* The staff menu's "USB stick": the agent looks for a stick at `folder` (NULL: where its
 * configuration says), takes in what is on it and puts on it what waits. Taken once, as above;
 * `folder` is then "" for NULL. */
#define TP_STICK_FOLDER_MAX 512u
bool tp_agent_request_stick(struct tp_store *store, const char *folder, struct tp_error *error);
bool tp_agent_take_stick(struct tp_store *store, bool *asked, char folder[TP_STICK_FOLDER_MAX],
                         struct tp_error *error);

/* What came of it, in words; "" while it is under way. */
#define TP_SETTING_STICK_SAID "agent_stick_said"

#endif
