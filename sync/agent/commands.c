/* enrol, status and retry. */
#include "agent/commands.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/agent.h"
#include "agent/enrol.h"
#include "agent/round.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "store/outbox.h"
#include "store/settings.h"

/* Set-aside answers that `status` names; the count says how many there are. */
#define NAMED_MAX 20

int tp_command_fail(const struct tp_error *error)
{
    (void)fprintf(stderr, "talkpoint-sync: %s\n", error->text);
    return error->code == TP_ERR_MISUSE ? TP_EXIT_MISUSE : TP_EXIT_FAILED;
}

/* ---- enrol ---- */

/* The token says whose claim came first: this command's or a running daemon's. */
static bool is_another(const struct tp_options *options, const struct tp_identity *before)
{
    struct tp_identity now;
    bool another = tp_identity_read(options->state, options->credentials, &now, NULL) &&
                   strcmp(now.token, before->token) != 0;

    tp_identity_wipe(&now);
    return another;
}

static bool wait_for_approval(struct tp_agent *agent, struct tp_http *http,
                              const struct tp_enrolment *enrolment,
                              const struct tp_identity *before, struct tp_error *error)
{
    int64_t start_ms = tp_clock_monotonic_ms(&agent->clock);
    char said[TP_ERROR_TEXT_MAX] = "";

    while (!agent->wake.stop) {
        enum tp_enrol_claim claim =
            tp_enrol_claim(agent->options->state, agent->store, http, enrolment, error);

        if (claim == TP_ENROL_DONE || is_another(agent->options, before))
            return true;
        if (claim == TP_ENROL_FAILED)
            return false;
        if (claim == TP_ENROL_REFUSED)
            return tp_fail(error, TP_ERR_NETWORK, "an administrator refused this screen");
        if (claim == TP_ENROL_LAPSED)
            return tp_fail(error, TP_ERR_NETWORK, "the code has lapsed; run enrol again");
        if (error->code != TP_OK && strcmp(said, error->text) != 0)
            (void)fprintf(stderr, "talkpoint-sync: %s; waiting\n", error->text);
        (void)snprintf(said, sizeof(said), "%s", error->text);
        tp_agent_wait(agent, tp_enrol_poll_ms(tp_clock_monotonic_ms(&agent->clock) - start_ms));
    }
    return tp_fail(error, TP_ERR_NETWORK, "stopped; the code still waits for an administrator");
}

/* The enrolment that waits for this store goes on under its code; else a new one. */
static bool begin_or_go_on(struct tp_agent *agent, struct tp_http *http, const char *store_url,
                           struct tp_enrolment *enrolment, struct tp_error *error)
{
    const struct tp_options *options = agent->options;
    struct tp_error problem;

    if (tp_enrol_read(options->state, enrolment, &problem) &&
        strcmp(enrolment->store_url, store_url) == 0 &&
        strcmp(enrolment->name, options->name) == 0) {
        enum tp_enrol_claim claim =
            tp_enrol_claim(options->state, agent->store, http, enrolment, &problem);

        if (claim == TP_ENROL_WAITS || claim == TP_ENROL_DONE)
            return true;
    }
    memset(enrolment, 0, sizeof(*enrolment));
    (void)snprintf(enrolment->store_url, sizeof(enrolment->store_url), "%s", store_url);
    (void)snprintf(enrolment->name, sizeof(enrolment->name), "%s", options->name);
    return tp_enrol_begin(options->state, agent->store, http, &agent->random, enrolment, error);
}

bool tp_command_check_name(const char *name, struct tp_error *error)
{
    char clean[TP_DEVICE_NAME_MAX];

    tp_utf8_to_words(name, clean, sizeof(clean));
    if (*name && strcmp(clean, name) == 0 && !strstr(name, " ;"))
        return true;
    return tp_fail(error, TP_ERR_MISUSE, "a screen's name is one line of 1 to %d bytes",
                   TP_DEVICE_NAME_MAX - 1);
}

