#!/bin/bash
# A screen whose answers go to a server that is no store of ours: as ODK Central (a token in the address), as KoboToolbox
# (Digest, Basic, a token header). Each with a captive portal, strangers' 201s, a lost acknowledgement, half an answer, a
# duplicate, every refusal. What arrives is opened by the openssl command line, which others wrote. No secret is said.
. tests/lib/journey.sh
helpers=${TP_BUILD_ASAN:-$PWD/build/asan}/tests/helpers/agent
form=library-hours secret=canary-secret-8d2f41 canary=canary-3f61-in-no-clear
said=$work/said.log
openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out "$work/author.pem" 2>/dev/null
openssl pkey -in "$work/author.pem" -pubout -outform DER | base64 -w0 >"$work/author.pub"
mkdir "$work/package"
"$TP_BUILD/talkpoint-survey" package --odk "surveys/$form/$form.md" "$work/package" >"$said" 2>&1 || fail "no package: $(cat "$said")"
# ODK Central takes only files that the form names, and no form that names one as two kinds of thing; what names them changes
# nothing for a person. Its rules: lib/data/schema.js of getodk/central-backend, expectedFormAttachments.
named_for_central() { # PACKAGE : a line "NAME KIND" for each file that Central would wait for
    { grep -o ' src="jr://[a-z-]*/[^"/]*"' "$1/form.xml" | sed 's|.*/\(.*\)"|\1 file|'
        grep -o '<value form="[a-z-]*">jr://[a-z-]*/[^</]*<' "$1/form.xml" | sed 's|.*form="\(big-\)*\([a-z]*\)".*/\(.*\)<|\3 \2|'
        grep -o ' appearance="[^"]*search(.[a-z]*.)' "$1/form.xml" | sed "s|.*search(.\\([a-z]*\\).)|\\1.csv file|"; } | sort -u
}
mkdir -p "$work/searching/media"
printf 'name_key,label_key\na,A\n' >"$work/searching/media/fruits.csv"
cat >"$work/searching/searching.md" <<'MD'
| survey | | | | |
| | type | name | label | appearance |
| | select_one l | q | Which? | search('fruits') |
| choices | | | |
| | list_name | name | label |
| | l | name_key | label_key |
MD
"$TP_BUILD/talkpoint-survey" package --odk surveys/gallery/gallery.md "$work/gallery" >"$said" 2>&1 || fail "no package: $(cat "$said")"
"$TP_BUILD/talkpoint-survey" package --odk "$work/searching/searching.md" "$work/package-searching" >"$said" 2>&1 || fail "no package: $(cat "$said")"
for package in package gallery package-searching; do
    (cd "$work/$package" && find . -type f ! -name form.xml -printf '%f\n' | sort) >"$work/files"
    (named_for_central "$work/$package" || true) | cut -d" " -f1 | diff - "$work/files" || fail "$package: the form does not name each of its files once"
done
"$TP_BUILD/talkpoint-survey" check --no-standards "$work/package/form.xml" >"$said" || fail "it does not load: $(cat "$said")"
version=$(sed -n "s|.*<data[^>]* id=\"$form\"[^>]* version=\"\([^\"]*\)\".*|\1|p" "$work/package/form.xml" | head -n 1)
[ "$version" ] || version=1

sync() { "$TP_BUILD/talkpoint-sync" "$1" --state "$state" "${@:2}" >"$work/last" 2>&1 && local rc=0 || local rc=$?; cat "$work/last" >>"$said"; return $rc; }
once() { sync --once; }
put() { "$helpers/put_answers" "$state" "$form" "$version" "$@" >>"$work/put.txt"; }
waiting_is() { [ "$(status_of waiting)" = "$1" ] || fail "$way: $(status_of waiting) wait, not $1: $(cat "$work/last")"; }
mode() { echo "$1" >"$server/mode"; }
arrived() { find "$server/taken" -name '*.xml' | wc -l; }
posts() { grep -c 'POST /submission' "$server/log" || true; }
says() { grep -q "$1" "$work/last" || fail "$way: did not say '$1': $(cat "$work/last")"; }

