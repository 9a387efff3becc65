#!/bin/bash
# The way from the device to the store, with the real programs: no network, then a captive portal that answers 200 with
# a page, then the real store, whose agent is killed again and again. Nothing is lost, nothing is sent twice.
. tests/lib/journey.sh
helpers=${TP_BUILD_ASAN:-$PWD/build/asan}/tests/helpers/agent
form=library-hours

put() { "$helpers/put_answers" "$state" "$form" "$version" "$1" >>"$work/put.txt"; }
waiting_is() { [ "$(status_of waiting)" = "$1" ]; }
taken() { sqlite3 "$central/central.db" 'SELECT count(*) FROM received'; }
start_verbose() { # PORT
    : >"$work/central.log"
    "$TP_BUILD/talkpoint-central" serve --data "$central" --listen "127.0.0.1:$1" --verbose >"$work/central.log" 2>&1 &
    central_pid=$!
    pids+=("$central_pid")
    until_true 20 "the central store's start" grep -q 'http://' "$work/central.log"
}

make_central "surveys/$form" surveys/equality
start_central
port=${url##*:}
enrol_device "Cowley Library"
sync_once || fail "the first contact failed: $(cat "$work/sync.log")"
for survey in "$form" equality; do
    [ -s "$state/forms/$survey/form.xml" ] || fail "'$survey' did not arrive"
    [ -s "$state/forms/$survey/consultation.json" ] || fail "'$survey' came without its consultation.json"
done
version=$(cat "$state/forms/$form/.version")
[ "$(stat -c %a "$state/token")" = 600 ] || fail "the token is open to others"
[ "$(status_of name)" = "Cowley Library" ] || fail "the screen does not know its name"

# ---- no network
stop_central
put 40
! sync_once || fail "a round without a network said that all went well"
waiting_is 40 || fail "answers were lost without a network"
status_of last_error | grep -q 'no connection' || fail "status does not say why: $(status_of last_error)"

# ---- a captive portal in the store's place
"$helpers/portal" "$port" >"$work/portal.log" &
portal=$!
pids+=("$portal")
until_true 20 "the portal's start" grep -q http "$work/portal.log"
! sync_once || fail "a round to a captive portal said that all went well"
waiting_is 40 || fail "a captive portal's 200 deleted answers"
[ "$(status_of sent)" = 0 ] || fail "a captive portal's 200 counted as sent"
status_of last_error | grep -q "someone else answered" || fail "status does not say who answered"
[ -s "$state/forms/$form/form.xml" ] || fail "a captive portal took a survey away"
kill -TERM "$portal"
wait "$portal" || fail "the portal did not stop"

# ---- the real store
start_verbose "$port"
sync_once || fail "the round with the store failed: $(tail -n 3 "$work/sync.log")"
waiting_is 0 || fail "answers are left"
[ "$(taken)" = 40 ] || fail "$(taken) of 40 answers are at the store"
"$TP_BUILD/talkpoint-sync" --state "$state" >>"$work/sync.log" 2>&1 &
agent=$!
pids+=("$agent")
put 5
until_true 20 "the sending of new answers" waiting_is 0
[ "$(taken)" = 45 ] || fail "$(taken) of 45 answers are at the store"

# ---- kill -9 while it drains
total=45
for round in 1 2 3 4 5 6 7 8; do
    # Counted before, since the agent sends while answers are still being put.
    before=$(taken)
    put 60
    total=$((total + 60))
    some_more() { [ "$(taken)" -gt "$((before + round))" ]; }
    until_true 20 "the sending of answers" some_more
    kill -KILL "$agent"
    wait "$agent" 2>/dev/null || true
    "$TP_BUILD/talkpoint-sync" --state "$state" >>"$work/sync.log" 2>&1 &
    agent=$!
    pids+=("$agent")
done
until_true 60 "the sending of everything" waiting_is 0
kill -TERM "$agent"
wait "$agent" || fail "the agent did not stop cleanly"
[ "$(status_of sent)" = "$total" ] || fail "$(status_of sent) counted as sent of $total"
[ "$(status_of quarantined)" = 0 ] || fail "answers were set aside"

# ---- what the store has: each answer once
exported "$form" >"$work/export.json"
jq -r '.. | .instanceID? // empty' "$work/export.json" | sort >"$work/have.txt"
sort "$work/put.txt" >"$work/want.txt"
[ "$(wc -l <"$work/want.txt")" = "$total" ] || fail "the journey lost count"
cmp -s "$work/want.txt" "$work/have.txt" || fail "the store does not hold each answer once: $(diff "$work/want.txt" "$work/have.txt" | head -n 5)"

# ---- a new sealing key: the screen seals to it from the next contact on, and what was sealed before can still be read
"$TP_BUILD/talkpoint-central" rotate --data "$central" >/dev/null || fail "no new key was made"
put 1
stop_central
start_central "$port"
old_key=$(grep '^sealing_key' "$state/device.ini")
sync_once || fail "the round after the new key failed: $(tail -n 3 "$work/sync.log")"
[ "$(grep '^sealing_key' "$state/device.ini")" != "$old_key" ] || fail "the screen did not take the new key"
put 1
sync_once || fail "the round with the new key failed: $(tail -n 3 "$work/sync.log")"
[ "$(exported "$form" | jq length)" = "$((total + 2))" ] || fail "answers sealed to the old key or the new one cannot be read"

# ---- a survey is closed: its link goes, its answers still come in
put 1
"$TP_BUILD/talkpoint-central" close --data "$central" "$form" >/dev/null
sync_once || fail "the round after closing failed: $(tail -n 3 "$work/sync.log")"
[ ! -e "$state/forms/$form" ] || fail "a closed survey is still offered"
waiting_is 0 || fail "an answer to a closed survey was not sent"

# ---- revoked: it stops and says so, and keeps everything
put 2
"$TP_BUILD/talkpoint-central" revoke --data "$central" "Cowley Library" >/dev/null
! sync_once || fail "a revoked screen said that all went well"
waiting_is 2 || fail "a revoked screen lost answers"
status_of last_error | grep -q "no longer enrolled" || fail "status does not say that it was revoked"
