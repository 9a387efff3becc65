/* talkpoint-survey convert IN OUT: the endings say from what to what. */
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/file.h"
#include "form/workbook.h"
#include "form/xlsform.h"
#include "tool/commands.h"
#include "tool/package.h"

static bool ends(const char *path, const char *ending)
{
    size_t length = strlen(path);
    size_t n = strlen(ending);

    return length > n && strcasecmp(path + length - n, ending) == 0;
}

static bool is_folder(const char *path)
{
    struct stat about;

    return ends(path, "/") || (stat(path, &about) == 0 && S_ISDIR(about.st_mode));
}

static int to_xml(const char *in, const char *out)
{
    struct tp_problems problems;
    struct tp_xlsform form;
    struct tp_error error;
    int status = TP_EXIT_FAILURE;

    tp_problems_init(&problems);
    if (tp_xlsform_read(in, &problems, &form)) {
        status = tp_file_write_atomic(out, form.xml, form.xml_length, 0644, &error)
                     ? TP_EXIT_OK
                     : tp_command_fail(&error);
        tp_xlsform_finish(&form);
    }
    tp_print_problems(&problems);
    tp_problems_finish(&problems);
    return status;
}

static int to_package(const char *in, const char *out)
{
    const struct tp_package_options options = {.odk = false};
    struct tp_problems problems;
    struct tp_error error;
    int status = TP_EXIT_OK;

    tp_problems_init(&problems);
    if (!tp_package_make(in, out, &options, &problems, &error))
        status = error.code == TP_OK ? TP_EXIT_FAILURE : tp_command_fail(&error);
    tp_print_problems(&problems);
    tp_problems_finish(&problems);
    return status;
}

static bool write_markdown(const struct tp_workbook *workbook, const char *out,
                           struct tp_error *error)
{
    struct tp_buf text;
    bool written;

    tp_buf_init(&text, 2 * TP_WORKBOOK_TEXT_MAX);
    written = tp_workbook_write_markdown(workbook, &text)
                  ? tp_file_write_atomic(out, tp_buf_text(&text), text.length, 0644, error)
                  : tp_fail_memory(error);
    tp_buf_finish(&text);
    return written;
}

static int to_workbook(const char *in, const char *out)
{
    struct tp_workbook workbook;
    struct tp_error error;
    bool written;

    if (!tp_workbook_read(in, &workbook, &error))
        return tp_command_fail(&error);
    written = ends(out, ".md") ? write_markdown(&workbook, out, &error)
                               : tp_workbook_write_xlsx(&workbook, out, &error);
    tp_workbook_finish(&workbook);
    return written ? TP_EXIT_OK : tp_command_fail(&error);
}

int tp_command_convert(const struct tp_command *command, int argc, char **argv)
{
    const char *out;

    if (argc == 2 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0))
        return tp_command_help(command);
    if (argc != 3 || *argv[1] == '-')
        return tp_command_misuse(command, "name a workbook and what to make of it");
    out = argv[2];
    if (ends(out, ".xml"))
        return to_xml(argv[1], out);
    if (ends(out, ".xlsx") || ends(out, ".md"))
        return to_workbook(argv[1], out);
    if (is_folder(out))
        return to_package(argv[1], out);
    return tp_command_misuse(
        command, "'%.100s' must end in .xml, .xlsx or .md, or be a folder (ending in /)", out);
}
