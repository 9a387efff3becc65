#!/bin/bash
# Opening hours: out of hours, with nobody there, the screen goes off; a touch or a key wakes it to the welcome page and does nothing
# else, and the next one is taken as at any hour. Nobody is put out at closing time, and within the hours the screen stays on.
. tests/lib/journey.sh
. tests/lib/kiosk.sh
enrolled
# A zone in which it is about noon now, so that no minute of this runs into another day.
ahead=$((12 - $(date -u +%-H)))
zone=$(printf 'Etc/GMT%+d' $((-ahead)))
[ "$ahead" != 0 ] || zone=UTC
local_date() { LC_ALL=C TZ=$zone date "$@"; }
hours() { printf '[place]\nzone = %s\n[hours]\nopen = %s\n' "$zone" "$1" >"$work/hours.ini"; }
day() { local_date -d "$1" +%a | cut -c1-2; }

# Where "Touch to start" is, as shares of the glass.
resident < <(echo dump)
start=$(jq -r 'select(.id == "start") | .mm | "\((.[0] + .[2] / 2) / 476) \((.[1] + .[3] / 2) / 268)"' "$work/kiosk.out" | head -n 1)
[ -n "$start" ] || fail "where is the button: $(head -c 300 "$work/kiosk.out")"
touch_start() { printf 'glass down %s\nglass up %s\n' "$start" "$start"; }

# ---- closed today
hours "$(day '3 days') 09:00-17:00"
resident --config "$work/hours.ini" < <(
    printf 'expect-screen on\nwait 59000\nexpect-screen on\nwait 2000\nexpect-screen off\n'
    # The first touch, and one more by somebody who has no patience with a dark screen.
    touch_start
    printf 'expect-screen on\nexpect-page welcome\nexpect-fresh\nwait 600\n'
    touch_start
    printf 'expect-page welcome\nexpect-fresh\nwait 1000\n'
    touch_start
    printf 'expect-page read\n'
    # It is off only where nobody is: this person reads for longer than a minute.
    printf 'wait 120000\nexpect-screen on\nexpect-page read\n'
    # Left alone: the question whether somebody is still there, then all is cleared, then it sleeps.
    printf 'wait 240000\nexpect-page welcome\nexpect-fresh\nwait 61000\nexpect-screen off\n'
    printf 'key Tab\nexpect-screen on\nexpect-page welcome\nwait 61000\nexpect-screen off\n'
    # Staff come in early: the first of the touches wakes it.
    touch_start
    printf 'wait 1000\nkey F12\nexpect-screen on\n'
)

# ---- closing time in the middle of somebody's survey, whose answer is taken
hours "$(day now) 09:00-$(local_date -d '2 minutes' +%H:%M)"
resident --config "$work/hours.ini" < <(
    printf 'tap "#start"\ntap "Continue"\ntap "#comments"\ntap "Start"\nwait 180000\nexpect-screen on\n'
    printf 'tap-keys "late"\ntap "Continue"\ntap "Continue"\ntap "Send my answers"\nexpect-page thanks\nexpect-screen on\n'
    printf 'tap "I have finished"\nexpect-page welcome\nexpect-screen on\nwait 61000\nexpect-screen off\n'
)
is "$(waiting)" 1 "the number of answers that wait"

# ---- open now, and no hours at all
hours "$(day now) 09:00-17:00"
resident --config "$work/hours.ini" < <(printf 'wait 600000\nexpect-screen on\n')
resident < <(printf 'wait 600000\nexpect-screen on\n')
