/* The daemon and --once: rounds when they are due. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "agent/agent.h"
#include "agent/commands.h"
#include "agent/enrol.h"
#include "agent/round.h"
#include "agent/stick.h"
#include "store/outbox.h"
#include "store/settings.h"

/* Nothing is due: looked at all the same, for a folder on a disk that inotify does not see. */
#define IDLE_MOST_MS INT64_C(60000)
/* The kiosk's bytes are seen (by inotify) before its commit is: between them lies a sync, and the
 * commit itself is a write to mapped memory, which nothing tells. So after each touch the store is
 * looked at again, after 20 ms, 40 ms and so on to 10 s, which is longer than a sync takes on a
 * tired SD card. A look is one read of memory. */
#define LOOK_FIRST_MS INT64_C(20)
#define LOOK_MOST_MS INT64_C(10240)
/* A whole check of the store's file, while nothing waits. */
#define CHECK_EVERY_MS (INT64_C(24) * 60 * 60 * 1000)
#define CHECK_FIRST_MS (INT64_C(10) * 60 * 1000)

struct daemon {
    struct tp_agent agent;
    struct tp_schedule schedule;
    bool by_hand;           /* staff pressed "Send now": the line's hours do not count */
    int64_t enrol_since_ms; /* monotonic: when the waiting enrolment was first seen; 0: none */
    int64_t enrol_next_ms;
    int64_t check_ms;
    int64_t look_ms; /* until the store is looked at again; 0: it was not touched lately */
    char said[TP_ERROR_TEXT_MAX]; /* the last problem said, so that it is said once */
};

/* Once on stderr, and on the staff menu until the next good contact. */
static void say_problem(struct daemon *daemon, const char *words)
{
    struct tp_agent_status status;

    if (strcmp(daemon->said, words) == 0)
        return;
    (void)snprintf(daemon->said, sizeof(daemon->said), "%s", words);
    if (!*words)
        return;
    (void)fprintf(stderr, "talkpoint-sync: %s\n", words);
    tp_notify_status(&daemon->agent.notify, words);
    if (!tp_agent_status_get(daemon->agent.store, &status, NULL))
        return;
    (void)snprintf(status.last_error, sizeof(status.last_error), "%.*s",
                   (int)sizeof(status.last_error) - 1, words);
    status.enrolled = daemon->agent.http && !daemon->schedule.barred;
    (void)tp_agent_status_set(daemon->agent.store, &status, NULL);
}

static void take_identity(struct daemon *daemon)
{
    struct tp_agent *agent = &daemon->agent;
    struct tp_error error = {0};

    agent->wake.identity_touched = false;
    daemon->enrol_next_ms = 0;
    if (tp_agent_identify(agent, &error)) {
        (void)fprintf(stderr, "talkpoint-sync: this is '%s'; its store is %s\n",
                      agent->identity.name, agent->identity.store_url);
        daemon->schedule.barred = false;
        tp_schedule_ask(&daemon->schedule);
        return;
    }
    tp_http_destroy(agent->http);
    agent->http = NULL;
    say_problem(daemon, error.text);
}

static void take_store(struct daemon *daemon)
{
    struct tp_agent *agent = &daemon->agent;
    int64_t now_ms = tp_clock_monotonic_ms(&agent->clock);
    char folder[TP_STICK_FOLDER_MAX];
    struct tp_outbox_counts counts;
    struct tp_error error;
    bool asked = false;
    bool stick = false;

    if (agent->wake.store_touched)
        daemon->look_ms = LOOK_FIRST_MS;
    agent->wake.store_touched = false;
    if (!tp_store_changed(agent->store))
        return;
    if (!tp_outbox_counts(agent->store, &counts, &error) ||
        !tp_agent_take_request(agent->store, &asked, &error) ||
        !tp_agent_take_stick(agent->store, &stick, folder, &error)) {
        say_problem(daemon, error.text);
        return;
    }
    tp_schedule_waiting(&daemon->schedule, counts.waiting, now_ms);
    if (asked) {
        daemon->by_hand = true;
        tp_schedule_ask(&daemon->schedule);
    }
    if (stick)
        tp_stick_answer(agent, folder);
}

