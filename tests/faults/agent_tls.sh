#!/bin/bash
# Certificates that are not the store's: run out, not valid yet, of another name, of another authority, signed by itself; and TLS
# that breaks off. Each time nothing is said to whoever answered, not even the token, and nothing is lost; with the store's own
# certificate the answers then go, several at once over one connection (HTTP/2).
. tests/lib/journey.sh
helpers=${TP_BUILD_ASAN:-$PWD/build/asan}/tests/helpers/agent
form=library-hours
injected=0 answers=0
mkdir "$work/tls" "$work/nginx"

authority() { # NAME
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$1" -days 30 -keyout "$work/tls/$1.key" \
        -out "$work/tls/$1.pem" 2>/dev/null
}
# certificate NAME AUTHORITY ADDRESS FROM TO : in a small authority's way, since only that takes both days
certificate() {
    local at=$work/tls/$1
    openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$1" -keyout "$at.key" -out "$at.csr" 2>/dev/null
    : >"$at.index"
    openssl rand -hex 8 >"$at.serial"
    printf '%s\n' '[ca]' 'default_ca = x' '[x]' "database = $at.index" "serial = $at.serial" "new_certs_dir = $work/tls" \
        'default_md = sha256' 'policy = any' 'x509_extensions = e' '[any]' 'commonName = supplied' '[e]' \
        "subjectAltName = $3" >"$at.conf"
    openssl ca -batch -notext -config "$at.conf" -cert "$work/tls/$2.pem" -keyfile "$work/tls/$2.key" -startdate "$4" -enddate "$5" \
        -in "$at.csr" -out "$at.pem" 2>/dev/null
}
day() { date -u -d "$1" +%Y%m%d%H%M%SZ; }
front() { # NAME : nginx with that certificate in front of the store
    sed "s|CERTIFICATE|$work/tls/$1|g" "$work/nginx/template" >"$work/nginx/nginx.conf"
    nginx -c "$work/nginx/nginx.conf" -p "$work/nginx" >"$work/nginx.log" 2>&1 &
    nginx_pid=$!
    pids+=("$nginx_pid")
    until_true 20 "nginx's start" test -s "$work/nginx/pid"
}
unfront() { kill -TERM "$nginx_pid" && wait "$nginx_pid"; rm -f "$work/nginx/pid"; }
put() { "$helpers/put_answers" "$state" "$form" "$version" "$1" >>"$work/put.txt" && answers=$((answers + $1)); }
sync_tls() { "$TP_BUILD/talkpoint-sync" --state "$state" --config "$work/sync.ini" --once >>"$work/sync.log" 2>&1; }

authority council && authority stranger
certificate good council IP:127.0.0.1 "$(day yesterday)" "$(day tomorrow)"
certificate old council IP:127.0.0.1 "$(day '3 days ago')" "$(day yesterday)"
certificate early council IP:127.0.0.1 "$(day tomorrow)" "$(day '3 days')"
certificate elsewhere council DNS:elsewhere.example "$(day yesterday)" "$(day tomorrow)"
certificate between stranger IP:127.0.0.1 "$(day yesterday)" "$(day tomorrow)"
cp "$work/tls/stranger.pem" "$work/tls/itself.pem" && cp "$work/tls/stranger.key" "$work/tls/itself.key"

make_central "surveys/$form"
start_central
enrol_device "Cowley Library"
sync_once || fail "the first contact failed"
version=$(cat "$state/forms/$form/.version")
port=$(shuf -i 20000-30000 -n 1)
sed -i "s|^url = .*|url = https://127.0.0.1:$port|" "$state/device.ini"
printf '[sync]\nca_file = %s\n' "$work/tls/council.pem" >"$work/sync.ini"
cat >"$work/nginx/template" <<N
daemon off; pid $work/nginx/pid; error_log $work/nginx/error.log; worker_processes 1;
events { worker_connections 128; }
http {
    log_format seen '\$server_protocol \$connection \$request_method \$uri \$status';
    access_log $work/nginx/seen.log seen; client_body_temp_path $work/nginx/body; client_body_buffer_size 1m; proxy_temp_path $work/nginx/proxy;
    fastcgi_temp_path $work/nginx/f; uwsgi_temp_path $work/nginx/u; scgi_temp_path $work/nginx/s;
    server {
        listen 127.0.0.1:$port ssl http2; ssl_certificate CERTIFICATE.pem; ssl_certificate_key CERTIFICATE.key;
        location / { proxy_pass $url; proxy_http_version 1.1; proxy_set_header Host 127.0.0.1:$port; proxy_set_header X-Forwarded-Proto https; }
    }
}
N
put 40
for name in old early elsewhere between itself; do
    front "$name"
    ! sync_tls || fail "'$name': all went well with a certificate that is not the store's"
    unfront
    [ "$(status_of waiting)" = 40 ] || fail "'$name': answers are gone"
    status_of last_error | grep -q 'certificate' || fail "'$name': status does not say why: $(status_of last_error)"
    [ ! -s "$work/nginx/seen.log" ] || fail "'$name': something was said: $(cat "$work/nginx/seen.log")"
    injected=$((injected + 1))
done

# What answers breaks off before or in the middle of the handshake, or is no TLS at all.
for reply in '' '\x16\x03\x03\x00\x40\x02' 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'; do
    "$helpers/reply" "$port" "$reply" >"$work/reply.log" &
    replier=$!
    pids+=("$replier")
    until_true 20 "the replier's start" grep -q listening "$work/reply.log"
    ! sync_tls || fail "all went well without TLS"
    kill -TERM "$replier" && wait "$replier" || true
    [ "$(status_of waiting)" = 40 ] || fail "answers are gone"
    ! grep -aq 'Bearer\|HTTP/' "$work/reply.log" || fail "something was said before TLS was there"
    injected=$((injected + 1))
done

front good
sync_tls || fail "with the store's own certificate: $(tail -n 2 "$work/sync.log")"
unfront
[ "$(status_of waiting)" = 0 ] || fail "answers are left"
grep -q 'POST /submission 201' "$work/nginx/seen.log" || fail "the first answer did not go alone"
grep -q 'POST /talkpoint/submissions 200' "$work/nginx/seen.log" || fail "no request brought several answers"
! grep -v '^HTTP/2' "$work/nginx/seen.log" || fail "not all of it went over HTTP/2"
[ "$(cut -d' ' -f2 "$work/nginx/seen.log" | sort -u | wc -l)" = 1 ] || fail "more than one connection"
[ "$(exported "$form" | jq -r '.. | .instanceID? // empty' | sort -u | wc -l)" = "$answers" ] || fail "the store does not hold each answer once"
echo "faults: $injected injected, 0 lost, 0 doubled, 0 exposed"
