#!/bin/bash
# A notice from the office to the screen: written and shown on the administrators' pages, fetched by one screen, carried to
# another on a stick; then withdrawn. An altered byte, another store's list and an older list change nothing.
. tests/lib/journey.sh
stick=$work/stick village=$work/village library=$work/library
mkdir "$stick" "$work/pictures"
from=$(date -d '2 days ago' +%F) until=$(date -d '30 days' +%F)

at() { state=$1; }
sync_stick() { "$TP_BUILD/talkpoint-sync" "$1" "$stick" --state "$state" >"$work/said.log" 2>&1; }
take_in() { "$TP_BUILD/talkpoint-central" import --data "$central" "$stick" >"$work/taken.log" 2>&1; }
jar=$work/jar
page() { curl -s -m 20 -b "$jar" -c "$jar" -o "$work/body" -w '%{http_code}' "$url$1" "${@:2}"; }
form_token() { sed -n 's|.*name="token" value="\([^"]*\)".*|\1|p' "$work/body" | head -n 1; }
post() { # PATH FIELD... : as a browser does that has the page before it
    local path=$1
    shift
    local code
    code=$(page "$path" --data-urlencode "token=$(form_token)" "$@")
    [ "$code" = 303 ] || fail "POST $path gave $code: $(sed 's/<[^>]*>/ /g' "$work/body" | tail -n 20)"
    [ "$(page /notices/1)" = 200 ] || fail "the notice has no page"
}
screen() { # what stands on standard input is done by a resident of $state
    cat >"$work/script"
    "$TP_BUILD/talkpoint-kiosk" --state "$state" --offscreen --width-mm 476 --fake-clock --windowed 1920x1080 \
        --locale build/locale --script "$work/script" >"$work/kiosk.log" 2>&1 ||
        fail "the resident could not do it: $(tail -n 3 "$work/kiosk.log")"
}
shows_it() { screen <<<$'tap "News"\nexpect-page news\ntap "Sunday opening"\nexpect-page notice\nexpect "We open on Sundays now."'; }
shows_nothing() { screen <<<$'expect-page welcome\nexpect-not "News"'; }

make_central surveys/library-hours surveys/comments
start_central
port=${url##*:}
at "$village" && enrol_device "Village hall" && sync_once
at "$library" && enrol_device "Cowley Library" && sync_once
shows_nothing

# ---- written in the office: a draft is on no screen
[ "$(page /sign-in)" = 200 ] || fail "no page to sign in"
page /sign-in --data-urlencode "token=$(form_token)" -d name=admin \
    --data-urlencode "password=$(sed -n 's/^password: //p' "$work/admin.txt")" >"$work/code"
[ "$(page /notices/new)" = 200 ] || fail "no page to write a notice"
post /notices -d kind=outcome -d survey=library-hours -d "from=$from" -d "until=$until" -d 'title=Sunday opening' \
    --data-urlencode $'text=We open on Sundays now.\n\nIt costs nothing.'
post /notices/1/words/en-simple -d 'title=Open on Sundays' -d 'text-1=We open on Sundays.' -d picture-1=library \
    -d 'text-2=It costs nothing.' -d picture-2=money
post /notices/1/words/pl -d title=Niedziele --data-urlencode 'text=Otwarte w niedziele.'
sync_once || fail "the round with a draft failed"
shows_nothing
post /notices/1/show
sync_once || fail "the round with a notice failed"
shows_it

# ---- in Easy Read, in another language and in one that it is not written in
screen <<END
tap "#bar:easy-read"
tap "#news"
tap "Open on Sundays"
expect-page notice
expect "We open on Sundays."
screenshot $work/pictures/easy-read.png
END
screen <<END
tap "Dotknij, aby zacząć"
tap "Dalej"
tap "#news"
tap "Niedziele"
expect "Otwarte w niedziele."
screenshot $work/pictures/polish.png
tap "Odpowiedz na pytania"
expect-page front
END
screen <<END
tap "Toque para começar"
tap "Continuar"
tap "#news"
tap "Sunday opening"
expect "We open on Sundays now."
expect "English"
screenshot $work/pictures/fallback.png
END
[ "$(ls "$work/pictures" | wc -l)" = 3 ] || fail "the screens were not drawn"

# ---- the same list is not sent twice
sync_once
grep -q 'notices' "$work/sync.log" && fail "a round complained of the notices: $(grep notices "$work/sync.log")"

# ---- by stick, to a screen without a network
stop_central
take_in || fail "import: $(cat "$work/taken.log")"
grep -q '1 notices put on the stick' "$work/taken.log" || fail "the stick has no notice: $(cat "$work/taken.log")"
cp -r "$stick" "$work/old"
at "$village"
shows_nothing
sync_stick import || fail "import: $(cat "$work/said.log")"
grep -q 'new list of notices' "$work/said.log" || fail "the screen took no notices: $(cat "$work/said.log")"
shows_it

# ---- an altered byte; a signature that is missing; another store's
sed -i 's/Sundays now/Mondays now/' "$stick/talkpoint/notices/list.tpn"
sync_stick import
grep -q 'altered' "$work/said.log" || fail "an altered list was not refused: $(cat "$work/said.log")"
rm "$stick/talkpoint/notices/list.tpn.minisig"
sync_stick import
grep -q 'left alone' "$work/said.log" || fail "a list without a signature was not refused: $(cat "$work/said.log")"
shows_it
mkdir "$work/other"
"$TP_BUILD/talkpoint-central" init --data "$work/other" --admin admin >/dev/null 2>&1
"$TP_BUILD/talkpoint-central" import --data "$work/other" "$stick" >"$work/taken.log" 2>&1 || true
sync_stick import
grep -q 'another central store' "$work/said.log" || fail "another store's list was not refused: $(cat "$work/said.log")"
shows_it

# ---- withdrawn: gone from the screen with a network, and by its stick from the other
start_central "$port"
[ "$(page /notices/1)" = 200 ] || fail "the notice has no page"
post /notices/1/withdraw
at "$library"
sync_once || fail "the round after withdrawing failed"
shows_nothing
rm -rf "$stick" && mkdir "$stick"
sync_stick export || fail "export: $(cat "$work/said.log")"
at "$village"
shows_it
sync_stick import || fail "import: $(cat "$work/said.log")"
shows_nothing

# ---- the old stick again: stale
cp "$work/old/talkpoint/notices/"* "$stick/talkpoint/notices/"
sync_stick import
grep -q 'older than' "$work/said.log" || fail "an older list was not refused: $(cat "$work/said.log")"
shows_nothing

# ---- a store that answers with an older list is refused as well, and says so
at "$library"
sqlite3 "$central/central.db" "UPDATE notice_list SET serial = 5; UPDATE notice SET state = 'shown'"
sync_once || true
shows_nothing
[[ $("$TP_BUILD/talkpoint-sync" status --state "$state") == *older* ]] || fail "nobody is told that the list is older"
stop_central
