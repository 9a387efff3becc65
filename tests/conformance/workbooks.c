/* Holds the converter against what pyxform made of the same workbooks: forms/pyxform-generated
 * (NAME.md and NAME.xml), forms/xlsforms and forms/xlsforms-expected. What is refused by name for a
 * reason of the list (location, photographs, entities, .xls ...) counts as passed, not as agreed.
 */
#include <dirent.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"
#include "conformance.h"
#include "form/xlsform.h"
#include "meaning.h"

/* The largest form of the data is 2 MB. */
#define FORM_MAX (64u * 1024u * 1024u)

static void add(struct tally *tally, bool agreed, bool passed, const char *name, const char *why)
{
    json_t *id = json_string(name);

    tally_add(tally, agreed, passed, id, name, why);
    json_decref(id);
}

static char *join(const char *folder, const char *name)
{
    return tp_asprintf("%s/%s", folder, name);
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
static void refused(struct tally *tally, const char *name, const struct tp_problems *problems)
{
    struct tp_buf line;

    tp_buf_init(&line, 8192);
    (void)first_error(problems, &line);
    if (all_unsupported(problems))
        add(tally, false, true, name, "");
    else
        add(tally, true, false, name, tp_buf_text(&line));
    tp_buf_finish(&line);
}

static void compare(struct tally *tally, const char *name, const char *expected_path,
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
    add(tally, true, !difference, name, difference ? difference : "");
    tp_free(difference);
    tp_meaning_finish(&found);
    tp_meaning_finish(&expected);
    tp_buf_finish(&bytes);
}

/* `known_as` is the file name that pyxform was given; it becomes the form's ID. */
static void one(struct tally *tally, const char *name, const char *path, const char *expected_path,
                const char *known_as)
{
    struct tp_workbook workbook = {0};
    struct tp_xlsform form = {0};
    struct tp_problems problems;
    struct tp_error error;
    struct stat about;
    bool expected = stat(expected_path, &about) == 0;
    bool converted = false;

    tp_problems_init(&problems);
    if (tp_workbook_read(path, &workbook, &error)) {
        tp_free(workbook.file);
        workbook.file = tp_strdup(known_as);
        converted = workbook.file && tp_xlsform_convert_lenient(&workbook, &problems, &form);
    } else if (error.code == TP_ERR_UNSUPPORTED) {
        tp_problems_refuse(&problems, NULL, NULL, "%s", error.text);
    } else {
        tp_problems_add(&problems, TP_SEVERITY_ERROR, NULL, NULL, "%s", error.text);
    }
    if (converted && expected)
        compare(tally, name, expected_path, &form);
    else if (expected)
        refused(tally, name, &problems);
    else
        add(tally, true, !converted, name, "pyxform refuses it");
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
static bool walk(struct tally *tally, const char *folder, const char *workbooks,
                 const char *expected, bool generated)
{
    char *from = join(folder, workbooks);
    char *to = join(folder, expected);
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
            one(tally, name, path, xml, generated ? "data.md" : name);
        tp_free(xml);
        tp_free(path);
        free(entries[i]);
    }
    free(entries);
    tp_free(from);
    tp_free(to);
    return count >= 0;
}

void run_workbooks(const char *folder, struct tally *tally)
{
    bool generated =
        walk(tally, folder, "forms/pyxform-generated", "forms/pyxform-generated", true);
    bool real = walk(tally, folder, "forms/xlsforms", "forms/xlsforms-expected", false);

    if (!generated && !real)
        (void)fprintf(stderr, "conformance: workbooks: skipped: no folder forms\n");
}
