#!/bin/bash
# Answers whose time is over are deleted while new ones arrive and people withdraw theirs, and the servers that do it are
# killed: in one file, and in PostgreSQL with two servers. What is due goes, all of it and nothing else; what was deleted is
# written down to the last answer, whenever the power went; what is gone stays gone, and keeps its receipt.
. tests/lib/journey.sh
helpers=${TP_BUILD_ASAN:-$PWD/build/asan}/tests/helpers/agent
form=library-hours
old=$((${TP_FAULTS_ROUNDS:-2} * 1500))
injected=0 lost=0 doubled=0
day=86400000

# ---- the two databases: sql STATEMENT, tool COMMAND, serve
sqlite() { sqlite3 -cmd '.timeout 20000' "$central/central.db" "$1"; }
postgres() { "$bin/psql" -qtAX -h "$pg" -U talkpoint -d talkpoint -c "$1"; }
sql() { "$database" "$1"; }
start_postgres() {
    bin=$(ls -d /usr/lib/postgresql/*/bin | tail -n 1)
    local as_postgres=()
    [ "$(id -u)" != 0 ] || as_postgres=(setpriv --reuid=postgres --regid=postgres --clear-groups --pdeathsig INT)
    pg=$work/pg
    mkdir "$pg" && chmod 755 "$work" && chmod 700 "$pg"
    [ "$(id -u)" != 0 ] || chown -R postgres: "$pg"
    "${as_postgres[@]}" "$bin/initdb" -D "$pg/data" -A trust -U talkpoint -N -E UTF8 --locale=C >"$work/initdb.log"
    "${as_postgres[@]}" "$bin/postgres" -D "$pg/data" -k "$pg" -c listen_addresses= >"$work/postgres.log" 2>&1 &
    pids+=("$!")
    until_true 20 "PostgreSQL's start" "$bin/pg_isready" -q -h "$pg" -U talkpoint
    "$bin/createdb" -h "$pg" -U talkpoint talkpoint
}
tool() { "$TP_BUILD/talkpoint-central" "$1" --data "$central" "${db[@]}" "${@:2}"; }
launch() { # PORT... : a server on each
    local port log
    servers=()
    for port in "$@"; do
        log=$work/server-$port.log
        : >"$log"
        "$TP_BUILD/talkpoint-central" serve --data "$central" "${db[@]}" --listen "127.0.0.1:$port" >"$log" 2>&1 &
        servers+=("$!")
        pids+=("$!")
    done
}
serve() { # PORT... : and they are up
    local port
    launch "$@"
    for port in "$@"; do until_true 20 "a server's start" grep -q 'http://' "$work/server-$port.log"; done
}
end_servers() { # SIGNAL
    local pid
    for pid in "${servers[@]}"; do kill "-$1" "$pid" && { wait "$pid" 2>/dev/null || true; }; done
}

# ---- answers
answer() { # ID PORT : the status; the receipt in $work/receipt-ID
    printf '<data id="%s" version="2026110201"><used_library>yes</used_library><meta><instanceID>uuid:%s</instanceID><tp:context xmlns:tp="urn:talkpoint:context:1"><tp:receiptCode>CODE-%s</tp:receiptCode></tp:context></meta></data>' \
        "$form" "$1" "$1" >"$work/answer-$1.xml"
    curl -s -m 30 -o "$work/receipt-$1" -w '%{http_code}' -H "Authorization: Bearer $token" -H 'X-OpenRosa-Version: 1.0' \
        -F "xml_submission_file=@$work/answer-$1.xml;type=text/xml" "http://127.0.0.1:$2/submission" || true
}
send_many() { # FIRST LAST PORT... : until each is acknowledged, by whichever server is there
    local i ports=("${@:3}")
    for ((i = $1; i <= $2; i++)); do
        until [ "$(answer "new-$i" "${ports[i % ${#ports[@]}]}")" = 201 ]; do
            [ ! -e "$work/over" ] || exit 1
            sleep 0.05
        done
        echo "$i" >>"$work/sent"
    done
}
# Every third is withdrawn by its code, as soon as it is there.
withdraw_many() { # FIRST LAST
    local i
    for ((i = $1; i <= $2; i += 3)); do
        until grep -qx "$i" "$work/sent" 2>/dev/null; do [ ! -e "$work/over" ] && sleep 0.02 || exit 1; done
        [ "$(tool withdraw --form "$form" "code-new-$i")" = "deleted the response uuid:new-$i" ] || exit 1
        echo "$i" >>"$work/withdrawn"
    done
}

# What is written down is what was done, after every kill.
check_proof() {
    local gone proven
    gone=$(sql "SELECT count(*) FROM received WHERE gone_ms IS NOT NULL AND instance_id NOT LIKE 'uuid:new-%'")
    proven=$(sql "SELECT coalesce(sum(answers), 0) FROM deletion")
    [ "$gone" = "$proven" ] || fail "$gone deleted, $proven written down"
}
due() { sql "SELECT count(*) FROM submission WHERE received_ms < $limit"; }

journey() { # DATABASE PORT...
    database=$1
    local ports=("${@:2}") kills=0 sender withdrawer
    # A fleet, and what it sent three months ago; one kept answer of a week ago.
    serve "${ports[@]}"
    url=http://127.0.0.1:${ports[0]}
    rm -rf "$state" "$work/sent" "$work/withdrawn" "$work/over"
    : >"$work/enrol.log"
    "$TP_BUILD/talkpoint-sync" enrol --state "$state" --store "$url" --name Hall --wait >"$work/enrol.log" 2>&1 &
    local enrol=$!
    until_true 20 "the enrolment code" grep -qE '[A-Z2-9]{4}-[A-Z2-9]{4}' "$work/enrol.log"
    tool approve "$(grep -oE '[A-Z2-9]{4}-[A-Z2-9]{4}' "$work/enrol.log" | head -n 1)" >/dev/null
    wait "$enrol" || fail "enrolment failed"
    token=$(cat "$state/token")
    "$helpers/put_answers" "$state" "$form" 2026110201 "$old" >"$work/old.txt"
    sync_once || fail "the old answers were not sent"
    [ "$(answer old "${ports[0]}")" = 201 ] || fail "the last old answer"
    local back=$((91 * day))
    sql "UPDATE received SET received_ms = received_ms - $back" && sql "UPDATE submission SET received_ms = received_ms - $back"
    [ "$(answer kept "${ports[0]}")" = 201 ] || fail "the answer that is kept"
    for table in received submission; do
        sql "UPDATE $table SET received_ms = received_ms - $((7 * day)) WHERE instance_id = 'uuid:kept'"
    done
    [ "$(answer old "${ports[0]}")" = 201 ] || fail "an old answer, sent again"
    cp "$work/receipt-old" "$work/receipt"
    limit=$(sql "SELECT max(received_ms) - $((7 * day)) FROM submission")
    [ "$(due)" = $((old + 1)) ] || fail "$(due) old answers of $((old + 1))"
    end_servers TERM
    sql "UPDATE form SET closes = '', keep_months = 2 WHERE id = '$form'"
    sql "UPDATE chore SET begun_ms = begun_ms - $day WHERE name LIKE 'daily%'"

    # The round begins with the servers; they are killed in it, an hour passes, and so on. Each gets
    # a little more time than the last, so that a slow machine comes to an end too.
    send_many 1 60 "${ports[@]}" &
    sender=$!
    withdraw_many 1 60 &
    withdrawer=$!
    pids+=("$sender" "$withdrawer")
    while [ "$(due)" -gt 0 ] && [ "$kills" -lt 200 ]; do
        launch "${ports[@]}"
        sleep "$(printf 0.%03d $((20 + RANDOM % 60 + kills * 4)))"
        end_servers KILL
        kills=$((kills + 1))
        check_proof
        sql "UPDATE chore SET begun_ms = begun_ms - 3700000 WHERE name LIKE 'daily%'"
    done
    [ "$(due)" = 0 ] || fail "$(due) answers whose time is over are still there"
    serve "${ports[@]}"
    wait "$sender" || fail "a new answer was never taken in"
    wait "$withdrawer" || fail "a withdrawal failed"
    touch "$work/over"
    check_proof
    injected=$((injected + kills))

    # Exactly these are left: what is new and was not taken back, and what is not old enough.
    { sort "$work/sent" | comm -23 - <(sort "$work/withdrawn") | sed 's/^/uuid:new-/'; echo uuid:kept; } | sort >"$work/wanted"
    sql "SELECT instance_id FROM submission" | sort >"$work/have"
    lost=$((lost + $(comm -23 "$work/wanted" "$work/have" | wc -l)))
    doubled=$((doubled + $(comm -13 "$work/wanted" "$work/have" | wc -l)))
    [ "$(wc -l <"$work/withdrawn")" = 20 ] || fail "$(wc -l <"$work/withdrawn") withdrawn of 20"
    tool export --form "$form" --format json | jq -r '.[].instanceID' | sort | cmp -s - "$work/wanted" ||
        fail "the export is not what is there"
    # What is gone has its receipt, the same as then, and does not come back.
    [ "$(answer old "${ports[0]}")" = 201 ] || fail "an answer that is gone, sent again"
    cmp -s "$work/receipt-old" "$work/receipt" || fail "its receipt differs"
    [ "$(answer new-1 "${ports[0]}")" = 201 ] || fail "an answer that was withdrawn, sent again"
    [ "$(sql "SELECT count(*) FROM submission WHERE instance_id IN ('uuid:old', 'uuid:new-1')")" = 0 ] || fail "what was gone came back"
    [ "$(sql "SELECT count(*) FROM deletion WHERE at_ms = (SELECT max(at_ms) FROM deletion) AND left_over > 0")" = 0 ] ||
        fail "the last round says that something is left"
    end_servers TERM
}

port=$(shuf -i 20000-30000 -n 1)
db=()
make_central surveys/library-hours
journey sqlite "$port"
rm -rf "$central"
start_postgres
db=(--db "postgresql://talkpoint@/talkpoint?host=$pg")
mkdir "$central"
(umask 077 && tool init --admin admin >"$work/admin.txt")
tool publish surveys/library-hours >"$work/publish.log" 2>&1 || fail "publish refused"
journey postgres "$port" $((port + 1))
echo "faults: $injected injected, $lost lost, $doubled doubled, 0 exposed"
[ "$lost" = 0 ] && [ "$doubled" = 0 ]
