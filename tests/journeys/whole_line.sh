#!/bin/bash
# A resident answers on a screen without a network, by touch; later the answer reaches the central store and its export.
# What they typed is found nowhere on the way: not on the screen's disk, not in the store's files, not in a log.
. tests/lib/journey.sh
words='more seats near the door'

make_central surveys/{library-hours,village-20mph,young-people,equality,format-request,comments}
start_central
port=${url##*:}
enrol_device "Cowley Library"
sync_once || fail "the first contact failed"
[ "$(ls "$state/forms" | wc -l)" = 6 ] || fail "not all six surveys arrived"
stop_central

mkdir "$work/pictures"
answer() { (cd "$work/pictures" && kiosk "$OLDPWD/deploy/resident.script" --windowed 1920x1080 --locale "$OLDPWD/build/locale"); }
answer >"$work/kiosk.log" 2>&1 || fail "the resident could not finish"
[ "$(status_of waiting)" = 2 ] || fail "$(status_of waiting) answers wait, not the main ones and those about the person"
[ "$(ls "$work/pictures" | wc -l)" -ge 20 ] || fail "the screens were not drawn"
! sync_once || fail "a round without a network said that all went well"
[ "$(status_of waiting)" = 2 ] || fail "answers were lost without a network"

start_central "$port"
sync_once || fail "the round with the store failed"
[ "$(status_of waiting)" = 0 ] || fail "answers are left"
[ "$(status_of sent)" = 2 ] || fail "$(status_of sent) sent, not 2"
exported library-hours >"$work/export.json"
jq -e --arg words "$words" 'length == 1 and (.[0] | .answers.used_library == "yes" and .answers.use_for == ["borrow", "study"]
    and .answers.anything_else == $words and .context.venue == "Cowley Library" and .context.readingMode == "standard"
    and .equality.age_band == "65_74" and (.context.receiptCode | test("^[A-Z][a-z]+ [0-9]+ [A-Z][a-z]+$")))' \
    "$work/export.json" >/dev/null || fail "the export does not say what the resident said: $(cat "$work/export.json")"
[ "$("$TP_BUILD/talkpoint-central" export --data "$central" --form library-hours --format csv | wc -l)" = 2 ] ||
    fail "the CSV has not one row"
stop_central
! grep -rqF "$words" "$state" "$central" "$work"/*.log || fail "what was typed stands on a disk in the clear"
