#include "kiosk/speech/wav.h"

#include <stdbool.h>
#include <string.h>

#define RIFF_SIZE 12u
#define CHUNK_SIZE 8u
#define FORMAT_SIZE 16u
#define PCM 1u

void tp_wav_init(struct tp_wav *wav)
{
    *wav = (struct tp_wav){.state = TP_WAV_HEAD};
}

static uint32_t read_32(const uint8_t *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static uint32_t read_16(const uint8_t *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8;
}

static bool read_format(struct tp_wav *wav, const uint8_t *p)
{
    uint32_t rate = read_32(p + 4);

    if (read_16(p) != PCM || read_16(p + 2) != 1 || read_16(p + 14) != 16 || rate < 8000 ||
        rate > 48000)
        return false;
    wav->rate = (int)rate;
    return true;
}

/* Walks the chunks that are whole so far. */
static enum tp_wav_state look(struct tp_wav *wav)
{
    size_t at = RIFF_SIZE;

    if (wav->length < RIFF_SIZE)
        return TP_WAV_HEAD;
    if (memcmp(wav->head, "RIFF", 4) != 0 || memcmp(wav->head + 8, "WAVE", 4) != 0)
        return TP_WAV_BAD;
    while (wav->length - at >= CHUNK_SIZE) {
        const uint8_t *chunk = wav->head + at;
        size_t size = read_32(chunk + 4);

        if (memcmp(chunk, "data", 4) == 0)
            return wav->rate ? TP_WAV_DATA : TP_WAV_BAD;
        size += size & 1;
        if (size > TP_WAV_HEAD_MAX)
            return TP_WAV_BAD;
        if (wav->length - at - CHUNK_SIZE < size)
            return TP_WAV_HEAD;
        if (memcmp(chunk, "fmt ", 4) == 0 &&
            (size < FORMAT_SIZE || !read_format(wav, chunk + CHUNK_SIZE)))
            return TP_WAV_BAD;
        at += CHUNK_SIZE + size;
    }
    return TP_WAV_HEAD;
}

size_t tp_wav_feed(struct tp_wav *wav, const uint8_t *bytes, size_t count)
{
    size_t taken = 0;

    while (taken < count && wav->state == TP_WAV_HEAD) {
        wav->head[wav->length++] = bytes[taken++];
        wav->state = look(wav);
        if (wav->state == TP_WAV_HEAD && wav->length == TP_WAV_HEAD_MAX)
            wav->state = TP_WAV_BAD;
    }
    return taken;
}
