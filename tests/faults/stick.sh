#!/bin/bash
# A USB stick that is drawn out, as far as a program can tell: export, import and the store's import are killed at random moments,
# again and again, files on the stick are cut short or lose their end, and the same stick is taken in on two machines.
. tests/lib/journey.sh
helpers=${TP_BUILD_ASAN:-$PWD/build/asan}/tests/helpers/agent
form=library-hours
rounds=$((${TP_FAULTS_ROUNDS:-2} * 3))
stick=$work/stick
injected=0
mkdir "$stick"

killed() { # COMMAND... : dead after 1 to 60 ms, or done before
    { timeout -s KILL "0.0$(printf %02d $((RANDOM % 60 + 1)))" "$@" >>"$work/said.log" 2>&1 || true; } 2>/dev/null
    injected=$((injected + 1))
}
on_stick() { "$TP_BUILD/talkpoint-sync" "$2" "$stick" --state "$work/$1"; }
put() { "$helpers/put_answers" "$work/$1" "$form" "$version" "$2" >>"$work/put.txt"; }
waits() { state=$work/$1 && status_of waiting; }

make_central "surveys/$form"
start_central
for host in hall library; do
    state=$work/$host
    enrol_device "$host"
    sync_once || fail "the first contact failed"
done
version=$(cat "$work/hall/forms/$form/.version")
stop_central

for ((round = 0; round < rounds; round++)); do
    put hall 60 && put library 5
    killed "$TP_BUILD/talkpoint-sync" export "$stick" --state "$work/hall"
    killed "$TP_BUILD/talkpoint-sync" export "$stick" --state "$work/hall"
    # What a stick may do to a file that was written last.
    last=$(ls -t "$stick"/talkpoint/answers/*.tpb 2>/dev/null | head -n 1 || true)
    if [ "$last" ] && [ $((round % 3)) = 1 ]; then
        truncate -s "$((RANDOM % $(stat -c %s "$last")))" "$last"
        injected=$((injected + 1))
    fi
    killed "$TP_BUILD/talkpoint-sync" import "$stick" --state "$work/library"
    killed "$TP_BUILD/talkpoint-central" import --data "$central" "$stick"
    killed "$TP_BUILD/talkpoint-sync" import "$stick" --state "$work/hall"
done

# At last nobody is killed: everything arrives, and every screen learns of it on one way round, also of what it had taken
# in from the other.
rm -f "$stick"/talkpoint/answers/*.tpb.* "$stick"/talkpoint/receipts/*.tpr.*
for host in hall library; do on_stick "$host" export >>"$work/said.log" 2>&1 || fail "export: $(tail -n 1 "$work/said.log")"; done
"$TP_BUILD/talkpoint-central" import --data "$central" "$stick" >>"$work/said.log" 2>&1 || true
for host in hall library; do on_stick "$host" import >>"$work/said.log" 2>&1 || fail "import: $(tail -n 1 "$work/said.log")"; done
for host in hall library; do [ "$(waits "$host")" = 0 ] || fail "$(waits "$host") answers still wait at '$host'"; done
account "$form" "$((rounds * 65))" "$injected"
