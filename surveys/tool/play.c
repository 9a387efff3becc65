/*
 * talkpoint-survey play FORM: a session driven by JSON lines on standard input, told as JSON lines:
 * {"init":STATE}, for each step the step with "after":STATE (or "refused":REASON), and at the end
 * {"final":STATE,"instanceXML":TEXT}.
 */
#include "form/play.h"

#include <errno.h>
#include <getopt.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/random.h"
#include "form/form.h"
#include "form/session.h"
#include "tool/commands.h"

#define LINE_MAX_BYTES ((size_t)1024 * 1024)

struct options {
    const char *form, *zone, *language;
    bool strict;
    bool fixed; /* the clock */
    int64_t now_ms;
};

static const struct option names[] = {
    {"tz", required_argument, NULL, 'z'},       {"now", required_argument, NULL, 'n'},
    {"language", required_argument, NULL, 'l'}, {"strict", no_argument, NULL, 's'},
    {"help", no_argument, NULL, 'h'},           {NULL, 0, NULL, 0},
};

static bool read_now(const char *text, struct options *options)
{
    char *end;

    errno = 0;
    options->now_ms = strtoll(text, &end, 10);
    options->fixed = true;
    return !errno && end != text && !*end;
}

/* False where there is nothing to play; *status says what to return then. */
static bool read_options(const struct tp_command *command, int argc, char **argv,
                         struct options *options, int *status)
{
    int option;

    *options = (struct options){0};
    optind = 1;
    opterr = 0;
    while ((option = getopt_long(argc, argv, "", names, NULL)) != -1) {
        switch (option) {
        case 'z':
            options->zone = optarg;
            break;
        case 'l':
            options->language = optarg;
            break;
        case 's':
            options->strict = true;
            break;
        case 'h':
            *status = tp_command_help(command);
            return false;
        case 'n':
            if (read_now(optarg, options))
                break;
            *status = tp_command_misuse(command, "'%.40s' is no number of milliseconds", optarg);
            return false;
        default:
            *status = tp_command_misuse(command, "'%.60s' is not understood", argv[optind - 1]);
            return false;
        }
    }
    if (optind + 1 != argc) {
        *status =
            tp_command_misuse(command, optind < argc ? "one form at a time" : "a form is missing");
        return false;
    }
    options->form = argv[optind];
    return true;
}

static void put_line(json_t *json)
{
    (void)json_dumpf(json, stdout, JSON_COMPACT | JSON_PRESERVE_ORDER);
    (void)putchar('\n');
    json_decref(json);
}

static void play_line(struct tp_session *session, const char *line)
{
    json_error_t problem;
    json_t *step = json_loads(line, 0, &problem);
    struct tp_error error = {0};

    if (!json_is_object(step)) {
        put_line(json_pack("{s:s}", "refused", step ? "a step must be an object" : problem.text));
    } else {
        if (!tp_play_step(session, step, &error))
            (void)json_object_set_new(step, "refused", json_string(error.text));
        (void)json_object_set_new(step, "after", tp_play_state(session));
        put_line(json_incref(step));
    }
    json_decref(step);
}

static bool play(struct tp_session *session, struct tp_error *error)
{
    char id[TP_SESSION_ID_MAX];
    struct tp_buf xml;
    char *line = NULL;
    size_t capacity = 0;
    ssize_t length;
    bool ok;

    put_line(json_pack("{s:o}", "init", tp_play_state(session)));
    while ((length = getline(&line, &capacity, stdin)) > 0)
        if ((size_t)length < LINE_MAX_BYTES && line[strspn(line, " \t\r\n")])
            play_line(session, line);
    free(line);
    tp_buf_init(&xml, TP_INSTANCE_MAX);
    ok = tp_session_finish(session, NULL, &xml, id, error);
    if (ok)
        put_line(json_pack("{s:o, s:s}", "final", tp_play_state(session), "instanceXML",
                           tp_buf_text(&xml)));
    tp_buf_finish(&xml);
    return ok;
}

int tp_command_play(const struct tp_command *command, int argc, char **argv)
{
    struct options options;
    struct tp_clock_fake standing;
    struct tp_session *session = NULL;
    struct tp_form *form = NULL;
    struct tp_zone *zone = NULL;
    struct tp_error error = {0};
    int status;
    bool ok;

    if (!read_options(command, argc, argv, &options, &status))
        return status;
    standing = (struct tp_clock_fake){.wall = options.now_ms};
    const struct tp_form_params form_params = {.lenient = !options.strict};
    ok = tp_zone_load(options.zone, &zone, &error) &&
         tp_form_load_file(options.form, &form_params, &form, &error);
    const struct tp_session_params params = {.clock = options.fixed ? tp_clock_from_fake(&standing)
                                                                    : tp_clock_system(),
                                             .random = tp_random_system(),
                                             .zone = zone,
                                             .language = options.language};
    ok = ok && tp_session_create(form, &params, &session, &error) && play(session, &error);
    status = ok ? TP_EXIT_OK : tp_command_fail(&error);
    tp_session_destroy(session);
    tp_form_destroy(form);
    tp_zone_destroy(zone);
    return status;
}
