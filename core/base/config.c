#include "base/config.h"

#include <errno.h>
#include <ini.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"

/* More settings than any program has. */
#define SETTINGS_MAX 512
#define FILES_MAX 16

struct setting {
    char *section; /* owned */
    char *name;    /* owned */
    char *value;   /* owned */
    size_t file;   /* index into files */
    int line;
};

struct tp_config {
    struct setting settings[SETTINGS_MAX];
    size_t count;
    char *files[FILES_MAX]; /* owned */
    size_t file_count;
};

struct reader {
    struct tp_config *config;
    struct tp_error *error;
    const char *next; /* the text not read yet */
    int line;         /* the line last handed to libinih, from 1 */
    bool failed;
};

/* Hands libinih one line at a time and counts them: Debian's build does not tell the handler the
 * line. */
static char *next_line(char *line, int size, void *stream)
{
    struct reader *reader = stream;
    size_t length = strcspn(reader->next, "\n");

    if (*reader->next == '\0' || size < 1)
        return NULL;
    if (reader->next[length] == '\n')
        length++;
    if (length > (size_t)size - 1)
        length = (size_t)size - 1;
    memcpy(line, reader->next, length);
    line[length] = '\0';
    if (line[length - 1] == '\n' || reader->next[length] == '\0')
        reader->line++;
    reader->next += length;
    return line;
}

struct tp_config *tp_config_create(void)
{
    return tp_calloc(1, sizeof(struct tp_config));
}

void tp_config_destroy(struct tp_config *config)
{
    if (!config)
        return;
    for (size_t i = 0; i < config->count; i++) {
        tp_free(config->settings[i].section);
        tp_free(config->settings[i].name);
        tp_free_secret(config->settings[i].value);
    }
    for (size_t i = 0; i < config->file_count; i++)
        tp_free(config->files[i]);
    tp_free(config);
}

static int take(void *user, const char *section, const char *name, const char *value)
{
    struct reader *reader = user;
    struct tp_config *config = reader->config;
    struct setting *setting;

    if (config->count == SETTINGS_MAX) {
        reader->failed = true;
        tp_fail(reader->error, TP_ERR_LIMIT, "more than %d settings", SETTINGS_MAX);
        return 0;
    }
    setting = &config->settings[config->count];
    *setting = (struct setting){.file = config->file_count - 1, .line = reader->line};
    setting->section = tp_strdup(section);
    setting->name = tp_strdup(name);
    setting->value = tp_strdup(value ? value : "");
    config->count++;
    if (setting->section && setting->name && setting->value)
        return 1;
    reader->failed = true;
    tp_fail_memory(reader->error);
    return 0;
}

bool tp_config_read(struct tp_config *config, const char *path, struct tp_error *error)
{
    struct reader reader = {.config = config, .error = error};
    struct tp_buf text;
    bool ok = false;
    int line;

    tp_buf_init(&text, TP_CONFIG_FILE_MAX);
    if (!tp_file_read(path, &text, error))
        goto finish;
    if (config->file_count == FILES_MAX) {
        tp_fail(error, TP_ERR_LIMIT, "more than %d configuration files", FILES_MAX);
        goto finish;
    }
    config->files[config->file_count] = tp_strdup(path);
    if (!config->files[config->file_count]) {
        tp_fail_memory(error);
        goto finish;
    }
    config->file_count++;
    reader.next = tp_buf_text(&text);
    line = ini_parse_stream(next_line, &reader, take, &reader);
    if (reader.failed) {
        tp_fail_prefix(error, "'%s'", path);
    } else if (line != 0) {
        tp_fail(error, TP_ERR_INVALID,
                "'%s' line %d: not understood; write 'name = value' under a [section]", path, line);
    } else {
        ok = true;
    }
finish:
    tp_buf_finish(&text);
    return ok;
}

static const struct setting *find(const struct tp_config *config, const char *section,
                                  const char *name)
{
    for (size_t i = config->count; i-- > 0;) {
        const struct setting *setting = &config->settings[i];

        if (strcmp(setting->section, section) == 0 && strcmp(setting->name, name) == 0)
            return setting;
    }
    return NULL;
}

const char *tp_config_text(const struct tp_config *config, const char *section, const char *name,
                           const char *fallback)
{
    const struct setting *setting = find(config, section, name);

    return setting ? setting->value : fallback;
}

static bool refuse(const struct tp_config *config, const struct setting *setting,
                   struct tp_error *error, const char *want)
{
    return tp_fail(error, TP_ERR_INVALID, "'%s' line %d: %s.%s is '%s'; write %s",
                   config->files[setting->file], setting->line, setting->section, setting->name,
                   setting->value, want);
}

bool tp_config_number(const struct tp_config *config, const char *section, const char *name,
                      double min, double max, double *value, struct tp_error *error)
{
    const struct setting *setting = find(config, section, name);
    char want[96];
    char *end;
    double number;

    if (!setting)
        return true;
    number = strtod(setting->value, &end);
    if (end != setting->value && *end == '\0' && isfinite(number) && number >= min &&
        number <= max) {
        *value = number;
        return true;
    }
    (void)snprintf(want, sizeof(want), "a number from %g to %g", min, max);
    return refuse(config, setting, error, want);
}

bool tp_config_integer(const struct tp_config *config, const char *section, const char *name,
                       long min, long max, long *value, struct tp_error *error)
{
    const struct setting *setting = find(config, section, name);
    char want[96];
    char *end;
    long number;

    if (!setting)
        return true;
    errno = 0;
    number = strtol(setting->value, &end, 10);
    if (end != setting->value && *end == '\0' && errno == 0 && number >= min && number <= max) {
        *value = number;
        return true;
    }
    (void)snprintf(want, sizeof(want), "a whole number from %ld to %ld", min, max);
    return refuse(config, setting, error, want);
}

bool tp_config_flag(const struct tp_config *config, const char *section, const char *name,
                    bool *value, struct tp_error *error)
{
    static const char *const yes[] = {"yes", "true", "on", "1"};
    static const char *const no[] = {"no", "false", "off", "0"};
    const struct setting *setting = find(config, section, name);

    if (!setting)
        return true;
    for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++) {
        if (strcmp(setting->value, yes[i]) == 0) {
            *value = true;
            return true;
        }
        if (strcmp(setting->value, no[i]) == 0) {
            *value = false;
            return true;
        }
    }
    return refuse(config, setting, error, "yes or no");
}

bool tp_config_fail_at(const struct tp_config *config, const char *section, const char *name,
                       struct tp_error *error)
{
    const struct setting *setting = find(config, section, name);

    return setting &&
           tp_fail_prefix(error, "'%s' line %d", config->files[setting->file], setting->line);
}

static bool is_known(const struct setting *setting, const char *known)
{
    size_t length = strlen(setting->section);

    if (strncmp(known, setting->section, length) != 0 || known[length] != '.')
        return false;
    return strcmp(known + length + 1, "*") == 0 || strcmp(known + length + 1, setting->name) == 0;
}

bool tp_config_check(const struct tp_config *config, const char *const *known,
                     struct tp_error *error)
{
    for (size_t i = 0; i < config->count; i++) {
        const struct setting *setting = &config->settings[i];
        const char *const *name = known;

        while (*name && !is_known(setting, *name))
            name++;
        if (!*name)
            return tp_fail(
                error, TP_ERR_INVALID, "'%s' line %d: unknown setting '%s' in section [%s]",
                config->files[setting->file], setting->line, setting->name, setting->section);
    }
    return true;
}
