#include "kiosk/app_settings.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "kiosk/app_idle.h"
#include "kiosk/app_pin.h"
#include "kiosk/app_scan.h"
#include "kiosk/speech/voice.h"

/* ---- the table of settings ---- */

enum kind { TEXT, NUMBER, WHOLE, FLAG, SPECIAL };

struct row {
    const char *section, *name;
    enum kind kind;
    size_t offset, size; /* of the field; size of a text */
    double min, max;
};

#define FIELD(name) offsetof(struct tp_settings, name), sizeof(((struct tp_settings *)0)->name)

static const struct row rows[] = {
    {"screen", "width_mm", NUMBER, FIELD(width_mm), 50, 5000},
    {"screen", "viewing_distance_mm", NUMBER, FIELD(viewing_distance_mm), 200, 5000},
    {"screen", "rotation", SPECIAL, 0, 0, 0, 0},
    {"screen", "brightness", WHOLE, FIELD(brightness), 1, 100},
    {"screen", "full_screen", FLAG, FIELD(full_screen), 0, 0},
    {"screen", "acceleration", FLAG, FIELD(acceleration), 0, 0},
    {"place", "organisation", TEXT, FIELD(organisation), 0, 0},
    {"place", "venue", TEXT, FIELD(venue), 0, 0},
    {"place", "event", TEXT, FIELD(event), 0, 0},
    {"place", "channel", SPECIAL, 0, 0, 0, 0},
    {"place", "zone", TEXT, FIELD(zone), 0, 0},
    {"reading", "languages", SPECIAL, 0, 0, 0, 0},
    {"reading", "size", SPECIAL, 0, 0, 0, 0},
    {"reading", "colours", SPECIAL, 0, 0, 0, 0},
    {"reading", "words", SPECIAL, 0, 0, 0, 0},
    {"hours", "open", SPECIAL, 0, 0, 0, 0},
    {"idle", "minutes", NUMBER, FIELD(idle_minutes), TP_IDLE_MINUTES_MIN, TP_IDLE_MINUTES_MAX},
    {"idle", "aloud", FLAG, FIELD(warn_aloud), 0, 0},
    {"touch", "repeat_ms", WHOLE, FIELD(repeat_ms), 0, 2000},
    {"touch", "matrix", SPECIAL, 0, 0, 0, 0},
    {"touch", "settle_ms", WHOLE, FIELD(settle_ms), 0, 2000},
    {"sound", "volume", WHOLE, FIELD(volume), 0, TP_VOLUME_STEPS - 1},
    {"sound", "volume_limit", WHOLE, FIELD(volume_limit), 0, TP_VOLUME_STEPS - 1},
    {"sound", "headphones", SPECIAL, 0, 0, 0, 0},
    {"sound", "headphone_control", TEXT, FIELD(headphone_control), 0, 0},
    {"keys", "bounce_ms", WHOLE, FIELD(key_bounce_ms), 0, 2000},
    {"switch", "pace_ms", WHOLE, FIELD(scan_ms), TP_SCAN_PACE_MIN, TP_SCAN_PACE_MAX},
    {"switch", "rounds", WHOLE, FIELD(scan_rounds), 1, 20},
    {"contact", "name", TEXT, FIELD(contact_name), 0, 0},
    {"contact", "phone", TEXT, FIELD(contact_phone), 0, 0},
    {"contact", "email", TEXT, FIELD(contact_email), 0, 0},
    {"contact", "post", TEXT, FIELD(contact_post), 0, 0},
    {"staff", "pin_hash", SPECIAL, 0, 0, 0, 0},
};
#define ROW_COUNT (sizeof(rows) / sizeof(rows[0]))

