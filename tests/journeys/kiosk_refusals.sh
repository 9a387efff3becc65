#!/bin/bash
# What cannot be done is said in one line: on the command line with exit status 2, in a script with the line, on the
# screen in plain words.
. tests/lib/journey.sh
. tests/lib/kiosk.sh
kiosk=$TP_BUILD/talkpoint-kiosk
says() { # STATUS PATTERN COMMAND...
    local status=$1 pattern=$2 code=0
    shift 2
    "$@" >"$work/out" 2>"$work/err" || code=$?
    is "$code" "$status" "the exit status of '$*'"
    is "$(wc -l <"$work/err")" 1 "the number of lines of '$*'"
    grep -qE "$pattern" "$work/err" || fail "'$(cat "$work/err")' does not say '$pattern'"
}
says 2 "'--fullscreen' is no option" "$kiosk" --fullscreen
says 2 "1280x800" "$kiosk" --windowed 1280
says 2 "50 to 5000 mm" "$kiosk" --width-mm wide
# A screen too small for the least that docs/ACCESSIBILITY.md asks of targets and words, upright, wide, or set so by mistake.
small="is too small: it needs"
says 2 "92 x 154 mm $small 135 x 135 mm" "$kiosk" --state "$state" --offscreen --windowed 480x800 --width-mm 92.4
says 2 "154 x 92 mm $small 213 x 135 mm" "$kiosk" --state "$state" --offscreen --windowed 800x480 --width-mm 154
printf '[screen]\nwidth_mm = 92\n' >"$work/small.ini"
says 2 "92 x 52 mm $small .* correct the width if it is not 92 mm" "$kiosk" --config "$work/small.ini" --state "$state" --offscreen
[ ! -e "$state" ] || fail "a refused start left a store behind"
printf '[screen]\nwidht_mm = 476\n' >"$work/kiosk.ini"
says 2 "widht_mm" "$kiosk" --config "$work/kiosk.ini"
says 2 "none.ini" "$kiosk" --config "$work/none.ini"
echo 12 >"$work/pin"
says 2 "4 to 12 digits" bash -c "'$kiosk' --state '$work/new' --set-pin <'$work/pin'"
[ ! -e "$work/new" ] || fail "a refused PIN left a folder behind"
says 1 "script" "$kiosk" --state "$state" --offscreen --script "$work/none.script"

enrolled
printf 'tap "#start"\ntap "The moon"\n' >"$work/moon"
says 1 "moon:2: 'The moon' is not on the page 'read'" \
    "$kiosk" --state "$state" --surveys tests/surveys --offscreen --fake-clock --script "$work/moon"
printf 'fly\n' >"$work/fly"
says 2 "fly:1: 'fly' is no command" "$kiosk" --state "$state" --offscreen --script "$work/fly"

# A survey that cannot be read is left out, with the reason for staff; the others stay.
mkdir -p "$work/surveys/broken"
cp -r tests/surveys/short "$work/surveys/"
printf '| survey |\n| | type | name | label |\n| | select_on colour | a | A |\n| settings |\n| | form_id |\n| | broken |\n' \
    >"$work/surveys/broken/broken.md"
echo 135790 | "$kiosk" --state "$state" --set-pin
cat >"$work/script" <<'SCRIPT'
key F12
tap-keys "135790"
tap "Open the menu"
tap "More"
expect "'broken' is left out"
tap "Done"
tap "#start"
tap "Continue"
tap "#short"
expect-page front
SCRIPT
"$kiosk" --state "$state" --surveys "$work/surveys" --offscreen --fake-clock \
    --script "$work/script" 2>"$work/kiosk.log" || fail "$(cat "$work/kiosk.log")"

# Not enrolled, and a store that is no store: said before anybody begins.
rm -rf "$state"
mkdir -p "$state"
resident <<'SCRIPT'
expect "This screen cannot take answers now"
expect-not "Touch to start"
SCRIPT
rm -rf "$state"
enrolled
echo "this is no database, and it is long enough to be looked at as one" >"$state/device.db"
resident <<'SCRIPT'
expect "This screen cannot take answers now"
SCRIPT
