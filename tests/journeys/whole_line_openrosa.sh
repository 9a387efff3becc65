#!/bin/bash
# The whole line with keys that belong to the form: an officer's survey has a public_key; a resident answers it by touch on a
# screen that is connected to a store as to any OpenRosa server (its code for ODK Collect: Digest). The store cannot read what
# it keeps; the officer's private key, on another machine, reads it from a backup. A survey without a key, and one that came
# without its facts, are not shown. The same survey on an enrolled screen goes over the wire and by stick, and reads the same.
. tests/lib/journey.sh
words='more seats near the door'
store=$TP_BUILD/talkpoint-central

openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out "$work/officer.pem" 2>/dev/null
key=$(openssl pkey -in "$work/officer.pem" -pubout -outform DER | base64 -w0)
mkdir "$work/library-hours"
cp -rL surveys/library-hours/media "$work/library-hours/"
with_key() { # KEY : the workbook with one more setting
    awk -v key="$1" '/^\| settings \|/ {at = NR} at && NR == at + 1 {$0 = $0 " public_key |"} at && NR == at + 2 {$0 = $0 " " key " |"} {print}' \
        surveys/library-hours/library-hours.md
}
with_key AAAA >"$work/library-hours/library-hours.md"
! "$TP_BUILD/talkpoint-survey" check "$work/library-hours/library-hours.md" >"$work/check.log" 2>&1 || fail "a key that is none was good"
grep -q 'public_key is not an RSA public key' "$work/check.log" || fail "the author is not told: $(cat "$work/check.log")"
with_key "$key" >"$work/library-hours/library-hours.md"
"$TP_BUILD/talkpoint-survey" check "$work/library-hours/library-hours.md" >"$work/check.log" 2>&1 || fail "the key is refused: $(cat "$work/check.log")"
make_central "$work/library-hours" surveys/village-20mph surveys/equality
start_central
port=${url##*:}

# ---- the screen takes the code that the administrators' page gives to phones
jar=$work/jar
page() { curl -s -m 20 -b "$jar" -c "$jar" -o "$work/body" "$@"; }
form_token() { sed -n 's|.*name="token" value="\([^"]*\)".*|\1|p' "$work/body" | head -n 1; }
page "$url/sign-in"
page "$url/sign-in" -d "token=$(form_token)" -d name=admin --data-urlencode "password=$(sed -n 's/^password: //p' "$work/admin.txt")"
page "$url/screens"
page "$url/phones" -d "token=$(form_token)" -d login=hall
phone=$(sed -n 's|.*Password</dt><dd><code>\([^<]*\)<.*|\1|p' "$work/body")
[ ${#phone} = 23 ] || fail "no password on the page"
jq -nc --arg url "$url" --arg password "$phone" '{general: {server_url: $url, username: "hall", password: $password}, admin: {}}' |
    "$TP_BUILD/talkpoint-sync" connect - --name "Village Hall" --state "$state" >"$work/connect.log" 2>&1 ||
    fail "not connected: $(cat "$work/connect.log")"
grep -q '^auth = digest' "$state/device.ini" || fail "not by Digest"
sync_once || fail "the first contact failed: $(tail -n 2 "$work/sync.log")"
[ -s "$state/forms/library-hours/form.xml" ] || fail "the survey did not arrive"

# ---- offline: a resident
stop_central
mkdir "$work/pictures"
(cd "$work/pictures" && sed '/^screenshot 16/,$d' "$OLDPWD/deploy/resident.script" >"$work/resident" &&
    kiosk "$work/resident" --windowed 1920x1080 --locale "$OLDPWD/build/locale") >"$work/kiosk.log" 2>&1 ||
    fail "the resident could not finish: $(tail -n 3 "$work/kiosk.log")"
[ "$(status_of waiting)" = 1 ] || fail "$(status_of waiting) answers wait, not the main one"
! sqlite3 "$state/device.db" 'select hex(sealed) from outbox' | grep -q "^$(printf TPSEAL | od -An -tx1 | tr -d ' \n' | tr a-f A-F)" ||
    fail "the answer is sealed to another key than its form's"
"$TP_BUILD/talkpoint-kiosk" --self-test --state "$state" --offscreen --width-mm 476 >"$work/self.log" 2>&1 || true
grep -q "each form's own key" "$work/self.log" || fail "the self-test does not say with what keys: $(cat "$work/self.log")"
grep -q 'no public_key' "$work/self.log" || fail "the self-test does not say which survey is left out: $(cat "$work/self.log")"

# ---- the store takes it in and cannot read it; the officer can
start_central "$port"
sync_once || fail "the round with the store failed: $(tail -n 2 "$work/sync.log")"
[ "$(status_of sent)" = 1 ] && [ "$(status_of waiting)" = 0 ] || fail "not sent"
exported library-hours >"$work/export.json"
jq -e 'length == 1 and (.[0].problem | contains("its form'"'"'s own key"))' "$work/export.json" >/dev/null ||
    fail "the store's export does not say that it cannot read it: $(cat "$work/export.json")"
"$store" backup --data "$central" "$work/copy.db"
read_copy() { "$store" export --db "$work/copy.db" --key "$work/officer.pem" --form library-hours --format json; }
reads_right() {
    read_copy | jq -e --arg words "$words" --argjson count "$1" 'length == $count and all(.[]; .answers.used_library == "yes"
        and .answers.anything_else == $words and (.context.receiptCode | test("^[A-Z][a-z]+ [0-9]+ [A-Z][a-z]+$")))' >/dev/null ||
        fail "the officer reads something else: $(read_copy | head -c 600)"
}
reads_right 1

# ---- taken off: refused, and nothing lost
"$store" revoke --data "$central" hall >/dev/null
! sync_once || fail "a screen that was taken off was content"
grep -q 'does not let this screen in' "$work/sync.log" || fail "it does not say why"

# ---- an enrolled screen: the same form over the wire, and by stick
for way in wire stick; do
    state=$work/$way
    enrol_device "$way"
    sync_once || fail "$way: the first contact failed"
    (cd "$work/pictures" && kiosk "$work/resident" --windowed 1920x1080 --locale "$OLDPWD/build/locale") >"$work/kiosk.log" 2>&1 ||
        fail "$way: the resident could not finish"
    if [ $way = wire ]; then
        sync_once || fail "$way: not sent: $(tail -n 2 "$work/sync.log")"
    else
        mkdir "$work/usb"
        "$TP_BUILD/talkpoint-sync" export "$work/usb" --state "$state" >>"$work/sync.log" 2>&1 || fail "no stick"
        "$store" import --data "$central" "$work/usb" >>"$work/sync.log" || fail "the store does not take the stick: $(tail -n 2 "$work/sync.log")"
        stop_central
        "$TP_BUILD/talkpoint-sync" import "$work/usb" --state "$state" >>"$work/sync.log" 2>&1 || true
        start_central "$port"
    fi
    [ "$(status_of sent)" = 1 ] && [ "$(status_of waiting)" = 0 ] || fail "$way: $(status_of waiting) wait"
done
rm "$work/copy.db"
"$store" backup --data "$central" "$work/copy.db"
reads_right 3
stop_central
! grep -rqaF "$words" "$work"/device "$work"/wire "$work"/stick "$work/usb" "$central" "$work/copy.db" "$work"/*.log ||
    fail "what was typed stands on a disk in the clear"
! grep -qaF "$phone" "$state/device.ini" "$work"/*.log || fail "a password was said"
