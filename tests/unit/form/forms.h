/*
 * Forms for tests, written short: F(instance, binds, body) is an XForm, open_form() a session on it
 * with a clock that stands at 2026-11-23T09:41:07.123Z and randomness that repeats.
 */
#ifndef TP_TESTS_UNIT_FORM_FORMS_H
#define TP_TESTS_UNIT_FORM_FORMS_H

#include "tp_test.h"

#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/random.h"
#include "form/form.h"
#include "form/session.h"

#define FORM_NOW INT64_C(1795426867123)

#define F_MODEL(instance, model, body)                                                             \
    "<h:html xmlns=\"http://www.w3.org/2002/xforms\" xmlns:h=\"http://www.w3.org/1999/xhtml\" "    \
    "xmlns:jr=\"http://openrosa.org/javarosa\" xmlns:orx=\"http://openrosa.org/xforms\" "          \
    "xmlns:odk=\"http://www.opendatakit.org/xforms\"><h:head><h:title>Test</h:title><model>"       \
    "<instance><data id=\"test\" version=\"7\">" instance                                          \
    "<orx:meta><orx:instanceID/></orx:meta></data></instance>" model "</model></h:head>"           \
    "<h:body>" body "</h:body></h:html>"
#define F(instance, binds, body) F_MODEL(instance, binds, body)

static struct tp_form *the_form;
static struct tp_clock_fake the_clock;
static uint64_t the_seed;
static struct tp_zone *the_zone;

static inline struct tp_form *load_form(const char *xml, const struct tp_form_params *params)
{
    struct tp_form *form = NULL;
    struct tp_error error = {0};

    if (!tp_form_load("test.xml", xml, strlen(xml), params, &form, &error))
        fail_msg("%s", error.text);
    return form;
}

static inline struct tp_session *open_session(const struct tp_form *form, const char *language)
{
    struct tp_session *session = NULL;
    struct tp_error error = {0};

    the_clock = (struct tp_clock_fake){.wall = FORM_NOW};
    the_seed = 1;
    const struct tp_session_params params = {.clock = tp_clock_from_fake(&the_clock),
                                             .random = tp_random_seeded(&the_seed),
                                             .zone = the_zone,
                                             .device_id = "uuid:device",
                                             .language = language};
    if (!tp_session_create(form, &params, &session, &error))
        fail_msg("%s", error.text);
    return session;
}

static inline struct tp_session *open_form(const char *xml)
{
    the_form = load_form(xml, NULL);
    return open_session(the_form, NULL);
}

static inline void close_form(struct tp_session *session)
{
    tp_session_destroy(session);
    tp_form_destroy(the_form);
    the_form = NULL;
}

static inline tp_node at(struct tp_session *session, const char *path)
{
    tp_node node = tp_session_find(session, path);

    if (!node)
        fail_msg("there is no %s", path);
    return node;
}

static inline const char *value_at(struct tp_session *session, const char *path)
{
    return tp_session_value(session, at(session, path));
}

static inline void answer(struct tp_session *session, const char *path, const char *value)
{
    struct tp_error error = {0};

    if (!tp_session_set(session, at(session, path), value, &error))
        fail_msg("%s = %s: %s", path, value, error.text);
}

static inline bool is_asked(struct tp_session *session, const char *path)
{
    return tp_session_relevant(session, at(session, path));
}

/* Loading must fail; its error text must hold each of the words. */
static inline void refused(const char *xml, enum tp_error_code code, const char *word)
{
    struct tp_form *form = NULL;
    struct tp_error error = {0};

    assert_false(tp_form_load("test.xml", xml, strlen(xml), NULL, &form, &error));
    assert_null(form);
    if (error.code != code || !strstr(error.text, word))
        fail_msg("wanted '%s' (%d), got '%s' (%d)", word, (int)code, error.text, (int)error.code);
}

#endif
