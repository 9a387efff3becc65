#!/bin/bash
# Encrypted answers with files, as ODK Collect sends them: made by the openssl command line, which others wrote, after Collect's
# EncryptionUtils.java. They come in several requests, nobody reads them in the store, and the author's machine opens answer and
# files or says which is missing, altered or swapped.
. tests/lib/journey.sh
store=$TP_BUILD/talkpoint-central form=library-hours version=2026110201 canary=canary-77c1-in-no-clear
openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out "$work/author.pem" 2>/dev/null
openssl pkey -in "$work/author.pem" -pubout -out "$work/author.pub"
make_central "surveys/$form"
start_central
enrol_device Hall
token=$(cat "$state/token")

# ---- as Collect encrypts
oaep=(-pkeyopt rsa_padding_mode:oaep -pkeyopt rsa_oaep_md:sha256 -pkeyopt rsa_mgf1_md:sha256)
wrapped() { openssl pkeyutl -encrypt -pubin -inkey "$work/author.pub" "${oaep[@]}" -in "$1" | base64 -w0; }
encrypt() { # ID FOLDER MEDIA... : FOLDER then holds submission.xml (the manifest) and each file with .enc
    local id=$1 folder=$2 counter=0 file key iv pad list=
    shift 2
    mkdir -p "$folder" && head -c 32 /dev/urandom >"$work/aes"
    key=$(od -An -v -tx1 "$work/aes" | tr -d ' \n')
    iv=$({ printf %s "$id" && cat "$work/aes"; } | md5sum | cut -c1-32)
    printf '<data id="%s" version="%s"><used_library>yes</used_library><anything_else>%s</anything_else><meta><instanceID>%s</instanceID></meta></data>' \
        "$form" "$version" "$canary" "$id" >"$work/submission.xml"
    wrapped "$work/aes" >"$work/wrapped"
    printf '%s\n%s\n%s\n%s\n' "$form" "$version" "$(cat "$work/wrapped")" "$id" >"$work/signed"
    for file in "$@" "$work/submission.xml"; do
        iv=${iv:0:counter % 16 * 2}$(printf %02x $(((0x${iv:counter % 16 * 2:2} + 1) & 255)))${iv:counter % 16 * 2 + 2}
        counter=$((counter + 1))
        pad=$((16 - $(stat -c %s "$file") % 16))
        { cat "$file" && head -c $pad /dev/zero | tr '\0' "\\$(printf %03o $pad)"; } |
            openssl enc -aes-256-cfb -K "$key" -iv "$iv" -out "$folder/${file##*/}.enc"
        echo "${file##*/}::$(md5sum <"$file" | cut -c1-32)" >>"$work/signed"
        [ "$file" = "$work/submission.xml" ] || list+="<media><file>${file##*/}.enc</file></media>"$'\n'
    done
    openssl md5 -binary "$work/signed" >"$work/md5"
    printf '<data xmlns="http://www.opendatakit.org/xforms/encrypted" id="%s" version="%s" encrypted="yes"><base64EncryptedKey>%s</base64EncryptedKey><orx:meta xmlns:orx="http://openrosa.org/xforms"><orx:instanceID>%s</orx:instanceID></orx:meta>\n%s<encryptedXmlFile>submission.xml.enc</encryptedXmlFile><base64EncryptedElementSignature>%s</base64EncryptedElementSignature></data>' \
        "$form" "$version" "$(cat "$work/wrapped")" "$id" "$list" "$(wrapped "$work/md5")" >"$folder/submission.xml"
}
send() { # FOLDER FILE... : with the manifest
    local folder=$1 file parts=()
    shift
    for file in "$@"; do parts+=(-F "$file=@$folder/$file;type=application/octet-stream"); done
    [ "$(curl -s -m 20 -o "$work/body" -w '%{http_code}' -H 'X-OpenRosa-Version: 1.0' -H "Authorization: Bearer $token" \
        -F "xml_submission_file=@$folder/submission.xml;type=text/xml" "${parts[@]}" "$url/submission")" = 201 ] || fail "not taken: $(cat "$work/body")"
}
mkdir "$work/files"
{ head -c 70000 /dev/urandom && echo "$canary"; } >"$work/files/photo.jpg"
echo "event,start,$canary" >"$work/files/audit.csv"
: >"$work/files/empty.txt"
files=("$work"/files/photo.jpg "$work"/files/audit.csv "$work"/files/empty.txt)
for case in whole late missing altered swapped; do encrypt "uuid:$case" "$work/sent/$case" "${files[@]}"; done
printf '\x55' | dd of="$work/sent/altered/photo.jpg.enc" bs=1 seek=40000 conv=notrunc 2>/dev/null
encrypt uuid:other "$work/sent/other" "${files[@]}"
cp "$work/sent/other/audit.csv.enc" "$work/sent/swapped/audit.csv.enc" # another answer's
rm "$work/sent/missing/audit.csv.enc"
[ "$(find "$work/sent/whole" -name '*.enc' | wc -l)" = 4 ] || fail "openssl made something else"

