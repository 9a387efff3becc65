#!/bin/bash
# The central store alone, spoken to by curl and by hand: made, filled, enrolled with, sent to, lied to, killed,
# exported. Nothing it acknowledged is lost, and nothing that was said stands anywhere in the clear.
. tests/lib/journey.sh
canary='the canary sings in the library'
secret=0123456789012345678901234567890123456789012

tool() { local command=$1; shift; "$TP_BUILD/talkpoint-central" "$command" --data "$central" "$@"; }
want() { # WHAT EXPECTED GOT
    [ "$2" = "$3" ] || fail "$1: wanted '$2', got '$3'"
}
ask() { # PATH [CURL OPTION...] : the status; the body goes to $work/body
    local path=$1
    shift
    curl -s -m 20 -o "$work/body" -w '%{http_code}' "$@" "$url$path"
}
device() { ask "$1" -H "Authorization: Bearer $token" -H 'X-OpenRosa-Version: 1.0' "${@:2}"; }

# ---- made once, with its keys for its owner alone
make_central surveys/{library-hours,equality}
want 'mode of the key' 600 "$(stat -c %a "$central/keys/sealing.key")"
want 'mode of the database' 600 "$(stat -c %a "$central/central.db")"
want 'mode of the folder of keys' 700 "$(stat -c %a "$central/keys")"
! tool init >/dev/null 2>&1 || fail "a second init was let over the first"
grep -q '^password: ' "$work/admin.txt" || fail "no password was shown"
publish_status() { local code=0; tool publish "$@" >/dev/null 2>"$work/problems" || code=$?; echo "$code"; }
printf '| survey | | | |\n| | type | name | label |\n| | select_on yes_no | q | Q? |\n' >"$work/bad.md"
want 'a bad workbook' 1 "$(publish_status "$work/bad.md")"
grep -q "sheet survey, row 2, column type: .*did you mean 'select_one yes_no'" "$work/problems" ||
    fail "the problem has no place: $(cat "$work/problems")"
# An XForm's problems are told all at once too.
mkdir "$work/form"
"$TP_BUILD/talkpoint-survey" package surveys/library-hours/library-hours.md "$work/form" >"$work/package.log" 2>&1 ||
    fail "no package: $(cat "$work/package.log")"
sed -i "s/type=\"int\"/type=\"geopoint\"/
    s/calculate=\"if([^\"]*\"/calculate=\"1 + \"/" "$work/form/form.xml"
want 'a bad form' 1 "$(publish_status "$work/form")"
if ! grep -q "location capture" "$work/problems" || ! grep -q "calculate of /data/full_path" "$work/problems"; then
    fail "not all problems of a form are told: $(cat "$work/problems")"
fi
misuse() { local code=0; "$TP_BUILD/talkpoint-central" "$@" >/dev/null 2>&1 || code=$?; want "misuse: $*" 2 "$code"; }
misuse publish
misuse devices
misuse export --data "$central"
misuse export --data "$central" --form x --format xls
misuse nothing
misuse serve --data "$central" --listen nonsense
misuse serve --data "$central" --port 80

start_central

# ---- enrolment
sum() { printf '%s' "$1" | sha256sum | cut -d' ' -f1; }
enrolment="{\"code\":\"K7QM-4TXB\",\"secret_sha256\":\"$(sum $secret)\",\"name\":\"Cowley Library\",\"version\":\"0.1.0\"}"
want enrolment 201 "$(ask /talkpoint/enrolments -d "$enrolment")"
id=$(jq -r .id "$work/body")
want 'the same code' 409 "$(ask /talkpoint/enrolments -d "$enrolment")"
want 'a claim before approval' 202 "$(ask "/talkpoint/enrolments/$id/claim" -d "{\"secret\":\"$secret\"}")"
tool approve k7qm4txb >/dev/null
want 'a claim' 200 "$(ask "/talkpoint/enrolments/$id/claim" -d "{\"secret\":\"$secret\"}")"
token=$(jq -r .token "$work/body")
jq -r .receipt_key "$work/body" | cmp -s - "$central/keys/receipt.pub" || fail "the claim gives another receipt key"
want 'no token' 401 "$(ask /formList)"
want 'a wrong token' 401 "$(ask /formList -H "Authorization: Bearer ${token%?}x")"

