/*
 * A session driven by JSON and told as JSON: `talkpoint-survey play` and the conformance runner.
 *
 * A step is {"op":"answer","ref":PATH,"value":TEXT or [TEXT...]},
 * {"op":"create_repeat","ref":PATH},
 * {"op":"remove_repeat","ref":"PATH[N]"} or {"op":"language","value":NAME or TAG}. The state is a
 * list of all nodes in document order, each with its ref, kind ("node"), relevant, readonly,
 * required, and, where it is a leaf, value, label, constraint_ok, required_ok and options.
 * Thread: that of the session.
 */
#ifndef TP_FORM_PLAY_H
#define TP_FORM_PLAY_H

#include <jansson.h>
#include <stdbool.h>

#include "base/error.h"
#include "form/session.h"

/* A step that is refused (a read-only question, a wrong type) fails and changes nothing. */
bool tp_play_step(struct tp_session *session, const json_t *step, struct tp_error *error);

/* NULL when out of memory. The caller releases it. */
json_t *tp_play_state(struct tp_session *session);

#endif
