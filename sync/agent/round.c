#include "agent/round.h"

#include <stdio.h>
#include <string.h>

#include "agent/do/contact.h"
#include "agent/do/download.h"
#include "agent/do/fetch.h"
#include "agent/do/heartbeat.h"
#include "agent/do/notices.h"
#include "agent/do/upload.h"
#include "store/outbox.h"
#include "store/settings.h"

struct course {
    const struct tp_round *round;
    struct tp_round_report *report;
    struct tp_error *error;
    bool contact;
    int64_t accepts_bytes; /* of an OpenRosa server; 0: it did not say */
    bool broken;           /* the device's own store failed */
};

static bool goes_on(const struct course *course)
{
    const struct tp_round *round = course->round;

    return !course->broken && !course->report->end.failed && !course->report->end.barred &&
           (!round->may_go_on || round->may_go_on(round->context));
}

/* What a step came to: the last that went wrong is what a person is told. Only silence, refusal and
 * a wish to wait end the round: what the store itself said of one thing (LATER) does not keep it
 * from being asked for the rest. */
static void take_end(struct course *course, enum tp_verdict_kind kind, bool contact,
                     int64_t retry_after_s, const char words[TP_VERDICT_WORDS_MAX])
{
    struct tp_round_end *end = &course->report->end;

    course->contact = course->contact || contact;
    if (*words)
        memcpy(course->report->words, words, sizeof(course->report->words));
    if (kind == TP_VERDICT_BARRED)
        end->barred = true;
    if (kind == TP_VERDICT_PAUSE || (kind == TP_VERDICT_LATER && !contact)) {
        end->failed = true;
        end->retry_after_s = retry_after_s;
    }
}

static void send_waiting(struct course *course)
{
    const struct tp_round *round = course->round;
    bool openrosa = round->identity->kind == TP_STORE_OPENROSA;
    struct tp_upload upload = {.store = round->store,
                               .http = round->http,
                               .receipt_key = openrosa ? NULL : &round->identity->receipt_key,
                               .openrosa = openrosa ? round->identity : NULL,
                               .accepts_bytes = course->accepts_bytes,
                               .clock = round->clock,
                               .may_go_on = round->may_go_on,
                               .context = round->context};
    struct tp_upload_end end;

    if (!tp_upload_drain(&upload, &end, course->error))
        course->broken = true;
    course->report->delivered += end.delivered;
    course->report->set_aside += end.set_aside;
    if (end.left_over)
        course->report->end.left_over = true;
    take_end(course, end.kind, end.contact, end.retry_after_s, end.words);
}

/* Asked before anything is sent, so that whoever does not let this screen in is shown no answer. */
static void make_contact(struct course *course)
{
    const struct tp_round *round = course->round;
    struct tp_contact_end end;

    if (!tp_contact(round->store, round->http, round->identity, &end, course->error))
        course->broken = true;
    course->accepts_bytes = end.accepts_bytes;
    take_end(course, end.kind == TP_VERDICT_LATER ? TP_VERDICT_PAUSE : end.kind, end.contact,
             end.retry_after_s, end.words);
}

/* A store that knows no heartbeat is still a store. */
static void send_heartbeat(struct course *course)
{
    const struct tp_round *round = course->round;
    struct tp_heartbeat heartbeat = {.store = round->store,
                                     .http = round->http,
                                     .identity = round->identity,
                                     .state = round->state,
                                     .clock = round->clock};
    struct tp_heartbeat_end end;

    if (!tp_heartbeat_send(&heartbeat, &end, course->error))
        course->broken = true;
    take_end(course, end.kind, end.contact, end.retry_after_s, end.words);
}

/* An answer that came while a survey is fetched does not wait behind its film. */
static bool send_between(void *context)
{
    struct course *course = context;
    struct tp_outbox_counts counts;

    if (!goes_on(course))
        return false;
    if (!course->report->end.left_over && tp_outbox_counts(course->round->store, &counts, NULL) &&
        counts.waiting)
        send_waiting(course);
    return goes_on(course);
}

static void fetch_surveys(struct course *course)
{
    const struct tp_round *round = course->round;
    struct tp_download download = {.http = round->http,
                                   .state = round->state,
                                   .clock = round->clock,
                                   .free_min = TP_FETCH_FREE_MIN,
                                   .between = send_between,
                                   .context = course};
    struct tp_download_end end;

    tp_download_surveys(&download, &end);
    course->report->switched += end.switched;
    course->report->end.switched = course->report->switched > 0;
    if (end.failed || end.kind != TP_VERDICT_DELIVERED)
        course->report->end.download_failed = true;
    take_end(course, end.kind, end.contact, end.retry_after_s, end.words);
}

/* News that cannot be had is no reason to ask again sooner: what is here stays. */
static void fetch_notices(struct course *course)
{
    const struct tp_round *round = course->round;
    struct tp_notices_end end;

    if (!tp_notices_fetch(round->store, round->http, round->identity, &end, course->error))
        course->broken = true;
    take_end(course, end.kind, end.contact, end.retry_after_s, end.words);
}

/* Whether any was set aside; what the store still refuses is set aside anew. */
static bool offer_again(struct course *course)
{
    size_t count = 0;

    if (!tp_outbox_retry(course->round->store, NULL, &count, course->error))
        course->broken = true;
    return count > 0;
}

static bool write_status(struct course *course)
{
    const struct tp_round *round = course->round;
    struct tp_agent_status status;
    struct tp_store_time now;

    if (!tp_agent_status_get(round->store, &status, course->error) ||
        !tp_store_now(round->store, &now, course->error))
        return false;
    if (course->contact)
        status.last_contact_ms = now.ms;
    status.enrolled = !course->report->end.barred;
    status.enrolment_code[0] = '\0';
    /* A round that was cut by a signal has nothing to say about the store. */
    if (!round->may_go_on || round->may_go_on(round->context))
        (void)snprintf(status.last_error, sizeof(status.last_error), "%.*s",
                       (int)sizeof(status.last_error) - 1, course->report->words);
    return tp_agent_status_set(round->store, &status, course->error);
}

bool tp_round_run(const struct tp_round *round, const struct tp_plan *plan,
                  struct tp_round_report *report, struct tp_error *error)
{
    struct course course = {.round = round, .report = report, .error = error};
    struct tp_outbox_counts counts = {0};
    /* Another OpenRosa server knows neither heartbeats nor notices. */
    bool ours = round->identity->kind == TP_STORE_TALKPOINT;
    bool send = plan->send;

    *report = (struct tp_round_report){.end = {.retry_after_s = -1}};
    if (plan->offer && goes_on(&course) && offer_again(&course))
        send = true;
    if (!ours && (send || plan->heartbeat) && goes_on(&course))
        make_contact(&course);
    if (send && goes_on(&course))
        send_waiting(&course);
    if (plan->heartbeat && ours && goes_on(&course))
        send_heartbeat(&course);
    if (plan->forms && goes_on(&course))
        fetch_surveys(&course);
    if (plan->forms && ours && goes_on(&course))
        fetch_notices(&course);
    if (!tp_outbox_counts(round->store, &counts, course.broken ? NULL : error))
        course.broken = true;
    report->end.waiting = counts.waiting;
    if (!course.broken && !write_status(&course))
        course.broken = true;
    return !course.broken;
}
