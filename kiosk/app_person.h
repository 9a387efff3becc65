/*
 * Everything the kiosk knows of the person in front of it, in one struct.
 *
 * How they like to read, where they are, and what they have answered so far. A new person gets a
 * new struct: tp_person_reset wipes the old one, and tp_person_hash of a fresh one is the same
 * every time (ACCESSIBILITY.md S3). Nothing about a person is kept anywhere else in the program,
 * but for what the page on the screen shows (tp_ui_forget). Thread: the main thread only.
 */
#ifndef TP_KIOSK_APP_PERSON_H
#define TP_KIOSK_APP_PERSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "form/session.h"
#include "kiosk/app_receipt.h"
#include "kiosk/app_settings.h"
#include "kiosk/gfx/theme.h"
#include "kiosk/library.h"
#include "kiosk/widgets/keyboard_layout.h"
#include "kiosk/widgets/text_edit.h"
#include "store/notices.h"

/* The screens, in the order of the table in screens/screens.c. */
enum tp_screen_id {
    TP_SCREEN_WELCOME,
    TP_SCREEN_READ,     /* how would you like to read? */
    TP_SCREEN_LANGUAGE, /* which language? */
    TP_SCREEN_SURVEYS,  /* the consultations that are open */
    TP_SCREEN_FRONT,    /* who asks, why, and what happens with it */
    TP_SCREEN_PRIVACY,  /* the full notice */
    TP_SCREEN_QUESTION,
    TP_SCREEN_TYPING, /* one field of a page, with the keyboard */
    TP_SCREEN_CHECK,  /* check your answers */
    TP_SCREEN_REMOVE, /* remove one of a repeat? */
    TP_SCREEN_UNSAVED,
    TP_SCREEN_EQUALITY, /* some questions about you: why, and whether */
    TP_SCREEN_THANKS,
    TP_SCREEN_HELP,
    TP_SCREEN_LEAVE,  /* do you want to leave? */
    TP_SCREEN_IDLE,   /* are you still there? */
    TP_SCREEN_LISTEN, /* volume, speed, carry on: while reading aloud */
    TP_SCREEN_ALOUD,  /* private questions: may others hear? */
    TP_SCREEN_SCAN,   /* the pace of the one switch */
    TP_SCREEN_BROKEN, /* this survey does not open */
    TP_SCREEN_STAFF_PIN,
    TP_SCREEN_STAFF,
    TP_SCREEN_STAFF_TYPING,
    TP_SCREEN_STAFF_CHECK, /* colours, touch, ruler */
    TP_SCREEN_STAFF_TOUCH, /* touch is matched to the picture */
    TP_SCREEN_NEWS,        /* the notices there are */
    TP_SCREEN_NOTICE,      /* one of them */
    TP_SCREEN_COUNT
};

/* Deeper than any way through the screens: each is in the history at most once or twice. */
#define TP_HISTORY_MAX 32

/* A text on its way: what has been typed into one field of the page, before Continue checks it.
 * `part` is 0, or the place in a date (day, month, year). */
struct tp_draft {
    tp_node node;
    int part;
    struct tp_text_edit edit;
};
/* A page of fields that nobody could fill in standing up. */
#define TP_DRAFTS_MAX 128

/* One thing to put right on this page: the question, and the words beside it. */
#define TP_FAULT_WORDS_MAX 512
struct tp_fault {
    tp_node node;
    char words[TP_FAULT_WORDS_MAX];
};
/* The first eight are shown; more would not fit, and the rest come up when these are put right. */
#define TP_FAULTS_MAX 8

/* One of a repeat that is being added or changed (kiosk/app_repeat.h). */
struct tp_within {
    tp_node repeat, instance;
    bool added; /* just now, by "Add another" */
};
/* Repeats within repeats; a survey for people has one, at most two. */
#define TP_WITHIN_MAX 4

/* May others hear what is private (ACCESSIBILITY.md A2)? */
enum tp_aloud { TP_ALOUD_UNASKED, TP_ALOUD_YES, TP_ALOUD_NO };

struct tp_search_index;

