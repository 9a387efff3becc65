#!/bin/bash
# The library terminal: started from its icon on an ordinary PC, in a window beside other software, as whoever is signed in. Closing the
# window in the middle of an answer ends it cleanly, and nothing of that answer is on the disk or in the next window.
. tests/lib/journey.sh
Xvfb -displayfd 3 -screen 0 1600x1000x24 -nolisten tcp 3>"$work/display" 2>"$work/xvfb.log" &
pids+=($!)
until_true 20 "the start of Xvfb" test -s "$work/display"
export DISPLAY=:$(cat "$work/display") SDL_VIDEODRIVER=x11 HOME=$work/home PATH=$TP_BUILD:$PATH
unset XDG_STATE_HOME STATE_DIRECTORY
mkdir -p "$HOME"
state=$HOME/.local/state/talkpoint # where it must be without any setting
. tests/lib/kiosk.sh
canary=zq9canary
read -ra icon <<<"$(sed -n 's/^Exec=//p' deploy/desktop/talkpoint-kiosk.desktop)"
[ "${icon[0]}" = talkpoint-kiosk ] || fail "the icon starts ${icon[*]}"
# Only what an icon cannot know is added: where the test's surveys and translations are.
terminal() { "${icon[@]}" --config /dev/null --surveys tests/surveys --locale build/locale "$@"; }

terminal --screenshot "$work/first.png" 2>"$work/kiosk.log" || fail "it does not start: $(cat "$work/kiosk.log")"
is "$(stat -c %a "$state" 2>/dev/null)" 700 "the mode of ~/.local/state/talkpoint"
enrolled

cat >"$work/script" <<S2
tap "#start"
tap "Continue"
tap "#comments"
tap "Start"
tap-keys "$canary"
expect "$canary"
screenshot $work/window.png
hold
wait 60000
S2
mkfifo "$work/go"
terminal --script "$work/script" <"$work/go" >"$work/hold" 2>"$work/kiosk.log" &
kiosk_pid=$!
pids+=("$kiosk_pid")
exec 5>"$work/go"
until_true 60 "somebody's typing" grep -q holding "$work/hold"
echo >&5
"${TP_BUILD_ASAN:-$PWD/build/asan}/tests/helpers/kiosk/close_window" 2>"$work/close.log" || fail "the window cannot be closed"
until_true 20 "the end of the program" sh -c "! kill -0 $kiosk_pid 2>/dev/null"
wait "$kiosk_pid" || fail "it did not end cleanly: $(cat "$work/kiosk.log")"
! grep -r "$canary" "$HOME" >/dev/null || fail "what was not finished is on the disk"
is "$(waiting)" 0 "the number of answers that wait"

printf 'expect-page welcome\nexpect-fresh\n' >"$work/script"
terminal --script "$work/script" 2>"$work/kiosk.log" || fail "the next window is not as new: $(cat "$work/kiosk.log")"
# The agent of the person who is signed in looks in the same place.
"$TP_BUILD/talkpoint-sync" status --json >"$work/status.json" || fail "the agent finds no state"
is "$(jq -r .waiting "$work/status.json")" 0 "what the agent says waits"
