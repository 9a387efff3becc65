#!/bin/bash
# The machine around the kiosk: units as closed as systemd can make them, an installation tree with everything in its place, the
# provisioning file, the backlight, the icon, and a support bundle with nothing of any person in it.
. tests/lib/journey.sh

# ---- units: under 2.0 each (docs/SECURITY.md says what the widest leave open)
mkdir "$work/units"
for unit in deploy/systemd/*.service deploy/image/*.service; do
    name=$(basename "$unit")
    sed 's|@PREFIX@|/usr|g' "$unit" >"$work/units/$name"
    score=$(systemd-analyze security --offline=true --no-pager "$work/units/$name" | sed -n 's/.*Overall exposure level.*: \([0-9.]*\) .*/\1/p')
    [ -n "$score" ] || fail "systemd-analyze says nothing of $name"
    awk -v s="$score" 'BEGIN { exit !(s < 2.0) }' || fail "$name is open to $score"
done

# ---- an installation tree
deploy/install "$TP_BUILD" "$work/root" /usr
for file in bin/talkpoint-kiosk sbin/talkpoint-sync sbin/talkpoint-central bin/talkpoint-survey share/man/man1/talkpoint-kiosk.1 \
    lib/systemd/system/talkpoint-kiosk.service lib/udev/rules.d/60-talkpoint.rules lib/talkpoint/set-brightness lib/talkpoint/talkpoint-update \
    lib/talkpoint/talkpoint-update-fetch lib/talkpoint/one-source lib/talkpoint/health-check lib/talkpoint/support-bundle lib/talkpoint/talkpoint-backup share/talkpoint/central/nginx.conf \
    share/talkpoint/surveys/template share/talkpoint/health/resident.script share/applications/talkpoint-kiosk.desktop; do
    [ -e "$work/root/usr/$file" ] || fail "install leaves out $file"
done
! grep -rl '@PREFIX@' "$work/root" >"$work/prefix" || fail "a prefix is not filled in: $(cat "$work/prefix")"
[ -z "$(find "$work/root" -xtype l)" ] || fail "an installed link leads nowhere"
# Who switches updates on has the way back after a power cut too.
systemctl --root="$work/root" -q enable talkpoint-update.timer || fail "updates cannot be switched on"
[ -L "$work/root/etc/systemd/system/multi-user.target.wants/talkpoint-update-confirm.service" ] || fail "what was cut off is never gone back from"
if command -v desktop-file-validate >/dev/null; then
    desktop-file-validate deploy/desktop/talkpoint-kiosk.desktop >"$work/desktop.log" || fail "the icon: $(cat "$work/desktop.log")"
fi
"$TP_BUILD/talkpoint-kiosk" --config deploy/config/kiosk.ini --offscreen --state "$work/state0" --screenshot "$work/s.png" 2>"$work/kiosk.log" ||
    fail "the example settings are refused: $(cat "$work/kiosk.log")"

for ini in deploy/config/talkpoint-central.ini "$work/all.ini"; do
    [ -e "$ini" ] || sed 's/^; \([a-z_]* = .\)/\1/' deploy/config/talkpoint-central.ini >"$ini"
    ! "$TP_BUILD/talkpoint-central" devices --config "$ini" --data "$work/none" --db "$work/none/central.db" 2>"$work/central.log" || fail "there is a store where none is"
    grep -q 'there is no store in' "$work/central.log" || fail "the example settings of the store are refused: $(cat "$work/central.log")"
done

# ---- the backlight
mkdir -p "$work/light/intel"
echo 4000 >"$work/light/intel/max_brightness" && echo 4000 >"$work/light/intel/brightness"
dim() { printf '[place]\nbrightness = 1\n[screen]\nbrightness = %s\n' "$1" >"$work/kiosk.ini" && deploy/kiosk/set-brightness "$work/kiosk.ini" "$work/light" && cat "$work/light/intel/brightness"; }
[ "$(dim 80)" = 3200 ] || fail "80 % is $(cat "$work/light/intel/brightness") of 4000"
echo 40 >"$work/light/intel/max_brightness"
[ "$(dim 1)" = 1 ] || fail "1 % of 40 is dark"

