#!/bin/bash
# A disk that turns read-only under the screen, as a tired SD card does: nothing more is thanked for, the reason is said in plain
# words, and what was saved before is there and goes when the disk can be written again. Needs the right to mount; where there is
# none it says so and tests nothing.
. tests/lib/journey.sh
helpers=${TP_BUILD_ASAN:-$PWD/build/asan}/tests/helpers/agent
form=library-hours
if ! unshare -m true 2>/dev/null; then
    echo "read_only: skipped: this user has no right to mount"
    echo "faults: 0 injected, 0 lost, 0 doubled, 0 exposed"
    exit 0
fi
injected=0
read_only() { # COMMAND... : with the device's folder read-only
    injected=$((injected + 1))
    unshare -m bash -c 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && exec "$@"' "$state" "$@"
}

make_central "surveys/$form"
start_central
enrol_device "Cowley Library"
sync_once || fail "the first contact failed"
version=$(cat "$state/forms/$form/.version")
"$helpers/put_answers" "$state" "$form" "$version" 20 >"$work/put.txt"
! read_only "$helpers/put_answers" "$state" "$form" "$version" 1 >"$work/more.txt" 2>"$work/said.log" ||
    fail "an answer was thanked for on a disk that cannot be written"
[ ! -s "$work/more.txt" ] || fail "an answer was thanked for on a disk that cannot be written"
! read_only "$TP_BUILD/talkpoint-sync" --state "$state" --once >"$work/said.log" 2>&1 || fail "a round said that all went well"
grep -qi 'read-only\|permissions' "$work/said.log" || fail "it is not said why: $(cat "$work/said.log")"
! read_only "$TP_BUILD/talkpoint-sync" --state "$state" import "$work" >"$work/said.log" 2>&1 || fail "an import said that all went well"
[ "$(status_of waiting)" = 20 ] || fail "answers are gone"
sync_once || fail "the round after it: $(tail -n 2 "$work/sync.log")"
[ "$(status_of waiting)" = 0 ] || fail "answers are left"
[ "$(exported "$form" | jq -r '.. | .instanceID? // empty' | sort | comm -3 - <(sort "$work/put.txt") | wc -l)" = 0 ] ||
    fail "the store does not hold each answer once"
echo "faults: $injected injected, 0 lost, 0 doubled, 0 exposed"
