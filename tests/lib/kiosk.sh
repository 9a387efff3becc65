# Shared by the kiosk's journeys: the real program with the small surveys of tests/surveys, a device that
# seals to a key nobody holds, and no central store. Source it after tests/lib/journey.sh.
enrolled() { # a device with a sealing key, so that answers can be saved
    mkdir -p "$state"
    printf '[device]\nid = uuid:device\nname = Cowley Library\n[store]\nurl = http://127.0.0.1:9\nsealing_key = %s\n' \
        '6pAT2Rt+lWPotWWpo5Y+aX0q0sOAZOJoUgwl+ygm1iM=' >"$state/device.ini"
}
resident() { # [OPTION...] : runs the script on standard input
    cat >"$work/script"
    "$TP_BUILD/talkpoint-kiosk" --state "$state" --surveys tests/surveys --offscreen --fake-clock \
        --width-mm 476 --script "$work/script" "$@" >"$work/kiosk.out" 2>"$work/kiosk.log" ||
        fail "the resident could not finish: $(cat "$work/kiosk.log")"
}
count() { # FORM NAME : a counter's total
    sqlite3 "$state/device.db" "select coalesce(sum(count), 0) from counters where form_id = '$1' and name = '$2'"
}
waiting() { sqlite3 "$state/device.db" "select count(*) from outbox where state = 0"; }
is() { [ "$1" = "$2" ] || fail "$3 is $1, not $2"; }