# ---- provisioning: as an editor of another system may leave the file
export TALKPOINT_KIOSK=$TP_BUILD/talkpoint-kiosk
printf '\xef\xbb\xbf[store]\r\nurl = https://store.example.org\r\nname = Cowley Library\r\n; a remark\r\n[network]\r\nwifi = Guest & Co\r\npassword = p4ss = word\r\n[screen]\r\nwidth_mm = 476\r\nrotation = 90\r\n[place]\r\nvenue = Cowley\r\nzone = Europe/London\r\n' >"$work/talkpoint.ini"
deploy/image/talkpoint-provision "$work/talkpoint.ini" "$work/machine" >"$work/provision.log" || fail "not provisioned"
ini=$work/machine/etc/talkpoint/kiosk.ini
grep -qx 'width_mm = 476' "$ini" && grep -qx 'venue = Cowley' "$ini" || fail "the kiosk's settings did not arrive: $(cat "$ini")"
! grep -qE 'p4ss|store.example' "$ini" || fail "what is not the kiosk's is in its settings"
grep -qx 'JOIN=enrol --store https://store.example.org' "$work/machine/run/talkpoint/store" && grep -qx 'NAME=Cowley Library' "$work/machine/run/talkpoint/store" ||
    fail "the store's address did not arrive"
[ "$(stat -c %a "$ini")" = 640 ] || fail "the kiosk's settings, with the PIN's hash, have mode $(stat -c %a "$ini")"
psk="$work/machine/var/lib/iwd/=4775657374202620436f.psk"
grep -qx 'Passphrase=p4ss = word' "$psk" && [ "$(stat -c %a "$psk")" = 600 ] || fail "the wireless network did not arrive"
"$TP_BUILD/talkpoint-kiosk" --config "$ini" --offscreen --state "$work/state1" --screenshot "$work/s.png" 2>"$work/kiosk.log" ||
    fail "the kiosk refuses what was provisioned: $(cat "$work/kiosk.log")"

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj "/CN=Council" -keyout "$work/key.pem" -out "$work/council.pem" 2>"$work/openssl.log"
trusts() { grep -qF "$(sed -n 2p "$work/council.pem")" "$work/$1/etc/ssl/certs/ca-certificates.crt"; }
mkdir "$work/ca" && cp "$work/talkpoint.ini" "$work/ca/"
for form in PEM DER; do
    openssl x509 -in "$work/council.pem" -outform $form -out "$work/ca/authority.crt"
    deploy/image/talkpoint-provision "$work/ca/talkpoint.ini" "$work/ca-$form" >"$work/provision.log" && trusts ca-$form || fail "the council's authority as $form is not trusted"
done
head -c 99 "$work/council.pem" >"$work/ca/authority.crt"
deploy/image/talkpoint-provision "$work/ca/talkpoint.ini" "$work/ca-none" >"$work/provision.log" || fail "half a certificate stops the start"
grep -q '^authority.crt: this is no certificate' "$work/ca/talkpoint-mistakes.txt" && [ ! -e "$work/ca-none/etc/ssl" ] || fail "half a certificate is trusted"
[ ! -e "$work/machine/etc/ssl" ] || fail "an authority is trusted that nobody named"
[ ! -e "$work/talkpoint-mistakes.txt" ] && [ ! -e "$work/machine/run/talkpoint/mistakes" ] || fail "mistakes are found where none are"
(printf '\xff\xfe' && iconv -f UTF-8 -t UTF-16LE "$work/talkpoint.ini") >"$work/utf16.ini"
deploy/image/talkpoint-provision "$work/utf16.ini" "$work/utf16" >"$work/provision.log" && cmp "$ini" "$work/utf16/etc/talkpoint/kiosk.ini" || fail "UTF-16 is not read"

# ---- lines with mistakes are left out, and each is said with its number and what to write; the screen starts with the others
mkdir "$work/set"
cat >"$work/set/talkpoint.ini" <<'I'
[store]
ulr = https://store.example.org
url = store.example.org
name Cowley
[network]
wifi = Library
password = p4ssw0r
[screen]
width_mm = 47,6
rotation = 45
brigthness = 80
[place]
venue = Cowley
zone = Europe/Lodnon
[hours]
open = Monday 9-5
[staff]
pin_hash = 1234
I
deploy/image/talkpoint-provision "$work/set/talkpoint.ini" "$work/wrong" >"$work/provision.log" || fail "a mistake stops the start"
cut -d : -f 1 "$work/set/talkpoint-mistakes.txt" | sed 's/talkpoint.ini line //' | paste -s -d ' ' >"$work/numbers"
[ "$(cat "$work/numbers")" = "2 3 4 7 9 10 11 14 16 18" ] || fail "mistakes are found in lines $(cat "$work/numbers")"
for words in "has no setting 'ulr'; it has url, name, connect" 'write it like https://' "'name Cowley' is not understood" 'has 7 characters' "'47,6'; write a number" \
    '0, 90, 180 or 270' brigthness 'write one like Europe/London' 'write it like Mo-Fr' '--set-pin'; do
    grep -qF -e "$words" "$work/set/talkpoint-mistakes.txt" || fail "it does not say $words: $(cat "$work/set/talkpoint-mistakes.txt")"
