#!/bin/bash
# The same survey on every display that is laid out for, in every text size and in Easy Read: everything that has to
# be touched can be reached, with the page's own More button at most.
. tests/lib/journey.sh
. tests/lib/kiosk.sh
enrolled
run() { # WxH MM SIZE WORDS
    printf '[reading]\nsize = %s\nwords = %s\ncolours = %s\n' "$3" "$4" "$5" >"$work/display.ini"
    resident --config "$work/display.ini" --windowed "$1" --width-mm "$2" <<'SCRIPT'
tap "#start"
tap "#page:primary"
tap "#short"
tap "#page:primary"
tap "#page:primary"
expect-page question
tap "#page:back"
expect-page front
tap "#page:primary"
key Tab
key Return
tap "#page:primary"
tap "#page:primary"
tap "#bar:help"
tap "#leave"
tap "#page:primary"
expect-page welcome
expect-fresh
tap "#start"
tap "#page:primary"
tap "#comments"
tap "#page:primary"
tap "#bar:help"
tap "#format"
expect-page front
SCRIPT
}
# What is wrong is seen at once, on whichever part of the page it stands; its box leads to the question.
printf '[reading]\nsize = largest\n' >"$work/display.ini"
for display in 1280x800:217 1920x1080:476; do
    resident --config "$work/display.ini" --windowed "${display%:*}" --width-mm "${display#*:}" <<'SCRIPT'
tap "#start"
tap "#page:primary"
tap "#short"
tap "#page:primary"
expect-page question
tap "#page:primary"
expect "There is a problem"
expect "Choose how you travel"
tap "By bus"
tap "#page:primary"
expect-not "Choose how you travel"
SCRIPT
done
resident <<'SCRIPT'
tap "#start"
tap "#page:primary"
tap "#short"
tap "#page:primary"
tap "#page:primary"
tap "#problem"
key Return
tap "#page:primary"
expect-not "Choose how you travel"
SCRIPT
for size in small medium large largest; do
    run 1920x1080 476 "$size" standard standard
    run 1080x1920 268 "$size" easy-read white-on-black
    run 1280x800 217 "$size" standard yellow-on-black
    run 1366x768 344 "$size" easy-read cream
    run 3840x2160 597 "$size" standard soft
done
