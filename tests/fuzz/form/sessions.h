/* The sessions of the fuzzers of forms: they repeat themselves, and what they write is XML. */
#ifndef TP_FUZZ_FORM_SESSIONS_H
#define TP_FUZZ_FORM_SESSIONS_H

#include <libxml/parser.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/random.h"
#include "form/session.h"

static inline struct tp_session *session_of(const struct tp_form *form)
{
    static struct tp_clock_fake clock;
    static uint64_t seed;
    const struct tp_session_params params = {.clock = tp_clock_from_fake(&clock),
                                             .random = tp_random_seeded(&seed)};
    struct tp_session *session = NULL;

    clock.wall = INT64_C(1795426867123);
    seed = 1;
    return tp_session_create(form, &params, &session, NULL) ? session : NULL;
}

static inline void session_end(struct tp_session *session)
{
    char id[TP_SESSION_ID_MAX];
    struct tp_buf xml;

    tp_buf_init(&xml, TP_INSTANCE_MAX);
    if (tp_session_finish(session, NULL, &xml, id, NULL)) {
        xmlDocPtr doc = xmlReadMemory(xml.data, (int)xml.length, NULL, NULL, XML_PARSE_NONET);

        if (!doc)
            abort();
        xmlFreeDoc(doc);
    }
    tp_buf_finish(&xml);
    tp_session_destroy(session);
}

#endif