start() { # WAY [USER SECRET] : a server of its own and a screen of its own
    way=$1 server=$work/server-$1 state=$work/device-$1
    mkdir -p "$server/forms/$form" "$server/taken"
    cp -rL "$work/package/." "$server/forms/$form/"
    case $way in digest | token) mv "$server/forms/$form"/consultation.json{,.csv} ;; esac # KoboToolbox takes no .json
    echo "$version" >"$server/forms/$form/version"
    mode ok
    : >"$server/log"
    rm -f "$work/openrosa.txt" # the last server's address would be read before this one has written its own
    "$helpers/openrosa" "$server" 0 "$@" >"$work/openrosa.txt" &
    server_pid=$!
    pids+=("$server_pid")
    until_true 20 "the server's start" grep -q http "$work/openrosa.txt"
    url=$(head -n 1 "$work/openrosa.txt")
}
stop() {
    kill -TERM "$server_pid"
    wait "$server_pid" || fail "the server did not stop"
}

# opened ID: what the openssl command line makes of what arrived under it, with the author's key.
oaep=(-pkeyopt rsa_padding_mode:oaep -pkeyopt rsa_oaep_md:sha256 -pkeyopt rsa_mgf1_md:sha256)
opened() {
    local xml=$server/taken/$1.xml key iv
    element() { sed -n "s|.*<$1>\([^<]*\)</$1>.*|\1|p" "$xml" | base64 -d; }
    element base64EncryptedKey | openssl pkeyutl -decrypt -inkey "$work/author.pem" "${oaep[@]}" -out "$work/aes"
    key=$(od -An -v -tx1 "$work/aes" | tr -d ' \n')
    iv=$({ printf %s "$1" && cat "$work/aes"; } | md5sum | cut -c1-32)
    iv=$(printf %02x $(((0x${iv:0:2} + 1) & 255)))${iv:2}
    openssl enc -d -aes-256-cfb -K "$key" -iv "$iv" -in "$server/taken/$1.enc" -out "$work/padded"
    head -c -1 "$work/padded" >"$work/plain" # the padding is one byte: the XML was filled up
    [ "$(tail -c 1 "$work/padded" | od -An -tu1 | tr -d ' ')" = 1 ] || fail "$way: padding is not one byte of 1"
    element base64EncryptedElementSignature | openssl pkeyutl -decrypt -inkey "$work/author.pem" "${oaep[@]}" -out "$work/md5"
    printf '%s\n%s\n%s\n%s\nsubmission.xml::%s\n' "$form" "$version" \
        "$(sed -n 's|.*<base64EncryptedKey>\([^<]*\)<.*|\1|p' "$xml")" "$1" "$(md5sum <"$work/plain" | cut -c1-32)" |
        openssl md5 -binary | cmp -s - "$work/md5" || fail "$way: the element signature of $1 is not of what arrived"
    cat "$work/plain"
}

