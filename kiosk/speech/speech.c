#include "kiosk/speech/speech.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "kiosk/speech/voice.h"
#include "kiosk/speech/wav.h"

/* Ask to be called again this often while something is spoken. */
#define TICK_MS 40
/* At most this much is queued ahead, so that a change of volume is heard within a second. */
#define AHEAD_SECONDS 1
#define BLOCK_BYTES 8192

struct item {
    char *text;        /* owned, wiped */
    char *clip;        /* owned or NULL */
    const char *voice; /* static or NULL */
};

struct tp_speech {
    struct tp_speech_sink sink;
    char *synthesiser;  /* owned */
    struct item *items; /* owned, `count` of them */
    size_t count, next; /* next: the first not begun */
    pid_t child;        /* 0: none */
    int source;         /* fd of the samples; -1: none */
    struct tp_wav wav;
    bool odd; /* `half` is the first byte of a sample whose second is to come */
    uint8_t half;
    bool heard; /* the current source gave a sample */
    bool paused;
    int volume, rate;
    size_t missing;
};

extern char **environ;

bool tp_speech_create(const struct tp_speech_sink *sink, const char *synthesiser,
                      struct tp_speech **speech, struct tp_error *error)
{
    struct tp_speech *made = tp_calloc(1, sizeof(*made));

    if (!made)
        return tp_fail_memory(error);
    made->synthesiser = tp_strdup(synthesiser ? synthesiser : "espeak-ng");
    if (!made->synthesiser) {
        tp_free(made);
        return tp_fail_memory(error);
    }
    made->sink = *sink;
    made->source = -1;
    made->volume = TP_VOLUME_DEFAULT;
    made->rate = TP_RATE_DEFAULT;
    *speech = made;
    return true;
}

static void close_source(struct tp_speech *speech)
{
    if (speech->source >= 0)
        (void)close(speech->source);
    speech->source = -1;
    if (speech->child > 0) {
        /* It has nothing to save, and waiting for a polite end could hold up the screen. */
        (void)kill(speech->child, SIGKILL);
        while (waitpid(speech->child, NULL, 0) < 0 && errno == EINTR)
            ;
    }
    speech->child = 0;
    tp_wipe(speech->wav.head, sizeof(speech->wav.head));
}

static void free_items(struct item *items, size_t count)
{
    for (size_t i = 0; items && i < count; i++) {
        tp_free_secret(items[i].text);
        tp_free(items[i].clip);
    }
    tp_free(items);
}

void tp_speech_stop(struct tp_speech *speech)
{
    close_source(speech);
    speech->sink.clear(speech->sink.context);
    free_items(speech->items, speech->count);
    speech->items = NULL;
    speech->count = speech->next = 0;
    if (speech->paused)
        tp_speech_pause(speech, false);
}

void tp_speech_destroy(struct tp_speech *speech)
{
    if (!speech)
        return;
    tp_speech_stop(speech);
    tp_free(speech->synthesiser);
    tp_free(speech);
}

/* The longest prefix of at most TP_SPEECH_TEXT_MAX bytes that ends between characters. */
static size_t cut_length(const char *text)
{
    size_t length = strnlen(text, TP_SPEECH_TEXT_MAX + 1);

    if (length <= TP_SPEECH_TEXT_MAX)
        return length;
    length = TP_SPEECH_TEXT_MAX;
    while (length && ((unsigned char)text[length] & 0xc0) == 0x80)
        length--;
    return length;
}

bool tp_speech_say(struct tp_speech *speech, const struct tp_utterance *utterances, size_t count)
{
    struct item *items;

    if (count > TP_SPEECH_UTTERANCES_MAX)
        count = TP_SPEECH_UTTERANCES_MAX;
    tp_speech_stop(speech);
    items = tp_calloc(count, sizeof(*items));
    if (!items)
        return false;
    for (size_t i = 0; i < count; i++) {
        items[i].text = tp_strndup(utterances[i].text, cut_length(utterances[i].text));
        items[i].clip = utterances[i].clip ? tp_strdup(utterances[i].clip) : NULL;
        items[i].voice = tp_voice_for(utterances[i].language);
        if (!items[i].text || (utterances[i].clip && !items[i].clip)) {
            free_items(items, count);
            return false;
        }
    }
    speech->items = items;
    speech->count = count;
    return true;
}

void tp_speech_repeat(struct tp_speech *speech)
{
    close_source(speech);
    speech->sink.clear(speech->sink.context);
    speech->next = 0;
    if (speech->paused)
        tp_speech_pause(speech, false);
}

void tp_speech_pause(struct tp_speech *speech, bool paused)
{
    speech->paused = paused;
    speech->sink.pause(speech->sink.context, paused);
}

bool tp_speech_paused(const struct tp_speech *speech)
{
    return speech->paused;
}

static int within(int step, int steps)
{
    if (step < 0)
        return 0;
    return step < steps ? step : steps - 1;
}

void tp_speech_set_volume(struct tp_speech *speech, int step)
{
    speech->volume = within(step, TP_VOLUME_STEPS);
}

void tp_speech_set_rate(struct tp_speech *speech, int step)
{
    speech->rate = within(step, TP_RATE_STEPS);
}

int tp_speech_volume(const struct tp_speech *speech)
{
    return speech->volume;
}

int tp_speech_rate(const struct tp_speech *speech)
{
    return speech->rate;
}