# ---- the survey comes down whole
want 'form list' 200 "$(device /formList)"
xml() { sed -n "s|.*<formID>library-hours</formID>.*<$1>\([^<]*\)</$1>.*|\1|p" "$work/body" | head -n 1; }
tr -d '\n' <"$work/body" | sed 's|</xform>|&\n|g' | grep library-hours >"$work/one" && cp "$work/one" "$work/body"
hash=$(xml hash) download=$(xml downloadUrl) manifest=$(xml manifestUrl)
want form 200 "$(device "${download#"$url"}")"
want 'hash of the form' "${hash#md5:}" "$(md5sum <"$work/body" | cut -d' ' -f1)"
want manifest 200 "$(device "${manifest#"$url"}")"
sed 's|<mediaFile>|\n&|g' "$work/body" | sed -n 's|.*<hash>md5:\([^<]*\)</hash><downloadUrl>\([^<]*\)<.*|\1 \2|p' >"$work/media"
[ "$(wc -l <"$work/media")" -gt 5 ] || fail "the manifest is short"
while read -r hash address; do
    want "media $address" 200 "$(device "${address#"$url"}")"
    want "hash of $address" "$hash" "$(md5sum <"$work/body" | cut -d' ' -f1)"
done <"$work/media"

# ---- answers: sealed, plain, again, altered
instance() { # ID WORDS
    printf '<data id="library-hours" version="2026110201"><used_library>yes</used_library><anything_else>%s</anything_else>' "$2"
    printf '<meta><instanceID>%s</instanceID></meta></data>' "$1"
}
seal() { # ID : $work/sealed and $work/envelope
    instance "$1" "$canary" | tool seal - >"$work/sealed"
    printf '<data xmlns="http://opendatakit.org/submissions" id="library-hours" version="2026110201" encrypted="yes">' >"$work/envelope"
    printf '<tps:sealed xmlns:tps="urn:talkpoint:submission:1" algorithm="sealedbox-1" sha256="%s">submission.tpsealed</tps:sealed>' \
        "$(sha256sum <"$work/sealed" | cut -d' ' -f1)" >>"$work/envelope"
    printf '<meta xmlns="http://openrosa.org/xforms"><instanceID>%s</instanceID></meta></data>' "$1" >>"$work/envelope"
}
send_sealed() {
    device /submission -F "submission.tpsealed=@$work/sealed;type=application/octet-stream" \
        -F "xml_submission_file=@$work/envelope;type=text/xml"
}
send_plain() { # FILE [CURL OPTION...]
    device /submission -F "xml_submission_file=@$1;type=text/xml" "${@:2}"
}
seal uuid:sealed-1
want 'a sealed answer' 201 "$(send_sealed)"
cp "$work/body" "$work/receipt"
want 'the same again' 201 "$(send_sealed)"
cmp -s "$work/body" "$work/receipt" || fail "the receipt of the replay differs"
seal uuid:sealed-1
want 'other bytes under the same ID' 409 "$(send_sealed)"
instance uuid:plain-1 "$canary" >"$work/plain.xml"
want 'a plain answer' 201 "$(send_plain "$work/plain.xml" -F 'photo.jpg=not a photo;type=image/jpeg')"
want 'HEAD' 204 "$(device /submission -I)"

# ---- hostile ones
hostile() { # STATUS XML
    printf '%s' "$2" >"$work/hostile.xml"
    want "hostile: $2" "$1" "$(send_plain "$work/hostile.xml")"
}
meta='<meta><instanceID>uuid:h</instanceID></meta>'
hostile 400 'not XML'
hostile 400 "<data id=\"library-hours\">$meta"
hostile 400 '<data id="library-hours"/>'
hostile 400 "<!DOCTYPE d SYSTEM \"file:///etc/passwd\"><data id=\"library-hours\">$meta</data>"
hostile 400 "<!DOCTYPE d [<!ENTITY a \"lol\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;\">]><data id=\"library-hours\">&c;$meta</data>"
hostile 404 "<data id=\"unknown\">$meta</data>"
want 'a wrong part name' 400 "$(device /submission -F "xml_submission=@$work/plain.xml")"
want 'not multipart' 400 "$(device /submission -d a=b)"
want 'no OpenRosa version' 400 "$(ask /submission -H "Authorization: Bearer $token" -F "xml_submission_file=@$work/plain.xml")"
head -c 11000000 /dev/zero >"$work/huge"
want 'too large' 413 "$(send_plain "$work/huge")"
want 'too large, with no length' 413 "$(send_plain "$work/huge" -H 'Transfer-Encoding: chunked')"
want 'too large, not asking first' 413 "$(send_plain "$work/huge" -H 'Expect:')"
want 'a path trick' 400 "$(device '/forms/library-hours/%2e%2e/form.xml' --path-as-is)"
want 'a path trick' 404 "$(device '/forms/library-hours/1/media/%2Fetc%2Fpasswd')"
want 'a wrong method' 405 "$(device /formList -X DELETE)"
want 'a header too long' 431 "$(device /formList -H "X: $(head -c 100000 /dev/zero | tr '\0' x)")"

# Half a request, then silence in one direction; then both ends gone. The store serves others meanwhile.
port=${url##*:}
exec 5<>"/dev/tcp/127.0.0.1/$port"
printf 'POST /submission HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nX-OpenRosa-Version: 1.0\r\nContent-Type: multipart/form-data; boundary=X\r\nContent-Length: 5000\r\n\r\n--X\r\nConte' "$token" >&5
exec 6<>"/dev/tcp/127.0.0.1/$port"
printf 'GET /formList HT' >&6
exec 7<>"/dev/tcp/127.0.0.1/$port"
printf '\r\n\r\n\x00\xff garbage' >&7
want 'with slow clients about' 200 "$(device /formList)"
exec 5>&- 6>&- 7>&-
want 'with slow clients gone' 200 "$(device /formList)"

# ---- heartbeat, closing
want heartbeat 200 "$(device /talkpoint/heartbeat -d '{"version":"0.1.0","waiting":3,"sent":2,"quarantined":0,"venue":"Cowley Library","event":"","clock_ms":1795426867123,"disk_free_mib":5120,"forms":{},"counters":[]}')"
grep -q "	3	2	Cowley Library" <<<"$(tool devices)" || fail "the heartbeat is not on the list"
tool close library-hours >/dev/null
device /formList >/dev/null
! grep -q library-hours "$work/body" || fail "a closed form is still listed"
instance uuid:plain-2 "$canary" >"$work/plain.xml"
want 'an answer after closing' 201 "$(send_plain "$work/plain.xml")"
tool reopen library-hours >/dev/null

# ---- pages
want 'the overview' 303 "$(ask /)"
jar=$work/jar
page() { ask "$1" -b "$jar" -c "$jar" "${@:2}"; }
form_token() { sed -n 's|.*name="token" value="\([^"]*\)".*|\1|p' "$work/body" | head -n 1; }
want 'sign-in page' 200 "$(page /sign-in)"
password=$(sed -n 's/^password: //p' "$work/admin.txt")
want 'a wrong password' 403 "$(page /sign-in -d "token=$(form_token)" -d name=admin -d password=wrong)"
want 'the right one' 303 "$(page /sign-in -d "token=$(form_token)" -d name=admin --data-urlencode "password=$password")"
want 'the overview' 200 "$(page /)"
grep -q '<svg ' "$work/body" || fail "no chart"
want 'publishing by page' 422 "$(page /surveys -F "token=$(form_token)" -F "files=@$work/bad.md")"
grep -q 'Nothing was published' "$work/body" || fail "the page does not say that it refused"
want 'a form from elsewhere' 403 "$(page /surveys/library-hours/close -d token=x)"
want 'a download' 200 "$(page '/responses/library-hours/download?format=csv&bom=yes&labels=yes')"
grep -q 'uuid:sealed-1' "$work/body" || fail "the download lacks an answer"

# ---- killed in the middle of sending
send_many() { # FIRST LAST : those that were acknowledged go to $work/acknowledged
    local i
    for ((i = $1; i <= $2; i++)); do
        instance "uuid:many-$i" "$canary" >"$work/many-$i.xml"
        if [ "$(curl -s -m 20 -o /dev/null -w '%{http_code}' -H "Authorization: Bearer $token" -H 'X-OpenRosa-Version: 1.0' \
            -F "xml_submission_file=@$work/many-$i.xml" "$url/submission" || true)" = 201 ]; then
            echo "uuid:many-$i" >>"$work/acknowledged-$1"
        fi
    done
}
for first in 1 101 201 301; do
    send_many "$first" $((first + 99)) &
    pids+=($!)
    senders[first]=$!
done
enough() { [ "$(cat "$work"/acknowledged-* 2>/dev/null | wc -l)" -ge 40 ]; }
until_true 30 "forty acknowledged answers" enough
kill -9 "$central_pid"
wait "$central_pid" 2>/dev/null || true
for sender in "${senders[@]}"; do wait "$sender"; done
start_central "$port"
exported library-hours >"$work/export.json"
cat "$work"/acknowledged-* | while read -r id; do
    grep -qF "\"$id\"" "$work/export.json" || fail "$id was acknowledged and is not there"
done

# ---- what leaves
jq -e --arg words "$canary" '[.[] | select(.answers.anything_else == $words)] | length >= 43' "$work/export.json" >/dev/null ||
    fail "the export lacks answers"
tool export --form library-hours --bom >"$work/export.csv"
want 'the mark of UTF-8' efbbbf "$(head -c 3 "$work/export.csv" | od -An -tx1 | tr -d ' \n')"
want 'one row an answer' "$(($(jq length "$work/export.json") + 1))" "$(wc -l <"$work/export.csv")"
tool backup "$work/copy.db"
! tool backup "$work/copy.db" 2>/dev/null || fail "a backup was written over"
"$TP_BUILD/talkpoint-central" export --db "$work/copy.db" --key "$central/keys/sealing.key" --form library-hours --format json |
    cmp -s - "$work/export.json" || fail "the backup exports something else"
tool seal "$work/plain.xml" >"$work/one.tpsealed"
"$TP_BUILD/talkpoint-central" unseal --key "$central/keys/sealing.key" "$work/one.tpsealed" | cmp -s - "$work/plain.xml" ||
    fail "what was sealed does not unseal"
mv "$central/keys/sealing.key" "$work/away.key"
! tool export --form library-hours >/dev/null 2>"$work/why" || fail "exported without the private key"
grep -q 'private sealing key' "$work/why" || fail "not said why: $(cat "$work/why")"
mv "$work/away.key" "$central/keys/sealing.key"

for command in devices --help "export --form library-hours" "unseal --key $central/keys/sealing.key $work/one.tpsealed"; do
    # shellcheck disable=SC2086 # words
    ! tool $command >/dev/full 2>"$work/why" || fail "'$command' was content with a full disk"
    grep -q 'cannot write' "$work/why" || fail "'$command' did not say why: $(cat "$work/why")"
done

# ---- taken off
tool revoke 'Cowley Library' >/dev/null
want 'a screen that was taken off' 403 "$(device /formList)"
stop_central
! grep -rqF "$canary" "$central" "$work/central.log" || fail "what was said stands in the store in the clear"
! grep -qF "$token" -r "$central" "$work/central.log" || fail "a token stands in the store in the clear"
! grep -qF "$password" -r "$central" "$work/central.log" || fail "a password stands in the store in the clear"
