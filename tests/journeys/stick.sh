#!/bin/bash
# Answers, receipts and surveys by USB stick, with the real programs: a screen without a network to the store; to the store by
# way of a screen that has one; a stick drawn out in the middle, taken in twice and on two machines; surveys that are altered,
# old or of another store.
. tests/lib/journey.sh
helpers=${TP_BUILD_ASAN:-$PWD/build/asan}/tests/helpers/agent
form=library-hours
stick=$work/stick
village=$work/village library=$work/library # two screens
mkdir "$stick"

at() { state=$1; }
put() { "$helpers/put_answers" "$state" "$form" "$version" "$1" >>"$work/put.txt"; }
is() { [ "$1" = "$2" ] || fail "$3 is '$1', not '$2'"; }
sync_stick() { "$TP_BUILD/talkpoint-sync" "$1" "$stick" --state "$state" >"$work/said.log" 2>&1; }
take_in() { "$TP_BUILD/talkpoint-central" import --data "$central" "$stick" >"$work/taken.log" 2>&1; }
answers_in_store() { exported "$form" | jq length; }

make_central "surveys/$form" surveys/equality
start_central
port=${url##*:}
at "$village"
enrol_device "Village hall"
sync_once || fail "the first contact failed"
at "$library"
enrol_device "Cowley Library"
sync_once || fail "the first contact failed"
version=$(cat "$state/forms/$form/.version")
stop_central

# ---- from a screen straight to the store, and the receipts back
at "$village"
put 30
sync_stick export || fail "export: $(cat "$work/said.log")"
is "$(ls "$stick/talkpoint/answers" | wc -l)" 1 "the number of bundles"
is "$(status_of waiting)" 30 "what waits after an export"
put 5
sync_stick export || fail "export again"
grep -q '^5 answers put on the stick, 30 were on it already$' "$work/said.log" || fail "it did not go on: $(cat "$work/said.log")"
take_in || fail "import at the store: $(cat "$work/taken.log")"
is "$(answers_in_store)" 35 "the store's answers"
take_in || fail "import once more"
grep -q '^took in 0, 35 were here' "$work/taken.log" || fail "once more is not nothing: $(cat "$work/taken.log")"
is "$(answers_in_store)" 35 "the store's answers after the same stick again"
sync_stick import || fail "import of receipts: $(cat "$work/said.log")"
is "$(status_of waiting)" 0 "what waits after the receipts"
is "$(status_of sent)" 35 "what was sent"
is "$(ls "$stick/talkpoint/answers" | wc -l)" 0 "bundles left on the stick"
sync_stick import || fail "the same receipts again: $(cat "$work/said.log")"
is "$(ls "$stick/talkpoint/receipts" | wc -l)" 0 "lists of receipts left on the stick the next time"

# ---- by way of another screen; its own answers go with it
at "$village" && put 12 && sync_stick export
cp -r "$stick" "$work/copy"
at "$library" && put 3
sync_stick import || fail "a screen without a network did not take the stick in: $(cat "$work/said.log")"
is "$(status_of waiting)" 15 "what waits at the second screen"
sync_stick import && is "$(status_of waiting)" 15 "what waits after the same stick again"
start_central "$port"
sync_stick import || fail "import with a network: $(cat "$work/said.log")"
is "$(status_of waiting)" 0 "what waits at the second screen after it sent"
is "$(ls "$stick/talkpoint/receipts" | wc -l)" 1 "lists of receipts on the stick"
is "$(answers_in_store)" 50 "the store's answers"
is "$(exported "$form" | jq -c '[group_by(.screen)[] | [.[0].screen, length]]')" '[["Cowley Library",3],["Village hall",47]]' \
    "on which screens they were given"
is "$(sqlite3 "$central/central.db" "SELECT d.name, coalesce(c.name, 'stick'), count(*) FROM brought b JOIN device d ON d.id = b.device
    LEFT JOIN device c ON c.id = b.carrier GROUP BY 1, 2 ORDER BY 2")" 'Village hall|Cowley Library|12
Village hall|stick|35' "by which way they came"
is "$(sqlite3 "$central/central.db" "SELECT who, subject FROM audit WHERE action LIKE 'brought %' ORDER BY id")" \
    'command line|Village hall
Cowley Library|Village hall' "what the log says of it"
stop_central
at "$village" && sync_stick import
is "$(status_of waiting)" 0 "what waits after the receipts came by another screen"
# What a second screen took in and cannot send is known there from the same list, on the same way round.
at "$village" && put 4 && sync_stick export
at "$library" && sync_stick import
is "$(status_of waiting)" 4 "what waits at the second screen without a network"
take_in || fail "import of what two screens hold: $(cat "$work/taken.log")"
at "$village" && sync_stick import
is "$(status_of waiting)" 0 "what waits at the first screen after the store"
at "$library" && sync_stick import
is "$(status_of waiting)" 0 "what waits at the second screen after the first took its receipts"
# The copy of the stick comes to the store later, and to the second screen again.
mv "$stick" "$work/first" && mv "$work/copy" "$stick"
take_in && is "$(answers_in_store)" 54 "the store's answers after the copy"
at "$library" && sync_stick import
is "$(status_of waiting)" 0 "what waits after the copy"
is "$(exported "$form" | jq -r '.. | .instanceID? // empty' | sort | uniq -d | wc -l)" 0 "answers that are there twice"

# ---- drawn out in the middle, altered, or another's
one_byte_other() { # FILE AT: the byte there becomes its successor, whatever it was
    local was
    was=$(od -An -tu1 -j "$2" -N 1 "$1")
    printf "$(printf '\\%03o' $(((was + 1) % 256)))" | dd of="$1" bs=1 seek="$2" conv=notrunc status=none
}
at "$village" && put 20 && sync_stick export
bundle=$(ls "$stick/talkpoint/answers"/*.tpb | head -n 1)
cp "$bundle" "$work/whole"
head -c 9000 "$work/whole" >"$bundle"
! take_in || fail "half a bundle was taken in"
is "$(answers_in_store)" 54 "the store's answers after half a bundle"
size=$(stat -c %s "$work/whole")
for place in 0 100 "$((size / 2))" 9000 "$((size - 1))"; do
    cp "$work/whole" "$bundle" && one_byte_other "$bundle" "$place"
    is "$(cmp -l "$work/whole" "$bundle" | wc -l)" 1 "the bytes altered"
    ! take_in || fail "a bundle whose byte $place was altered was taken in"
    is "$(answers_in_store)" 54 "the store's answers after a bundle whose byte $place was altered"
done
sync_stick export || fail "export beside a bundle that is not whole"
take_in || true
is "$(answers_in_store)" 74 "the store's answers after the second export"
rm "$bundle"
sync_stick import && is "$(status_of waiting)" 0 "what waits after all"

# ---- surveys: a new version by stick; then altered, old, another store's
list=$stick/talkpoint/surveys/list.tps
at "$village"
was=$(readlink "$state/forms/$form")
"$TP_BUILD/talkpoint-central" close --data "$central" equality >/dev/null
cp "$list" "$work/old.tps" && cp "$list.minisig" "$work/old.tps.minisig"
take_in || fail "surveys were not written"
minisign -V -m "$list" -p "$stick/talkpoint/surveys/store.pub" >/dev/null || fail "minisign does not find the signature good"
sync_stick import || fail "surveys from the stick: $(cat "$work/said.log")"
is "$(readlink "$state/forms/$form")" "$was" "the survey that did not change"
[ ! -e "$state/forms/equality" ] || fail "a survey that was closed is still offered"
cp "$work/old.tps" "$list" && cp "$work/old.tps.minisig" "$list.minisig"
sync_stick import
grep -q 'older than what this screen has' "$work/said.log" || fail "an old list was taken in: $(cat "$work/said.log")"
[ ! -e "$state/forms/equality" ] || fail "an old list brought a survey back"
take_in
echo 'form	extra	1	00000000000000000000000000000000' >>"$list"
sync_stick import
grep -q 'altered' "$work/said.log" || fail "an altered list was taken in: $(cat "$work/said.log")"

# ---- a screen that was taken off: its stick stays as it is, and so do its answers where another screen carries them
at "$village" && put 4 && sync_stick export
held=$(answers_in_store)
"$TP_BUILD/talkpoint-central" revoke --data "$central" 'Village hall' >/dev/null
! take_in || fail "the stick of a screen that was taken off was taken in"
grep -q 'from a screen that was taken off' "$work/taken.log" || fail "not said why: $(cat "$work/taken.log")"
start_central "$port"
at "$library" && sync_stick import
is "$(status_of quarantined)" 4 "what is set aside where another screen carries it"
grep -q 'was taken off' <<<"$(status_of 'set_aside[0].reason')" || fail "not said why: $(status_of set_aside)"
is "$(answers_in_store)" "$held" "the store's answers after a screen was taken off"
stop_central
rm "$stick"/talkpoint/answers/*.tpb
at "$village"

# ---- a stick that leads elsewhere, or whose names are not for a terminal
printf 'not a bundle' >"$stick/talkpoint/answers/$(printf 'a\nb\033[31m.tpb')"
! take_in || fail "a file that is no bundle was taken in"
[ "$(grep -c 'is left alone' "$work/taken.log")" = 1 ] && ! grep -q "$(printf '\033')" "$work/taken.log" ||
    fail "a name went to the terminal as it was: $(cat -v "$work/taken.log")"
rm "$stick/talkpoint/answers"/a*
mkdir "$work/elsewhere"
for folder in '' /answers /receipts /surveys /surveys/files /notices; do
    mv "$stick/talkpoint$folder" "$work/folder" && ln -s "$work/elsewhere" "$stick/talkpoint$folder"
    ! take_in || fail "a stick whose folder '$folder' leads elsewhere was taken in"
    grep -q 'is a link' "$work/taken.log" || fail "not said why: $(cat "$work/taken.log")"
    rm "$stick/talkpoint$folder" && mv "$work/folder" "$stick/talkpoint$folder"
done
[ -z "$(ls -A "$work/elsewhere")" ] || fail "something was written elsewhere: $(ls -R "$work/elsewhere")"

central=$work/other
make_central surveys/comments
take_in || true
is "$(exported comments | jq length)" 0 "another store's answers"
sync_stick import
grep -q 'another central store' "$work/said.log" || fail "another store's list was taken in: $(cat "$work/said.log")"
[ ! -e "$state/forms/comments" ] || fail "another store's survey is offered"