void tp_speech_reset(struct tp_speech *speech)
{
    tp_speech_stop(speech);
    speech->volume = TP_VOLUME_DEFAULT;
    speech->rate = TP_RATE_DEFAULT;
}

static bool send_text(int fd, const char *text)
{
    size_t left = strlen(text);

    while (left) {
        ssize_t put = send(fd, text, left, MSG_NOSIGNAL | MSG_DONTWAIT);

        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return false;
        text += put;
        left -= (size_t)put;
    }
    return true;
}

/* Starts the synthesiser with both its ends wired up: standard input `in`, standard output `out`.
 */
static pid_t spawn(struct tp_speech *speech, const char *voice, int in, int out)
{
    char words[16];
    char *arguments[] = {speech->synthesiser, "-v",       (char *)voice, "-s", words,
                         "--stdin",           "--stdout", (char *)0};
    posix_spawn_file_actions_t actions;
    pid_t child = 0;

    (void)snprintf(words, sizeof(words), "%d", tp_rate_words(speech->rate));
    if (posix_spawn_file_actions_init(&actions) != 0)
        return 0;
    if (posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO) != 0 ||
        posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO) != 0 ||
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0) != 0 ||
        posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1) != 0 ||
        posix_spawnp(&child, speech->synthesiser, &actions, NULL, arguments, environ) != 0)
        child = 0;
    (void)posix_spawn_file_actions_destroy(&actions);
    return child;
}

static bool start_synthesiser(struct tp_speech *speech, const struct item *item)
{
    int text[2];
    int sound[2];
    bool sent = false;

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, text) != 0)
        return false;
    if (pipe2(sound, O_CLOEXEC) != 0)
        goto close_text;
    speech->child = spawn(speech, item->voice, text[1], sound[1]);
    (void)close(sound[1]);
    if (speech->child) {
        sent = send_text(text[0], item->text);
        speech->source = sound[0];
        (void)fcntl(speech->source, F_SETFL, O_NONBLOCK);
    } else {
        (void)close(sound[0]);
    }
close_text:
    (void)close(text[0]);
    (void)close(text[1]);
    if (!sent)
        close_source(speech);
    return sent;
}

/* Begins the next item that can be begun; false at the end of the list. */
static bool start_next(struct tp_speech *speech)
{
    while (speech->next < speech->count) {
        const struct item *item = &speech->items[speech->next++];

        tp_wav_init(&speech->wav);
        speech->odd = speech->heard = false;
        if (item->clip)
            speech->source = open(item->clip, O_RDONLY | O_CLOEXEC);
        if (speech->source >= 0)
            return true;
        if (item->voice && start_synthesiser(speech, item))
            return true;
        speech->missing++;
    }
    return false;
}

static void queue_bytes(struct tp_speech *speech, const uint8_t *bytes, size_t count)
{
    int16_t samples[BLOCK_BYTES / 2 + 1];
    size_t made = 0;

    for (size_t i = 0; i < count; i++) {
        if (speech->odd)
            samples[made++] = (int16_t)(uint16_t)(speech->half | (unsigned)bytes[i] << 8);
        else
            speech->half = bytes[i];
        speech->odd = !speech->odd;
    }
    if (!made)
        return;
    tp_volume_apply(samples, (unsigned)made, tp_volume_gain(speech->volume));
    speech->sink.queue(speech->sink.context, samples, made);
    speech->heard = true;
    tp_wipe(samples, sizeof(samples));
}

static bool take(struct tp_speech *speech, const uint8_t *bytes, size_t count)
{
    size_t head = 0;

    if (speech->wav.state == TP_WAV_HEAD) {
        head = tp_wav_feed(&speech->wav, bytes, count);
        if (speech->wav.state == TP_WAV_BAD ||
            (speech->wav.state == TP_WAV_DATA &&
             !speech->sink.start(speech->sink.context, speech->wav.rate)))
            return false;
    }
    queue_bytes(speech, bytes + head, count - head);
    return true;
}

static bool far_enough_ahead(const struct tp_speech *speech)
{
    return speech->wav.state == TP_WAV_DATA &&
           speech->sink.queued(speech->sink.context) >= (size_t)speech->wav.rate * AHEAD_SECONDS;
}

/* Ends the current source. One that gave nothing is missing; a recording that failed is spoken
 * instead. */
static void end_source(struct tp_speech *speech)
{
    bool heard = speech->heard;
    bool was_clip = speech->child == 0;
    const struct item *item = &speech->items[speech->next - 1];

    close_source(speech);
    if (heard)
        return;
    tp_wav_init(&speech->wav);
    if (!was_clip || !item->voice || !start_synthesiser(speech, item))
        speech->missing++;
}

int tp_speech_tick(struct tp_speech *speech)
{
    uint8_t block[BLOCK_BYTES];

    if (speech->paused)
        return -1;
    while (!far_enough_ahead(speech)) {
        ssize_t got;

        if (speech->source < 0 && !start_next(speech))
            break;
        got = read(speech->source, block, sizeof(block));
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0 && errno == EAGAIN)
            break;
        if (got <= 0 || !take(speech, block, (size_t)got))
            end_source(speech);
    }
    tp_wipe(block, sizeof(block));
    return tp_speech_busy(speech) ? TICK_MS : -1;
}

bool tp_speech_busy(const struct tp_speech *speech)
{
    return speech->source >= 0 || speech->next < speech->count ||
           (speech->count && speech->sink.queued(speech->sink.context) > 0);
}

size_t tp_speech_missing(const struct tp_speech *speech)
{
    return speech->missing;
}
