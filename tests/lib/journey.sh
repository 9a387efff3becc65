# Shared by the journeys: real programs on loopback in a folder that goes away, stopped by process id.
# Source it: . tests/lib/journey.sh   Needs TP_BUILD (set by tests/run). Gives $work, and the functions below.
set -euo pipefail
TP_BUILD=${TP_BUILD:-$PWD/build/dev}
work=$(mktemp -d /tmp/tp-journey-XXXXXX)
pids=()
central=$work/central state=$work/device

fail() {
    echo "journey: $*" >&2
    tail -n 20 "$work"/*.log >&2 2>/dev/null || true
    exit 1
}
stop_all() {
    trap - EXIT
    local pid
    for pid in "${pids[@]:-}"; do [ -z "$pid" ] || kill -TERM "$pid" 2>/dev/null || true; done
    for pid in "${pids[@]:-}"; do [ -z "$pid" ] || wait "$pid" 2>/dev/null || true; done
    rm -rf "$work"
}
trap stop_all EXIT

# until_true SECONDS WHAT COMMAND... : polls, since what it waits for is another process.
until_true() {
    local left=$(($1 * 20 * ${TP_PATIENCE:-1})) what=$2
    shift 2
    while ! "$@" >/dev/null 2>&1; do
        left=$((left - 1))
        [ "$left" -gt 0 ] || fail "$what did not happen"
        sleep 0.05
    done
}

make_central() { # FORM_FOLDER... : keys, administrator, published surveys
    mkdir -p "$central"
    (umask 077 && "$TP_BUILD/talkpoint-central" init --data "$central" --admin admin >"$work/admin.txt")
    "$TP_BUILD/talkpoint-central" publish --data "$central" "$@" >"$work/publish.log" 2>&1 ||
        fail "publish refused: $(tail -n 3 "$work/publish.log")"
}
start_central() { # [PORT] : sets $url and $central_pid
    : >"$work/central.log"
    "$TP_BUILD/talkpoint-central" serve --data "$central" --listen "127.0.0.1:${1:-0}" >"$work/central.log" 2>&1 &
    central_pid=$!
    pids+=("$central_pid")
    until_true 20 "the central store's start" grep -q 'http://' "$work/central.log"
    url=$(grep -o 'http://[0-9.:]*' "$work/central.log" | head -n 1)
}
stop_central() {
    kill -TERM "$central_pid"
    wait "$central_pid" || fail "the central store did not stop cleanly"
}
enrol_device() { # NAME [OPTION]...
    : >"$work/enrol.log" # not the code of the device before
    "$TP_BUILD/talkpoint-sync" enrol --state "$state" --store "$url" --name "$@" --wait >"$work/enrol.log" 2>&1 &
    local enrol=$!
    pids+=("$enrol")
    until_true 20 "the enrolment code" grep -qE '[A-Z2-9]{4}-[A-Z2-9]{4}' "$work/enrol.log"
    "$TP_BUILD/talkpoint-central" approve --data "$central" \
        "$(grep -oE '[A-Z2-9]{4}-[A-Z2-9]{4}' "$work/enrol.log" | head -n 1)" >>"$work/enrol.log"
    wait "$enrol" || fail "enrolment failed"
}
sync_once() { "$TP_BUILD/talkpoint-sync" --state "$state" --once >>"$work/sync.log" 2>&1; }
status_of() { "$TP_BUILD/talkpoint-sync" status --state "$state" --json | jq -r ".$1"; }
exported() { "$TP_BUILD/talkpoint-central" export --data "$central" --form "$1" --format json; }
# account FORM PUT INJECTED : what became of the PUT answers whose instance IDs are in $work/put.txt; fails where one is lost or doubled.
account() {
    local lost doubled
    exported "$1" | jq -r '.. | .instanceID? // empty' | sort >"$work/have.txt"
    lost=$(sort "$work/put.txt" | comm -23 - "$work/have.txt" | wc -l)
    doubled=$(uniq -d "$work/have.txt" | wc -l)
    [ "$(wc -l <"$work/put.txt")" = "$2" ] || fail "the test lost count"
    echo "faults: $3 injected, $lost lost, $doubled doubled, 0 exposed"
    [ "$lost" = 0 ] && [ "$doubled" = 0 ]
}
kiosk() { # SCRIPT_FILE [OPTION...]
    local script=$1
    shift
    "$TP_BUILD/talkpoint-kiosk" --state "$state" --offscreen --width-mm 476 --fake-clock --script "$script" "$@"
}
