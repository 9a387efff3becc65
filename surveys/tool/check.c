/* talkpoint-survey check FILE...: every problem of each workbook, in plain words or as JSON. */
#include <getopt.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "form/form.h"
#include "form/lint.h"
#include "form/workbook.h"
#include "form/xlsform.h"
#include "kiosk/library_check.h"
#include "tool/commands.h"
#include "tool/package.h"

struct options {
    bool json;
    bool standards;
};

static void check_key(const struct tp_form *form, const struct tp_place *place,
                      struct tp_problems *problems)
{
    struct tp_error error;

    if (!tp_survey_check_key(form, &error))
        tp_problems_add(problems, TP_SEVERITY_ERROR, place, NULL, "%s", error.text);
}

/* A workbook as the screen will load it, with the files beside it as far as they are there: its
 * key, and what stands in the files. */
static void check_as_loaded(const char *path, const struct tp_workbook *workbook,
                            const struct tp_xlsform *made, struct tp_problems *problems)
{
    const struct tp_workbook_sheet *settings = tp_workbook_sheet(workbook, "settings");
    const struct tp_place key = {.file = workbook->file,
                                 .sheet = "settings",
                                 .row =
                                     settings && settings->count > 1 ? settings->rows[1].number : 0,
                                 .column = "public_key"};
    const struct tp_place place = {.file = workbook->file};
    char *media = tp_package_media_folder(path);
    const struct tp_form_params params = {
        .lenient = true, .media_dir = media, .media_may_be_missing = true};
    struct tp_form *form;
    struct tp_error error;
    const char *file;

    if (tp_form_load(made->form_id, made->xml, made->xml_length, &params, &form, &error)) {
        check_key(form, &key, problems);
        tp_form_check_names(form, problems);
        tp_form_destroy(form);
    } else if ((file = strstr(error.text, "instance '"))) {
        /* Before it stands a line of the form that was made, which no author has seen. */
        tp_problems_add(problems, TP_SEVERITY_ERROR, &place, NULL, "%s", file);
    }
    tp_free(media);
}

/* An XForm has no rows; the engine says what is wrong with it, line by line. */
static void check_form(const char *path, struct tp_problems *problems)
{
    const struct tp_form_params params = {.problems = problems};
    size_t before = problems->errors;
    struct tp_form *form;
    struct tp_error error;

    if (!tp_form_load_file(path, &params, &form, &error)) {
        if (problems->errors == before) /* the file could not be read at all */
            tp_problems_add(problems, TP_SEVERITY_ERROR, NULL, NULL, "%s", error.text);
        return;
    }
    check_key(form, &(struct tp_place){.file = path}, problems);
    tp_form_check_names(form, problems);
    tp_form_destroy(form);
}

static bool is_form(const char *path)
{
    size_t length = strlen(path);

    return length > 4 && strcasecmp(path + length - 4, ".xml") == 0;
}

static void check_file(const char *path, const struct options *options,
                       struct tp_problems *problems)
{
    static const struct tp_lint_options standards = {.sum_translations = true};
    struct tp_workbook workbook;
    struct tp_xlsform form;
    struct tp_error error;

    if (is_form(path)) {
        check_form(path, problems);
        return;
    }
    if (!tp_workbook_read(path, &workbook, &error)) {
        tp_problems_add(problems, TP_SEVERITY_ERROR, NULL, NULL, "%s", error.text);
        return;
    }
    if (tp_xlsform_convert(&workbook, problems, &form)) {
        check_as_loaded(path, &workbook, &form, problems);
        tp_xlsform_finish(&form);
    }
    if (options->standards)
        tp_lint(&workbook, &standards, problems);
    tp_workbook_finish(&workbook);
}

static json_t *optional(const char *text)
{
    json_t *value = text ? json_string(text) : NULL;

    return value ? value : json_null();
}

static json_t *problem_json(const struct tp_problem *problem)
{
    return json_pack("{s:s, s:b, s:o, s:o, s:i, s:o, s:o, s:o}", "severity",
                     problem->severity == TP_SEVERITY_ERROR ? "error" : "warning", "unsupported",
                     problem->unsupported, "file", optional(problem->file), "sheet",
                     optional(problem->sheet), "row", (int)problem->row, "column",
                     optional(problem->column), "value", optional(problem->value), "text",
                     optional(problem->text));
}

static json_t *list_json(const struct tp_problems *problems)
{
    json_t *list = json_array();

    for (size_t i = 0; list && i < problems->count; i++)
        (void)json_array_append_new(list, problem_json(&problems->items[i]));
    return list;
}

static bool print_json(const char *path, const struct tp_problems *problems)
{
    json_t *file;
    char *text;
    bool printed;

    file = json_pack("{s:s, s:I, s:I, s:o}", "file", path, "errors", (json_int_t)problems->errors,
                     "warnings", (json_int_t)problems->warnings, "problems", list_json(problems));
    text = file ? json_dumps(file, JSON_COMPACT) : NULL;
    printed = text != NULL;
    if (text)
        printf("%s\n", text);
    free(text);
    json_decref(file);
    return printed;
}

static void print_lines(const char *path, const struct tp_problems *problems)
{
    tp_print_problems(problems);
    if (problems->errors)
        printf("%s: %zu error%s and %zu warning%s\n", path, problems->errors,
               problems->errors == 1 ? "" : "s", problems->warnings,
               problems->warnings == 1 ? "" : "s");
    else if (problems->warnings)
        printf("%s: good, with %zu warning%s\n", path, problems->warnings,
               problems->warnings == 1 ? "" : "s");
    else
        printf("%s: good\n", path);
}

int tp_command_check(const struct tp_command *command, int argc, char **argv)
{
    static const struct option known[] = {{"format", required_argument, NULL, 'f'},
                                          {"no-standards", no_argument, NULL, 'n'},
                                          {"help", no_argument, NULL, 'h'},
                                          {0}};
    struct options options = {.standards = true};
    int status = TP_EXIT_OK;
    int option;

    opterr = 0;
    while ((option = getopt_long(argc, argv, "h", known, NULL)) != -1) {
        if (option == 'h')
            return tp_command_help(command);
        if (option == 'n')
            options.standards = false;
        else if (option == 'f' && strcmp(optarg, "json") == 0)
            options.json = true;
        else if (option != 'f' || strcmp(optarg, "text") != 0)
            return tp_command_misuse(command, "'%.60s' is not understood", argv[optind - 1]);
    }
    if (optind == argc)
        return tp_command_misuse(command, "name a workbook to check");
    for (int i = optind; i < argc; i++) {
        struct tp_problems problems;

        tp_problems_init(&problems);
        check_file(argv[i], &options, &problems);
        if (options.json && !print_json(argv[i], &problems))
            status = TP_EXIT_FAILURE;
        if (!options.json)
            print_lines(argv[i], &problems);
        if (problems.errors)
            status = TP_EXIT_FAILURE;
        tp_problems_finish(&problems);
    }
    return status;
}
