#include "agent/options.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agent/net/http.h"
#include "base/config.h"
#include "base/mem.h"
#include "base/state_folder.h"

#define CONTACT_S 300L
#define CONTACT_S_MIN 10L
#define CONTACT_S_MAX (24L * 60 * 60)

const char *const tp_options_help =
    "talkpoint-sync sends what residents answered to the central store and fetches surveys.\n"
    "\n"
    "usage: talkpoint-sync [--state DIR] [--config INI]\n"
    "           run until stopped: send, fetch, and wait for more\n"
    "       talkpoint-sync --once\n"
    "           one round; exit status 0 where nothing is left to send\n"
    "       talkpoint-sync enrol --store URL --name NAME [--wait] [--replace]\n"
    "           ask the store to take this screen; shows the code to approve\n"
    "       talkpoint-sync connect SOURCE --name NAME [--user USER] [--password-file FILE]\n"
    "                      [--auth WAY] [--plain] [--replace]\n"
    "           send to ODK Central, KoboToolbox or another OpenRosa server instead: SOURCE is "
    "its\n"
    "           address, or a file (- is standard input) with it or with ODK Collect's settings\n"
    "       talkpoint-sync status [--json]\n"
    "           what waits, what was sent, the last contact and the last error\n"
    "       talkpoint-sync retry\n"
    "           offer again what the store refused\n"
    "       talkpoint-sync export DIR\n"
    "           put what waits on the USB stick at DIR; it stays here until a receipt comes back\n"
    "       talkpoint-sync import DIR\n"
    "           take in receipts, other screens' answers and surveys from it, send what can be\n"
    "           sent, and put on it what waits and the receipts for others\n"
    "\n"
    "  --state DIR   the device's folder ($STATE_DIRECTORY, else $XDG_STATE_HOME/talkpoint,\n"
    "                else ~/.local/state/talkpoint; of root without one " TP_STATE_OF_MACHINE ")\n"
    "  --config INI  settings (" TP_OPTIONS_CONFIG " where it exists)\n"
    "  --help, --version\n"
    "\n"
    "exit status: 0 done, 1 not done, 2 not understood. See talkpoint-sync(8).\n";

enum {
    OPTION_ONCE = 256,
    OPTION_STATE,
    OPTION_CONFIG,
    OPTION_STORE,
    OPTION_NAME,
    OPTION_WAIT,
    OPTION_REPLACE,
    OPTION_USER,
    OPTION_PASSWORD_FILE,
    OPTION_AUTH,
    OPTION_PLAIN,
    OPTION_JSON,
    OPTION_HELP,
    OPTION_VERSION
};

static const struct option long_options[] = {
    {"once", no_argument, NULL, OPTION_ONCE},
    {"state", required_argument, NULL, OPTION_STATE},
    {"config", required_argument, NULL, OPTION_CONFIG},
    {"store", required_argument, NULL, OPTION_STORE},
    {"name", required_argument, NULL, OPTION_NAME},
    {"wait", no_argument, NULL, OPTION_WAIT},
    {"replace", no_argument, NULL, OPTION_REPLACE},
    {"user", required_argument, NULL, OPTION_USER},
    {"password-file", required_argument, NULL, OPTION_PASSWORD_FILE},
    {"auth", required_argument, NULL, OPTION_AUTH},
    {"plain", no_argument, NULL, OPTION_PLAIN},
    {"json", no_argument, NULL, OPTION_JSON},
    {"help", no_argument, NULL, OPTION_HELP},
    {"version", no_argument, NULL, OPTION_VERSION},
    {NULL, 0, NULL, 0},
};

static const struct {
    const char *name;
    enum tp_command command;
} commands[] = {
    {"enrol", TP_COMMAND_ENROL}, {"connect", TP_COMMAND_CONNECT}, {"status", TP_COMMAND_STATUS},
    {"retry", TP_COMMAND_RETRY}, {"export", TP_COMMAND_EXPORT},   {"import", TP_COMMAND_IMPORT},
};

