#!/bin/bash
# What stands around the central store: nginx's TLS in front of it as deploy/ has it, backups that a drill reads back (from
# SQLite and from PostgreSQL), a drill that fails where it must, and Prometheus's rules.
. tests/lib/journey.sh
backup=$PWD/deploy/central/talkpoint-backup
export TALKPOINT_CENTRAL=$TP_BUILD/talkpoint-central TALKPOINT_DATA=$central TALKPOINT_BACKUPS=$work/backups TALKPOINT_METRICS=$work/metrics
mkdir "$work/metrics"

make_central surveys/library-hours surveys/comments
start_central
enrol_device 'Cowley Library'
token=$(cat "$state/token")
answer() { # ID : the status
    printf '<data id="library-hours" version="2026110201"><used_library>yes</used_library><meta><instanceID>uuid:%s</instanceID></meta></data>' "$1" >"$work/answer"
    curl -s -m 30 -o "$work/receipt" -w '%{http_code}' "${tls[@]}" -H "Authorization: Bearer $token" -H 'X-OpenRosa-Version: 1.0' \
        -F "xml_submission_file=@$work/answer;type=text/xml" "$url/submission" || true
}

# ---- nginx, with a certificate of our own; only names, ports and paths differ from what is installed
front=$(shuf -i 20000-30000 -n 1)
mkdir "$work/nginx"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj /CN=localhost -addext subjectAltName=DNS:localhost \
    -keyout "$work/nginx/key.pem" -out "$work/nginx/cert.pem" 2>"$work/openssl.log"
sed -e "s|/etc/talkpoint/tls/fullchain.pem|$work/nginx/cert.pem|; s|/etc/talkpoint/tls/privkey.pem|$work/nginx/key.pem|" \
    -e "s|/var/log/nginx/|$work/nginx/|; s|127.0.0.1:8080|${url#http://}|; s|/srv/talkpoint-packages/|$work/packages/|" \
    -e "/listen \[::\]/d; s|listen 80;|listen 127.0.0.1:$((front + 1));|; s|listen 443|listen 127.0.0.1:$front|" \
    -e 's|talkpoint.example.gov.uk|localhost|' deploy/central/nginx.conf >"$work/nginx/talkpoint.conf"
