/*
 * talkpoint-central: the central store. See talkpoint-central(8) and docs/PROTOCOL.md.
 */
#include <stdio.h>
#include <string.h>

#include "central/cli/cli.h"
#include "form/xml.h"

struct command {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *usage;
    const char *what;
};

/* Every command there is. */
static const struct command commands[] = {
    {"init", tp_cli_init,
     "[--admin NAME] [--password-file FILE | --password-stdin] [--sealing-key-apart FILE]",
     "make the keys, the database and the first administrator"},
    {"serve", tp_cli_serve,
     "[--listen HOST:PORT] [--certificate PEM --certificate-key PEM] [--verbose]",
     "serve devices and administrators (the default)"},
    {"approve", tp_cli_approve, "CODE [--name NAME]", "approve the screen that shows this code"},
    {"devices", tp_cli_devices, "", "list the screens"},
    {"revoke", tp_cli_revoke, "NAME|ID", "take a screen off"},
    {"publish", tp_cli_publish, "FILE|DIR...", "check and publish workbooks or package folders"},
    {"close", tp_cli_close, "FORM", "close a survey now"},
    {"reopen", tp_cli_reopen, "FORM", "open again what was closed by hand"},
    {"export", tp_cli_export,
     "--form FORM [--format csv|json] [--labels | --codes] [--language TAG] [--bom] [--practice] "
     "[--no-equality] [--key FILE] [--media FOLDER]",
     "write the answers to standard output"},
    {"adopt", tp_cli_adopt, "FILE", "copy a store in an SQLite file into the PostgreSQL of --db"},
    {"import", tp_cli_import, "STICK",
     "take in answers from a USB stick; leave receipts and surveys on it"},
    {"backup", tp_cli_backup, "FILE", "copy the database while it is in use"},
    {"seal", tp_cli_seal, "FILE", "seal a file to the store's key, to standard output"},
    {"unseal", tp_cli_unseal, "[--key FILE] [--media FOLDER] FILE...",
     "open sealed answers; '-' is standard input"},
    {"rotate", tp_cli_rotate, "[--sealing-key-apart FILE]", "make a new sealing key"},
    {"withdraw", tp_cli_withdraw, "--form FORM CODE [--key FILE] | --instance ID",
     "delete the response with this receipt code or instance ID"},
    {"tidy", tp_cli_tidy, "", "delete now what is kept no longer, as the server does every day"},
    {"password", tp_cli_password, "NAME [--password-file FILE | --password-stdin]",
     "set an administrator's password"},
};

#define COMMAND_COUNT (sizeof(commands) / sizeof(commands[0]))

static int help(void)
{
    (void)printf("usage: talkpoint-central COMMAND --data DIR [--config INI] [--db URL] ...\n\n");
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        (void)printf("  %s %s\n      %s\n", commands[i].name, commands[i].usage, commands[i].what);
    (void)printf("\n  --help, --version\n\nSee talkpoint-central(8).\n");
    return TP_EXIT_DONE;
}

static int run(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
            return help();
        if (strcmp(argv[i], "--version") == 0) {
            (void)printf("talkpoint-central %s\n", TP_VERSION);
            return TP_EXIT_DONE;
        }
    }
    if (argc < 2 || argv[1][0] == '-')
        return tp_cli_serve(argc, argv);
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        if (strcmp(argv[1], commands[i].name) == 0)
            return commands[i].run(argc - 1, argv + 1);
    }
    return tp_cli_misuse("unknown command '%s'", argv[1]);
}

int main(int argc, char **argv)
{
    struct tp_error error;
    int status;

    tp_xml_init();
    status = run(argc, argv);
    /* What was not written was not said, whatever was done. */
    if ((fflush(stdout) != 0 || ferror(stdout)) && status == TP_EXIT_DONE) {
        tp_fail(&error, TP_ERR_IO, "cannot write to standard output");
        status = tp_cli_fail(&error);
    }
    return status;
}
