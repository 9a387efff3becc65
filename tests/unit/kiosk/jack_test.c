/*
 * Headphones through ALSA's control interface. Machines that test have no sound card: these
 * functions stand in the place of ALSA's, with a card that has jacks to be plugged and pulled.
 */
#include "tp_test.h"

#include <alsa/asoundlib.h>
#include <stdbool.h>
#include <string.h>

#include "kiosk/speech/jack.h"

/* What the card "test" has; "hw:0" has only the first. */
static const char *const names[] = {"Master Playback Switch", "Headphone Phantom Jack",
                                    "Front Headphone Jack", "Mic Jack"};
#define NAMES 4u
#define HEADPHONES 2u

static bool plugged, is_hw;
static int cards, open_controls;

int snd_card_next(int *card)
{
    *card = *card + 1 < cards ? *card + 1 : -1;
    return 0;
}

int snd_ctl_open(snd_ctl_t **control, const char *name, int mode)
{
    (void)mode;
    is_hw = strcmp(name, "hw:0") == 0;
    if (strcmp(name, "test") != 0 && !is_hw)
        return -ENODEV;
    *control = (snd_ctl_t *)(void *)names;
    open_controls++;
    return 0;
}

int snd_ctl_close(snd_ctl_t *control)
{
    (void)control;
    open_controls--;
    return 0;
}

int snd_ctl_elem_list(snd_ctl_t *control, snd_ctl_elem_list_t *list)
{
    (void)control;
    (void)list;
    return 0;
}

unsigned snd_ctl_elem_list_get_count(const snd_ctl_elem_list_t *list)
{
    (void)list;
    return is_hw ? 1 : NAMES;
}

unsigned snd_ctl_elem_list_get_used(const snd_ctl_elem_list_t *list)
{
    return snd_ctl_elem_list_get_count(list);
}

void snd_ctl_elem_list_get_id(const snd_ctl_elem_list_t *list, unsigned index,
                              snd_ctl_elem_id_t *id)
{
    (void)list;
    snd_ctl_elem_id_set_name(id, names[index]);
}

int snd_ctl_elem_info(snd_ctl_t *control, snd_ctl_elem_info_t *info)
{
    (void)control;
    (void)info;
    return 0;
}

snd_ctl_elem_type_t snd_ctl_elem_info_get_type(const snd_ctl_elem_info_t *info)
{
    (void)info;
    return SND_CTL_ELEM_TYPE_BOOLEAN;
}

int snd_ctl_elem_info_is_readable(const snd_ctl_elem_info_t *info)
{
    (void)info;
    return 1;
}

/* Every other switch of the card is on all the time. */
int snd_ctl_elem_read(snd_ctl_t *control, snd_ctl_elem_value_t *value)
{
    bool is = strcmp(snd_ctl_elem_value_get_name(value), names[HEADPHONES]) == 0;

    (void)control;
    snd_ctl_elem_value_set_boolean(value, 0, !is || plugged);
    return 0;
}

static void a_jack_says_when_headphones_come_and_go(void **state)
{
    struct tp_jack *jack;

    (void)state;
    plugged = false;
    jack = tp_jack_open("test");
    assert_non_null(jack);
    assert_int_equal(tp_jack_read(jack), TP_JACK_EMPTY);
    plugged = true;
    assert_int_equal(tp_jack_read(jack), TP_JACK_PLUGGED);
    plugged = false;
    assert_int_equal(tp_jack_read(jack), TP_JACK_EMPTY);
    tp_jack_close(jack);
    assert_int_equal(open_controls, 0);
}

static void a_card_that_cannot_tell_and_one_that_is_not_there_are_unknown(void **state)
{
    (void)state;
    assert_null(tp_jack_open("hw:0"));
    assert_null(tp_jack_open("nowhere"));
    assert_null(tp_jack_open(""));
    cards = 1;
    assert_null(tp_jack_open(""));
    assert_int_equal(open_controls, 0);
    assert_int_equal(tp_jack_read(NULL), TP_JACK_UNKNOWN);
    tp_jack_close(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_jack_says_when_headphones_come_and_go),
        cmocka_unit_test(a_card_that_cannot_tell_and_one_that_is_not_there_are_unknown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