/* [keys]: what a key of a keypad or a switch can be given to do. */
static const struct {
    const char *name;
    enum tp_intent_kind kind;
} key_rows[] = {
    {"next", TP_INTENT_NEXT},         {"previous", TP_INTENT_PREVIOUS},
    {"select", TP_INTENT_SELECT},     {"up", TP_INTENT_UP},
    {"down", TP_INTENT_DOWN},         {"left", TP_INTENT_LEFT},
    {"right", TP_INTENT_RIGHT},       {"back", TP_INTENT_BACK},
    {"switch", TP_INTENT_SCAN},       {"listen", TP_INTENT_LISTEN},
    {"again", TP_INTENT_AGAIN},       {"pause", TP_INTENT_PAUSE},
    {"louder", TP_INTENT_LOUDER},     {"quieter", TP_INTENT_QUIETER},
    {"faster", TP_INTENT_FASTER},     {"slower", TP_INTENT_SLOWER},
    {"help", TP_INTENT_HELP},         {"jack_in", TP_INTENT_JACK_IN},
    {"jack_out", TP_INTENT_JACK_OUT},
};
#define KEY_ROW_COUNT (sizeof(key_rows) / sizeof(key_rows[0]))

void tp_settings_default(struct tp_settings *settings)
{
    *settings = (struct tp_settings){
        .full_screen = true,
        .organisation = "Oxfordshire County Council",
        .channel = "library",
        .languages = {"en", "pl", "pt", "ro", "uk", "ar", "ur", "bn", "pa", "zh-Hans"},
        .language_count = 10,
        .look = tp_look_default(),
        .warn_aloud = true,
        .repeat_ms = 500, /* ACCESSIBILITY.md P3 */
        .settle_ms = 400, /* ACCESSIBILITY.md P5 */
        .touch_map = tp_touch_map_none(),
        .volume = TP_VOLUME_DEFAULT,
        .volume_limit = TP_VOLUME_STEPS - 1,
        .keys = {{SDLK_VOLUMEUP, TP_INTENT_LOUDER},
                 {SDLK_VOLUMEDOWN, TP_INTENT_QUIETER},
                 {SDLK_PAUSE, TP_INTENT_PAUSE}},
        .key_count = 3,
        .scan_ms = TP_SCAN_PACE_MS,
        .scan_rounds = TP_SCAN_ROUNDS,
    };
}

static bool copy_text(char *to, size_t size, const char *text, const char *what,
                      struct tp_error *error)
{
    if (strlen(text) >= size)
        return tp_fail(error, TP_ERR_LIMIT, "%s is longer than %zu bytes", what, size - 1);
    (void)snprintf(to, size, "%s", text);
    return true;
}

static bool apply_row(struct tp_settings *settings, const struct tp_config *config,
                      const struct row *row, struct tp_error *error)
{
    char *field = (char *)settings + row->offset;
    const char *text;

    switch (row->kind) {
    case TEXT:
        text = tp_config_text(config, row->section, row->name, NULL);
        return !text || copy_text(field, row->size, text, row->name, error) ||
               tp_config_fail_at(config, row->section, row->name, error);
    case NUMBER:
        return tp_config_number(config, row->section, row->name, row->min, row->max,
                                (double *)(void *)field, error);
    case WHOLE:
        return tp_config_integer(config, row->section, row->name, (long)row->min, (long)row->max,
                                 (long *)(void *)field, error);
    case FLAG:
        return tp_config_flag(config, row->section, row->name, (bool *)field, error);
    case SPECIAL:
        break;
    }
    return true;
}

/* ---- settings with words of their own ---- */

static bool apply_channel(struct tp_settings *settings, const char *text, struct tp_error *error)
{
    if (strcmp(text, "library") != 0 && strcmp(text, "outreach") != 0)
        return tp_fail(error, TP_ERR_MISUSE,
                       "[place] channel is '%s'; it can be library or outreach", text);
    return copy_text(settings->channel, sizeof(settings->channel), text, "channel", error);
}

static bool apply_rotation(struct tp_settings *settings, const char *text, struct tp_error *error)
{
    static const char *const turns[] = {"0", "90", "180", "270"};

    for (int i = 0; i < 4; i++)
        if (strcmp(text, turns[i]) == 0) {
            settings->rotation = i * 90;
            return true;
        }
    return tp_fail(error, TP_ERR_MISUSE, "[screen] rotation is '%s'; it can be 0, 90, 180 or 270",
                   text);
}

