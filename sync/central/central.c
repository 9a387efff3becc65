#include "central/central.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "central/http/known.h"

void tp_settings_init(struct tp_settings *settings)
{
    *settings = (struct tp_settings){
        .listen = "127.0.0.1:8080",
        .title = "Talkpoint",
        .workers = 4,
        .connections = 512,
        .silent_hours = 6,
    };
}

static bool take_text(const struct tp_config *config, const char *name, char *to, size_t size,
                      struct tp_error *error)
{
    const char *value = tp_config_text(config, "central", name, NULL);

    if (!value)
        return true;
    if (strlen(value) >= size)
        return tp_fail(error, TP_ERR_LIMIT, "setting '%s' is longer than %zu bytes", name,
                       size - 1);
    memcpy(to, value, strlen(value) + 1);
    return true;
}

static bool take_settings(const struct tp_config *config, struct tp_settings *settings,
                          struct tp_error *error)
{
    size_t length;

    if (!take_text(config, "data", settings->data, sizeof(settings->data), error) ||
        !take_text(config, "db", settings->db, sizeof(settings->db), error) ||
        !take_text(config, "listen", settings->listen, sizeof(settings->listen), error) ||
        !take_text(config, "url", settings->url, sizeof(settings->url), error) ||
        !take_text(config, "title", settings->title, sizeof(settings->title), error) ||
        !take_text(config, "timezone", settings->zone, sizeof(settings->zone), error) ||
        !take_text(config, "certificate", settings->certificate, sizeof(settings->certificate),
                   error) ||
        !take_text(config, "certificate_key", settings->certificate_key,
                   sizeof(settings->certificate_key), error) ||
        !take_text(config, "metrics_token", settings->metrics_token,
                   sizeof(settings->metrics_token), error) ||
        !tp_config_integer(config, "central", "connections_each", 0, 100000,
                           &settings->connections_each, error) ||
        !tp_config_integer(config, "central", "workers", 1, 64, &settings->workers, error) ||
        !tp_config_integer(config, "central", "connections", 8, 100000, &settings->connections,
                           error) ||
        !tp_config_integer(config, "central", "silent_after_hours", 1, 24 * 60,
                           &settings->silent_hours, error) ||
        !tp_config_flag(config, "central", "verbose", &settings->verbose, error))
        return false;
    if (!*settings->certificate != !*settings->certificate_key)
        return tp_fail(error, TP_ERR_INVALID,
                       "settings 'certificate' and 'certificate_key' go together");
    length = strlen(settings->url);
    while (length && settings->url[length - 1] == '/')
        settings->url[--length] = '\0';
    if (length && strncmp(settings->url, "https://", 8) != 0 &&
        strncmp(settings->url, "http://", 7) != 0)
        return tp_fail(error, TP_ERR_INVALID, "setting 'url' is '%s'; write https://...",
                       settings->url);
    return true;
}

bool tp_settings_read(struct tp_settings *settings, const char *path, struct tp_error *error)
{
    static const char *const known[] = {"central.data",
                                        "central.db",
                                        "central.listen",
                                        "central.url",
                                        "central.title",
                                        "central.timezone",
                                        "central.workers",
                                        "central.connections",
                                        "central.connections_each",
                                        "central.certificate",
                                        "central.certificate_key",
                                        "central.metrics_token",
                                        "central.verbose",
                                        "central.silent_after_hours",
                                        NULL};
    struct tp_config *config = tp_config_create();
    struct tp_settings read = *settings;
    bool ok;

    if (!config)
        return tp_fail_memory(error);
    ok = tp_config_read(config, path, error) && tp_config_check(config, known, error) &&
         take_settings(config, &read, error);
    tp_config_destroy(config);
    if (ok)
        *settings = read;
    return ok;
}

const char *tp_settings_db(const struct tp_settings *settings, char path[TP_DATA_PATH_MAX])
{
    if (*settings->db)
        return settings->db;
    (void)snprintf(path, TP_DATA_PATH_MAX, "%.*s/central.db", (int)TP_DATA_PATH_MAX - 16,
                   settings->data);
    return path;
}

static bool add_writers(struct tp_central *central, const char *url, size_t count,
                        struct tp_error *error)
{
    for (size_t i = 1; i < count; i++) {
        struct tp_sql *writer;

        if (!tp_sql_open(url, false, &writer, error) ||
            !tp_committer_add(central->committer, writer, error))
            return false;
    }
    return true;
}

static bool open_databases(struct tp_central *central, struct tp_error *error)
{
    char path[TP_DATA_PATH_MAX];
    const char *url = tp_settings_db(&central->settings, path);
    struct tp_sql *writer;
    size_t writers;

    if (!tp_sql_open(url, false, &writer, error)) {
        if (error && error->code == TP_ERR_NOT_FOUND)
            return tp_fail(error, TP_ERR_NOT_FOUND,
                           "there is no store in '%s'; make one with talkpoint-central init",
                           tp_sql_called(url, NULL));
        return false;
    }
    if (!tp_sql_migrate(writer, tp_clock_wall_ms(&central->clock), error)) {
        tp_sql_close(writer);
        return false;
    }
    writers = tp_sql_writers(writer);
    /* A reader for each worker, and one for what runs beside them. */
    return tp_committer_create(writer, &central->committer, error) &&
           add_writers(central, url, writers, error) &&
           tp_sql_pool_create(url, (size_t)central->settings.workers + 1, &central->readers, error);
}

bool tp_central_open(const struct tp_settings *settings, const struct tp_clock *clock,
                     const struct tp_random *random, struct tp_central *central,
                     struct tp_error *error)
{
    memset(central, 0, sizeof(*central));
    central->settings = *settings;
    central->clock = *clock;
    central->started_ms = tp_clock_monotonic_ms(clock);
    central->random = *random;
    (void)pthread_mutex_init(&central->hashing, NULL);
    if (sodium_init() < 0) {
        tp_fail(error, TP_ERR_CRYPTO, "libsodium cannot start");
        goto close;
    }
    if (!tp_known_create(&central->known, error) || !open_databases(central, error) ||
        !tp_keys_read(settings->data, &central->keys, error) ||
        !tp_zone_load(*settings->zone ? settings->zone : NULL, &central->zone, error))
        goto close;
    return true;
close:
    tp_central_close(central);
    return false;
}

void tp_central_close(struct tp_central *central)
{
    tp_committer_destroy(central->committer);
    tp_sql_pool_destroy(central->readers);
    tp_zone_destroy(central->zone);
    tp_keys_finish(&central->keys);
    tp_known_destroy(central->known);
    (void)pthread_mutex_destroy(&central->hashing);
    central->committer = NULL;
    central->readers = NULL;
    central->known = NULL;
    central->zone = NULL;
}

struct tm tp_central_local(const struct tp_central *central, int64_t wall_ms)
{
    int64_t seconds = wall_ms / 1000;
    time_t local = (time_t)(seconds + tp_zone_offset_at(central->zone, seconds));
    struct tm tm = {0};

    (void)gmtime_r(&local, &tm);
    return tm;
}

void tp_central_day(const struct tp_central *central, int64_t wall_ms, char day[TP_DAY_TEXT_MAX])
{
    struct tm tm = tp_central_local(central, wall_ms);

    (void)snprintf(day, TP_DAY_TEXT_MAX, "%04d-%02d-%02d", (tm.tm_year + 1900) % 10000,
                   (tm.tm_mon + 1) % 100, tm.tm_mday % 100);
}