static bool enrol(struct tp_agent *agent, struct tp_error *error)
{
    const struct tp_options *options = agent->options;
    struct tp_enrolment enrolment = {0};
    struct tp_identity before = {0};
    char store_url[TP_STORE_URL_MAX];
    struct tp_http *http = NULL;
    bool ok = false;

    if (!tp_command_check_name(options->name, error) ||
        !tp_http_check_store_url(options->store, store_url, error))
        return false;
    if (tp_identity_read(options->state, options->credentials, &before, error) &&
        !options->replace) {
        tp_fail(error, TP_ERR_MISUSE,
                "this screen is enrolled already, as '%s' at %s; --replace gives it a new token",
                before.name, before.store_url);
        goto wipe;
    }
    http = tp_agent_connect(agent, store_url, NULL, error);
    if (!http || !begin_or_go_on(agent, http, store_url, &enrolment, error))
        goto wipe;
    printf("%s\n", enrolment.code);
    (void)fflush(stdout);
    (void)fprintf(stderr,
                  "talkpoint-sync: let an administrator of %s approve this code (page Screens)\n",
                  store_url);
    ok = !options->wait || wait_for_approval(agent, http, &enrolment, &before, error);
    if (ok && options->wait)
        (void)fprintf(stderr, "talkpoint-sync: enrolled\n");
wipe:
    tp_http_destroy(http);
    tp_identity_wipe(&before);
    tp_enrol_wipe(&enrolment);
    return ok;
}

int tp_command_enrol(const struct tp_options *options)
{
    struct tp_agent agent;
    struct tp_error error = {0};
    int status = TP_EXIT_DONE;

    if (!tp_agent_open(&agent, options, false, &error) || !enrol(&agent, &error))
        status = tp_command_fail(&error);
    tp_agent_close(&agent);
    return status;
}

/* ---- status ---- */

struct picture {
    struct tp_agent_status agent;
    struct tp_outbox_counts counts;
    struct tp_identity identity; /* without its token */
    bool enrolled;
    char not_enrolled[TP_ERROR_TEXT_MAX]; /* why */
    int64_t next_try_ms;                  /* 0: none known */
    int64_t now_ms;                       /* best known, as the others */
    json_t *set_aside;                    /* owned: at most NAMED_MAX */
};

static bool add_set_aside(void *context, const struct tp_outbox_item *item)
{
    json_t *array = context;

    (void)json_array_append_new(array,
                                json_pack("{s:s, s:s, s:s}", "instance_id", item->instance_id,
                                          "form", item->form_id, "reason", item->last_error));
    return json_array_size(array) < NAMED_MAX;
}

static bool look(const struct tp_options *options, struct tp_store *store, struct picture *picture,
                 struct tp_error *error)
{
    char next[TP_SETTING_VALUE_MAX];
    struct tp_error why = {0};
    struct tp_store_time now;

    picture->set_aside = json_array();
    if (!picture->set_aside)
        return tp_fail_memory(error);
    if (!tp_agent_status_get(store, &picture->agent, error) ||
        !tp_outbox_counts(store, &picture->counts, error) || !tp_store_now(store, &now, error) ||
        !tp_setting_get(store, TP_SETTING_NEXT_TRY, "0", next, sizeof(next), error) ||
        !tp_outbox_each(store, TP_OUTBOX_QUARANTINED, add_set_aside, picture->set_aside, error))
        return false;
    picture->now_ms = now.ms;
    picture->next_try_ms = strtoll(next, NULL, 10);
    picture->enrolled =
        tp_identity_read(options->state, options->credentials, &picture->identity, &why);
    memcpy(picture->not_enrolled, why.text, sizeof(why.text));
    tp_wipe(picture->identity.token, sizeof(picture->identity.token));
    tp_wipe(&picture->identity.outbox, sizeof(picture->identity.outbox));
    return true;
}

static json_t *time_json(int64_t ms)
{
    char text[TP_TIME_TEXT_MAX];

    if (ms <= 0)
        return json_null();
    tp_time_utc(ms, text);
    return json_string(text);
}

static bool print_json(const struct picture *picture)
{
    json_t *root = json_pack(
        "{s:b, s:s, s:s, s:s, s:s, s:I, s:I, s:I, s:o, s:s, s:o, s:O}", "enrolled",
        picture->enrolled, "name", picture->identity.name, "kind",
        picture->identity.kind == TP_STORE_OPENROSA ? "openrosa" : "talkpoint", "store",
        picture->identity.store_url, "enrolment_code", picture->agent.enrolment_code, "waiting",
        (json_int_t)picture->counts.waiting, "sent", (json_int_t)picture->counts.sent,
        "quarantined", (json_int_t)picture->counts.quarantined, "last_contact",
        time_json(picture->agent.last_contact_ms), "last_error", picture->agent.last_error,
        "next_try", time_json(picture->next_try_ms), "set_aside", picture->set_aside);
    bool ok = root && json_dumpf(root, stdout, JSON_INDENT(2)) == 0 && putchar('\n') != EOF;

    json_decref(root);
    return ok;
}

