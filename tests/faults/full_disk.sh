#!/bin/bash
# A disk that somebody else fills up while the agent works: in the middle of a drain, while answers are put on a stick, and the
# stick itself. What was thanked for is kept, goes when there is room again, and arrives once; what a full disk cannot take is said
# and not half there. Needs the right to mount; where there is none it says so and tests nothing.
if ! unshare -m true 2>/dev/null; then
    echo "full_disk: skipped: this user has no right to mount"
    echo "faults: 0 injected, 0 lost, 0 doubled, 0 exposed"
    exit 0
fi
# In a namespace of its own: what is mounted goes with it.
[ "${TP_ALONE:-}" ] || TP_ALONE=yes exec unshare -m "$0" "$@"
. tests/lib/journey.sh
helpers=${TP_BUILD_ASAN:-$PWD/build/asan}/tests/helpers/agent
form=library-hours
trap 'umount -l "$work/small" "$work/small_stick" 2>/dev/null || true; stop_all' EXIT
injected=0
leave() { # FOLDER KIB : no more than so much room
    { head -c 1G /dev/zero >"$1/filler"; } 2>/dev/null || true
    truncate -s -"$(($2 * 1024))" "$1/filler"
    injected=$((injected + 1))
}
put() { "$helpers/put_answers" "$state" "$form" "$version" "$1" >>"$work/put.txt"; }
says_full() { grep -qi 'disk is full' "$work/said.log"; }

make_central "surveys/$form"
start_central
enrol_device "Cowley Library"
sync_once || fail "the first contact failed"
version=$(cat "$state/forms/$form/.version")
mkdir "$work/small" "$work/stick" "$work/small_stick"
mount -t tmpfs -o size=32m tmpfs "$work/small"
mount -t tmpfs -o size=256k tmpfs "$work/small_stick"
cp -a "$state/." "$work/small/"
state=$work/small

# Nothing left; room to read; to send; to act on some receipts, on more, on all.
for room in 0 48 100 200 400 800 4000; do
    put 100
    leave "$state" "$room"
    "$TP_BUILD/talkpoint-sync" --state "$state" --once >"$work/said.log" 2>&1 && [ "$room" -gt 48 ] || says_full ||
        fail "with $room KiB left: $(cat "$work/said.log")"
    rm "$state/filler"
done
# While answers are put on a stick, for which their own disk need have no more room than to be read.
put 300
for room in 48 100; do
    leave "$state" "$room"
    "$TP_BUILD/talkpoint-sync" export "$work/stick" --state "$state" >"$work/said.log" 2>&1 ||
        fail "an export with $room KiB left: $(cat "$work/said.log")"
    rm "$state/filler"
done
# A stick that has no room for them.
injected=$((injected + 1))
! "$TP_BUILD/talkpoint-sync" export "$work/small_stick" --state "$state" >"$work/said.log" 2>&1 &&
    grep -q 'the USB stick is full' "$work/said.log" || fail "a stick that is too small: $(cat "$work/said.log")"
[ -z "$(ls -A "$work/small_stick/talkpoint/answers")" ] || fail "there is half a bundle on the stick"
"$TP_BUILD/talkpoint-central" import --data "$central" "$work/stick" >"$work/said.log" 2>&1 || fail "the stick's import: $(cat "$work/said.log")"
# The way back, on which its disk has no room for the receipts at first.
leave "$state" 100
! "$TP_BUILD/talkpoint-sync" import "$work/stick" --state "$state" >"$work/said.log" 2>&1 && says_full ||
    fail "receipts without room: $(cat "$work/said.log")"
rm "$state/filler"
"$TP_BUILD/talkpoint-sync" import "$work/stick" --state "$state" >"$work/said.log" 2>&1 || fail "the way back: $(cat "$work/said.log")"
[ "$(status_of waiting)" = 0 ] || fail "answers are left"
account "$form" 1000 "$injected"