# ---- to the store, in several requests; it cannot read them
send "$work/sent/whole" submission.xml.enc photo.jpg.enc
send "$work/sent/whole" audit.csv.enc empty.txt.enc
send "$work/sent/late" photo.jpg.enc audit.csv.enc
send "$work/sent/late" submission.xml.enc empty.txt.enc
send "$work/sent/missing" photo.jpg.enc submission.xml.enc empty.txt.enc
for case in altered swapped; do send "$work/sent/$case" photo.jpg.enc audit.csv.enc empty.txt.enc submission.xml.enc; done
exported $form | jq -e -s 'flatten | length == 5 and all(.[]; .problem)' >/dev/null || fail "the store reads them: $(exported $form)"
"$store" backup --data "$central" "$work/copy.db"
stop_central
! grep -rqaF "$canary" "$central" "$work/copy.db" "$work"/*.log || fail "a file or an answer stands in the store in the clear"

# ---- on the author's machine: what the store sealed, and what the phone encrypted
mkdir "$work/keys"
cp "$central/keys/sealing.key" "$work/keys/" && cp "$work/author.pem" "$work/keys/odk-author.pem"
! "$store" export --db "$work/copy.db" --key "$work/keys" --form $form --format json --media "$work/out" >"$work/rows" 2>"$work/why" ||
    fail "content though files are missing and altered"
[ "$(jq -s 'flatten | map(select(.answers.anything_else == "'"$canary"'")) | length' "$work/rows")" = 5 ] || fail "an answer is not read for its files: $(cat "$work/rows")"
same() { for file in "${files[@]}"; do cmp "$file" "$1/${file##*/}" || fail "$1: ${file##*/} is another"; done; }
for case in whole late; do same "$work/out/uuid:$case"; done
[ "$(ls "$work/out" | xargs)" = "uuid:late uuid:whole" ] || fail "wrote files that are not proven: $(ls "$work/out")"
says() { grep -q "$1" "$work/why" || fail "does not say '$1': $(cat "$work/why")"; }
says "uuid:missing: 'audit.csv.enc', which belongs to it, is missing"
says 'uuid:altered: .*altered or swapped'
says "uuid:swapped: .*'audit.csv.enc' was altered\|uuid:swapped: .*altered or swapped"
says 'the files of 3 answers were not written'
! "$store" export --db "$work/copy.db" --key "$work/author.pem" --form $form --media "$work/none" >/dev/null 2>"$work/why" || fail "read without the store's key"

# ---- the same from a folder, as ODK Central and Briefcase keep them
unseal() { "$store" unseal --key "$work/author.pem" --media "$work/opened-$1" "$work/sent/$1/submission.xml" >"$work/xml" 2>"$work/why"; }
unseal whole || fail "does not open: $(cat "$work/why")"
grep -q "$canary" "$work/xml" || fail "opens to something else"
same "$work/opened-whole"
for case in missing altered swapped; do
    ! unseal $case || fail "$case: opened"
    [ ! -s "$work/xml" ] && [ ! -e "$work/opened-$case" ] || fail "$case: something was written"
    [ "$(wc -l <"$work/why")" = 1 ] || fail "$case: not in one line: $(cat "$work/why")"
    "$store" unseal --key "$work/author.pem" "$work/sent/$case/submission.xml" | grep -q "$canary" || fail "$case: the answer alone does not open"
done