/* Not enrolled: claims what waits for an administrator. How long to wait. */
static int64_t try_enrolment(struct daemon *daemon)
{
    struct tp_agent *agent = &daemon->agent;
    int64_t now_ms = tp_clock_monotonic_ms(&agent->clock);
    struct tp_enrolment enrolment;
    struct tp_error error = {0};
    struct tp_http *http = NULL;

    if (now_ms < daemon->enrol_next_ms)
        return daemon->enrol_next_ms - now_ms;
    if (!tp_enrol_read(agent->options->state, &enrolment, &error)) {
        daemon->enrol_since_ms = 0;
        if (error.code != TP_ERR_NOT_FOUND)
            say_problem(daemon, error.text);
        return IDLE_MOST_MS;
    }
    if (daemon->enrol_since_ms == 0)
        daemon->enrol_since_ms = now_ms;
    http = tp_agent_connect(agent, enrolment.store_url, NULL, &error);
    if (http) {
        switch (tp_enrol_claim(agent->options->state, agent->store, http, &enrolment, &error)) {
        case TP_ENROL_DONE:
            agent->wake.identity_touched = true;
            break;
        case TP_ENROL_REFUSED:
            say_problem(daemon, "an administrator refused this screen");
            break;
        case TP_ENROL_LAPSED:
            say_problem(daemon, "the code has lapsed; enrol this screen again");
            break;
        case TP_ENROL_WAITS:
        case TP_ENROL_FAILED:
        default:
            break;
        }
    }
    if (error.code != TP_OK)
        say_problem(daemon, error.text);
    tp_http_destroy(http);
    tp_enrol_wipe(&enrolment);
    daemon->enrol_next_ms = now_ms + tp_enrol_poll_ms(now_ms - daemon->enrol_since_ms);
    return agent->wake.identity_touched ? 0 : daemon->enrol_next_ms - now_ms;
}

static void say_round(struct daemon *daemon, const struct tp_round_report *report)
{
    char words[128];

    if (report->delivered || report->set_aside || report->switched)
        (void)fprintf(stderr,
                      "talkpoint-sync: sent %zu, set aside %zu, %" PRIu64 " wait; %zu surveys "
                      "changed\n",
                      report->delivered, report->set_aside, report->end.waiting, report->switched);
    if (!*report->words) {
        (void)snprintf(words, sizeof(words), "%" PRIu64 " wait", report->end.waiting);
        tp_notify_status(&daemon->agent.notify, words);
    }
    if (*report->words && strcmp(daemon->said, report->words) != 0)
        (void)fprintf(stderr, "talkpoint-sync: %s\n", report->words);
    (void)snprintf(daemon->said, sizeof(daemon->said), "%s", report->words);
}

/* What is due, unless the line may not be used now: "Send now" overrules that. */
static struct tp_plan plan_now(const struct daemon *daemon)
{
    const struct tp_agent *agent = &daemon->agent;
    struct tp_plan plan = tp_schedule_plan(&daemon->schedule, tp_clock_monotonic_ms(&agent->clock));
    int64_t closed_ms = daemon->by_hand ? 0 : tp_agent_line_closed_ms(agent);

    if (closed_ms > plan.wait_ms)
        plan = (struct tp_plan){.wait_ms = closed_ms};
    return plan;
}

/* A round that outlasts its hours ends. */
static bool may_go_on(void *context)
{
    struct daemon *daemon = context;

    return tp_agent_may_go_on(&daemon->agent) &&
           (daemon->by_hand || tp_agent_line_closed_ms(&daemon->agent) == 0);
}

/* For `status` and the staff menu. */
static void write_next_try(struct daemon *daemon)
{
    struct tp_agent *agent = &daemon->agent;
    struct tp_plan plan = plan_now(daemon);
    struct tp_store_time now;
    char text[24];

    if (!tp_store_now(agent->store, &now, NULL))
        return;
    (void)snprintf(text, sizeof(text), "%" PRId64, now.ms + plan.wait_ms);
    (void)tp_setting_set(agent->store, TP_SETTING_NEXT_TRY, text, NULL);
}

static void run_round(struct daemon *daemon, const struct tp_plan *plan)
{
    struct tp_agent *agent = &daemon->agent;
    struct tp_round round = {.store = agent->store,
                             .http = agent->http,
                             .identity = &agent->identity,
                             .state = agent->options->state,
                             .clock = &agent->clock,
                             .may_go_on = may_go_on,
                             .context = daemon};
    struct tp_round_report report;
    struct tp_error error;
    bool ok = tp_round_run(&round, plan, &report, &error);

    daemon->by_hand = false;
    tp_http_rest(agent->http);
    if (agent->wake.stop)
        return;
    if (!ok) {
        report.end.failed = true;
        say_problem(daemon, error.text);
    } else {
        say_round(daemon, &report);
    }
    tp_schedule_done(&daemon->schedule, plan, &report.end, tp_clock_monotonic_ms(&agent->clock),
                     &agent->random);
    write_next_try(daemon);
}