static bool apply_languages(struct tp_settings *settings, const char *text, struct tp_error *error)
{
    size_t count = 0;

    while (*(text += strspn(text, " ,"))) {
        size_t length = strcspn(text, " ,");

        if (count == TP_LANGUAGES_MAX || length >= TP_LANGUAGE_TAG_MAX)
            return tp_fail(error, TP_ERR_MISUSE,
                           "[reading] languages: '%.*s' is one too many, or no language tag",
                           (int)length, text);
        (void)snprintf(settings->languages[count++], TP_LANGUAGE_TAG_MAX, "%.*s", (int)length,
                       text);
        text += length;
    }
    if (count == 0)
        return tp_fail(error, TP_ERR_MISUSE, "[reading] languages is empty; it needs one, like en");
    settings->language_count = count;
    return true;
}

static bool apply_size(struct tp_settings *settings, const char *text, struct tp_error *error)
{
    for (int i = 0; i < TP_SIZE_COUNT; i++)
        if (strcmp(tp_sizes[i].id, text) == 0) {
            settings->look.size = (enum tp_size)i;
            return true;
        }
    return tp_fail(error, TP_ERR_MISUSE, "[reading] size is '%s'; it can be %s, %s, %s or %s", text,
                   tp_sizes[0].id, tp_sizes[1].id, tp_sizes[2].id, tp_sizes[3].id);
}

static bool apply_colours(struct tp_settings *settings, const char *text, struct tp_error *error)
{
    if (!tp_theme_find(text))
        return tp_fail(error, TP_ERR_MISUSE, "[reading] colours '%s' is no theme", text);
    settings->look.theme = tp_theme_find(text);
    return true;
}

static bool apply_words(struct tp_settings *settings, const char *text, struct tp_error *error)
{
    settings->look.easy_read = strcmp(text, "easy-read") == 0;
    return settings->look.easy_read || strcmp(text, "standard") == 0 ||
           tp_fail(error, TP_ERR_MISUSE, "[reading] words is '%s'; it can be standard or easy-read",
                   text);
}

static bool apply_hours(struct tp_settings *settings, const char *text, struct tp_error *error)
{
    return tp_hours_parse(text, &settings->hours, error);
}

static bool apply_matrix(struct tp_settings *settings, const char *text, struct tp_error *error)
{
    return tp_touch_map_parse(text, &settings->touch_map, error);
}

static bool apply_headphones(struct tp_settings *settings, const char *text, struct tp_error *error)
{
    static const char *const words[] = {"auto", "always", "never"};

    for (int i = 0; i < 3; i++)
        if (strcmp(text, words[i]) == 0) {
            settings->headphones = (enum tp_headphones)i;
            return true;
        }
    return tp_fail(error, TP_ERR_MISUSE,
                   "[sound] headphones is '%s'; it can be auto, always or never", text);
}

static const struct {
    const char *section, *name;
    bool (*apply)(struct tp_settings *settings, const char *text, struct tp_error *error);
} specials[] = {
    {"screen", "rotation", apply_rotation},
    {"place", "channel", apply_channel},
    {"reading", "languages", apply_languages},
    {"reading", "size", apply_size},
    {"reading", "colours", apply_colours},
    {"reading", "words", apply_words},
    {"hours", "open", apply_hours},
    {"touch", "matrix", apply_matrix},
    {"sound", "headphones", apply_headphones},
};

static bool apply_specials(struct tp_settings *settings, const struct tp_config *config,
                           struct tp_error *error)
{
    for (size_t i = 0; i < sizeof(specials) / sizeof(specials[0]); i++) {
        const char *text = tp_config_text(config, specials[i].section, specials[i].name, NULL);

        if (text && !specials[i].apply(settings, text, error))
            return tp_config_fail_at(config, specials[i].section, specials[i].name, error);
    }
    return true;
}

bool tp_settings_take_pin(struct tp_settings *settings, const struct tp_config *config,
                          struct tp_error *error)
{
    const char *hash = tp_config_text(config, "staff", "pin_hash", "");

    if (*hash && !tp_pin_hash_is_one(hash)) {
        (void)tp_fail(error, TP_ERR_MISUSE,
                      "[staff] pin_hash is no argon2id hash; make one with --set-pin");
        return tp_config_fail_at(config, "staff", "pin_hash", error);
    }
    return !*hash ||
           copy_text(settings->pin_hash, sizeof(settings->pin_hash), hash, "pin_hash", error);
}

