/*
 * Are headphones plugged in? As ALSA's control interface says.
 *
 * Sound cards that know have a control "Headphone Jack" ("Front Headphone Jack"); the group
 * `audio`, which the kiosk needs to be heard at all, may read it. Looking is one call to the kernel
 * a jack, so it is done every so often and nothing has to be waited for. Thread: the main thread
 * only.
 */
#ifndef TP_KIOSK_SPEECH_JACK_H
#define TP_KIOSK_SPEECH_JACK_H

/* How often to look: soon enough for someone who plugs in and waits to be spoken to. */
#define TP_JACK_LOOK_MS 300

enum tp_jack_state {
    TP_JACK_UNKNOWN, /* no card says */
    TP_JACK_EMPTY,
    TP_JACK_PLUGGED,
};

struct tp_jack;

/* `control`: one of ALSA's control devices ("hw:0"); "": all cards there are. NULL where no card
 * has such a control, or out of memory. */
struct tp_jack *tp_jack_open(const char *control);
void tp_jack_close(struct tp_jack *jack);

/* NULL is TP_JACK_UNKNOWN. */
enum tp_jack_state tp_jack_read(struct tp_jack *jack);

#endif
