#!/bin/bash
# A store that is put back as it was some time ago: what came in since then and is still on a stick comes back from there, once; a
# screen that the store no longer knows keeps what it holds until it is enrolled again; one that it knows goes on as before.
. tests/lib/journey.sh
helpers=${TP_BUILD_ASAN:-$PWD/build/asan}/tests/helpers/agent
form=library-hours
store() { "$TP_BUILD/talkpoint-central" "$1" --data "$central" "${@:2}" >"$work/said.log" 2>&1 || fail "$1: $(cat "$work/said.log")"; }
on_stick() { "$TP_BUILD/talkpoint-sync" "$1" "$work/stick" --state "$state" >"$work/said.log" 2>&1 || fail "$1: $(cat "$work/said.log")"; }
put() { "$helpers/put_answers" "$state" "$form" "$version" "$1" >>"$work/put.txt"; }
meet() { # SCREEN
    state=$work/$1
    enrol_device "$1"
    sync_once || fail "the first contact of '$1' failed"
}

make_central "surveys/$form"
start_central
port=${url##*:}
mkdir "$work/stick"
meet library
version=$(cat "$state/forms/$form/.version")
put 10 && sync_once || fail "the round before the backup failed"
store backup "$work/backup.db"

# After the backup: answers that go by the network and are on a stick too, and another screen.
put 20 && on_stick export && sync_once || fail "the round after the backup failed"
[ "$(status_of waiting)" = 0 ] || fail "answers are left"
meet hall
put 5

stop_central
rm "$central"/central.db*
install -m 600 "$work/backup.db" "$central/central.db"
start_central "$port"

state=$work/library
put 5 && sync_once || fail "a screen that the store knows does not go on: $(tail -n 2 "$work/sync.log")"
store import "$work/stick"
grep -q 'took in 20' "$work/said.log" || fail "the stick does not give back what the store lost: $(cat "$work/said.log")"
on_stick import
store import "$work/stick"
state=$work/hall
! sync_once || fail "a screen that the store does not know was let in"
status_of last_error | grep -q 'no longer enrolled' || fail "it is not said why: $(status_of last_error)"
[ "$(status_of waiting)" = 5 ] || fail "it lost its answers"
enrol_device hall --replace
sync_once || fail "the round after enrolling again failed: $(tail -n 2 "$work/sync.log")"
[ "$(status_of waiting)" = 0 ] || fail "answers are left after enrolling again"

exported "$form" | jq -r '.. | .instanceID? // empty' | sort >"$work/have.txt"
lost=$(sort "$work/put.txt" | comm -23 - "$work/have.txt" | wc -l)
doubled=$(uniq -d "$work/have.txt" | wc -l)
[ "$(wc -l <"$work/put.txt")" = 40 ] || fail "the test lost count"
echo "faults: 1 injected, $lost lost, $doubled doubled, 0 exposed"
[ "$lost" = 0 ] && [ "$doubled" = 0 ]
