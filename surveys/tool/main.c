/* talkpoint-survey: checks and converts the workbooks that surveys are written in. */
#include <locale.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "tool/commands.h"

static const struct tp_command commands[] = {
    {"check", "FILE...", "say in plain words what is wrong with workbooks",
     "  --format text|json   lines for people (text, the default) or JSON\n"
     "  --no-standards       leave out the minimum standards; check only that it converts\n",
     tp_command_check},
    {"convert", "IN OUT",
     "workbook to XForm (.xml) or package (a folder); .md, .csv and .xlsx to "
     "each other",
     NULL, tp_command_convert},
    {"package", "[--odk] IN FOLDER",
     "make the folder that a screen, the central store or (--odk) ODK Central takes", NULL,
     tp_command_package},
    {"preview", "SURVEY FOLDER", "draw every page of a survey as the screen shows it",
     "  --mode standard|easy-read\n"
     "  --theme NAME         standard, cream, white-on-black, yellow-on-black, soft\n"
     "  --size NAME          small, medium, large, largest\n"
     "  --language TAG       en, pl, ar ...\n"
     "  --display WxH@MM     pixels, and the width in millimetres (1920x1080@476)\n",
     tp_command_preview},
    {"eval", "EXPRESSION", "evaluate an XPath expression as a survey does",
     "  --xml FILE           the document; without it there is none\n"
     "  --context PATH       the context node: /*[1]/*[2]/@id, /data/r[2]/q\n"
     "  --tz ZONE            Europe/London ...; the machine's own\n"
     "  --now MS             the time, in milliseconds since 1970\n"
     "  --language TAG       for names of days and months\n"
     "  --json               the kind and the value as JSON\n",
     tp_command_eval},
    {"play", "FORM", "answer an XForm by JSON lines, and tell its state after each",
     "  --tz ZONE, --now MS, --language TAG\n"
     "  --strict             refuse what a screen cannot ask\n",
     tp_command_play},
};

#define COMMAND_COUNT (sizeof(commands) / sizeof(commands[0]))

int tp_command_help(const struct tp_command *command)
{
    printf("usage: talkpoint-survey %s %s%s\n\n%c%s.\n", command->name,
           command->options ? "[OPTION...] " : "", command->arguments,
           command->summary[0] >= 'a' && command->summary[0] <= 'z' ? command->summary[0] - 32
                                                                    : command->summary[0],
           command->summary + 1);
    if (command->options)
        printf("\n%s", command->options);
    return TP_EXIT_OK;
}

int tp_command_misuse(const struct tp_command *command, const char *format, ...)
{
    va_list args;

    (void)fputs("talkpoint-survey: ", stderr);
    va_start(args, format);
    (void)vfprintf(stderr, format, args);
    va_end(args);
    if (command)
        (void)fprintf(stderr, "; usage: talkpoint-survey %s %s%s\n", command->name,
                      command->options ? "[OPTION...] " : "", command->arguments);
    else
        (void)fputs("; try 'talkpoint-survey --help'\n", stderr);
    return TP_EXIT_MISUSE;
}

int tp_command_fail(const struct tp_error *error)
{
    (void)fprintf(stderr, "talkpoint-survey: %s\n", error->text);
    return TP_EXIT_FAILURE;
}

static int help(void)
{
    printf("usage: talkpoint-survey COMMAND ...\n\n"
           "Checks and converts the workbooks that surveys are written in.\n\n");
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        printf("  %-12s %-14s %s\n", commands[i].name, commands[i].arguments, commands[i].summary);
    printf("\n  --help, --version\n\n"
           "'talkpoint-survey COMMAND --help' says more. Exit status: 0 done, 1 errors were "
           "found\nor it could not be done, 2 the command line was not understood.\n");
    return TP_EXIT_OK;
}

static int run(int argc, char **argv)
{
    if (argc < 2)
        return tp_command_misuse(NULL, "a command is missing");
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
        return help();
    if (strcmp(argv[1], "--version") == 0) {
        printf("talkpoint-survey %s\n", TP_VERSION);
        return TP_EXIT_OK;
    }
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        if (strcmp(commands[i].name, argv[1]) == 0)
            return commands[i].run(&commands[i], argc - 1, argv + 1);
    }
    return tp_command_misuse(NULL, "'%.60s' is not a command", argv[1]);
}

int main(int argc, char **argv)
{
    int status = run(argc, argv);

    if (fflush(stdout) != 0 || ferror(stdout)) {
        (void)fprintf(stderr, "talkpoint-survey: cannot write the output\n");
        return TP_EXIT_FAILURE;
    }
    return status;
}
