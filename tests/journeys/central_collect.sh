#!/bin/bash
# A store that does its own TLS and cannot read what it keeps: its private key is on a stick. Phones sign in as ODK Collect
# does, by Digest and by Basic (curl's, which others wrote). The key is changed, and a person takes an answer back.
. tests/lib/journey.sh
store=$TP_BUILD/talkpoint-central
tool() { "$store" "$1" --data "$central" "${@:2}"; }
mkdir "$work/stick" "$work/elsewhere"
(umask 077 && tool init --admin admin --sealing-key-apart "$work/stick/sealing-1.key" >"$work/admin.txt")
[ ! -e "$central/keys/sealing.key" ] || fail "the private key is in the store's folder"
! tool init --admin admin 2>/dev/null || fail "made the store twice"
tool publish surveys/library-hours surveys/equality >"$work/publish.log" 2>&1
openssl req -x509 -newkey rsa:2048 -nodes -keyout "$work/tls.key" -out "$work/tls.pem" -days 2 -subj /CN=127.0.0.1 \
    -addext subjectAltName=IP:127.0.0.1 2>/dev/null
! tool serve --listen 127.0.0.1:0 --certificate "$work/tls.pem" 2>/dev/null || fail "served with half a certificate"
! tool serve --listen 127.0.0.1:0 --certificate "$work/tls.pem" --certificate-key "$work/tls.pem" 2>"$work/why" ||
    fail "served with a wrong key"
start() {
    : >"$work/central.log"
    "$store" serve --data "$central" --listen 127.0.0.1:0 --certificate "$work/tls.pem" --certificate-key "$work/tls.key" >"$work/central.log" 2>&1 &
    central_pid=$!
    pids+=("$central_pid")
    until_true 20 "the store's start" grep -q 'https://' "$work/central.log"
    url=$(grep -o 'https://[0-9.:]*' "$work/central.log" | head -n 1)
}
start
ask() { curl -s -m 20 --cacert "$work/tls.pem" -o "$work/body" -w '%{http_code}' "$@"; }
want() { [ "$2" = "$3" ] || fail "$1: got $3 instead of $2: $(head -c 400 "$work/body")"; }
! ask --tls-max 1.1 "$url/sign-in" >/dev/null || fail "spoke an old TLS"

