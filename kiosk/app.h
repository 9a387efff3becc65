/*
 * The kiosk: what belongs to the machine, the person in front of it, and the screens between.
 *
 * `struct tp_app` is passed to every screen and widget. A screen builds its page from the state and
 * acts on what was touched by changing the state (tp_app_go and its like, the functions of
 * app_answer.h); after every action the page is built again. Nothing here draws, waits or reads
 * events: that is app_loop.h; a preview or a test drives the same functions without a loop.
 * Thread: the main thread only.
 */
#ifndef TP_KIOSK_APP_H
#define TP_KIOSK_APP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/random.h"
#include "base/zone.h"
#include "kiosk/app_idle.h"
#include "kiosk/app_listen.h"
#include "kiosk/app_pace.h"
#include "kiosk/app_person.h"
#include "kiosk/app_scan.h"
#include "kiosk/app_settings.h"
#include "kiosk/app_staff.h"
#include "kiosk/app_touch.h"
#include "kiosk/i18n/catalog.h"
#include "kiosk/library.h"
#include "kiosk/ui/page.h"
#include "store/notices.h"
#include "store/seal.h"
#include "store/store.h"

/* What a touch can ask for. Each action of a page has one of these as its id. */
enum tp_act {
    TP_ACT_NONE,
    TP_ACT_BACK,
    TP_ACT_NEXT,       /* the page's main action */
    TP_ACT_EXTRA,      /* its other one */
    TP_ACT_SIZE,       /* argument: enum tp_size */
    TP_ACT_THEME,      /* argument: enum tp_theme_index */
    TP_ACT_WORDS,      /* argument: 1 for Easy Read */
    TP_ACT_QUIET,      /* fewer things on the page, or as usual */
    TP_ACT_LOWER,      /* controls within seated reach, or as usual */
    TP_ACT_SPEAK,      /* argument: index into settings.languages, of the language to speak */
    TP_ACT_START_IN,   /* the same, and starts */
    TP_ACT_START_EASY, /* starts in Easy Read */
    TP_ACT_SURVEY,     /* text: the survey's id */
    TP_ACT_LISTEN,
    TP_ACT_VOLUME, /* argument: a step of kiosk/speech/voice.h */
    TP_ACT_RATE,   /* the same */
    TP_ACT_HIDE,   /* the screen, or shows it again */
    TP_ACT_ALOUD,  /* argument: enum tp_aloud */
    TP_ACT_SCAN,   /* the page for the pace of the switch */
    TP_ACT_ANSWER, /* argument: tp_app_argument(node, index) */
    TP_ACT_FIELD,  /* argument: tp_app_argument(node, part) */
    TP_ACT_KEY,    /* argument: enum tp_key_action, * 16 + enum tp_key_layer; text: what it types */
    TP_ACT_CHANGE, /* argument: node */
    TP_ACT_FAULT,  /* argument: node */
    /* the bar, and what is reached from every page */
    TP_ACT_BAR_SIZE,
    TP_ACT_BAR_COLOURS,
    TP_ACT_BAR_EASY_READ,
    TP_ACT_BAR_LANGUAGE,
    TP_ACT_BAR_HELP,
    TP_ACT_PRIVACY,
    TP_ACT_FORMAT_REQUEST,
    TP_ACT_COMMENTS,
    TP_ACT_LEAVE,
    TP_ACT_STILL_HERE,
    /* staff */
    TP_ACT_STAFF, /* argument: enum tp_staff_task */
    TP_ACT_STEP,  /* argument: -1 or +1 */
    TP_ACT_CELL,  /* argument: index */
    /* notices */
    TP_ACT_NEWS,
    TP_ACT_NOTICE, /* text: the notice's id */
};

static inline int64_t tp_app_argument(tp_node node, size_t index)
{
    return (int64_t)((uint64_t)node << 32 | (uint32_t)index);
}
static inline tp_node tp_app_argument_node(int64_t argument)
{
    return (tp_node)((uint64_t)argument >> 32);
}
static inline size_t tp_app_argument_index(int64_t argument)
{
    return (size_t)((uint64_t)argument & UINT32_MAX);
}

struct tp_app_params {
    const struct tp_settings *settings; /* copied */
    struct tp_clock clock;
    struct tp_random random;
    struct tp_screen screen;
    /* Hears what is read aloud, in place of a loudspeaker; NULL: none. Outlives the app. */
    const struct tp_speech_sink *ear;
    bool preview; /* no store, no surveys of the state folder: nothing can be saved or counted */
};

struct tp_app {
    /* the machine */
    struct tp_settings settings;
    struct tp_clock clock;
    struct tp_random random;
    struct tp_zone *zone;                  /* NULL: UTC */
    struct tp_store *store;                /* NULL in a preview, or where it does not open */
    char store_problem[TP_ERROR_TEXT_MAX]; /* why nothing can be saved; "" */
    struct tp_seal_key key;
    bool has_key;
    struct tp_receipt_key receipt_key; /* the store's, for what it signs */
    bool has_receipt_key;
    bool own_keys_only; /* an OpenRosa server's screen: only forms with a key of their own are kept
                         */
    char device_id[64];
    char device_name[TP_SETTING_TEXT_MAX];
    char venue[TP_SETTING_TEXT_MAX], event[TP_SETTING_TEXT_MAX];
    bool practice, preview;
    bool quit;
    struct tp_library *library;
    struct tp_notices notices; /* signed and kept; which are due is for tp_app_news */