static bool set_state(struct tp_options *options, const char *state, struct tp_error *error)
{
    tp_free(options->state);
    options->state = tp_strdup(state);
    return options->state || tp_fail_memory(error);
}

static bool take_option(struct tp_options *options, int option, const char **config,
                        struct tp_error *error)
{
    switch (option) {
    case OPTION_ONCE:
        options->command = TP_COMMAND_ONCE;
        return true;
    case OPTION_STATE:
        return set_state(options, optarg, error);
    case OPTION_CONFIG:
        *config = optarg;
        return true;
    case OPTION_STORE:
        options->store = optarg;
        return true;
    case OPTION_NAME:
        options->name = optarg;
        return true;
    case OPTION_WAIT:
        options->wait = true;
        return true;
    case OPTION_REPLACE:
        options->replace = true;
        return true;
    case OPTION_USER:
        options->user = optarg;
        return true;
    case OPTION_PASSWORD_FILE:
        options->password_file = optarg;
        return true;
    case OPTION_AUTH:
        options->auth = optarg;
        return true;
    case OPTION_PLAIN:
        options->plain = true;
        return true;
    case OPTION_JSON:
        options->json = true;
        return true;
    case OPTION_HELP:
        options->command = TP_COMMAND_HELP;
        return true;
    case OPTION_VERSION:
        options->command = TP_COMMAND_VERSION;
        return true;
    default:
        return tp_fail(error, TP_ERR_MISUSE, "not understood; see talkpoint-sync --help");
    }
}

static bool take_command(struct tp_options *options, const char *word, struct tp_error *error)
{
    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
        if (strcmp(word, commands[i].name) == 0) {
            options->command = commands[i].command;
            return true;
        }
    }
    return tp_fail(error, TP_ERR_MISUSE, "'%s' is not a command; see talkpoint-sync --help", word);
}

static bool takes_folder(enum tp_command command)
{
    return command == TP_COMMAND_EXPORT || command == TP_COMMAND_IMPORT;
}

static bool check_arguments(const struct tp_options *options, struct tp_error *error)
{
    if (options->command == TP_COMMAND_ENROL && (!options->store || !options->name))
        return tp_fail(error, TP_ERR_MISUSE, "enrol needs --store URL and --name NAME");
    if (options->command == TP_COMMAND_CONNECT && (!options->source || !options->name))
        return tp_fail(error, TP_ERR_MISUSE,
                       "connect needs an address or a file of settings, and --name NAME");
    if (options->command != TP_COMMAND_ENROL && (options->store || options->wait))
        return tp_fail(error, TP_ERR_MISUSE, "--store and --wait belong to enrol");
    if (options->command != TP_COMMAND_CONNECT &&
        (options->user || options->password_file || options->auth || options->plain))
        return tp_fail(error, TP_ERR_MISUSE,
                       "--user, --password-file, --auth and --plain belong to connect");
    if (options->command != TP_COMMAND_ENROL && options->command != TP_COMMAND_CONNECT &&
        (options->name || options->replace))
        return tp_fail(error, TP_ERR_MISUSE, "--name and --replace belong to enrol and connect");
    if (options->json && options->command != TP_COMMAND_STATUS)
        return tp_fail(error, TP_ERR_MISUSE, "--json belongs to status");
    if (takes_folder(options->command) && !options->folder)
        return tp_fail(error, TP_ERR_MISUSE, "export and import need the folder of a USB stick");
    return true;
}

static bool read_arguments(int argc, char **argv, struct tp_options *options, const char **config,
                           struct tp_error *error)
{
    bool named = false;
    int option;

    optind = 1;
    opterr = 0;
    while ((option = getopt_long(argc, argv, "-", long_options, NULL)) != -1) {
        if (option == 1) {
            if (named && takes_folder(options->command) && !options->folder) {
                options->folder = optarg;
                continue;
            }
            if (named && options->command == TP_COMMAND_CONNECT && !options->source) {
                options->source = optarg;
                continue;
            }
            if (named)
                return tp_fail(error, TP_ERR_MISUSE, "one command at a time, not '%s' too", optarg);
            if (!take_command(options, optarg, error))
                return false;
            named = true;
        } else if (option == '?') {
            return tp_fail(error, TP_ERR_MISUSE,
                           "'%s' is not understood or lacks its value; see talkpoint-sync --help",
                           argv[optind - 1]);
        } else if (!take_option(options, option, config, error)) {
            return false;
        }
        if (options->command == TP_COMMAND_HELP || options->command == TP_COMMAND_VERSION)
            return true;
    }
    return check_arguments(options, error);
}