/* "5 minutes" */
static void put_span(int64_t ms)
{
    static const struct {
        int64_t ms;
        const char *one;
        const char *many;
    } units[] = {
        {INT64_C(24) * 60 * 60 * 1000, "day", "days"},
        {INT64_C(60) * 60 * 1000, "hour", "hours"},
        {INT64_C(60) * 1000, "minute", "minutes"},
        {1000, "second", "seconds"},
    };
    size_t i = 0;
    int64_t count;

    while (i < 3 && ms < units[i].ms)
        i++;
    count = ms / units[i].ms;
    printf("%" PRId64 " %s", count, count == 1 ? units[i].one : units[i].many);
}

static void put_time(const char *label, int64_t ms, int64_t now_ms, const char *never)
{
    char text[TP_TIME_TEXT_MAX];

    printf("%-14s", label);
    if (ms <= 0) {
        printf("%s\n", never);
        return;
    }
    tp_time_utc(ms, text);
    printf("%.10s %.5s UTC (", text, text + 11);
    if (ms > now_ms)
        printf("in ");
    put_span(ms > now_ms ? ms - now_ms : now_ms - ms);
    printf(ms > now_ms ? ")\n" : " ago)\n");
}

static void print_text(const struct picture *picture)
{
    bool openrosa = picture->identity.kind == TP_STORE_OPENROSA;

    if (picture->enrolled)
        printf("%-14s'%s' at %s\n", openrosa ? "Connected" : "Enrolled", picture->identity.name,
               picture->identity.store_url);
    else
        printf("%-14sno: %s\n", "Enrolled", picture->not_enrolled);
    if (*picture->agent.enrolment_code)
        printf("%-14s%s (waits for an administrator)\n", "Code", picture->agent.enrolment_code);
    printf("%-14s%" PRIu64 "\n", "Waiting", picture->counts.waiting);
    printf("%-14s%" PRIu64 "\n", "Sent", picture->counts.sent);
    printf("%-14s%" PRIu64 "\n", "Set aside", picture->counts.quarantined);
    for (size_t i = 0; i < json_array_size(picture->set_aside); i++) {
        const json_t *item = json_array_get(picture->set_aside, i);

        printf("  %s  %s: %s\n", json_string_value(json_object_get(item, "instance_id")),
               json_string_value(json_object_get(item, "form")),
               json_string_value(json_object_get(item, "reason")));
    }
    put_time("Last contact", picture->agent.last_contact_ms, picture->now_ms, "never");
    printf("%-14s%s\n", "Last error",
           *picture->agent.last_error ? picture->agent.last_error : "none");
    if (picture->next_try_ms > picture->now_ms)
        put_time("Next try", picture->next_try_ms, picture->now_ms, "");
    else
        printf("%-14s%s\n", "Next try",
               picture->next_try_ms ? "when something waits" : "when talkpoint-sync runs");
}

int tp_command_status(const struct tp_options *options)
{
    struct tp_store_params params = {.clock = tp_clock_system(), .read_only = true};
    char *path = tp_asprintf("%s/" TP_IDENTITY_STORE_FILE, options->state);
    struct picture picture = {0};
    struct tp_store *store = NULL;
    struct tp_error error = {0};
    int status = TP_EXIT_DONE;

    if (!path)
        tp_fail_memory(&error);
    else
        store = tp_store_open(path, &params, &error);
    if (!store || !look(options, store, &picture, &error))
        status = tp_command_fail(&error);
    else if (!options->json)
        print_text(&picture);
    else if (!print_json(&picture))
        status = TP_EXIT_FAILED;
    json_decref(picture.set_aside);
    tp_store_close(store);
    tp_free(path);
    return status;
}

/* ---- retry ---- */

int tp_command_retry(const struct tp_options *options)
{
    struct tp_agent agent;
    struct tp_error error = {0};
    size_t count = 0;
    int status = TP_EXIT_DONE;

    if (tp_agent_open(&agent, options, false, &error) &&
        tp_outbox_retry(agent.store, NULL, &count, &error) &&
        tp_agent_request_send(agent.store, &error))
        printf("%zu %s offered again\n", count, count == 1 ? "answer is" : "answers are");
    else
        status = tp_command_fail(&error);
    tp_agent_close(&agent);
    return status;
}
