/*
 * The head of a WAV stream: enough to play 16-bit mono PCM from a recording or a synthesiser.
 *
 * Bytes are fed as they come, in any pieces. A stream from a pipe does not know its length, so the
 * length fields are not believed: data runs to the end of the stream. Thread: one at a time.
 */
#ifndef TP_KIOSK_SPEECH_WAV_H
#define TP_KIOSK_SPEECH_WAV_H

#include <stddef.h>
#include <stdint.h>

/* A head longer than this is not speech: recorders write a page of tags at most. */
#define TP_WAV_HEAD_MAX 4096

enum tp_wav_state {
    TP_WAV_HEAD, /* wants more */
    TP_WAV_DATA, /* samples follow */
    TP_WAV_BAD,  /* not 16-bit mono PCM at 8,000 to 48,000 Hz */
};

struct tp_wav {
    enum tp_wav_state state;
    int rate; /* samples a second, from TP_WAV_DATA on */
    uint8_t head[TP_WAV_HEAD_MAX];
    size_t length; /* of head */
};

void tp_wav_init(struct tp_wav *wav);

/* Takes bytes of the head; returns how many were taken. What is left over is samples once the state
 * is TP_WAV_DATA. */
size_t tp_wav_feed(struct tp_wav *wav, const uint8_t *bytes, size_t count);

#endif
