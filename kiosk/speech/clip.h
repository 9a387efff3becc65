/*
 * A recording of a survey, as samples: WAV, FLAC, Ogg (Vorbis or Opus) or MP3, one or two channels.
 *
 * libsndfile reads it. The file is a stranger's: it is asked only about the kinds above, told by
 * their first bytes, and gives no more than TP_CLIP_SECONDS_MAX. Two channels are heard as one.
 * Thread: one at a time.
 */
#ifndef TP_KIOSK_SPEECH_CLIP_H
#define TP_KIOSK_SPEECH_CLIP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Ten minutes of one page is a mistake; and what a file of such length can be. */
#define TP_CLIP_SECONDS_MAX 600
#define TP_CLIP_BYTES_MAX (64 * 1024 * 1024)

struct tp_clip {
    void *file;     /* SNDFILE *, owned; NULL: none */
    int descriptor; /* owned; -1: none */
    int rate;       /* samples a second, 8,000 to 48,000 */
    int channels;   /* 1 or 2, of the file */
    size_t left;    /* samples that it may still give */
};

#define TP_CLIP_NONE ((struct tp_clip){.descriptor = -1})

/* False where the file is not there or is no recording of these kinds. */
bool tp_clip_open(struct tp_clip *clip, const char *path);

/* The next samples, at most `most`; 0 at the end, and where the rest cannot be read. */
size_t tp_clip_read(struct tp_clip *clip, int16_t *samples, size_t most);

/* Safe on TP_CLIP_NONE. */
void tp_clip_close(struct tp_clip *clip);

#endif
