#include "agent/stick.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/commands.h"
#include "agent/do/fetch.h"
#include "agent/round.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "store/settings.h"

/* A stick with 100,000 answers, on a slow machine. */
#define ANSWER_WAIT_MS (INT64_C(15) * 60 * 1000)
#define ANSWER_LOOK_MS INT64_C(100)

static void add_count(char words[TP_ERROR_TEXT_MAX], size_t count, const char *one,
                      const char *many)
{
    size_t length = strlen(words);

    if (count)
        (void)snprintf(words + length, TP_ERROR_TEXT_MAX - length, "%s%zu %s", length ? ", " : "",
                       count, count == 1 ? one : many);
}

bool tp_stick_words(const struct tp_stick_report *report, char words[TP_ERROR_TEXT_MAX])
{
    size_t length;

    words[0] = '\0';
    add_count(words, report->written, "answer put on the stick", "answers put on the stick");
    add_count(words, report->on_stick, "was on it already", "were on it already");
    add_count(words, report->done, "answer has arrived", "answers have arrived");
    add_count(words, report->taken, "answer of another screen taken in",
              "answers of other screens taken in");
    add_count(words, report->back, "answer that this screen had lost taken back",
              "answers that this screen had lost taken back");
    add_count(words, report->receipts, "receipt put on the stick", "receipts put on the stick");
    add_count(words, report->surveys, "survey changed", "surveys changed");
    add_count(words, report->notices ? 1 : 0, "new list of notices", "");
    add_count(words, report->refused, "file left alone", "files left alone");
    length = strlen(words);
    if (length == 0)
        (void)snprintf(words, TP_ERROR_TEXT_MAX, "nothing to do");
    else if (*report->words)
        (void)snprintf(words + length, TP_ERROR_TEXT_MAX - length, " (%s)", report->words);
    return length > 0;
}

/* A network that is not there is no failure here: what was taken in goes when there is one. */
static bool send_on(struct tp_agent *agent, struct tp_error *error)
{
    struct tp_plan plan = {.send = true};
    struct tp_round round = {.store = agent->store,
                             .http = agent->http,
                             .identity = &agent->identity,
                             .state = agent->options->state,
                             .clock = &agent->clock,
                             .may_go_on = tp_agent_may_go_on,
                             .context = agent};
    struct tp_round_report report;

    return tp_round_run(&round, &plan, &report, error);
}

bool tp_stick_run(struct tp_agent *agent, const struct tp_stick_visit *visit,
                  struct tp_stick_report *report, struct tp_error *error)
{
    struct tp_stick stick = {.store = agent->store,
                             .identity = &agent->identity,
                             .state = agent->options->state,
                             .clock = &agent->clock,
                             .folder = visit->folder,
                             .free_min = TP_FETCH_FREE_MIN,
                             .may_go_on = tp_agent_may_go_on,
                             .context = agent};

    *report = (struct tp_stick_report){0};
    if (agent->identity.kind != TP_STORE_TALKPOINT)
        return tp_fail(error, TP_ERR_UNSUPPORTED,
                       "this screen sends to an OpenRosa server, which signs no receipts; USB "
                       "sticks need a Talkpoint store");
    return (!visit->in || tp_stick_import(&stick, report, error)) &&
           (!visit->send || send_on(agent, error)) &&
           (!visit->out || tp_stick_export(&stick, report, error));
}

/* A folder of this machine's own disk is not a stick, unless somebody made it one. */
static bool is_stick(const char *folder)
{
    char *inside = tp_asprintf("%s/" TP_STICK_ROOT, folder);
    char *above = tp_asprintf("%s/..", folder);
    struct stat here;
    struct stat there;
    bool is =
        inside && above && stat(folder, &here) == 0 &&
        (access(inside, F_OK) == 0 || (stat(above, &there) == 0 && here.st_dev != there.st_dev));

    tp_free(inside);
    tp_free(above);
    return is;
}

