#!/bin/bash
# The same program in a real X11 window, with a real clock and SDL's own event queue; and it ends cleanly on SIGTERM.
. tests/lib/journey.sh
. tests/lib/kiosk.sh
enrolled
Xvfb -displayfd 3 -screen 0 1280x800x24 -nolisten tcp 3>"$work/display" 2>"$work/xvfb.log" &
pids+=($!)
until_true 20 "the start of Xvfb" test -s "$work/display"
export DISPLAY=:$(cat "$work/display") SDL_VIDEODRIVER=x11
cat >"$work/script" <<'SCRIPT'
tap "#start"
tap "Continue"
tap "#comments"
tap "Start"
tap "What do you want to tell us?"
type "Hello"
tap "Done"
tap "Continue"
tap "Continue"
tap "Send my answers"
expect-page thanks
tap "I have finished"
expect-fresh
SCRIPT
"$TP_BUILD/talkpoint-kiosk" --state "$state" --surveys tests/surveys --windowed 1280x800 --width-mm 217 \
    --script "$work/script" 2>"$work/kiosk.log" || fail "$(cat "$work/kiosk.log")"
is "$(waiting)" 1 "the number of answers that wait"

rm -rf "$state"
enrolled
"$TP_BUILD/talkpoint-kiosk" --state "$state" --surveys tests/surveys --windowed 1280x800 2>"$work/kiosk.log" &
kiosk_pid=$!
pids+=($kiosk_pid)
until_true 20 "the opening of the store" test -s "$state/device.db"
kill -TERM "$kiosk_pid"
wait "$kiosk_pid" || fail "it did not end cleanly: $(cat "$work/kiosk.log")"