static void check_store(struct daemon *daemon)
{
    int64_t now_ms = tp_clock_monotonic_ms(&daemon->agent.clock);
    struct tp_error error;

    if (daemon->schedule.waiting || now_ms < daemon->check_ms)
        return;
    daemon->check_ms = now_ms + CHECK_EVERY_MS;
    if (!tp_store_check(daemon->agent.store, &error))
        say_problem(daemon, error.text);
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* One turn: takes in what happened, does what is due, waits. */
static void turn(struct daemon *daemon)
{
    struct tp_agent *agent = &daemon->agent;
    struct tp_plan plan;

    if (agent->wake.identity_touched)
        take_identity(daemon);
    take_store(daemon);
    if (!agent->http) {
        tp_agent_wait(agent, try_enrolment(daemon));
        return;
    }
    plan = plan_now(daemon);
    if (plan.send || plan.heartbeat || plan.forms) {
        run_round(daemon, &plan);
        tp_wake_read(&agent->wake);
        return;
    }
    check_store(daemon);
    tp_agent_wait(agent, least(plan.wait_ms, daemon->look_ms ? daemon->look_ms : IDLE_MOST_MS));
    if (daemon->look_ms)
        daemon->look_ms = daemon->look_ms < LOOK_MOST_MS ? daemon->look_ms * 2 : 0;
}

int tp_command_run(const struct tp_options *options)
{
    struct daemon daemon = {.schedule.contact_every_ms = options->contact_s * 1000};
    struct tp_agent *agent = &daemon.agent;
    struct tp_error error;

    if (!tp_agent_open(agent, options, true, &error)) {
        tp_agent_close(agent);
        return tp_command_fail(&error);
    }
    daemon.check_ms = tp_clock_monotonic_ms(&agent->clock) + CHECK_FIRST_MS;
    tp_notify_open(&agent->notify, options->notify_socket, options->watchdog_usec);
    tp_notify_send(&agent->notify, "READY=1");
    while (!agent->wake.stop)
        turn(&daemon);
    tp_notify_send(&agent->notify, "STOPPING=1");
    tp_agent_close(agent);
    return TP_EXIT_DONE;
}

static int say_once(const struct tp_round_report *report)
{
    bool done = !report->end.failed && !report->end.barred && !report->end.left_over &&
                !report->end.download_failed && !report->set_aside && !report->end.waiting;

    printf("sent %zu, set aside %zu, %" PRIu64 " wait; %zu surveys changed\n", report->delivered,
           report->set_aside, report->end.waiting, report->switched);
    if (*report->words)
        (void)fprintf(stderr, "talkpoint-sync: %s\n", report->words);
    return done ? TP_EXIT_DONE : TP_EXIT_FAILED;
}

/* A code that an administrator has approved meanwhile is claimed first. */
static bool identify_once(struct tp_agent *agent, struct tp_error *error)
{
    struct tp_enrolment enrolment;
    struct tp_error problem = {0};
    struct tp_http *http;
    bool done = false;

    if (tp_agent_identify(agent, error))
        return true;
    if (error->code != TP_ERR_NOT_FOUND ||
        !tp_enrol_read(agent->options->state, &enrolment, &problem))
        return false;
    http = tp_agent_connect(agent, enrolment.store_url, NULL, error);
    if (http)
        done = tp_enrol_claim(agent->options->state, agent->store, http, &enrolment, &problem) ==
               TP_ENROL_DONE;
    if (http && !done && problem.code != TP_OK)
        *error = problem;
    tp_http_destroy(http);
    tp_enrol_wipe(&enrolment);
    return done && tp_agent_identify(agent, error);
}

int tp_command_once(const struct tp_options *options)
{
    struct tp_plan plan = {.send = true, .heartbeat = true, .forms = true};
    struct tp_round_report report;
    struct tp_agent agent;
    struct tp_error error = {0};
    struct tp_round round = {.clock = &agent.clock,
                             .identity = &agent.identity,
                             .state = options->state,
                             .may_go_on = tp_agent_may_go_on,
                             .context = &agent};
    int status;

    if (!tp_agent_open(&agent, options, true, &error) || !identify_once(&agent, &error)) {
        status = tp_command_fail(&error);
    } else {
        round.store = agent.store;
        round.http = agent.http;
        status = tp_round_run(&round, &plan, &report, &error) ? say_once(&report)
                                                              : tp_command_fail(&error);
    }
    tp_agent_close(&agent);
    return status;
}
