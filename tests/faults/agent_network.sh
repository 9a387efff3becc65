#!/bin/bash
# Several hosts on a bad line: two screens and the store, each in a network namespace of its own, joined by a bridge on which
# packets are lost, late, doubled, out of order and damaged, and which is cut again and again. Needs the right to make namespaces;
# where there is none it says so and tests nothing.
. tests/lib/journey.sh
helpers=${TP_BUILD_ASAN:-$PWD/build/asan}/tests/helpers/agent
form=library-hours
rounds=${TP_FAULTS_ROUNDS:-2}
name=tp$$
if ! ip netns add "$name-hub" 2>/dev/null; then
    echo "agent_network: skipped: this user has no right to make network namespaces"
    echo "faults: 0 injected, 0 lost, 0 doubled, 0 exposed"
    exit 0
fi
hosts=(store hall library)
relays=()
clean() {
    [ ${#relays[@]} = 0 ] || kill "${relays[@]}" 2>/dev/null || true
    stop_all
    local host
    for host in hub "${hosts[@]}"; do ip netns del "$name-$host" 2>/dev/null || true; done
}
trap clean EXIT
on() { ip netns exec "$name-$1" "${@:2}"; }
# For the background: takes the place of its subshell, so that stopping that stops the program.
stay_on() { exec ip netns exec "$name-$1" "${@:2}"; }
on hub ip link add lines type bridge && on hub ip link set lines up
# The kernel's own bad line where it has one; else a program of the tests that every packet goes through.
netem=yes
on hub tc qdisc replace dev lines root netem delay 1ms 2>/dev/null || netem=
on hub tc qdisc del dev lines root 2>/dev/null || true
shape() { # HOW... : every line
    local host
    for host in "${hosts[@]}"; do
        if [ "$netem" ]; then
            on hub tc qdisc replace dev "to-$host" root netem "$@"
        else
            echo "$*" >"$work/line-$host"
        fi
    done
    [ "$netem" ] || kill -HUP "${relays[@]}"
    injected=$((injected + 1))
}
make_line() { # HOST : from the bridge, "to-HOST" there and "line" at the host
    if [ "$netem" ]; then
        on hub ip link add "to-$1" type veth peer name line netns "$name-$1"
    else
        : >"$work/line-$1"
        stay_on hub "$helpers/bad_line" "to-$1" "line-$1" "$work/line-$1" "$number" >"$work/relay-$1.log" 2>&1 &
        relays+=("$!")
        until_true 20 "a line to $1" grep -q ready "$work/relay-$1.log"
        on hub ip link set "line-$1" netns "$name-$1" name line
    fi
    on hub ip link set "to-$1" master lines up
}
number=0 injected=0
for host in "${hosts[@]}"; do
    number=$((number + 1))
    ip netns add "$name-$host"
    make_line "$host"
    on "$host" ip address add "10.9.8.$number/24" dev line
    on "$host" ip link set line up && on "$host" ip link set lo up
done
# What the lines are said to do they do: some packets are lost and others come, none of them early.
shape delay 30ms 5ms loss 20%
on hall ping -c 60 -i 0.02 -W 2 10.9.8.1 >"$work/ping.log" || true
lost=$(grep -o '[0-9.]*% packet loss' "$work/ping.log" | cut -d% -f1)
soonest=$(sed -n 's,.* = \([0-9]*\)[0-9.]*/.*,\1,p' "$work/ping.log")
[ "${lost%.*}" -ge 10 ] && [ "${lost%.*}" -le 70 ] && [ "$soonest" -ge 50 ] ||
    fail "packets are not lost and late as they should be: $(tail -n 2 "$work/ping.log")"
echo "agent_network: $([ "$netem" ] && echo netem || echo a relay) loses $lost % of the packets there and back, the soonest after $soonest ms"
shape delay 1ms

make_central "surveys/$form"
stay_on store "$TP_BUILD/talkpoint-central" serve --data "$central" --listen 10.9.8.1:8080 >"$work/central.log" 2>&1 &
pids+=("$!")
until_true 20 "the store's start" grep -q 'http://' "$work/central.log"
printf '[sync]\ninsecure_http = yes\n' >"$work/sync.ini"
sync_on() { on "$1" "$TP_BUILD/talkpoint-sync" --state "$work/$1" --config "$work/sync.ini" "${@:2}"; }
for host in hall library; do
    code=$(sync_on "$host" enrol --store http://10.9.8.1:8080 --name "$host" 2>>"$work/sync.log")
    "$TP_BUILD/talkpoint-central" approve --data "$central" "$code" >/dev/null
    sync_on "$host" --once >>"$work/sync.log" 2>&1 || fail "the first contact failed"
done
version=$(cat "$work/hall/forms/$form/.version")
waits() { state=$work/$1 && status_of waiting; }
all_sent() { [ "$(waits hall)" = 0 ] && [ "$(waits library)" = 0 ]; }
has_sent() { state=$work/hall && [ "$(status_of sent)" -gt "$1" ]; }
cut_line() { on hub ip link set "to-$1" "$2"; }

answers=0
lines=("delay 40ms 20ms loss 10%" "delay 80ms 60ms reorder 30% 50% duplicate 10%" "loss 25% 25%" "corrupt 2% delay 10ms" "rate 256kbit delay 100ms")
for host in hall library; do
    stay_on "$host" "$TP_BUILD/talkpoint-sync" --state "$work/$host" --config "$work/sync.ini" >>"$work/sync.log" 2>&1 &
    pids+=("$!")
done
for ((round = 0; round < rounds; round++)); do
    line=${lines[$((round % ${#lines[@]}))]}
    # shellcheck disable=SC2086 # words
    shape $line
    state=$work/hall && before=$(status_of sent)
    for host in hall library; do "$helpers/put_answers" "$work/$host" "$form" "$version" 30 >>"$work/put.txt"; done
    answers=$((answers + 60))
    # In the middle of it the store is gone, and comes back.
    until_true 60 "the sending of answers over '$line'" has_sent "$before"
    cut_line store down && cut_line store up
    cut_line hall down && cut_line hall up
    injected=$((injected + 2))
done
shape delay 1ms
for host in hall library; do sync_on "$host" retry >/dev/null; done # as "Send now": a wait need not be waited for
until_true 90 "the sending of everything" all_sent
account "$form" "$answers" "$injected"