done
! grep -rq p4ssw0r "$work/set/talkpoint-mistakes.txt" "$work/provision.log" "$work/wrong" || fail "a password is shown"
cmp "$work/set/talkpoint-mistakes.txt" "$work/wrong/run/talkpoint/mistakes" || fail "the self-test would say something else"
[ "$(grep -v '^$' "$work/wrong/etc/talkpoint/kiosk.ini" | paste -s -d ' ')" = '[screen] [place] venue = Cowley [hours] [staff]' ] || fail "the rest is lost: $(cat "$work/wrong/etc/talkpoint/kiosk.ini")"
[ ! -e "$work/wrong/run/talkpoint/store" ] && [ ! -e "$work/wrong/var/lib/iwd" ] && [ ! -e "$work/wrong/etc/localtime" ] || fail "a value with a mistake is taken"
printf '[place]\nvenue = Cowley\n' >"$work/set/talkpoint.ini"
deploy/image/talkpoint-provision "$work/set/talkpoint.ini" "$work/wrong" >"$work/provision.log" && [ ! -e "$work/set/talkpoint-mistakes.txt" ] || fail "mistakes that were put right are still said"
# The example says nothing that is refused once its lines are filled in.
sed 's/^;\([a-z_]* = .\)/\1/' deploy/image/talkpoint.ini >"$work/set/talkpoint.ini"
deploy/image/talkpoint-provision "$work/set/talkpoint.ini" "$work/example" >"$work/provision.log" && [ ! -e "$work/set/talkpoint-mistakes.txt" ] ||
    fail "the example is refused: $(cat "$work/set/talkpoint-mistakes.txt")"
[ "$(sed -n '/^\[/!{/=/p}' "$work/example/etc/talkpoint/kiosk.ini" | wc -l)" -ge 7 ] || fail "the example says nothing"
# Another server instead of a store. What of it is secret is in one file that systemd reads, and is not repeated.
connects() { # LINE... : of [store]
    printf '[store]\nname = Village Hall\n' >"$work/set/talkpoint.ini"
    printf '%s\n' "$@" >>"$work/set/talkpoint.ini"
    rm -rf "$work/server"
    deploy/image/talkpoint-provision "$work/set/talkpoint.ini" "$work/server" >"$work/provision.log" || fail "$1 stops the start"
}
takes() { # SETTINGS JOIN
    [ ! -e "$work/set/talkpoint-mistakes.txt" ] || fail "refused: $(cat "$work/set/talkpoint-mistakes.txt")"
    [ "$(cat "$work/server/run/talkpoint/settings")" = "$1" ] && [ "$(stat -c %a "$work/server/run/talkpoint/settings")" = 600 ] || fail "the server's settings are $(cat "$work/server/run/talkpoint/settings")"
    grep -qx "JOIN=$2" "$work/server/run/talkpoint/store" && grep -qx 'NAME=Village Hall' "$work/server/run/talkpoint/store" || fail "it joins by $(cat "$work/server/run/talkpoint/store")"
    ! grep -rq S3cret "$work/provision.log" "$work/server/etc" "$work/server/run/talkpoint/store" || fail "a token or password is shown"
}
refuses() { # WORDS
    grep -q "$1" "$work/set/talkpoint-mistakes.txt" || fail "it does not say $1: $(cat "$work/set/talkpoint-mistakes.txt")"
    ! grep -q S3cret "$work/set/talkpoint-mistakes.txt" "$work/provision.log" || fail "a token or password is shown"
}
join=connect\ /run/credentials/talkpoint-enrol.service/settings
connects 'connect = https://odk.example.org/v1/key/S3cret!$/projects/7'
takes '{"general":{"server_url":"https://odk.example.org/v1/key/S3cret!$/projects/7","username":"","password":""}}' "$join"
connects 'connect = https://kc.example.org' 'user = ran"ger' 'password = S3cret \ "=' 'plain = yes'
takes '{"general":{"server_url":"https://kc.example.org","username":"ran\"ger","password":"S3cret \\ \"="}}' "$join --plain"
connects 'connect = eJxS3cret+/=='
takes 'eJxS3cret+/==' "$join"
connects 'connect = http://odk.example.org/v1/key/S3cret' && refuses 'neither an address that begins with https'
[ ! -e "$work/server/run/talkpoint/store" ] || fail "joins a server that anybody can read on the way"
connects 'connect = eJxS3cret' 'user = a' 'password = S3cret' && refuses 'leave out user and password'
connects 'connect = https://kc.example.org' 'user = ranger' && refuses 'user is there, but no password'
connects 'url = https://store.example.org' 'connect = https://kc.example.org/S3cret' && refuses 'belongs to one of them'
connects 'user = ranger' 'plain = yes' && refuses 'plain belongs to connect'
connects 'connect = https://kc.example.org' 'plain = perhaps' && refuses 'write yes or no'
grep -q "^ExecStart=/usr/sbin/talkpoint-sync \$JOIN --state" deploy/image/talkpoint-enrol.service && grep -q '^LoadCredential=settings:/run/talkpoint/settings$' deploy/image/talkpoint-enrol.service ||
    fail "the service does not join as it is told"
