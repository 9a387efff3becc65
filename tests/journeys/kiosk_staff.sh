#!/bin/bash
# Staff: a PIN that makes wrong tries wait (also after a restart), venue by the on-screen keyboard, practice that is
# marked and never counted, send now, the screen check, quit. Residents do not come upon any of it.
. tests/lib/journey.sh
. tests/lib/kiosk.sh
enrolled
echo 135790 | "$TP_BUILD/talkpoint-kiosk" --state "$state" --set-pin || fail "the PIN was not set"
! grep -rq 135790 "$state" || fail "the PIN itself is kept"
resident <<'SCRIPT'
tap "#start"
tap "Continue"
tap "#short"
tap "Start"
key F12
expect-page question
tap "#bar:help"
tap "Stop and leave"
tap 5 5
tap 5 5
tap 5 5
tap 5 5
expect-page welcome
tap 5 5
expect-page staff-pin
tap-keys "1111"
tap "Open the menu"
expect "That is not the PIN."
expect-not "1111"
tap-keys "2222"
tap "Open the menu"
tap-keys "3333"
tap "Open the menu"
expect "Wait"
tap-keys "135790"
tap "Open the menu"
expect-page staff-pin
SCRIPT
is "$(sqlite3 "$state/device.db" "select value from settings where name = 'staff_pin_failures'")" 3 "the count of wrong tries"
resident <<'SCRIPT'
key F12
expect "Wait"
tap-keys "135790"
tap "Open the menu"
expect-page staff-pin
wait 6000
tap "Open the menu"
expect-page staff
expect "0 waiting, 0 sent"
tap "Send now"
expect "Asked to send"
tap "Use the stick"
expect "Working. This can take some minutes."
tap "Look again"
expect "Look again"
tap "#venue:change"
tap "Delete word"
tap-keys "Hall"
tap "Save"
expect "Cowley Hall"
tap "Louder"
expect "7 of 8"
tap "Check the screen"
expect "This box is 100 mm wide."
tap "#cell:7"
tap "Back"
tap "Practice: nothing is counted"
tap "Done"
expect "Practice: nothing is counted"
expect-fresh
tap "#start"
tap "Continue"
expect "Practice: nothing is counted"
tap "#comments"
tap "Start"
tap-keys "x"
tap "Continue"
tap "Continue"
tap "Send my answers"
expect "This was practice"
tap "I have finished"
key F12
tap-keys "135790"
tap "Open the menu"
tap "Stop practice"
tap "Quit Talkpoint"
SCRIPT
is "$(waiting)" 0 "the number of answers that wait after practice"
is "$(count comments open)" 0 "the count of practice surveys"
is "$(sqlite3 "$state/device.db" "select value from settings where name = 'venue'")" "Cowley Hall" "the venue"
is "$(sqlite3 "$state/device.db" "select asked > taken from agent")" 1 "the request to send"
is "$(sqlite3 "$state/device.db" "select value from settings where name = 'agent_stick_asked'")" '>' "the request to use the stick"
