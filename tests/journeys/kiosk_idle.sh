#!/bin/bash
# Someone walks away. After five minutes a warning, after 45 seconds more nothing of them is left; the next person
# finds every setting as it was, and the office learns at which question it happened, not what was answered.
. tests/lib/journey.sh
. tests/lib/kiosk.sh
enrolled
resident <<SCRIPT
screenshot $work/before.png
tap "#bar:size"
tap "Largest text"
tap "Yellow on black"
tap "Easy Read, with pictures"
tap "#page:primary"
tap "#short"
tap "#page:primary"
tap "On the bus"
wait 299000
expect-page question
wait 1000
expect-page idle
expect "Are you still there?"
expect-not "On the bus"
wait 44000
tap "I'm still here"
expect-page question
expect "How do you get there?"
wait 300000
expect-page idle
tap 200 60
wait 44000
expect-page idle
wait 1000
expect-page welcome
expect-fresh
screenshot $work/after.png
expect "Tell the council what you think"
tap "#start"
tap "Continue"
tap "#short"
tap "Start"
expect "How do you travel?"
tap "#bar:help"
tap "Stop and leave"
expect-page welcome
SCRIPT
cmp -s "$work/before.png" "$work/after.png" || fail "the picture of a new person is not the first one"
is "$(count short timeout:travel)" 1 "the count of surveys left at the first question"
is "$(count short abandon:travel)" 1 "the count of surveys stopped at the first question"
is "$(count short complete)" 0 "the count of finished surveys"
is "$(waiting)" 0 "the number of answers that wait"
printf '[place]\nchannel = outreach\n' >"$work/kiosk.ini"
resident --config "$work/kiosk.ini" <<'SCRIPT'
tap "#start"
wait 120000
expect-page idle
tap "Clear and start again"
expect-fresh
SCRIPT
