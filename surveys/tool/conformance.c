/* talkpoint-survey conformance DIR: holds the converter against what pyxform made of the same
 * workbooks. DIR is laid out like the conformance data: forms/pyxform-generated (NAME.md and
 * NAME.xml), forms/xlsforms and forms/xlsforms-expected. */
#include <dirent.h>
#include <errno.h>
#include <getopt.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"
#include "form/xlsform.h"
#include "tool/commands.h"
#include "tool/meaning.h"

/* The largest form of the data is 2 MB. */
#define FORM_MAX (64u * 1024u * 1024u)

struct counts {
    size_t all;        /* workbooks seen */
    size_t agreed;     /* the same meaning, or refused where pyxform refuses */
    size_t not_built;  /* refused by name for a reason of the list */
    size_t comparable; /* all but those */
};

struct run {
    const char *folder;
    FILE *report; /* or NULL */
    struct counts counts;
};

static char *join(const char *folder, const char *name)
{
    return tp_asprintf("%s/%s", folder, name);
}

static void note(struct run *run, const char *name, const char *verdict, const char *reason)
{
    json_t *line;
    char *text;

    if (!run->report)
        return;
    line = json_pack("{s:s, s:s, s:s, s:s}", "set", "workbooks", "case", name, "verdict", verdict,
                     "reason", reason ? reason : "");
    text = line ? json_dumps(line, JSON_COMPACT) : NULL;
    if (text)
        (void)fprintf(run->report, "%s\n", text);
    free(text);
    json_decref(line);
}

static void agree(struct run *run, const char *name)
{
    run->counts.agreed++;
    note(run, name, "agreed", NULL);
}

static bool all_unsupported(const struct tp_problems *problems)
{
    for (size_t i = 0; i < problems->count; i++) {
        if (problems->items[i].severity == TP_SEVERITY_ERROR && !problems->items[i].unsupported)
            return false;
    }
    return problems->errors > 0;
}

static const char *first_error(const struct tp_problems *problems, struct tp_buf *line)
{
    for (size_t i = 0; i < problems->count; i++) {
        if (problems->items[i].severity == TP_SEVERITY_ERROR) {
            (void)tp_problem_line(&problems->items[i], line);
            return tp_buf_text(line);
        }
    }
    return "";
}

/* pyxform made something of it, and we refused. */
static void refused(struct run *run, const char *name, const struct tp_problems *problems)
{
    struct tp_buf line;

    tp_buf_init(&line, 8192);
    (void)first_error(problems, &line);
    if (all_unsupported(problems)) {
        run->counts.not_built++;
        note(run, name, "refused by name", tp_buf_text(&line));
    } else {
        note(run, name, "missed", tp_buf_text(&line));
    }
    tp_buf_finish(&line);
}

static void compare(struct run *run, const char *name, const char *expected_path,
                    const struct tp_xlsform *form)
{
    struct tp_meaning expected = {0};
    struct tp_meaning found = {0};
    struct tp_error error = {0};
    struct tp_buf bytes;
    char *difference = NULL;

    tp_buf_init(&bytes, FORM_MAX);
    if (!tp_file_read(expected_path, &bytes, &error) ||
        !tp_meaning_read(tp_buf_text(&bytes), bytes.length, NULL, &expected, &error) ||
        !tp_meaning_read(form->xml, form->xml_length, expected.root, &found, &error))
        difference = tp_strdup(error.text);
    else
        difference = tp_meaning_difference(&expected, &found);
    if (difference)
        note(run, name, "missed", difference);
    else
        agree(run, name);
    tp_free(difference);
    tp_meaning_finish(&found);
    tp_meaning_finish(&expected);
    tp_buf_finish(&bytes);
}

