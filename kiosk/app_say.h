/*
 * What is said: from the nodes of a page to utterances.
 *
 * A reader who cannot see is told what is written, what a picture shows, what is chosen, what was
 * typed, and, where the answers are private and others could hear, that they are not read aloud
 * (ACCESSIBILITY.md A1, A2). Nothing here makes sound: app_listen.h decides when it is said. The
 * list owns its words and wipes them. Thread: the main thread only.
 */
#ifndef TP_KIOSK_APP_SAY_H
#define TP_KIOSK_APP_SAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "kiosk/speech/speech.h"

struct tp_app;

/* All the words of one list. */
#define TP_SAY_BYTES_MAX (512u * 1024u)

/* One utterance of a list: its words are at `text` of the list's. */
struct tp_say_item {
    size_t text, clip;    /* offsets; clip SIZE_MAX: none */
    const char *language; /* lasts as long as the app */
    uint64_t is;          /* of the words without their state: to know them again */
};

struct tp_say {
    struct tp_say_item items[TP_SPEECH_UTTERANCES_MAX];
    size_t count;
    struct tp_buf words;
};

void tp_say_init(struct tp_say *say);
/* Wipes. */
void tp_say_finish(struct tp_say *say);

/* The part of the page that shows: its title, its words, its answers, its buttons; keys of a
 * keyboard and the bar are found by the focus. `turned`: it came by More or Up, and the title was
 * said before. */
void tp_say_page(struct tp_app *app, bool turned, struct tp_say *say);

/* What has the focus, with its state. */
void tp_say_focus(struct tp_app *app, struct tp_say *say);

/* Words of the interface, or in another language. */
void tp_say_words(struct tp_app *app, const char *words, struct tp_say *say);
void tp_say_in(const char *words, const char *language, struct tp_say *say);

/* For tp_speech_say, from the `from`-th on; returns how many. */
size_t tp_say_utterances(const struct tp_say *say, size_t from,
                         struct tp_utterance utterances[TP_SPEECH_UTTERANCES_MAX]);

/* ---- what is private ---- */

/* Does the page ask something private: marked so, or about the person themselves? */
bool tp_say_is_private(struct tp_app *app);

#endif
