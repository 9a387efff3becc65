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
for size in small medium large largest; do
    run 1920x1080 476 "$size" standard standard
    run 1080x1920 268 "$size" easy-read white-on-black
    run 1280x800 217 "$size" standard yellow-on-black
    run 1366x768 344 "$size" easy-read cream
    run 3840x2160 597 "$size" standard soft
done
