#!/bin/bash
# A resident answers every kind of question there is, by touch alone: surveys/gallery from its first page to the
# thanks. What the central store unseals is what they said, of each kind. The guard against the same press twice is
# set to a second, more than this resident's pace: "door" must not become "dor".
. tests/lib/journey.sh
. tests/lib/kiosk.sh
gallery=$work/gallery
cp -rL surveys/gallery "$gallery"
sed -i 's/| opens | 2099-01-05 /| opens | 2026-01-05 /' "$gallery/gallery.md"
make_central "$gallery"
start_central
enrol_device "Cowley Library"
sync_once || fail "the first contact failed"
printf '[touch]\nrepeat_ms = 1000\n[place]\nzone = UTC\n' >"$work/kiosk.ini"
cat >"$work/script" <<'SCRIPT'
tap "Touch to start"
tap "Continue"
tap "#gallery"
tap "Start"
tap-keys "Green door"
expect "Green door"
tap "Continue"
tap-keys "One"
tap "Next line"
tap-keys "two"
tap "Continue"
tap "Delete word"
tap "Delete word"
tap "Continue"
expect "Write a few words here, so that we can go on"
tap-keys "Here"
tap "Continue"
tap-keys "Oxford"
tap "Continue"
expect "Enter the first half of a postcode, such as OX4"
tap "Delete word"
tap-keys "OX4"
tap "Continue"
tap-keys "01632960001"
tap "Continue"
tap-keys "ann@example.com"
tap "Continue"
tap-keys "Tulip"
expect-not "Tulip"
tap "Continue"
expect "These words stay."
tap "Continue"

# numbers
tap-keys "12"
tap "Continue"
tap-keys "12500"
expect "12,500"
tap "Continue"
tap-keys "2.5"
tap "Continue"
expect "Twice 12 is 24."
tap "Continue"

# days and times
tap-keys "273"
tap "A day Year"
tap-keys "1958"
tap "Continue"
tap "Continue"
tap-keys "3"
tap "A month Year"
tap-keys "1961"
tap "Continue"
tap-keys "1975"
tap "Continue"
tap "One hour later"
tap "A quarter of an hour later"
tap "Continue"
tap "A day and a time Day"
expect-page typing
tap-keys "27032026"
tap "Done"
tap "One hour later"
tap "Continue"

# one answer
tap "By bus"
tap "Continue"
tap "I walk"
tap "Continue"
tap "By car"
expect "One of a few, going on at once"
tap "Continue"
tap "I cycle"
tap "Continue"
tap "I use a wheelchair"
tap "Continue"
tap "By train"
tap "Continue"
tap "By bus"
tap "Continue"
tap "Agree strongly"
tap "Continue"
tap "Other"
tap "Continue"
tap-keys "By boat"
tap "Continue"
tap "I walk"
tap "Continue"
tap-keys "kidl"
tap "Kidlington"
tap "Continue"
tap "Cherwell"
tap "Continue"
tap "Bloxham"
tap "Continue"
expect-not "Church Road"
tap "Mill Street"
tap "Continue"
tap "Cowley Library"
tap "Continue"
expect "That library is closed on"
tap "Continue"
tap "Didcot Library"
tap "Continue"

# several answers, and an order
tap "I walk"
tap "By bus"
tap "Continue"
tap "I walk"
tap "By bus"
tap "By car"
tap "By train"
tap "Continue"
expect "Choose no more than 3"
tap "I walk"
tap "Continue"
tap "By bus"
tap "None of these"
tap "Continue"
tap "By car"
tap "Continue"
tap-keys "wo"
tap "Wootton"
tap "Woodcote"
tap "Continue"
tap "Witney Library"
tap "Banbury Library"
tap "Continue"
tap "More books"
tap "More events"
tap "Longer hours"
tap "Move up: Longer hours"
tap "Continue"

# scales
tap "7"
tap "Continue"
tap "2.5"
tap "Continue"
tap "4"
tap "Continue"
tap "30"
tap "Continue"
tap "More of it"
tap "Continue"
tap "4 stars"
tap "Continue"

# several on a page, and tables
tap "Yes"
tap "The second question"
tap-keys "too"
tap "Done"
tap "Continue"
expect "The same answers for several questions"
tap "Agree"
tap "Continue"
tap "Neither"
tap "Continue"
tap "Disagree"
tap "Continue"
expect "Have you used these?"
tap "Yes"
tap "Continue"
tap "No"
tap "Continue"