# What every way goes through; the screen is connected.
bad_days() { # [PUBLIC_KEY_FILE]
    once || fail "$way: the first round failed: $(cat "$work/last")"
    cmp -s "$server/forms/$form/form.xml" "$state/forms/$form/form.xml" || fail "$way: the survey did not arrive"
    [ -s "$state/forms/$form/consultation.json" ] || fail "$way: its facts did not arrive"
    put 3 "$@"
    ! strings "$state/device.db" "$state"/device.db-wal 2>/dev/null | grep -q "$canary" || fail "$way: an answer lies in the clear"

    # a captive portal: it is not even shown an answer
    mode portal
    before=$(posts)
    ! once || fail "$way: content with a captive portal"
    says 'someone else answered'
    waiting_is 3
    [ "$(posts)" = "$before" ] || fail "$way: a captive portal was shown an answer"
    # 201 that is not an OpenRosa server's
    mode stranger
    ! once || fail "$way: content with a stranger's 201"
    waiting_is 3
    mode page
    ! once || fail "$way: content with a page under a 201"
    says 'was not an OpenRosa server'
    waiting_is 3
    [ "$(arrived)" = 0 ] || fail "$way: the portal's answers arrived"
    # taken in, and the acknowledgement lost, or cut in the middle
    mode lost
    ! once || fail "$way: content without an answer"
    waiting_is 3
    mode cut
    ! once || fail "$way: content with half an answer"
    waiting_is 3
    # the same again is no duplicate
    mode ok
    once || fail "$way: the round failed: $(cat "$work/last")"
    waiting_is 0
    [ "$(status_of sent)" = 3 ] && [ "$(arrived)" = 3 ] || fail "$way: $(arrived) of 3 arrived"

    # each refusal: one answer waits, or is set aside with its reason and offered again
    for status in 400 404 409 413; do
        put 1 "$@"
        mode "$status"
        # A conflict, and what comes without the server's header, is believed when it stays.
        case $status-$way in 409-* | 413-* | 404-digest | 404-token) for _ in 1 2; do ! once || fail "$way: content with $status" && waiting_is 1; done ;; esac
        ! once || fail "$way: content with $status"
        waiting_is 0
        [ "$(status_of quarantined)" = 1 ] || fail "$way: $status did not set the answer aside"
        mode ok
        sync retry || fail "$way: retry failed"
        once || fail "$way: not sent after a $status was put right: $(cat "$work/last")"
        [ "$(status_of quarantined)" = 0 ] || fail "$way: still set aside"
    done
    for status in 401 402 403 405 423 429 500 503; do
        put 1 "$@"
        mode "$status"
        ! once || fail "$way: content with $status"
        waiting_is 1
        mode ok
        once || fail "$way: not sent after a $status: $(cat "$work/last")"
        waiting_is 0
    done
    # sent again while the first request is at work there, which arrives after all
    put 1 "$@"
    mode at-work
    ! once || fail "$way: content with a conflict"
    says 'may still be taking'
    waiting_is 1
    mode ok
    once || fail "$way: not sent when the first was taken in: $(cat "$work/last")"
    waiting_is 0
    # one survey that this screen may not send to holds up no other
    "$helpers/put_answers" "$state" shut-out 1 4 "$@" >/dev/null
    put 2 "$@"
    echo shut-out >"$server/forbidden"
    ! once || fail "$way: content though one survey is shut"
    once || true
    waiting_is 4
    rm "$server/forbidden"
    once || fail "$way: not sent when the survey was opened: $(cat "$work/last")"
    waiting_is 0
    # one too large for what the server says it takes is not even sent
    put 1 "$@"
    echo 100 >"$server/limit"
    ! once || fail "$way: content though the server takes 100 bytes"
    [ "$(status_of quarantined)" = 1 ] || fail "$way: an answer that is too large was not set aside"
    rm "$server/limit"
    sync retry && once || fail "$way: not sent when the server takes more"
    # another answer under the same ID stays there
    put 1 "$@"
    id=$(tail -n 1 "$work/put.txt")
    echo '<data/>' >"$server/taken/$id.xml"
    for _ in 1 2 3; do ! once || fail "$way: content with a conflict"; done
    waiting_is 0
    says '409'
    rm "$server/taken/$id.xml"
    sync retry && once || fail "$way: not sent when the conflict was gone"
    [ "$(arrived)" = 24 ] && [ "$(status_of sent)" = 24 ] || fail "$way: $(arrived) arrived, $(status_of sent) sent, of 24"
}

# ---- as ODK Central: the token is in the address, and comes from Collect's settings
start url - "$secret"
printf '{"general":{"protocol":"odk_default","server_url":"%s/v1/key/%s/projects/7"},"admin":{},"project":{"name":"x"}}' \
    "$url" "$secret" >"$work/settings.json"
