/* talkpoint-survey eval: one XPath expression on one XML file, as a survey would evaluate it. */
#include "form/eval.h"

#include <errno.h>
#include <getopt.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "tool/commands.h"

struct options {
    const char *file;
    const char *zone;
    bool json;
    struct tp_eval_request request;
};

static bool read_now(const char *text, int64_t *now_ms)
{
    char *end;

    errno = 0;
    *now_ms = strtoll(text, &end, 10);
    return !errno && end != text && !*end;
}

static const struct option names[] = {
    {"xml", required_argument, NULL, 'x'},      {"context", required_argument, NULL, 'c'},
    {"tz", required_argument, NULL, 'z'},       {"now", required_argument, NULL, 'n'},
    {"language", required_argument, NULL, 'l'}, {"json", no_argument, NULL, 'j'},
    {"help", no_argument, NULL, 'h'},           {NULL, 0, NULL, 0},
};

/* False where there is nothing to evaluate; *status says what to return then. */
static bool read_options(const struct tp_command *command, int argc, char **argv,
                         struct options *options, int *status)
{
    const char *last = NULL;
    int option;

    *options = (struct options){.request.now_ms = -1};
    optind = 1;
    opterr = 0;
    /* "-1" is an expression, not an option */
    if (argc > 1 && argv[argc - 1][0] == '-' && argv[argc - 1][1] != '-')
        last = argv[--argc];
    while ((option = getopt_long(argc, argv, "", names, NULL)) != -1) {
        switch (option) {
        case 'x':
            options->file = optarg;
            break;
        case 'c':
            options->request.context = optarg;
            break;
        case 'z':
            options->zone = optarg;
            break;
        case 'l':
            options->request.language = optarg;
            break;
        case 'j':
            options->json = true;
            break;
        case 'h':
            *status = tp_command_help(command);
            return false;
        case 'n':
            if (read_now(optarg, &options->request.now_ms))
                break;
            *status = tp_command_misuse(command, "'%.40s' is no number of milliseconds", optarg);
            return false;
        default:
            *status = tp_command_misuse(command, "'%.60s' is not understood", argv[optind - 1]);
            return false;
        }
    }
    if (last && optind == argc) {
        options->request.expression = last;
        return true;
    }
    if (last || optind + 1 != argc) {
        *status = tp_command_misuse(command, optind < argc ? "one expression at a time"
                                                           : "an expression is missing");
        return false;
    }
    options->request.expression = argv[optind];
    return true;
}

/* ---- printing ---- */

static json_t *number_json(double number)
{
    if (isnan(number))
        return json_string("NaN");
    if (isinf(number))
        return json_string(number < 0 ? "-Infinity" : "Infinity");
    return json_real(number);
}

/* {"kind":"nodeset","value":[PATH...],"values":[TEXT...]} and the like, as the conformance data. */
static json_t *result_json(const struct tp_eval_result *result)
{
    const char *line = tp_buf_text(&result->nodes);
    json_t *paths;
    json_t *texts;

    switch (result->kind) {
    case TP_EVAL_NUMBER:
        return json_pack("{s:s, s:o}", "kind", "number", "value", number_json(result->number));
    case TP_EVAL_BOOLEAN:
        return json_pack("{s:s, s:b}", "kind", "boolean", "value", result->boolean);
    case TP_EVAL_STRING:
        return json_pack("{s:s, s:s}", "kind", "string", "value", tp_buf_text(&result->text));
    case TP_EVAL_NODES:
        break;
    }
    paths = json_array();
    texts = json_array();
    for (size_t i = 0; i < result->node_count; i++) {
        size_t path = strcspn(line, "\t");
        size_t end = strcspn(line, "\n");

        (void)json_array_append_new(paths, json_stringn(line, path));
        (void)json_array_append_new(texts, json_stringn(line + path + 1, end - path - 1));
        line += end + 1;
    }
    return json_pack("{s:s, s:o, s:o, s:s}", "kind", "nodeset", "value", paths, "values", texts,
                     "string", tp_buf_text(&result->text));
}

static void print(const struct options *options, const struct tp_eval_result *result)
{
    if (options->json) {
        json_t *json = result_json(result);

        (void)json_dumpf(json, stdout, JSON_COMPACT | JSON_PRESERVE_ORDER);
        (void)putchar('\n');
        json_decref(json);
    } else if (result->kind == TP_EVAL_NODES) {
        (void)fputs(tp_buf_text(&result->nodes), stdout);
    } else {
        (void)puts(tp_buf_text(&result->text));
    }
}

static int evaluate(struct options *options, struct tp_error *error)
{
    const struct tp_clock clock = tp_clock_system();
    struct tp_eval_result result;
    int status = TP_EXIT_OK;

    if (options->request.now_ms < 0)
        options->request.now_ms = tp_clock_wall_ms(&clock);
    if (!tp_eval(&options->request, &result, error))
        return tp_command_fail(error);
    if (result.failed) {
        (void)tp_fail(error, TP_ERR_INVALID, "%s", result.failure);
        status = tp_command_fail(error);
    } else {
        print(options, &result);
    }
    tp_eval_finish(&result);
    return status;
}

int tp_command_eval(const struct tp_command *command, int argc, char **argv)
{
    struct options options;
    struct tp_zone *zone = NULL;
    struct tp_error error = {0};
    struct tp_buf xml;
    int status;

    if (!read_options(command, argc, argv, &options, &status))
        return status;
    tp_buf_init(&xml, TP_EVAL_BYTES_MAX);
    if ((options.file && !tp_file_read(options.file, &xml, &error)) ||
        !tp_zone_load(options.zone, &zone, &error)) {
        status = tp_command_fail(&error);
    } else {
        options.request.name = options.file;
        options.request.xml = options.file ? tp_buf_text(&xml) : NULL;
        options.request.length = xml.length;
        options.request.zone = zone;
        status = evaluate(&options, &error);
    }
    tp_zone_destroy(zone);
    tp_buf_finish(&xml);
    return status;
}
