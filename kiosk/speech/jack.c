#include "kiosk/speech/jack.h"

#include <alsa/asoundlib.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"

/* Sockets of one machine. */
#define JACKS_MAX 8

struct socket {
    snd_ctl_t *control;    /* owned */
    snd_ctl_elem_id_t *id; /* owned */
};

struct tp_jack {
    struct socket sockets[JACKS_MAX];
    size_t count;
};

/* "Phantom" jacks are those that cannot tell. */
static bool is_headphones(const char *name)
{
    return strstr(name, "Headphone") && strstr(name, "Jack") && !strstr(name, "Phantom");
}

static bool is_switch(snd_ctl_t *control, const snd_ctl_elem_id_t *id)
{
    snd_ctl_elem_info_t *info;
    bool is;

    if (snd_ctl_elem_info_malloc(&info) < 0)
        return false;
    snd_ctl_elem_info_set_id(info, id);
    is = snd_ctl_elem_info(control, info) == 0 && snd_ctl_elem_info_is_readable(info) &&
         snd_ctl_elem_info_get_type(info) == SND_CTL_ELEM_TYPE_BOOLEAN;
    snd_ctl_elem_info_free(info);
    return is;
}

/* Each jack has a handle of its own, so that there is one thing to close. */
static void add(struct tp_jack *jack, const char *device, const snd_ctl_elem_id_t *id)
{
    struct socket *socket = &jack->sockets[jack->count];

    if (jack->count == JACKS_MAX || snd_ctl_open(&socket->control, device, SND_CTL_NONBLOCK) < 0)
        return;
    if (snd_ctl_elem_id_malloc(&socket->id) < 0) {
        (void)snd_ctl_close(socket->control);
        return;
    }
    snd_ctl_elem_id_copy(socket->id, id);
    jack->count++;
}

static void find_in_list(struct tp_jack *jack, const char *device, snd_ctl_t *control,
                         snd_ctl_elem_list_t *list)
{
    snd_ctl_elem_id_t *id;

    if (snd_ctl_elem_list(control, list) < 0 ||
        snd_ctl_elem_list_alloc_space(list, snd_ctl_elem_list_get_count(list)) < 0)
        return;
    if (snd_ctl_elem_list(control, list) == 0 && snd_ctl_elem_id_malloc(&id) == 0) {
        for (unsigned i = 0; i < snd_ctl_elem_list_get_used(list); i++) {
            snd_ctl_elem_list_get_id(list, i, id);
            if (is_headphones(snd_ctl_elem_id_get_name(id)) && is_switch(control, id))
                add(jack, device, id);
        }
        snd_ctl_elem_id_free(id);
    }
    snd_ctl_elem_list_free_space(list);
}

static void find_on(struct tp_jack *jack, const char *device)
{
    snd_ctl_elem_list_t *list;
    snd_ctl_t *control;

    if (snd_ctl_open(&control, device, SND_CTL_NONBLOCK) < 0)
        return;
    if (snd_ctl_elem_list_malloc(&list) == 0) {
        find_in_list(jack, device, control, list);
        snd_ctl_elem_list_free(list);
    }
    (void)snd_ctl_close(control);
}

/* ALSA writes to standard error by itself; nobody reads it there, and no card is no fault. */
__attribute__((format(printf, 5, 6))) static void
keep_quiet(const char *file, int line, const char *function, int error, const char *format, ...)
{
    (void)file;
    (void)line;
    (void)function;
    (void)error;
    (void)format;
}

struct tp_jack *tp_jack_open(const char *control)
{
    struct tp_jack *jack = tp_calloc(1, sizeof(*jack));
    int card = -1;

    if (!jack)
        return NULL;
    (void)snd_lib_error_set_handler(keep_quiet);
    if (*control)
        find_on(jack, control);
    while (!*control && snd_card_next(&card) == 0 && card >= 0) {
        char device[16];

        (void)snprintf(device, sizeof(device), "hw:%d", card);
        find_on(jack, device);
    }
    if (jack->count > 0)
        return jack;
    tp_jack_close(jack);
    return NULL;
}

void tp_jack_close(struct tp_jack *jack)
{
    for (size_t i = 0; jack && i < jack->count; i++) {
        snd_ctl_elem_id_free(jack->sockets[i].id);
        (void)snd_ctl_close(jack->sockets[i].control);
    }
    tp_free(jack);
    /* What ALSA read of its configuration. */
    (void)snd_config_update_free_global();
}

static enum tp_jack_state read_socket(const struct socket *socket)
{
    enum tp_jack_state state = TP_JACK_UNKNOWN;
    snd_ctl_elem_value_t *value;

    if (snd_ctl_elem_value_malloc(&value) < 0)
        return state;
    snd_ctl_elem_value_set_id(value, socket->id);
    if (snd_ctl_elem_read(socket->control, value) == 0)
        state = snd_ctl_elem_value_get_boolean(value, 0) ? TP_JACK_PLUGGED : TP_JACK_EMPTY;
    snd_ctl_elem_value_free(value);
    return state;
}

enum tp_jack_state tp_jack_read(struct tp_jack *jack)
{
    enum tp_jack_state state = TP_JACK_UNKNOWN;

    for (size_t i = 0; jack && i < jack->count; i++) {
        enum tp_jack_state one = read_socket(&jack->sockets[i]);

        if (one > state)
            state = one;
    }
    return state;
}
