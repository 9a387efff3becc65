/*
 * What the kiosk is told before it starts: the configuration file and the command line.
 *
 * Defaults, then the file, then the command line, each over the one before. Every string is owned
 * by the settings. Thread: read-only after reading, so any.
 */
#ifndef TP_KIOSK_APP_SETTINGS_H
#define TP_KIOSK_APP_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/config.h"
#include "base/error.h"
#include "kiosk/app_hours.h"
#include "kiosk/gfx/theme.h"
#include "kiosk/input/input.h"
#include "kiosk/input/touch_map.h"

/* English first, ten more, and room for those to come. */
#define TP_LANGUAGES_MAX 24
#define TP_LANGUAGE_TAG_MAX 16
#define TP_SETTING_TEXT_MAX 256

/* Where what is private may be said (ACCESSIBILITY.md A2). */
enum tp_headphones {
    TP_HEADPHONES_AUTO,   /* as the jack says; where none says, it is a loudspeaker */
    TP_HEADPHONES_ALWAYS, /* a handset, or headphones that stay plugged in */
    TP_HEADPHONES_NEVER,
};

struct tp_settings {
    /* [screen] */
    double width_mm;            /* 0: guessed */
    double viewing_distance_mm; /* 0: an arm's length */
    int rotation;               /* degrees clockwise, on a bare console */
    long brightness; /* percent; set by talkpoint-kiosk.service, only checked here. 0: not said */
    bool full_screen;
    int window_width, window_height; /* 0: the whole screen */
    bool acceleration;               /* leave the choice to SDL */
    /* [place] */
    char organisation[TP_SETTING_TEXT_MAX]; /* on the welcome page: "Oxfordshire libraries" */
    char venue[TP_SETTING_TEXT_MAX];        /* until staff set another */
    char event[TP_SETTING_TEXT_MAX];
    char channel[16]; /* library or outreach */
    char zone[64];    /* "Europe/London"; "" is the machine's own */
    /* [reading] what every new person finds */
    char languages[TP_LANGUAGES_MAX][TP_LANGUAGE_TAG_MAX]; /* on offer; the first is the default */
    size_t language_count;
    struct tp_look look;
    /* [hours] */
    struct tp_hours hours;
    /* [idle] */
    double idle_minutes; /* 0: by the channel */
    bool warn_aloud;     /* the warning is said to everyone, not only to who listens */
    /* [touch] */
    long repeat_ms, settle_ms;
    struct tp_touch_map touch_map; /* before the picture's turn */
    /* [sound] */
    long volume;       /* a step of kiosk/speech/voice.h, 0 to 7 */
    long volume_limit; /* no person and no staff can set it louder */
    enum tp_headphones headphones;
    char headphone_control[TP_SETTING_TEXT_MAX]; /* ALSA's; "": every card is looked at */
    /* [keys] */
    struct tp_key_binding keys[TP_KEY_BINDINGS_MAX];
    size_t key_count;
    long key_bounce_ms;
    /* [switch] one switch that scans */
    long scan_ms;     /* the pace that a new person finds */
    long scan_rounds; /* over the page without an answer, before it rests */
    /* [contact] whom to ask where no survey says so */
    char contact_name[TP_SETTING_TEXT_MAX];
    char contact_phone[TP_SETTING_TEXT_MAX];
    char contact_email[TP_SETTING_TEXT_MAX];
    char contact_post[TP_SETTING_TEXT_MAX];
    /* [staff] */
    char pin_hash[TP_SETTING_TEXT_MAX]; /* "": no staff menu */
    bool pin_is_open; /* a configuration file that everyone may read has a hash of it */
    /* Where things are; the command line only. */
    char config[1024];
    char state[1024];
    char surveys[1024]; /* "": none */
    char script[1024];  /* "": none */
    char screenshot[1024];
    char locale[1024];
    char speech_log[1024]; /* "": none */
    bool offscreen, fake_clock;
};

void tp_settings_default(struct tp_settings *settings);

/* Reads a configuration file over what is there. Refuses names it does not know. */
bool tp_settings_read(struct tp_settings *settings, const char *path, struct tp_error *error);

/* Takes [staff] pin_hash, where `config` has it. */
bool tp_settings_take_pin(struct tp_settings *settings, const struct tp_config *config,
                          struct tp_error *error);

/* Quiet minutes before the warning: as configured, else by the channel (ACCESSIBILITY.md S1). */
double tp_settings_idle_minutes(const struct tp_settings *settings);

#endif