    /* what it draws and speaks with */
    struct tp_catalog *catalog;
    struct tp_fonts *fonts;
    struct tp_images *images;
    struct tp_icons *icons;
    struct tp_ui *ui;
    struct tp_ui
        *curtain; /* drawn and touched in place of `ui` while the screen is hidden; or NULL */
    struct tp_screen screen;
    char pictures[1024]; /* folder of the interface's Easy Read pictures; "": none */

    /* the person, and how a new one would be */
    struct tp_person person;
    uint64_t fresh_hash;
    struct tp_idle idle;
    int64_t refreshed_ms; /* when the surveys were last looked at */
    struct tp_staff staff;
    struct tp_touch touch;
    struct tp_listen listen;
    struct tp_scan scan;
    struct tp_pace pace;
};

/* Opens the store, finds the surveys, and shows the welcome page. Where the store does not open
 * the kiosk still comes up and says that nothing can be saved. */
bool tp_app_create(const struct tp_app_params *params, struct tp_app **app, struct tp_error *error);
void tp_app_destroy(struct tp_app *app);

/* ---- moving about; the page is built again by tp_app_build ---- */

enum tp_screen_id tp_app_screen(const struct tp_app *app);
void tp_app_go(struct tp_app *app, enum tp_screen_id screen);
void tp_app_back(struct tp_app *app);

/* A new person: everything is wiped, the welcome page shows (S3, S4). */
void tp_app_home(struct tp_app *app);

/* Leaves the survey: asks first where there are answers to lose. `next` (or NULL) is where to go
 * instead of the welcome page. */
void tp_app_leave(struct tp_app *app, struct tp_survey *next);
/* Leaves without asking; counts what was left. */
void tp_app_leave_now(struct tp_app *app);

/* Looks at the surveys and the store again, at most once a second; only on the welcome page. */
void tp_app_refresh(struct tp_app *app);

/* ---- what happens ---- */

/* Builds the page that should show. */
bool tp_app_build(struct tp_app *app, struct tp_error *error);

/* Does what was touched or pressed, and builds the page again where that changed anything. */
bool tp_app_handle(struct tp_app *app, const struct tp_intent *intent, struct tp_error *error);

/* Does one action, as tp_app_handle does for a touch. */
void tp_app_act(struct tp_app *app, const struct tp_action *action);

/* What is due by the clock: the idle warning, the wipe, a look at the surveys. `moved` says whether
 * the page changed. Returns milliseconds until it wants to be called again. */
int64_t tp_app_tick(struct tp_app *app, bool *moved);

/* Someone is there. */
void tp_app_activity(struct tp_app *app);

/* What is drawn and touched: the page, or the curtain before it. */
struct tp_ui *tp_app_shown(const struct tp_app *app);

/* Keeps what staff set in the store, NULL forgets it; a failure is a line on standard error. */
void tp_app_keep(struct tp_app *app, const char *setting, const char *value);

/* How a new person is, after the settings changed. */
void tp_app_learn_fresh(struct tp_app *app);

/* ---- for screens ---- */

/* Words of the page's tag: interface and survey. */
void tp_app_set_language(struct tp_app *app, const char *tag);
void tp_app_apply_look(struct tp_app *app);

/* What time it is, Unix time in ms: the store's where it was heard since the machine started, else
 * the machine's, but never before a time that was seen (store/store.h). */
int64_t tp_app_now_ms(const struct tp_app *app);

/* A clock whose wall time is that one: for what an answer says of itself. Lasts as long as the app.
 */
struct tp_clock tp_app_clock(struct tp_app *app);

/* The day it is here, by that time. */
struct tp_day tp_app_today(const struct tp_app *app);

/* A fact of the survey in the person's words; "" where it is not said. */
const char *tp_app_fact(struct tp_app *app, const struct tp_survey *survey, const char *name);

/* Height of the display in millimetres, less where the text is larger than the default. */
double tp_app_room_mm(const struct tp_app *app);

/* Is the display low for the text on it (a tablet, or very large text)? Pages then leave out what
 * is said elsewhere too. */
bool tp_app_is_low(const struct tp_app *app);

/* Begins a page with the app's title line: practice is marked on every page. */
struct tp_page *tp_app_begin(struct tp_app *app, struct tp_page_spec spec);

/* Adds the bar with its six buttons. */
void tp_app_bar(struct tp_app *app, struct tp_page *page);

/* A picture of the interface's own set ("clock.svg"); NULL where it is not installed. The path
 * lasts until the next call. */
const char *tp_app_picture(struct tp_app *app, const char *name);

#endif