# ---- a phone is added on the page
jar=$work/jar
page() { ask -b "$jar" -c "$jar" "$@"; }
form_token() { sed -n 's|.*name="token" value="\([^"]*\)".*|\1|p' "$work/body" | head -n 1; }
want 'sign-in page' 200 "$(page "$url/sign-in")"
password=$(sed -n 's/^password: //p' "$work/admin.txt")
want 'signing in' 303 "$(page "$url/sign-in" -d "token=$(form_token)" -d name=admin --data-urlencode "password=$password")"
grep -q '__Host-talkpoint' "$jar" || fail "the cookie is not for TLS alone"
want 'screens' 200 "$(page "$url/screens")"
want 'a phone' 200 "$(page "$url/phones" -d "token=$(form_token)" -d login=ranger)"
phone=$(sed -n 's|.*Password</dt><dd><code>\([^<]*\)<.*|\1|p' "$work/body")
[ ${#phone} = 23 ] || fail "no password on the page"

# ---- what Collect does: list, form, media, HEAD, and an answer in two requests
as_phone() { ask -H 'X-OpenRosa-Version: 1.0' -u "ranger:$phone" "$@"; }
want 'no password' 401 "$(ask "$url/formList")"
want 'a wrong password' 401 "$(ask --digest -u ranger:wrong "$url/formList")"
want 'Basic' 200 "$(as_phone --basic "$url/formList")"
want 'Digest' 200 "$(as_phone --digest "$url/formList")"
form=$(sed -n 's|.*<downloadUrl>\([^<]*library-hours[^<]*/form.xml\)<.*|\1|p' "$work/body")
manifest=$(sed -n 's|.*<manifestUrl>\([^<]*library-hours[^<]*\)<.*|\1|p' "$work/body")
case $form in https://*) ;; *) fail "the addresses in the list are not https: $form" ;; esac
want 'the form' 200 "$(as_phone --digest "$form")"
want 'the manifest' 200 "$(as_phone --digest "$manifest")"
media=$(sed 's|<mediaFile>|\n&|g' "$work/body" | sed -n 's|.*<downloadUrl>\([^<]*\)<.*|\1|p' | head -n 1)
want 'a picture' 200 "$(as_phone --digest "$media")"
want 'HEAD' 204 "$(as_phone --digest -I "$url/submission")"
instance() { # ID CODE
    printf '<data id="library-hours" version="2026110201"><used_library>yes</used_library><meta><instanceID>%s</instanceID>' "$1"
    printf '<tp:context xmlns:tp="urn:talkpoint:context:1"><tp:receiptCode>%s</tp:receiptCode></tp:context></meta></data>' "$2"
}
send() { # ID CODE [CURL OPTION...]
    instance "$1" "$2" >"$work/$1.xml"
    as_phone --digest "${@:3}" -F "xml_submission_file=@$work/$1.xml;type=text/xml" "$url/submission"
}
want 'the first half' 201 "$(send one K7QM-4TXB -F '*isIncomplete*=yes' -F 'a.jpg=aaa;type=image/jpeg')"
want 'the second half' 201 "$(send one K7QM-4TXB -F 'b.jpg=bbb;type=image/jpeg')"
want 'the second half again' 201 "$(send one K7QM-4TXB -F 'b.jpg=bbb;type=image/jpeg')"
want 'another b.jpg' 409 "$(send one K7QM-4TXB -F 'b.jpg=ccc;type=image/jpeg')"
want 'another answer' 201 "$(send two MMMM-2222)"

# ---- read on another machine, from a backup; not here
tool backup "$work/elsewhere/copy.db"
! tool export --form library-hours >/dev/null 2>"$work/why" || fail "exported without the private key"
want 'a download here' 503 "$(page "$url/responses/library-hours/download?format=csv")"
elsewhere() { "$store" export --db "$work/elsewhere/copy.db" --key "$1" --form library-hours --format json; }
elsewhere "$work/stick/sealing-1.key" | jq -e 'length == 2' >/dev/null || fail "the stick does not read the copy"

# ---- the key is changed: new answers to the new key, old ones to the old
tool rotate --sealing-key-apart "$work/stick/sealing-2.key" >/dev/null
! tool rotate --sealing-key-apart "$work/stick/sealing-2.key" 2>/dev/null || fail "wrote over a private key"
stop_central
start
want 'an answer to the new key' 201 "$(send three PPPP-3333)"
rm "$work/elsewhere/copy.db"
tool backup "$work/elsewhere/copy.db"
elsewhere "$work/stick" | jq -e '[.[] | select(.answers.used_library == "yes")] | length == 3' >/dev/null ||
    fail "both keys together do not read all"
elsewhere "$work/stick/sealing-2.key" | jq -e '[.[] | select(.answers.used_library == "yes")] | length == 1' >/dev/null ||
    fail "the new key alone reads other than the new answer"

# ---- an answer is edited on the phone: the later one stands, sent twice or not
want 'an answer to be edited' 201 "$(send four RRRR-4444)"
instance five RRRR-4444 | sed 's|<instanceID>|<deprecatedID>four</deprecatedID>&|' >"$work/five.xml"
for _ in 1 2; do want 'its edit' 201 "$(as_phone --digest -F "xml_submission_file=@$work/five.xml;type=text/xml" "$url/submission")"; done
rm "$work/elsewhere/copy.db"
tool backup "$work/elsewhere/copy.db"
elsewhere "$work/stick" | jq -e '[.[].instanceID] | length == 4 and index("five") and (index("four") | not)' >/dev/null ||
    fail "an edited answer is there twice, or not at all"
want 'the survey' 200 "$(page "$url/surveys/library-hours")"
grep -q 'edited on a phone: 1\.' "$work/body" || fail "the page does not say that an answer was edited"
tool withdraw --instance four >/dev/null # and what took its place

# ---- an answer is taken back
! tool withdraw --form library-hours K7QM-4TXB 2>/dev/null || fail "found a code without a key"
! tool withdraw --form library-hours NONE-NONE --key "$work/stick" 2>/dev/null || fail "withdrew what is not there"
want 'what is withdrawn' 'deleted the response one' "$(tool withdraw --form library-hours k7qm4txb --key "$work/stick")"
tool withdraw --instance two >/dev/null
! tool withdraw --instance two 2>/dev/null || fail "withdrew twice"
want 'it comes again' 201 "$(send one K7QM-4TXB)"
rm "$work/elsewhere/copy.db"
tool backup "$work/elsewhere/copy.db"
elsewhere "$work/stick" | jq -e 'length == 1' >/dev/null || fail "a withdrawn answer is still there"
grep -q 'deleted 0' <<<"$(tool tidy)" || fail "tidy deleted something"

tool revoke ranger >/dev/null
want 'a phone that was taken off' 403 "$(as_phone --digest "$url/formList")"
stop_central
! grep -rqF "$phone" "$central" "$work/central.log" || fail "a phone's password stands in the store in the clear"
