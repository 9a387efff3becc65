/*
 * A sink that hears words instead of samples: tests, and scripted residents who cannot see.
 *
 * Each utterance takes as long as it would take to say, by the clock it is given, so that a fake
 * clock decides when speech is over. What was heard is kept as lines, "TAG TAB WORDS", and written
 * to a file where there is one. It is for tests and practice only: what it writes may be answers.
 * Thread: the main thread only.
 */
#ifndef TP_KIOSK_SPEECH_EAR_H
#define TP_KIOSK_SPEECH_EAR_H

#include <stdio.h>

#include "base/buf.h"
#include "base/clock.h"
#include "kiosk/speech/speech.h"

/* What is kept between two tp_ear_forget. */
#define TP_EAR_WORDS_MAX (1024u * 1024u)
/* About the pace of a voice at its usual rate. */
#define TP_EAR_CHARACTER_MS 60

struct tp_ear {
    struct tp_clock clock;
    FILE *log;           /* borrowed; NULL: none */
    struct tp_buf heard; /* lines since tp_ear_forget */
    int64_t until;       /* when what is being said ends */
    int64_t paused_at;   /* -1: not paused */
};

void tp_ear_init(struct tp_ear *ear, const struct tp_clock *clock, FILE *log);
/* Wipes. A zeroed ear is safe. */
void tp_ear_finish(struct tp_ear *ear);

/* For tp_speech_create. */
struct tp_speech_sink tp_ear_sink(struct tp_ear *ear);

/* The lines heard since tp_ear_forget. */
const char *tp_ear_heard(const struct tp_ear *ear);
void tp_ear_forget(struct tp_ear *ear);

#endif