struct tp_person {
    /* How they read. */
    char language[TP_LANGUAGE_TAG_MAX];
    struct tp_look look;
    bool listening;
    int volume, rate;    /* steps of kiosk/speech/voice.h */
    enum tp_aloud aloud; /* may the loudspeaker say what is private? */
    bool hidden;         /* nothing of the page is drawn: they listen */
    long scan_ms;        /* the pace of the one switch */

    /* Where they are: history[depth - 1] shows. */
    enum tp_screen_id history[TP_HISTORY_MAX];
    size_t depth;
    struct tp_survey *next_survey;  /* to go to after leaving this one; borrowed */
    const struct tp_notice *notice; /* that shows, or showed last; borrowed from the app */

    /* What they answer. */
    struct tp_survey *survey;       /* borrowed from the library; NULL: none */
    struct tp_session *session;     /* owned */
    struct tp_search_index *search; /* owned; of the long list looked through last, or NULL */
    bool opened;                    /* counted as opened */
    bool changing;                  /* came from the check page and goes back to it */
    tp_node *visited;               /* owned: pages shown, so that new ones are not passed over */
    size_t visited_count, visited_capacity;
    struct tp_within within[TP_WITHIN_MAX]; /* outermost first */
    size_t within_count;
    tp_node removing;        /* asked about; TP_NODE_NONE: none */
    struct tp_draft *drafts; /* owned, TP_DRAFTS_MAX of them or NULL */
    size_t draft_count;
    struct tp_fault faults[TP_FAULTS_MAX];
    size_t fault_count;

    /* The field that the keyboards type into. */
    tp_node field; /* TP_NODE_NONE: none */
    int field_part;
    enum tp_key_layer layer;
    bool shift;
    bool keys_ordered; /* letters in the order of the alphabet: kept from field to field */

    /* What was saved. */
    char about[TP_SESSION_ID_MAX]; /* the main answers' instance, for the equality questions */
    char receipt[TP_RECEIPT_CODE_MAX];
    struct tp_survey *answered; /* borrowed: what the thanks are for */
};

/* A person nobody has met: everything at the settings' defaults, on the welcome page. */
void tp_person_init(struct tp_person *person, const struct tp_settings *settings);

/* Wipes and frees all, then as tp_person_init. */
void tp_person_reset(struct tp_person *person, const struct tp_settings *settings);

/* Wipes and frees all; leaves a zeroed struct. */
void tp_person_finish(struct tp_person *person);

/* Drops the answers and keeps how they read and where they are. */
void tp_person_drop_answers(struct tp_person *person);

/* Over every byte of the struct: the same for every fresh person of one run of the program. */
uint64_t tp_person_hash(const struct tp_person *person);

/* "en-simple" for Easy Read in English, "pl-simple" for Easy Read in Polish, else the language. */
void tp_person_tag(const struct tp_person *person, char tag[TP_LANGUAGE_TAG_MAX + 8]);

/* ---- drafts ---- */

/* The draft of a field, begun with `initial` the first time. NULL when out of memory or past
 * TP_DRAFTS_MAX. */
struct tp_draft *tp_person_draft(struct tp_person *person, tp_node node, int part,
                                 const char *initial);
/* NULL where the field has none. */
struct tp_draft *tp_person_find_draft(struct tp_person *person, tp_node node, int part);
/* Wipes all of them, and forgets the field, the layer and what was wrong. */
void tp_person_clear_page(struct tp_person *person);

/* ---- pages ---- */

/* Remembers that a page was shown; losing one for want of memory only means it is shown again. */
void tp_person_visit(struct tp_person *person, tp_node page);
bool tp_person_visited(const struct tp_person *person, tp_node page);

/* ---- history ---- */

enum tp_screen_id tp_person_screen(const struct tp_person *person);
void tp_person_push(struct tp_person *person, enum tp_screen_id screen);
/* To the screen before; stays on the last one. */
void tp_person_pop(struct tp_person *person);
/* Goes back to the latest `screen` in the history; false where it is not in it. */
bool tp_person_pop_to(struct tp_person *person, enum tp_screen_id screen);

#endif
