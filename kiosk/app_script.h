/*
 * A scripted resident: one command a line, done through the same events as a person's touches.
 *
 *     tap "Continue"        touches the middle of what is called so (looking further down a long
 *                           page with its own More button); tap "Change" 2 takes the second one
 *     tap 120 85            touches a place, in millimetres from the top left
 *     tap-keys "More seats" touches the keys of the on-screen keyboard, one after the other
 *     key Tab               a key of a keyboard, by SDL's name
 *     type "More seats"     types on a keyboard beside the screen
 *     wait 300000           lets milliseconds go by
 *     expect "Not answered" stops unless the page says so
 *     expect-not "canary"   stops if it does
 *     expect-page check     stops unless this screen shows
 *     expect-fresh          stops unless the person's state is that of a new person
 *     screenshot FILE.png
 *     dump                  prints the page's boxes as JSON lines
 *     hold                  stands still until a line comes on standard input
 *     hear Tab Return "By bus"   presses the first key until that is said, then the second
 *     step Tab Return "By bus"   the same by what has the focus
 *     scan F5 "By bus"      waits until the scan stands on it, then presses the switch
 *     finger down 1 60 40   a finger comes down on a place (in millimetres), moves to, or goes up
 *     expect-screen off     stops unless the screen is off (out of hours); or on
 *     headphones in         are plugged in; or out
 *     listen                lets time go by until nothing is being said
 *     expect-said "By bus"  stops unless that was said since the last expect-said
 *     expect-not-said "72"  stops if it was
 *     # a remark
 *
 * A quoted name may also be a stable id: "#start". A line that cannot be done stops the script with
 * one clear line. Thread: the main thread only.
 */
#ifndef TP_KIOSK_APP_SCRIPT_H
#define TP_KIOSK_APP_SCRIPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct tp_loop;
struct tp_script;

/* Words of one line, the command first. */
#define TP_SCRIPT_WORDS_MAX 6
struct tp_script_words {
    char *word[TP_SCRIPT_WORDS_MAX];
    size_t count;
};

/* A script is written by hand or by a test. */
#define TP_SCRIPT_FILE_MAX (1024u * 1024u)
#define TP_SCRIPT_LINE_MAX 4096

/* How long the resident waits between two touches: longer than the guards against slips. */
#define TP_SCRIPT_PACE_MS 600

bool tp_script_open(struct tp_loop *loop, const char *path, struct tp_script **script,
                    struct tp_error *error);
void tp_script_close(struct tp_script *script);

/* ---- for the commands of app_script_hands.c ---- */

struct tp_loop *tp_script_loop(struct tp_script *script);
/* Lets time go by, as a person who waits does. */
bool tp_script_pass(struct tp_script *script, int64_t ms, struct tp_error *error);
/* Waits as long as a person between two touches, and presses a key by SDL's name. */
bool tp_script_press(struct tp_script *script, const char *name, struct tp_error *error);

/* Does the next line; after the last one the app quits. */
bool tp_script_step(struct tp_script *script, struct tp_error *error);

#endif
