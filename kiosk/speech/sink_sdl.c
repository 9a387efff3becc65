#include <SDL.h>

#include "kiosk/speech/speech.h"

/* About 25 ms at 22,050 Hz: short enough that speech answers at once, long enough never to stutter.
 */
#define DEVICE_SAMPLES 512

/* The device's rate, the synthesiser's own: only recordings at another are converted. */
#define DEVICE_RATE 22050
#define CONVERTED_BLOCK 4096

struct device {
    SDL_AudioDeviceID id;    /* 0: closed */
    SDL_AudioStream *stream; /* owned; NULL where the source has the device's rate */
};

static struct device the_device;

static void close_device(struct device *device)
{
    if (device->stream)
        SDL_FreeAudioStream(device->stream);
    if (device->id)
        SDL_CloseAudioDevice(device->id);
    *device = (struct device){0};
}

static bool open_device(struct device *device)
{
    SDL_AudioSpec want = {
        .freq = DEVICE_RATE, .format = AUDIO_S16SYS, .channels = 1, .samples = DEVICE_SAMPLES};

    if (device->id)
        return true;
    if (!SDL_WasInit(SDL_INIT_AUDIO) && SDL_InitSubSystem(SDL_INIT_AUDIO) != 0)
        return false;
    device->id = SDL_OpenAudioDevice(NULL, 0, &want, NULL, 0);
    if (!device->id)
        return false;
    SDL_PauseAudioDevice(device->id, 0);
    return true;
}

static bool start(void *context, int rate)
{
    struct device *device = context;

    if (!open_device(device))
        return false;
    if (device->stream)
        SDL_FreeAudioStream(device->stream);
    device->stream = NULL;
    if (rate == DEVICE_RATE)
        return true;
    device->stream = SDL_NewAudioStream(AUDIO_S16SYS, 1, rate, AUDIO_S16SYS, 1, DEVICE_RATE);
    return device->stream != NULL;
}

static void queue(void *context, const int16_t *samples, size_t count)
{
    struct device *device = context;
    int16_t converted[CONVERTED_BLOCK];
    int got;

    if (!device->id)
        return;
    if (!device->stream) {
        (void)SDL_QueueAudio(device->id, samples, (Uint32)(count * sizeof(*samples)));
        return;
    }
    (void)SDL_AudioStreamPut(device->stream, samples, (int)(count * sizeof(*samples)));
    while ((got = SDL_AudioStreamGet(device->stream, converted, sizeof(converted))) > 0)
        (void)SDL_QueueAudio(device->id, converted, (Uint32)got);
}

static size_t queued(void *context)
{
    struct device *device = context;

    return device->id ? SDL_GetQueuedAudioSize(device->id) / sizeof(int16_t) : 0;
}

static void clear(void *context)
{
    struct device *device = context;

    if (device->id)
        SDL_ClearQueuedAudio(device->id);
}

static void pause_device(void *context, bool paused)
{
    struct device *device = context;

    if (device->id)
        SDL_PauseAudioDevice(device->id, paused);
}

struct tp_speech_sink tp_speech_sink_sdl(void)
{
    return (struct tp_speech_sink){.start = start,
                                   .queue = queue,
                                   .queued = queued,
                                   .clear = clear,
                                   .pause = pause_device,
                                   .context = &the_device};
}

void tp_speech_sink_sdl_finish(const struct tp_speech_sink *sink)
{
    close_device(sink->context);
}
