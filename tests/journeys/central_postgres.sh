#!/bin/bash
# The central store on PostgreSQL, with two servers behind nginx: a store that began in an SQLite file moves over; what
# one server begins the other goes on with; servers and the database are killed under load; and a backup brings back
# the moment before a mistake.
. tests/lib/journey.sh
bin=$(ls -d /usr/lib/postgresql/*/bin | tail -n 1)

# PostgreSQL refuses to run as root: its own user does then.
as_postgres=()
[ "$(id -u)" != 0 ] || as_postgres=(setpriv --reuid=postgres --regid=postgres --clear-groups --pdeathsig INT)
pg=$work/pg
mkdir "$pg" "$pg/archive" && chmod 755 "$work" && chmod 700 "$pg" "$pg/archive"
[ "$(id -u)" != 0 ] || chown -R postgres: "$pg"
"${as_postgres[@]}" "$bin/initdb" -D "$pg/data" -A trust -U talkpoint -N -E UTF8 --locale=C >"$work/initdb.log"
start_postgres() { # FOLDER [OPTION...]
    "${as_postgres[@]}" "$bin/postgres" -D "$1" -k "$pg" -c listen_addresses= -c wal_level=replica \
        -c archive_mode=on -c archive_command="cp %p $pg/archive/%f" "${@:2}" >"$work/postgres.log" 2>&1 &
    postgres_pid=$!
    pids+=("$postgres_pid")
    until_true 20 "PostgreSQL's start" "$bin/pg_isready" -q -h "$pg" -U talkpoint
}
query() { "$bin/psql" -qtAX -h "$pg" -U talkpoint -d "${2:-postgres}" -c "$1"; }
start_postgres "$pg/data"
query 'CREATE DATABASE talkpoint'
db="postgresql://talkpoint@/talkpoint?host=$pg"

# ---- a store that began in a file moves over
make_central surveys/library-hours
start_central
enrol_device 'Cowley Library'
token=$(cat "$state/token")
answer() { # ID [EDITED] : the status; the receipt in $work/receipt-ID
    printf '<data id="library-hours" version="2026110201"><used_library>yes</used_library><meta><instanceID>uuid:%s</instanceID>%s</meta></data>' \
        "$1" "${2:+<deprecatedID>uuid:$2</deprecatedID>}" >"$work/answer-$1.xml"
    curl -s -m 30 -o "$work/receipt-$1" -w '%{http_code}' -H "Authorization: Bearer $token" -H 'X-OpenRosa-Version: 1.0' \
        -F "xml_submission_file=@$work/answer-$1.xml;type=text/xml" "$url/submission" || true
}
for i in 1 2 3; do [ "$(answer "before-$i")" = 201 ] || fail "an answer to the file"; done
[ "$(answer before-4 before-3)" = 201 ] || fail "an edited answer to the file"
cp "$work/receipt-before-1" "$work/receipt"
stop_central
# An opening that opens nothing: it moves with the rest, and an export does without it.
sqlite3 "$central/central.db" "INSERT INTO opening SELECT 'library-hours', 0, count(*), zeroblob(1024) FROM submission"
tool() { "$TP_BUILD/talkpoint-central" "$1" --data "$central" --db "$db" "${@:2}"; }
! tool serve --listen 127.0.0.1:0 2>"$work/why" || fail "served an empty database"
grep -q 'no store' "$work/why" || fail "not said why: $(cat "$work/why")"
tool adopt "$central/central.db" >"$work/adopt.log"
! tool adopt "$central/central.db" 2>"$work/why" || fail "adopted twice"
for table in opening edit replaced; do
    [ "$(query "SELECT count(*) FROM $table" talkpoint)" = 1 ] || fail "the table '$table' did not move"
done
tool export --form library-hours >"$work/there.csv"
"$TP_BUILD/talkpoint-central" export --data "$central" --form library-hours | cmp -s - "$work/there.csv" ||
    fail "the store that moved exports something else"

# ---- two servers behind nginx
serve() { # N [PORT] : sets server_N and port_N
    : >"$work/server$1.log"
    "$TP_BUILD/talkpoint-central" serve --data "$central" --db "$db" --listen "127.0.0.1:${2:-0}" >"$work/server$1.log" 2>&1 &
    servers[$1]=$!
    pids+=("${servers[$1]}")
}
ready() { until_true 20 "server $1's start" grep -q 'http://' "$work/server$1.log"; ports[$1]=$(grep -o '[0-9]*$' "$work/server$1.log" | head -n 1); }
serve 1 && serve 2 && ready 1 && ready 2
front=$(shuf -i 20000-30000 -n 1)
mkdir "$work/nginx"
cat >"$work/nginx/nginx.conf" <<N
daemon off; pid $work/nginx/pid; error_log $work/nginx/error.log; worker_processes 1;
events { worker_connections 256; }
http {
    access_log off; client_body_temp_path $work/nginx/body; proxy_temp_path $work/nginx/proxy; client_max_body_size 64m;
    fastcgi_temp_path $work/nginx/f; uwsgi_temp_path $work/nginx/u; scgi_temp_path $work/nginx/s;
    upstream store { server 127.0.0.1:${ports[1]} max_fails=0; server 127.0.0.1:${ports[2]} max_fails=0; keepalive 8; }
    server {
        listen 127.0.0.1:$front;
        location / {
            proxy_pass http://store; proxy_http_version 1.1; proxy_set_header Connection "";
            proxy_set_header Host \$host:$front; proxy_set_header X-Forwarded-For \$remote_addr;
            # An answer may be sent twice: its instance ID makes the second time nothing.
            proxy_next_upstream error timeout http_502 non_idempotent;
        }
    }
}
N
nginx -c "$work/nginx/nginx.conf" -p "$work/nginx" >"$work/nginx.log" 2>&1 &
nginx_pid=$!
pids+=("$nginx_pid")
url=http://127.0.0.1:$front
until_true 20 "nginx's start" curl -s -o /dev/null "$url/sign-in"

[ "$(answer before-1)" = 201 ] || fail "an answer that moved over, again"
cmp -s "$work/receipt" "$work/receipt-before-1" || fail "its receipt differs after the move"
for i in 1 2 3 4 5 6; do [ "$(answer "two-$i")" = 201 ] || fail "an answer through nginx"; done

# A session begun on one server holds on the other, and ends on both.
jar=$work/jar
page() { curl -s -m 20 -b "$jar" -c "$jar" -o "$work/body" -w '%{http_code}' "$@"; }
form_token() { sed -n 's|.*name="token" value="\([^"]*\)".*|\1|p' "$work/body" | head -n 1; }
one=http://127.0.0.1:${ports[1]} two=http://127.0.0.1:${ports[2]}
page "$one/sign-in" >/dev/null
password=$(sed -n 's/^password: //p' "$work/admin.txt")
[ "$(page "$two/sign-in" -d "token=$(form_token)" -d name=admin --data-urlencode "password=$password")" = 303 ] || fail "signing in over two servers"
[ "$(page "$one/")" = 200 ] || fail "the session does not hold on the other server"
[ "$(page "$one/sign-out" -d "token=$(form_token)")" = 303 ] && [ "$(page "$two/")" = 303 ] || fail "signing out holds on one server only"

# ---- killed at random, the database too
send_many() {
    local i
    for ((i = $1; i <= $2; i++)); do
        local tries=0
        until [ "$(answer "many-$i")" = 201 ]; do
            tries=$((tries + 1))
            [ "$tries" -lt 100 ] || exit 1
            sleep 0.05
        done
        echo "uuid:many-$i" >>"$work/acknowledged-$1"
    done
}
for first in 1 41 81; do
    send_many "$first" $((first + 39)) &
    senders[first]=$!
    pids+=($!)
done
acknowledged() { [ "$(cat "$work"/acknowledged-* 2>/dev/null | wc -l)" -ge "$1" ]; }
until_true 30 'some answers' acknowledged 15
kill -9 "${servers[1]}"
until_true 30 'some answers with one server' acknowledged 35
serve 1 "${ports[1]}" && ready 1
kill -9 "${servers[2]}"
until_true 30 'some answers with the other' acknowledged 55
kill -QUIT "$postgres_pid" && wait "$postgres_pid" 2>/dev/null || true
start_postgres "$pg/data"
serve 2 "${ports[2]}" && ready 2
for sender in "${senders[@]}"; do wait "$sender" || fail "an answer never arrived"; done
[ "$(query 'SELECT count(*) FROM submission' talkpoint)" = 129 ] || fail "answers were lost or doubled: $(query 'SELECT count(*) FROM submission' talkpoint)"
[ "$(query 'SELECT sum(count) FROM tally' talkpoint)" = 129 ] || fail "the count a day is wrong"
[ "$(query 'SELECT count(*) FROM quarantine' talkpoint)" = 0 ] || fail "an answer that came again was put aside"
[ "$(query "SELECT count(*) FROM pg_inherits WHERE inhparent = 'submission'::regclass" talkpoint)" -ge 4 ] || fail "no partitions"
[ "$(query 'SELECT count(*) FROM submission_other' talkpoint)" = 0 ] || fail "answers stand outside their month"

# ---- a backup, a mistake, and the moment before it (docs/OPERATIONS.md)
"${as_postgres[@]}" "$bin/pg_basebackup" -h "$pg" -U talkpoint -D "$pg/backup" -c fast >"$work/backup.log" 2>&1
[ "$(answer after-backup)" = 201 ] || fail "an answer after the backup"
query "SELECT pg_create_restore_point('before_the_mistake')" >/dev/null
query 'DELETE FROM submission' talkpoint
query 'SELECT pg_switch_wal()' >/dev/null
for pid in "${servers[@]}" "$nginx_pid"; do kill -TERM "$pid" && wait "$pid" 2>/dev/null || true; done
kill -INT "$postgres_pid" && wait "$postgres_pid" 2>/dev/null || true
"${as_postgres[@]}" touch "$pg/backup/recovery.signal"
start_postgres "$pg/backup" -c "restore_command=cp $pg/archive/%f %p" -c recovery_target_name=before_the_mistake \
    -c recovery_target_action=promote -c archive_mode=off
recovered() { [ "$(query 'SELECT pg_is_in_recovery()')" = f ]; }
until_true 20 'the end of recovery' recovered
[ "$(query 'SELECT count(*) FROM submission' talkpoint)" = 130 ] || fail "the restored store lacks answers"
grep -q 'uuid:after-backup' <<<"$(tool export --form library-hours)" || fail "the restored store does not export the last answer"
kill -INT "$postgres_pid" && wait "$postgres_pid" 2>/dev/null || true
