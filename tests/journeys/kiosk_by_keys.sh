#!/bin/bash
# Whole surveys without touch, by what has the focus: three keys of a tactile keypad, two switches, and one switch that
# scans, a keyboard by rows and columns. The scan rests after its rounds and starts again; its pace is the person's
# (ACCESSIBILITY.md P8, A4, S3).
. tests/lib/journey.sh
. tests/lib/kiosk.sh
enrolled
cat >"$work/keys.ini" <<'INI'
[keys]
next = F13, Keypad 6
previous = F14
select = F15, Keypad 5
switch = F16
help = F17
[switch]
pace_ms = 1000
rounds = 2
INI
answers() { # STEP : a line for each thing to choose, each begun with STEP
    local name
    for name in "Touch to start" Continue "The park" Start "By bus" Continue "The trees" Continue 7 2 Continue \
        Continue "4 stars" Continue "More of it" Continue Agree Continue N o Continue "Yes, I have read this" Continue; do
        printf '%s "%s"\n' "$1" "$name"
    done
    printf 'expect-page check\nexpect "By bus"\nexpect "The trees"\nexpect "72"\n%s "Send my answers"\n' "$1"
    printf '%s "No, finish now"\nexpect-page thanks\n%s "I have finished"\nexpect-page welcome\nexpect-fresh\n' "$1" "$1"
}
resident --config "$work/keys.ini" < <(answers "step F13 F15")
is "$(waiting)" 1 "the number of answers after three keys"
resident --config "$work/keys.ini" < <(answers 'step "Keypad 6" "Keypad 5"')
is "$(waiting)" 2 "the number of answers after two switches"
resident --config "$work/keys.ini" < <(
    printf 'key F16\n'
    answers "scan F16"
)
is "$(waiting)" 3 "the number of answers after one switch"

# Three keys, back through the ring: nothing is a trap, on no page.
resident --config "$work/keys.ini" <<'SCRIPT'
step F14 F15 "Help"
step F14 F15 "Back"
step F14 F15 "Touch to start"
step F14 F15 "Back"
expect-page welcome
key F17
expect-page help
key F17
expect-page welcome
SCRIPT

# The scan rests after two rounds of the page, and the next press starts it; the pace is chosen, and gone with the person.
resident --config "$work/keys.ini" --speech-log "$work/said" <<'SCRIPT'
tap "#start"
key F16
wait 120000
headphones in
wait 60000
expect-not-said "Not chosen"
key F16
scan F16 "Help"
scan F16 "Speed of the switch"
expect "11 of 14"
scan F16 "Slower"
expect "10 of 14"
listen
expect-said "10 of 14"
scan F16 "Done"
scan F16 "Back"
tap "#start"
tap "#bar:help"
expect-not "Speed of the switch"
SCRIPT