connect() { sync connect "$@" --name "Cowley Library"; }
echo "$url/v1/key/wrong/projects/7" >"$work/wrong"
! connect "$work/wrong" || fail "connected with a wrong token"
says 'does not let this screen in'
[ ! -e "$state/device.ini" ] || fail "wrote who it is before the server let it in"
! connect "$work/author.pub" || fail "took a key for settings"
connect - <"$work/settings.json" || fail "did not connect: $(cat "$work/last")"
says '{token}'
says 'without a public_key are not shown'
! grep -q "$secret" "$state/device.ini" || fail "the token is in a file that everybody may read"
[ "$(stat -c %a "$state/token")" = 600 ] || fail "the token is open to others"
bad_days "$work/author.pub"
[ "$(status_of kind)" = openrosa ] || fail "status does not say the kind"
for file in "$server"/taken/*.xml; do
    id=$(basename "$file" .xml)
    grep -q 'id="shut-out"' "$file" || opened "$id" | grep -q "$canary" || fail "openssl does not open $id"
done
# the office's own tool opens the same files, and not without the key
file=$(grep -L 'id="shut-out"' "$server"/taken/*.xml | head -n 1)
id=$(basename "$file" .xml)
cp "$server/taken/$id.enc" "$server/taken/submission.xml.enc"
"$TP_BUILD/talkpoint-central" unseal --key "$work/author.pem" "$server/taken/$id.xml" | grep -q "$canary" || fail "unseal does not open it"
openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out "$work/other.pem" 2>/dev/null
! "$TP_BUILD/talkpoint-central" unseal --key "$work/other.pem" "$server/taken/$id.xml" >/dev/null 2>&1 || fail "another key opened it"
# an answer without a key of its own cannot be put on such a screen; a stick has no use there
! put 1 2>/dev/null || fail "kept an answer that nobody could read"
! sync export "$work" || fail "put answers on a stick that nobody signs for"
says 'need a Talkpoint store'
stop

# ---- as KoboToolbox: Digest is found out, and Basic where there is no Digest; and in the clear, by choice
for way in digest basic; do
    start "$way" ranger "$secret"
    echo wrong >"$work/password"
    ! connect "$url" --user ranger --password-file "$work/password" --plain || fail "$way: connected with a wrong password"
    says 'does not let this screen in'
    echo "$secret" >"$work/password"
    connect "$url" --user ranger --password-file "$work/password" --plain || fail "$way: did not connect: $(cat "$work/last")"
    grep -q "^auth = $way$" "$state/device.ini" || fail "$way: chose $(grep ^auth "$state/device.ini")"
    [ "$(stat -c %a "$state/outbox.key")" = 600 ] || fail "$way: the outbox's key is open to others"
    bad_days
    [ "$(grep -lc "$canary" "$server"/taken/*.xml | wc -l)" = 24 ] || fail "$way: what arrived is not in the clear"
    # connected anew, it keeps its key: what waits can still be read
    put 1
    ! connect "$url" --user ranger --password-file "$work/password" --plain || fail "$way: left answers behind without a word"
    connect "$url" --user ranger --password-file "$work/password" --plain --replace || fail "$way: did not connect again"
    once || fail "$way: what waited was not sent: $(cat "$work/last")"
    [ "$(arrived)" = 25 ] || fail "$way: what waited did not arrive"
    stop
done
start token - "$secret"
echo "$secret" >"$work/password"
connect "$url" --password-file "$work/password" || fail "token: did not connect: $(cat "$work/last")"
bad_days "$work/author.pub"
# access is taken away: the screen says so, and keeps what waits
put 1 "$work/author.pub"
stop
mv "$server" "$work/server-gone"
start token - another
state=$work/device-token
sed -i "s|^url = .*|url = $url|" "$state/device.ini"
! once || fail "token: content though it was shut out"
says 'does not let this screen in'
waiting_is 1
stop

! grep -rqF "$secret" "$said" "$work"/device-*/device.ini || fail "a secret was said or lies open"
! grep -rqaF "$secret" "$work"/device-*/device.db* || fail "a secret lies in a device's store"