cat >"$work/nginx/nginx.conf" <<N
daemon off; pid $work/nginx/pid; error_log $work/nginx/error.log; worker_processes 1;
events { worker_connections 128; }
http {
    client_body_temp_path $work/nginx/body; proxy_temp_path $work/nginx/proxy;
    fastcgi_temp_path $work/nginx/f; uwsgi_temp_path $work/nginx/u; scgi_temp_path $work/nginx/s;
    include $work/nginx/talkpoint.conf;
}
N
nginx -t -c "$work/nginx/nginx.conf" -p "$work/nginx" 2>"$work/nginx-test.log" || fail "nginx -t: $(cat "$work/nginx-test.log")"
nginx -c "$work/nginx/nginx.conf" -p "$work/nginx" >"$work/nginx.log" 2>&1 &
pids+=($!)
tls=(--cacert "$work/nginx/cert.pem")
plain=$url url=https://localhost:$front
until_true 20 "nginx's start" curl -s -o /dev/null "${tls[@]}" "$url/sign-in"
for i in 1 2 3; do [ "$(answer "0000000$i-0000-4000-8000-000000000000")" = 201 ] || fail "an answer through TLS"; done
[ "$(curl -s -o /dev/null -w '%{http_code}' "http://localhost:$((front + 1))/sign-in")" = 301 ] || fail "plain HTTP is not sent to TLS"
curl -s -D "$work/headers" -o /dev/null "${tls[@]}" "$url/sign-in"
grep -qi '^strict-transport-security: max-age=31536000' "$work/headers" || fail "no strict transport security"
grep -qi '^set-cookie:.*secure' "$work/headers" || fail "the cookie behind TLS is not marked secure"
[ "$(curl -s -o /dev/null -w '%{http_code}' "${tls[@]}" "$url/metrics")" = 404 ] || fail "/metrics is shown to the world"
[ "$(curl -s -o "$work/metrics.txt" -w '%{http_code}' "$plain/metrics")" = 200 ] || fail "/metrics is not shown to this machine"
tell() { deploy/central/tell-prometheus "$@"; }
tell backup && tell restore_drill && tell certificate_expires "localhost:$front" || fail "Prometheus is not told"
for metric in $(grep -o 'talkpoint_[a-z_]*' deploy/central/alerts.yml | sort -u); do
    cat "$work/metrics.txt" "$work"/metrics/*.prom | grep "^$metric[ {]" >/dev/null || fail "an alert asks for $metric, which nothing gives"
done
days=$((($(sed -n 's/^talkpoint_certificate_expires_time_seconds //p' "$work/metrics/talkpoint_certificate_expires.prom") - $(date +%s)) / 86400))
[ "$days" -ge 29 ] && [ "$days" -le 30 ] || fail "the certificate of 30 days ends in $days"
! tell certificate_expires "localhost:$((front + 1))" 2>/dev/null || fail "a port without TLS has a certificate"
if command -v openssl >/dev/null; then
    ! openssl s_client -connect "localhost:$front" -tls1_1 </dev/null >"$work/tls11.log" 2>&1 || fail "TLS 1.1 is spoken"
fi
chmod 755 "$work" && mkdir -p "$work/packages/dists" && echo signed >"$work/packages/dists/InRelease"
[ "$(curl -s "${tls[@]}" "$url/packages/dists/InRelease")" = signed ] || fail "the packages are not served"
grep -q 'POST /submission 201' "$work/nginx/talkpoint.log" || fail "nginx kept no log"
! grep -q 127.0.0.1 "$work/nginx/talkpoint.log" || fail "nginx keeps addresses"
if command -v promtool >/dev/null; then
    promtool check rules deploy/central/alerts.yml >"$work/promtool.log" 2>&1 || fail "promtool: $(cat "$work/promtool.log")"
    promtool test rules deploy/central/alerts_test.yml >"$work/promtool.log" 2>&1 || fail "promtool: $(cat "$work/promtool.log")"
    promtool check metrics <"$work/metrics/talkpoint_backup.prom" >"$work/promtool.log" 2>&1 || fail "promtool: $(cat "$work/promtool.log")"
fi

# ---- backups of the file, and the drill
"$backup" run >"$work/backup.log" || fail "no backup"
"$backup" drill >"$work/drill.log" || fail "the drill failed"
grep -q '^talkpoint-backup: 3 answers can be read' "$work/drill.log" || fail "the drill says: $(cat "$work/drill.log")"
copy=$(ls "$work"/backups/*.db)
[ "$(stat -c %a "$work/backups")" = 700 ] || fail "backups are open to others"
! TALKPOINT_BACKUPS=/proc/talkpoint "$backup" run 2>"$work/backup.log" || fail "a copy is made where nothing can be"
grep -q '^talkpoint-backup: cannot write in /proc/talkpoint; mount' "$work/backup.log" || fail "it does not say what to do: $(cat "$work/backup.log")"
# Three answers, one of them unreadable: the drill must not be content with two.
cp "$copy" "$work/good.db"
sqlite3 "$copy" "UPDATE submission SET sealed = zeroblob(200) WHERE seq = (SELECT max(seq) FROM submission)"
! "$backup" drill >"$work/drill2.log" 2>&1 || fail "the drill passed over an answer that cannot be read"
cp "$work/good.db" "$copy"
mv "$central/keys/sealing.key" "$work/sealing.key"
! "$backup" drill >"$work/drill3.log" 2>&1 || fail "the drill needs no key"
mv "$work/sealing.key" "$central/keys/sealing.key"
# Old copies go, the newest stays.
echo half >"$work/backups/2026-01-01T013000Z.new"
touch -d '100 days ago' "$copy" "$work/backups/2026-01-01T013000Z.new"
until_true 5 "the next second" sh -c '[ "$(date -u +%S)" != "$1" ]' _ "$(date -u +%S)" # copies are named by the second
"$backup" run >/dev/null
[ ! -e "$copy" ] || fail "a copy of 100 days ago is kept"
[ ! -e "$work/backups/2026-01-01T013000Z.new" ] || fail "half a copy is kept for ever"
[ "$(ls "$work"/backups/*.db | wc -l)" = 1 ] || fail "the newest copy is gone"

# ---- the same on PostgreSQL
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | tail -n 1)
as_postgres=()
[ "$(id -u)" != 0 ] || as_postgres=(setpriv --reuid=postgres --regid=postgres --clear-groups --pdeathsig INT)
pg=$work/pg
mkdir "$pg"
[ "$(id -u)" != 0 ] || chown postgres: "$pg"
"${as_postgres[@]}" "$bin/initdb" -D "$pg/data" -A trust -U postgres -N -E UTF8 --locale=C >"$work/initdb.log"
"${as_postgres[@]}" "$bin/postgres" -D "$pg/data" -k "$pg" -c listen_addresses= -c fsync=off >"$work/postgres.log" 2>&1 &
pids+=($!)
until_true 20 "PostgreSQL's start" "$bin/pg_isready" -q -h "$pg"
if [ "$(id -u)" = 0 ]; then
    PGHOST=$pg deploy/central/set-up-postgresql talkpoint >"$work/set-up.log" || fail "PostgreSQL was not set up"
    PGHOST=$pg deploy/central/set-up-postgresql talkpoint >"$work/set-up.log" || fail "PostgreSQL cannot be set up twice"
    grep -q "postgresql:///talkpoint?host=$pg" "$work/set-up.log" || fail "it does not say what to write"
    ! PGHOST=$pg deploy/central/set-up-postgresql "x'; DROP" 2>/dev/null || fail "a bad name is taken"
    export TALKPOINT_CONFIG=$work/central.ini
    db="postgresql://talkpoint-central@/talkpoint?host=$pg"
    printf '[central]\n; db = postgresql:///other\ndb = %s\n' "$db" >"$TALKPOINT_CONFIG"
    "$TP_BUILD/talkpoint-central" adopt --data "$central" --db "$db" "$central/central.db" >"$work/adopt.log"
    "$backup" run >/dev/null || fail "no backup of PostgreSQL"
    # Where one was cut off its scratch database is still there.
    "$bin/createdb" -h "$pg" -U talkpoint-central talkpoint_drill
    "$backup" drill >"$work/drill.log" 2>&1 || fail "the drill failed on PostgreSQL: $(cat "$work/drill.log")"
    grep -q '^talkpoint-backup: 3 answers can be read.*pgdump' "$work/drill.log" || fail "the drill says: $(cat "$work/drill.log")"
    [ -z "$("$bin/psql" -qtAX -h "$pg" -U postgres -c "SELECT 1 FROM pg_database WHERE datname = 'talkpoint_drill'" postgres)" ] || fail "the scratch database stays behind"
fi
exit 0