/* `known_as` is the file name that pyxform was given; it becomes the form's ID. */
static void one(struct run *run, const char *name, const char *path, const char *expected_path,
                const char *known_as)
{
    struct tp_workbook workbook = {0};
    struct tp_xlsform form = {0};
    struct tp_problems problems;
    struct tp_error error;
    struct stat about;
    bool expected = stat(expected_path, &about) == 0;
    bool converted = false;

    run->counts.all++;
    tp_problems_init(&problems);
    if (tp_workbook_read(path, &workbook, &error)) {
        tp_free(workbook.file);
        workbook.file = tp_strdup(known_as);
        converted = workbook.file && tp_xlsform_convert(&workbook, &problems, &form);
    } else if (error.code == TP_ERR_UNSUPPORTED) {
        tp_problems_refuse(&problems, NULL, NULL, "%s", error.text);
    } else {
        tp_problems_add(&problems, TP_SEVERITY_ERROR, NULL, NULL, "%s", error.text);
    }
    if (converted && expected)
        compare(run, name, expected_path, &form);
    else if (converted)
        note(run, name, "missed", "pyxform refuses it");
    else if (expected)
        refused(run, name, &problems);
    else
        agree(run, name);
    tp_xlsform_finish(&form);
    tp_problems_finish(&problems);
    tp_workbook_finish(&workbook);
}

static bool ends(const char *text, const char *ending)
{
    size_t length = strlen(text);
    size_t n = strlen(ending);

    return length > n && strcmp(text + length - n, ending) == 0;
}

/* NAME.ending -> FOLDER/NAME.xml */
static char *expected_of(const char *folder, const char *name)
{
    return tp_asprintf("%s/%.*s.xml", folder, (int)(strrchr(name, '.') - name), name);
}

static int not_hidden(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

/* Every workbook of a folder in order; false where there is no such folder. */
static bool walk(struct run *run, const char *workbooks, const char *expected, bool generated)
{
    char *from = join(run->folder, workbooks);
    char *to = join(run->folder, expected);
    struct dirent **entries = NULL;
    int count = from && to ? scandir(from, &entries, not_hidden, alphasort) : -1;

    for (int i = 0; i < count; i++) {
        const char *name = entries[i]->d_name;
        char *path = join(from, name);
        char *xml =
            ends(name, ".md") || ends(name, ".xlsx") || ends(name, ".xls") || ends(name, ".csv")
                ? expected_of(to, name)
                : NULL;

        /* A Markdown form without its XML is one nobody recorded an answer for. */
        if (path && xml)
            one(run, name, path, xml, generated ? "data.md" : name);
        tp_free(xml);
        tp_free(path);
        free(entries[i]);
    }
    free(entries);
    tp_free(from);
    tp_free(to);
    return count >= 0;
}

static int print_counts(struct run *run)
{
    struct counts *counts = &run->counts;

    counts->comparable = counts->all - counts->not_built;
    printf("conformance workbooks: %zu of %zu agreed, %zu of %zu all\n", counts->agreed,
           counts->comparable, counts->agreed + counts->not_built, counts->all);
    return TP_EXIT_OK;
}

int tp_command_conformance(const struct tp_command *command, int argc, char **argv)
{
    static const struct option known[] = {
        {"report", required_argument, NULL, 'r'}, {"help", no_argument, NULL, 'h'}, {0}};
    const char *report = NULL;
    struct run run = {0};
    struct tp_error error;
    int option;
    bool found;

    opterr = 0;
    while ((option = getopt_long(argc, argv, "h", known, NULL)) != -1) {
        if (option == 'h')
            return tp_command_help(command);
        if (option != 'r')
            return tp_command_misuse(command, "'%.60s' is not understood", argv[optind - 1]);
        report = optarg;
    }
    if (optind != argc - 1)
        return tp_command_misuse(command, "name the folder with the data");
    run.folder = argv[optind];
    if (report && !(run.report = fopen(report, "w"))) {
        (void)tp_fail_errno(&error, errno, "cannot write '%s'", report);
        return tp_command_fail(&error);
    }
    found = walk(&run, "forms/pyxform-generated", "forms/pyxform-generated", true);
    found = walk(&run, "forms/xlsforms", "forms/xlsforms-expected", false) || found;
    if (run.report)
        (void)fclose(run.report);
    if (!found) {
        printf("conformance workbooks: skipped, no data in '%s'\n", run.folder);
        return TP_EXIT_OK;
    }
    return print_counts(&run);
}
