/* See app_options.h. */
#include "kiosk/app_options.h"

#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/state_folder.h"

#define DEFAULT_FILE "/etc/talkpoint/kiosk.ini"

const char tp_options_help[] =
    "Usage: talkpoint-kiosk [OPTION]...\n"
    "Shows surveys on a touchscreen and keeps the answers sealed until they are sent.\n"
    "\n"
    "  --config FILE       settings (default " DEFAULT_FILE ", where it is there)\n"
    "  --state DIR         the device's folder (default $STATE_DIRECTORY, else\n"
    "                      $XDG_STATE_HOME/talkpoint, else ~/.local/state/talkpoint;\n"
    "                      of root without one " TP_STATE_OF_MACHINE ")\n"
    "  --surveys DIR       also offer consultations as authors keep them\n"
    "  --windowed WxH      a window of this many pixels instead of the whole screen\n"
    "  --width-mm N        the true width of the picture in millimetres\n"
    "  --distance-mm N     how far the eyes are from it\n"
    "  --offscreen         draw in memory only; --windowed says how large\n"
    "  --script FILE       be a scripted resident; exit when the script ends\n"
    "  --fake-clock        with --script: time stands still but for its `wait` lines\n"
    "  --speech-log FILE   with --script: write what is read aloud to a file, without a sound\n"
    "  --screenshot FILE   draw the welcome page to a PNG file and exit\n"
    "  --locale DIR        where the interface's translations are\n"
    "  --self-test         say whether this screen is ready, line by line, and exit\n"
    "  --set-pin           ask for the staff PIN and keep its hash in the device's folder\n"
    "  --help, --version\n";

#define FIELD(name) offsetof(struct tp_settings, name), sizeof(((struct tp_settings *)0)->name)

struct option {
    const char *name;
    size_t offset, size;
    enum { PATH, PIXELS, MILLIMETRES, SWITCH, TASK, CONFIG } kind;
    enum tp_task task;
};

static const struct option options[] = {
    {"--config", 0, 0, CONFIG, 0},
    {"--state", FIELD(state), PATH, 0},
    {"--surveys", FIELD(surveys), PATH, 0},
    {"--script", FIELD(script), PATH, 0},
    {"--speech-log", FIELD(speech_log), PATH, 0},
    {"--screenshot", FIELD(screenshot), PATH, 0},
    {"--locale", FIELD(locale), PATH, 0},
    {"--windowed", 0, 0, PIXELS, 0},
    {"--width-mm", FIELD(width_mm), MILLIMETRES, 0},
    {"--distance-mm", FIELD(viewing_distance_mm), MILLIMETRES, 0},
    {"--offscreen", FIELD(offscreen), SWITCH, 0},
    {"--fake-clock", FIELD(fake_clock), SWITCH, 0},
    {"--self-test", 0, 0, TASK, TP_TASK_SELF_TEST},
    {"--set-pin", 0, 0, TASK, TP_TASK_SET_PIN},
    {"--help", 0, 0, TASK, TP_TASK_HELP},
    {"--version", 0, 0, TASK, TP_TASK_VERSION},
};

static bool copy_path(char *to, size_t size, const char *path, const char *option,
                      struct tp_error *error)
{
    if (strlen(path) >= size)
        return tp_fail(error, TP_ERR_LIMIT, "%s is longer than %zu bytes", option, size - 1);
    (void)snprintf(to, size, "%s", path);
    return true;
}

static const struct option *find_option(const char *name)
{
    for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
        if (strcmp(options[i].name, name) == 0)
            return &options[i];
    return NULL;
}

static bool read_pixels(struct tp_settings *settings, const char *text, struct tp_error *error)
{
    char *at;
    long width = strtol(text, &at, 10), height = 0;

    if (*at == 'x')
        height = strtol(at + 1, &at, 10);
    if (*at || width < 320 || height < 240 || width > 16384 || height > 16384)
        return tp_fail(error, TP_ERR_MISUSE,
                       "--windowed '%s' is no size in pixels; write it like 1280x800", text);
    settings->window_width = (int)width;
    settings->window_height = (int)height;
    settings->full_screen = false;
    return true;
}

static bool read_millimetres(const char *name, const char *text, double *millimetres,
                             struct tp_error *error)
{
    char *end;
    double value = strtod(text, &end);

    if (end == text || *end || !isfinite(value) || value < 50 || value > 5000)
        return tp_fail(error, TP_ERR_MISUSE, "%s '%s' is no length from 50 to 5000 mm", name, text);
    *millimetres = value;
    return true;
}

static bool apply_option(struct tp_settings *settings, const struct option *option,
                         const char *value, enum tp_task *task, struct tp_error *error)
{
    char *field = (char *)settings + option->offset;

    switch (option->kind) {
    case PATH:
        return copy_path(field, option->size, value, option->name, error);
    case PIXELS:
        return read_pixels(settings, value, error);
    case MILLIMETRES:
        return read_millimetres(option->name, value, (double *)(void *)field, error);
    case SWITCH:
        *(bool *)field = true;
        break;
    case TASK:
        *task = option->task;
        break;
    case CONFIG:
        break;
    }
    return true;
}

static bool takes_value(const struct option *option)
{
    return option->kind != SWITCH && option->kind != TASK;
}

/* The file the command line names must be there; the default one need not. */
static bool read_file(struct tp_settings *settings, int argc, char **argv, struct tp_error *error)
{
    const char *path = NULL;

    for (int i = 1; i + 1 < argc; i++)
        if (strcmp(argv[i], "--config") == 0)
            path = argv[i + 1];
    if (!copy_path(settings->config, sizeof(settings->config), path ? path : DEFAULT_FILE,
                   "--config", error))
        return false;
    if (!path && access(settings->config, F_OK) != 0)
        return true;
    return tp_settings_read(settings, settings->config, error);
}

bool tp_options_read(struct tp_settings *settings, int argc, char **argv, enum tp_task *task,
                     struct tp_error *error)
{
    struct tp_settings changed = *settings;
    enum tp_task wanted = TP_TASK_RUN;

    if (!read_file(&changed, argc, argv, error))
        return false;
    for (int i = 1; i < argc; i++) {
        const struct option *option = find_option(argv[i]);
        const char *value = NULL;

        if (!option)
            return tp_fail(error, TP_ERR_MISUSE, "'%s' is no option; see --help", argv[i]);
        if (takes_value(option)) {
            if (i + 1 == argc)
                return tp_fail(error, TP_ERR_MISUSE, "%s needs a value; see --help", argv[i]);
            value = argv[++i];
        }
        if (!apply_option(&changed, option, value, &wanted, error))
            return false;
    }
    if (changed.fake_clock && !changed.script[0])
        return tp_fail(error, TP_ERR_MISUSE, "--fake-clock needs --script");
    if (changed.speech_log[0] && !changed.script[0])
        return tp_fail(error, TP_ERR_MISUSE, "--speech-log needs --script");
    *settings = changed;
    *task = wanted;
    return true;
}