# repeats
tap-keys "Banbury"
tap "Continue"
expect "How did you get to Banbury?"
tap "By train"
tap "Continue"
tap "Add another"
expect "A journey 2"
tap-keys "Didcot"
tap "Continue"
tap "By bus"
tap "Continue"
tap "Add another"
tap "Back"
expect "Added so far: 2"
tap "Remove: A journey 1"
expect-page remove
tap "Yes, remove it"
expect "Didcot, By bus"
tap "Change: A journey"
tap "Continue"
tap "By car"
tap "Continue"
expect "Didcot, By car"
tap "Continue"
tap-keys "S5"
tap "Continue"
tap-keys "High Street"
tap "Continue"
tap "Continue"
expect "S5, High Street"
tap "Continue"
tap-keys "2"
tap "Continue"
tap-keys "Ann"
tap "Continue"
tap-keys "9"
tap "Continue"
expect "A child 2"
tap-keys "Bo"
tap "Continue"
tap-keys "4"
tap "Continue"
expect "The oldest child is 9."
tap "Continue"
tap "Ann"
tap "Continue"

# the rest
tap "Yes, I have read this"
tap "Continue"
tap-keys "four"
tap "Continue"
expect "Your words have 4 letters."
tap "Continue"
expect-page check
tap "Change: Put these in order"
tap "Move down: Longer hours"
tap "Continue"
expect-page check
tap "Send my answers"
expect-page thanks
expect "You have seen every kind of question."
tap "I have finished"
expect-fresh
SCRIPT
kiosk "$work/script" --config "$work/kiosk.ini" >"$work/kiosk.out" 2>"$work/kiosk.log" ||
    fail "the resident could not finish: $(cat "$work/kiosk.log")"
sync_once || fail "the answer was not sent"
exported gallery >"$work/export.json"
jq -S '.[0].answers | del(.start, .end, .today, .device, .["days/date_today"])' "$work/export.json" >"$work/said"
jq -S . >"$work/meant" <<'JSON'
{
  "tp_reading_mode": "standard",
  "words/text_short": "Green door", "words/text_long": "One\ntwo", "words/text_required": "Here",
  "words/text_pattern": "OX4", "words/text_numbers": "01632960001", "words/text_email": "ann@example.com",
  "words/text_masked": "Tulip",
  "numbers/number_whole": 12, "numbers/number_thousands": 12500, "numbers/number_decimal": 2.5,
  "numbers/number_double": "24",
  "days/date_day": "1958-03-27", "days/date_month": "1961-03-01", "days/date_year": "1975-01-01",
  "days/time_day": "12:15:00.000+00:00", "days/date_time": "2026-03-27T12:00:00.000+00:00",
  "one/one_plain": "bus", "one/one_minimal": "walk", "one/one_quick": "car", "one/one_columns": "cycle",
  "one/one_columns_3": "wheelchair", "one/one_pack": "train", "one/one_pictures": "bus",
  "one/one_likert": "agree_strongly", "one/one_other": "other", "one/one_other_other": "By boat",
  "one/one_random": "walk", "one/one_search": "kidlington", "one/one_area": "cherwell",
  "one/one_village": "bloxham", "one/one_external": "mill", "one/one_file": "cowley",
  "one/venue_day": "Wednesday", "one/one_lookup": "didcot",
  "many/many_plain": ["walk", "bus"], "many/many_three": ["bus", "train", "car"], "many/many_minimal": ["none"],
  "many/many_columns": ["car"], "many/many_search": ["woodcote", "wootton"],
  "many/many_file": ["banbury", "witney"],
  "many/rank": ["books", "events", "hours"],
  "scales/range_plain": 7, "scales/range_half": 2.5, "scales/range_vertical": 4, "scales/range_no_ticks": 30,
  "scales/range_picker": 7, "scales/range_rating": 4,
  "page/page_first": "yes", "page/page_second": "too",
  "table/table_first": "agree", "table/table_second": "neither", "table/table_third": "disagree",
  "rows/rows_first": "yes", "rows/rows_second": "no",
  "trip/trip_to": "Didcot", "trip/trip_how": "car",
  "route/route_name": "S5", "route/stop/stop_name": "High Street",
  "child_count": 2, "child/child_name": "Ann | Bo", "child/child_place": "1 | 2", "child/child_age": "9 | 4",
  "oldest": "9", "one_repeat": "Ann",
  "rest/agree_go": "OK", "rest/trigger_from": "four", "rest/trigger_to": "4"
}
JSON
diff "$work/meant" "$work/said" >&2 || fail "the store does not hold what the resident said"