static bool copy_text(const struct tp_config *config, const char *section, const char *name,
                      char **out, struct tp_error *error)
{
    const char *text = tp_config_text(config, section, name, NULL);

    if (!text || !*text || strcmp(text, "none") == 0)
        return true;
    *out = tp_strdup(text);
    return *out || tp_fail_memory(error);
}

static bool read_window(const struct tp_config *config, struct tp_line_window *window,
                        struct tp_error *error)
{
    const char *text = tp_config_text(config, "line", "window", NULL);

    return !text || !*text || tp_line_window_read(text, window) ||
           tp_fail(error, TP_ERR_INVALID,
                   "[line] window: '%.40s' is not two times of day, like 20:00-06:00", text);
}

static bool read_config(struct tp_options *options, const char *path, struct tp_error *error)
{
    static const char *const known[] = {
        "sync.contact_s", "sync.connections",   "line.max_bytes_per_second",
        "line.window",    "sync.insecure_http", "sync.ca_file",
        "sync.proxy",     "stick.folder",       NULL};
    struct tp_config *config;
    bool ok;

    if (!path && access(TP_OPTIONS_CONFIG, R_OK) != 0)
        return true;
    config = tp_config_create();
    if (!config)
        return tp_fail_memory(error);
    ok = tp_config_read(config, path ? path : TP_OPTIONS_CONFIG, error) &&
         tp_config_check(config, known, error) &&
         tp_config_integer(config, "sync", "contact_s", CONTACT_S_MIN, CONTACT_S_MAX,
                           &options->contact_s, error) &&
         tp_config_integer(config, "sync", "connections", 1, TP_HTTP_CONNECTIONS_MAX,
                           &options->connections, error) &&
         tp_config_integer(config, "line", "max_bytes_per_second", 0, 1000000000,
                           &options->bytes_per_second, error) &&
         tp_config_flag(config, "sync", "insecure_http", &options->insecure_http, error) &&
         read_window(config, &options->window, error) &&
         copy_text(config, "sync", "ca_file", &options->ca_file, error) &&
         copy_text(config, "sync", "proxy", &options->proxy, error) &&
         copy_text(config, "stick", "folder", &options->stick_folder, error);
    tp_config_destroy(config);
    return ok;
}

bool tp_options_read(int argc, char **argv, struct tp_options *options, struct tp_error *error)
{
    const char *config = NULL;

    *options = (struct tp_options){.contact_s = CONTACT_S, .connections = TP_HTTP_CONNECTIONS};
    options->credentials = getenv("CREDENTIALS_DIRECTORY");
    options->notify_socket = getenv("NOTIFY_SOCKET");
    options->watchdog_usec = getenv("WATCHDOG_USEC");
    if (!read_arguments(argc, argv, options, &config, error))
        return false;
    if (options->command == TP_COMMAND_HELP || options->command == TP_COMMAND_VERSION)
        return true;
    if (!options->state)
        options->state =
            tp_state_folder(getenv("STATE_DIRECTORY"), getenv("XDG_STATE_HOME"), getenv("HOME"));
    if (!options->state)
        return tp_fail_memory(error);
    if (!tp_state_folder_is_ours(options->state, "talkpoint-sync", error) ||
        !read_config(options, config, error))
        return false;
    if (!options->stick_folder)
        options->stick_folder = tp_strdup(TP_OPTIONS_STICK_FOLDER);
    return options->stick_folder || tp_fail_memory(error);
}

void tp_options_finish(struct tp_options *options)
{
    tp_free(options->state);
    tp_free(options->ca_file);
    tp_free(options->proxy);
    tp_free(options->stick_folder);
    *options = (struct tp_options){0};
}
