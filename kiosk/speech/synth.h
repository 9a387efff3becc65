/*
 * The synthesiser: espeak-ng as a child process that turns one text into PCM.
 *
 * The text goes to its standard input, never as an argument that other users could read; its
 * standard output is a WAV stream, read without waiting. If it crashes, the screen does not.
 * Thread: the main thread only.
 */
#ifndef TP_KIOSK_SPEECH_SYNTH_H
#define TP_KIOSK_SPEECH_SYNTH_H

#include <stdbool.h>
#include <sys/types.h>

/* One text at most. Fits a socket's buffer, so that writing it never waits. */
#define TP_SYNTH_TEXT_MAX 8192u

struct tp_synth {
    pid_t child; /* 0: none */
    int sound;   /* its standard output, not blocking; -1: none */
};
#define TP_SYNTH_NONE ((struct tp_synth){.child = 0, .sound = -1})

/* Runs `program` for a voice at `words` a minute. `alone`: the text is a single sign, whose name is
 * to be said ("full stop"). False where it does not start; the synth is then none. */
bool tp_synth_start(struct tp_synth *synth, const char *program, const char *voice, int words,
                    const char *text, bool alone);

/* After the end of its output: waits a moment for its own end. True where it ended well, so that
 * what it gave is whole. Leaves none. */
bool tp_synth_end(struct tp_synth *synth);

/* Kills it. None is safe. */
void tp_synth_stop(struct tp_synth *synth);

#endif
