/* talkpoint-sync: sends what residents answered, fetches surveys. docs/PROTOCOL.md is its contract.
 */
#include <signal.h>
#include <stdio.h>

#include "agent/commands.h"
#include "agent/net/http.h"
#include "agent/options.h"
#include "agent/wire/xml.h"

static int run_command(const struct tp_options *options)
{
    switch (options->command) {
    case TP_COMMAND_RUN:
        return tp_command_run(options);
    case TP_COMMAND_ONCE:
        return tp_command_once(options);
    case TP_COMMAND_ENROL:
        return tp_command_enrol(options);
    case TP_COMMAND_CONNECT:
        return tp_command_connect(options);
    case TP_COMMAND_STATUS:
        return tp_command_status(options);
    case TP_COMMAND_RETRY:
        return tp_command_retry(options);
    case TP_COMMAND_EXPORT:
        return tp_command_export(options);
    case TP_COMMAND_IMPORT:
        return tp_command_import(options);
    case TP_COMMAND_VERSION:
        (void)puts("talkpoint-sync " TP_VERSION);
        return TP_EXIT_DONE;
    case TP_COMMAND_HELP:
    default:
        (void)fputs(tp_options_help, stdout);
        return TP_EXIT_DONE;
    }
}

int main(int argc, char **argv)
{
    struct tp_options options;
    struct tp_error error;
    int status;

    /* A connection that breaks is an error to handle, not an end. */
    (void)signal(SIGPIPE, SIG_IGN);
    tp_xml_init();
    if (tp_options_read(argc, argv, &options, &error) && tp_http_global_init(&error))
        status = run_command(&options);
    else
        status = tp_command_fail(&error);
    tp_options_finish(&options);
    if (fflush(stdout) != 0 && status == TP_EXIT_DONE)
        status = TP_EXIT_FAILED;
    return status;
}