void tp_stick_answer(struct tp_agent *agent, const char *folder)
{
    struct tp_stick_visit visit = {.folder = *folder ? folder : agent->options->stick_folder,
                                   .in = true,
                                   .send = true,
                                   .out = true};
    char said[TP_SETTING_VALUE_MAX];
    char words[TP_ERROR_TEXT_MAX];
    struct tp_stick_report report;
    struct tp_error error;

    if (!agent->http)
        (void)snprintf(words, sizeof(words), "this screen is not enrolled");
    else if (!*folder && !is_stick(visit.folder))
        (void)snprintf(words, sizeof(words), "there is no USB stick at '%s'", visit.folder);
    else if (tp_stick_run(agent, &visit, &report, &error))
        (void)tp_stick_words(&report, words);
    else
        (void)snprintf(words, sizeof(words), "%s", error.text);
    tp_utf8_to_words(words, said, sizeof(said));
    (void)fprintf(stderr, "talkpoint-sync: USB stick: %s\n", said);
    (void)tp_setting_set(agent->store, TP_SETTING_STICK_SAID, said, NULL);
}

/* ---- the commands ---- */

static bool run_here(struct tp_agent *agent, const struct tp_stick_visit *visit,
                     struct tp_error *error)
{
    char words[TP_ERROR_TEXT_MAX];
    struct tp_stick_report report;
    bool ok = tp_stick_run(agent, visit, &report, error);

    /* Also what was done before it failed. */
    if (tp_stick_words(&report, words) || ok)
        printf("%s\n", words);
    return ok;
}

/* The running agent does it, and says what came of it. */
static bool have_done(struct tp_agent *agent, const char *folder, struct tp_error *error)
{
    int64_t until_ms = tp_clock_monotonic_ms(&agent->clock) + ANSWER_WAIT_MS;
    char said[TP_SETTING_VALUE_MAX] = "";
    char *whole = realpath(folder, NULL);
    bool ok;

    if (!whole)
        return tp_fail_errno(error, errno, "cannot find '%s'", folder);
    ok = tp_agent_request_stick(agent->store, whole, error);
    free(whole);
    while (ok && !*said && !agent->wake.stop) {
        tp_agent_wait(agent, ANSWER_LOOK_MS);
        tp_wake_read(&agent->wake);
        ok = tp_setting_get(agent->store, TP_SETTING_STICK_SAID, "", said, sizeof(said), error) &&
             (*said || tp_clock_monotonic_ms(&agent->clock) < until_ms ||
              tp_fail(error, TP_ERR_IO, "the running talkpoint-sync does not answer"));
    }
    if (ok)
        printf("%s\n", said);
    return ok;
}

int tp_command_export(const struct tp_options *options)
{
    struct tp_stick_visit visit = {.folder = options->folder, .out = true};
    struct tp_agent agent;
    struct tp_error error = {0};
    int status = TP_EXIT_DONE;

    /* It changes nothing in the outbox, so it can go on beside a running agent. */
    if (!tp_agent_open(&agent, options, false, &error) || !tp_agent_identify(&agent, &error) ||
        !run_here(&agent, &visit, &error))
        status = tp_command_fail(&error);
    tp_agent_close(&agent);
    return status;
}

int tp_command_import(const struct tp_options *options)
{
    struct tp_stick_visit visit = {
        .folder = options->folder, .in = true, .send = true, .out = true};
    struct tp_agent agent;
    struct tp_error error = {0};
    bool ok = tp_agent_open(&agent, options, true, &error);

    if (ok) {
        ok = tp_agent_identify(&agent, &error) && run_here(&agent, &visit, &error);
    } else if (error.code == TP_ERR_CONFLICT) {
        tp_agent_close(&agent);
        ok = tp_agent_open(&agent, options, false, &error) &&
             have_done(&agent, options->folder, &error);
    }
    tp_agent_close(&agent);
    return ok ? TP_EXIT_DONE : tp_command_fail(&error);
}