/* Names as SDL has them ("F13", "Keypad 5"), with commas between. */
static bool apply_key_names(struct tp_settings *settings, const char *action, const char *text,
                            enum tp_intent_kind kind, struct tp_error *error)
{
    while (*(text += strspn(text, " ,"))) {
        size_t length = strcspn(text, ",");
        char name[64];
        SDL_Keycode key;

        (void)snprintf(name, sizeof(name), "%.*s", (int)length, text);
        while (length > 0 && length < sizeof(name) && name[length - 1] == ' ')
            name[--length] = '\0';
        key = SDL_GetKeyFromName(name);
        if (key == SDLK_UNKNOWN)
            return tp_fail(error, TP_ERR_MISUSE, "[keys] %s: '%s' is no key that SDL knows", action,
                           name);
        if (settings->key_count == TP_KEY_BINDINGS_MAX)
            return tp_fail(error, TP_ERR_LIMIT, "[keys] names more than %d keys",
                           TP_KEY_BINDINGS_MAX);
        settings->keys[settings->key_count++] = (struct tp_key_binding){key, kind};
        text += strcspn(text, ",");
    }
    return true;
}

static bool apply_keys(struct tp_settings *settings, const struct tp_config *config,
                       struct tp_error *error)
{
    for (size_t i = 0; i < KEY_ROW_COUNT; i++) {
        const char *text = tp_config_text(config, "keys", key_rows[i].name, "");

        if (!apply_key_names(settings, key_rows[i].name, text, key_rows[i].kind, error))
            return tp_config_fail_at(config, "keys", key_rows[i].name, error);
    }
    return true;
}

/* ---- the file ---- */

static bool check_names(const struct tp_config *config, struct tp_error *error)
{
    char names[ROW_COUNT + KEY_ROW_COUNT][48];
    const char *known[ROW_COUNT + KEY_ROW_COUNT + 1];

    for (size_t i = 0; i < ROW_COUNT; i++) {
        (void)snprintf(names[i], sizeof(names[i]), "%s.%s", rows[i].section, rows[i].name);
        known[i] = names[i];
    }
    for (size_t i = 0; i < KEY_ROW_COUNT; i++) {
        (void)snprintf(names[ROW_COUNT + i], sizeof(names[0]), "keys.%s", key_rows[i].name);
        known[ROW_COUNT + i] = names[ROW_COUNT + i];
    }
    known[ROW_COUNT + KEY_ROW_COUNT] = NULL;
    return tp_config_check(config, known, error);
}

static bool apply(struct tp_settings *settings, const struct tp_config *config,
                  struct tp_error *error)
{
    if (!check_names(config, error))
        return false;
    for (size_t i = 0; i < ROW_COUNT; i++)
        if (!apply_row(settings, config, &rows[i], error))
            return false;
    if (!apply_specials(settings, config, error) || !apply_keys(settings, config, error) ||
        !tp_settings_take_pin(settings, config, error))
        return false;
    if (settings->volume > settings->volume_limit)
        settings->volume = settings->volume_limit;
    return true;
}

static bool everyone_may_read(const char *path)
{
    struct stat status;

    return stat(path, &status) == 0 && (status.st_mode & S_IROTH);
}

bool tp_settings_read(struct tp_settings *settings, const char *path, struct tp_error *error)
{
    struct tp_config *config = tp_config_create();
    struct tp_settings changed = *settings;
    bool ok;

    if (!config)
        return tp_fail_memory(error);
    ok = tp_config_read(config, path, error) && apply(&changed, config, error);
    if (ok)
        *settings = changed;
    if (ok && tp_config_text(config, "staff", "pin_hash", NULL))
        settings->pin_is_open = everyone_may_read(path);
    tp_config_destroy(config);
    return ok;
}

double tp_settings_idle_minutes(const struct tp_settings *settings)
{
    if (settings->idle_minutes > 0)
        return settings->idle_minutes;
    return strcmp(settings->channel, "outreach") == 0 ? TP_IDLE_MINUTES_EVENT
                                                      : TP_IDLE_MINUTES_LIBRARY;
}