unset TALKPOINT_KIOSK

# ---- the support bundle: things that must not be in it are put everywhere it could take them from
canary=zq7canary
. tests/lib/kiosk.sh
enrolled
cat >"$work/answer.script" <<S
tap "#start"
tap "Continue"
tap "#comments"
tap "Start"
tap-keys "$canary"
tap "Continue"
tap "Continue"
tap "Send my answers"
expect-page thanks
S
"$TP_BUILD/talkpoint-kiosk" --state "$state" --surveys tests/surveys --offscreen --fake-clock --width-mm 476 --script "$work/answer.script" 2>"$work/kiosk.log" ||
    fail "no answer: $(cat "$work/kiosk.log")"
echo "$canary" >"$state/token" && chmod 600 "$state/token"
mkdir "$work/config" "$work/stick"
# A PIN where it is kept, and one where it may stand.
for kept in "$state" "$work/pin"; do echo 1234 | "$TP_BUILD/talkpoint-kiosk" --set-pin --state "$kept" || fail "no PIN"; done
install -m 644 "$work/pin/staff.ini" "$work/config/kiosk.ini"
printf '[contact]\nname = %s\nphone = %s\n[screen]\nwidth_mm = 476\n' $canary $canary >>"$work/config/kiosk.ini"
printf '[sync]\nproxy = http://%s@proxy\n[network]\npassword = %s\n' $canary $canary >"$work/config/talkpoint-sync.ini"
file=$(TALKPOINT_STATE=$state TALKPOINT_CONFIG=$work/config TALKPOINT_KIOSK=$TP_BUILD/talkpoint-kiosk TALKPOINT_SYNC=$TP_BUILD/talkpoint-sync \
    deploy/kiosk/support-bundle "$work/stick") || fail "no bundle"
tar -xzf "$file" -C "$work/stick"
! grep -r "$canary" "$work/stick/talkpoint-support" >"$work/found" || fail "the bundle holds what it must not: $(cat "$work/found")"
! grep -r 'argon2id' "$work/stick/talkpoint-support" >"$work/found" || fail "the bundle holds the PIN's hash: $(cat "$work/found")"
grep -q '^note *PIN' "$work/stick/talkpoint-support/self-test.txt" || fail "nobody hears that all can read the PIN's hash"
grep -q '"waiting": *1' "$work/stick/talkpoint-support/agent.json" || fail "the bundle does not say what waits"
grep -q '^OK *key' "$work/stick/talkpoint-support/self-test.txt" || fail "the bundle has no self-test"
grep -q '^width_mm = 476' "$work/stick/talkpoint-support/kiosk.ini" || fail "the bundle has no settings"
case $file in */talkpoint-support-CowleyLibrary-*.tar.gz) ;; *) fail "the bundle is called $file" ;; esac
