#include "kiosk/speech/clip.h"

#include <fcntl.h>
#include <sndfile.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define RATE_LEAST 8000
#define RATE_MOST 48000
#define CHANNELS_MOST 2
/* Frames that are read at once. */
#define BLOCK 2048

/* The first bytes of the kinds that are taken: libsndfile is not asked about others. */
static bool is_kind(int descriptor)
{
    static const struct {
        const char *bytes;
        size_t length;
    } kinds[] = {{"RIFF", 4}, {"fLaC", 4}, {"OggS", 4}, {"ID3", 3}};
    unsigned char head[4];

    if (pread(descriptor, head, sizeof(head), 0) != (ssize_t)sizeof(head))
        return false;
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (memcmp(head, kinds[i].bytes, kinds[i].length) == 0)
            return true;
    /* The sync word of an MPEG frame, layer III (ISO 11172-3, 2.4.1.3). */
    return head[0] == 0xFF && (head[1] & 0xE6) == 0xE2;
}

static bool is_of_a_size(int descriptor)
{
    struct stat about;

    return fstat(descriptor, &about) == 0 && S_ISREG(about.st_mode) &&
           about.st_size <= TP_CLIP_BYTES_MAX;
}

static bool is_playable(const SF_INFO *info)
{
    int kind = info->format & SF_FORMAT_TYPEMASK;

    return (kind == SF_FORMAT_WAV || kind == SF_FORMAT_WAVEX || kind == SF_FORMAT_FLAC ||
            kind == SF_FORMAT_OGG || kind == SF_FORMAT_MPEG) &&
           info->samplerate >= RATE_LEAST && info->samplerate <= RATE_MOST && info->channels >= 1 &&
           info->channels <= CHANNELS_MOST;
}

bool tp_clip_open(struct tp_clip *clip, const char *path)
{
    SF_INFO info = {0};

    *clip = TP_CLIP_NONE;
    clip->descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (clip->descriptor < 0 || !is_of_a_size(clip->descriptor) || !is_kind(clip->descriptor))
        goto close_clip;
    clip->file = sf_open_fd(clip->descriptor, SFM_READ, &info, SF_FALSE);
    if (!clip->file || !is_playable(&info))
        goto close_clip;
    (void)sf_command(clip->file, SFC_SET_CLIPPING, NULL, SF_TRUE);
    clip->rate = info.samplerate;
    clip->channels = info.channels;
    clip->left = (size_t)info.samplerate * TP_CLIP_SECONDS_MAX;
    return true;
close_clip:
    tp_clip_close(clip);
    return false;
}

/* Two channels are heard as one: their mean. */
static void mix(const int16_t *frames, size_t count, int16_t *samples)
{
    for (size_t i = 0; i < count; i++)
        samples[i] = (int16_t)((frames[2 * i] + frames[2 * i + 1]) / 2);
}

size_t tp_clip_read(struct tp_clip *clip, int16_t *samples, size_t most)
{
    int16_t frames[BLOCK * CHANNELS_MOST];
    sf_count_t got;

    if (!clip->file)
        return 0;
    most = most < clip->left ? most : clip->left;
    most = most < BLOCK ? most : BLOCK;
    got = sf_readf_short(clip->file, clip->channels == 1 ? samples : frames, (sf_count_t)most);
    if (got <= 0 || (size_t)got > most)
        return 0;
    if (clip->channels == 2)
        mix(frames, (size_t)got, samples);
    clip->left -= (size_t)got;
    return (size_t)got;
}

void tp_clip_close(struct tp_clip *clip)
{
    if (clip->file)
        (void)sf_close(clip->file);
    if (clip->descriptor >= 0)
        (void)close(clip->descriptor);
    *clip = TP_CLIP_NONE;
}
