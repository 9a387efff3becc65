#!/bin/bash
# An author's afternoon with talkpoint-survey: a workbook with mistakes, mended line by line, made into Excel and back,
# and packaged for a screen. Every answer on the way is checked, the exit statuses too.
. tests/lib/journey.sh
PATH=$TP_BUILD:$PATH
survey() { talkpoint-survey "$@" >"$work/out" 2>"$work/err"; }
status() { # WANTED COMMAND... : the exit status must be WANTED
    local wanted=$1 got=0
    shift
    "$@" || got=$?
    [ "$got" -eq "$wanted" ] || fail "'$*' gave $got, not $wanted: $(cat "$work/err")"
}
says() { # FILE TEXT
    grep -qF -- "$2" "$work/$1" || fail "did not say '$2' on $1 but: $(cat "$work/$1")"
}
silent() { # FILE
    [ ! -s "$work/$1" ] || fail "said on $1: $(cat "$work/$1")"
}

# The command line.
status 0 survey --help
says out "usage: talkpoint-survey COMMAND"
status 0 survey --version
grep -qE '^talkpoint-survey [0-9]+\.[0-9]+\.[0-9]+$' "$work/out" || fail "no version: $(cat "$work/out")"
for command in check convert package preview; do
    status 0 survey "$command" --help
    says out "usage: talkpoint-survey $command"
    status 2 survey "$command"
    silent out
done
# Every option and command that the program knows is in its manual page, and every fact in the author's guide.
for command in check convert package preview; do talkpoint-survey "$command" --help; done >"$work/help"
for word in $(grep -oE '^  --[a-z-]+' "$work/help") check convert package preview; do
    grep -qF -- "${word//-/\\-}" docs/man/talkpoint-survey.1 || fail "the manual page does not name $word"
done
for fact in $(sed -n 's/^    {"\([a-z_]*\)", TP_FACT_.*/\1/p' core/form/consultation_facts.c); do
    grep -qF "\`$fact\`" docs/AUTHORING.md || fail "docs/AUTHORING.md does not name the fact $fact"
done
status 2 survey
status 2 survey chekc
says err "'chekc' is not a command"
status 2 survey check --fromat json x.md
status 2 survey convert "$work/a.md" "$work/a.doc"
says err "must end in .xml, .xlsx or .md, or be a folder"

# What stands in the files beside a workbook is looked at too.
cp -rL surveys/gallery "$work/files"
sed -i 's/^cowley,/cowley east,/' "$work/files/media/venues.csv"
status 1 survey check "$work/files/gallery.md"
says err "venues.csv, row 5, column name: 'cowley east' has a space, and 'many_file' takes several"
printf '"x\n' >>"$work/files/media/venues.csv"
status 1 survey check "$work/files/gallery.md"
says err "gallery.md: instance 'venues': venues.csv: line 10: a quotation mark without its partner"

# A workbook with a mistake of each kind: all are told at once, each with its place.
cat >"$work/first.md" <<'MD'
| survey |
| | type | name | label | relevant |
| | select_on yes_no | visited | Have you visited? | |
| | text | why not | Why not? | ${visted} = 'no' |
| | geopoint | home | Where do you live? | |
| choices |
| | list_name | name | label |
| | yes_no | yes | Yes |
| | yes_no | no | No |
MD
status 1 survey check --no-standards "$work/first.md"
says err "first.md, sheet survey, row 2, column type: 'select_on yes_no' is not a question type; did you mean 'select_one yes_no'?"
says err "first.md, sheet survey, row 3, column name: 'why not' cannot be a name"
says err "first.md, sheet survey, row 3, column relevant: '\${visted}' names no question; did you mean '\${visited}'?"
says err "first.md, sheet survey, row 4, column type: 'geopoint': a public screen does not record where a person is"
says out "first.md: 4 errors and 0 warnings"
status 1 survey convert "$work/first.md" "$work/first.xml"
[ ! -e "$work/first.xml" ] || fail "a form was written from a workbook with errors"

# The same for programs.
status 1 survey check --format json "$work/first.md"
jq -e '.errors >= 4 and (.problems | any(.sheet == "survey" and .row == 4 and .column == "type" and .unsupported))' \
    "$work/out" >"$work/jq" || fail "JSON is not as it should be: $(cat "$work/out")"

# Mended, it converts; the minimum standards are still missing, each named.
sed -e 's/select_on yes_no/select_one yes_no/' -e 's/why not |/why_not |/' -e 's/visted/visited/' -e '/geopoint/d' \
    "$work/first.md" >"$work/second.md"
status 0 survey check --no-standards "$work/second.md"
says out "second.md: good"
status 1 survey check "$work/second.md"
says err "the workbook has no sheet 'consultation'"
status 0 survey convert "$work/second.md" "$work/second.xml"
silent err
status 0 survey check "$work/second.xml"
says out "second.xml: good"

# The template holds all the standards. To Excel and back it stays the same, cell by cell.
template=surveys/template/template.md
status 0 survey check "$template"
status 0 survey convert "$template" "$work/template.xlsx"
status 0 survey convert "$work/template.xlsx" "$work/template.md"
status 0 survey convert "$template" "$work/again.xlsx"
status 0 survey convert "$work/again.xlsx" "$work/again.md"
cmp -s "$work/template.md" "$work/again.md" || fail "two ways to the same workbook differ"
status 0 survey convert "$template" "$work/from-md.xml"
status 0 survey convert "$work/template.xlsx" "$work/from-xlsx.xml"
cmp -s "$work/from-md.xml" "$work/from-xlsx.xml" || fail "the form from .xlsx is not the form from .md"

# Two standards broken: told where, and refused.
sed -e '/| contact_phone |/d' -e 's/How often do you go to the park? | How/Please indicate how often you utilise it. | How/' \
    "$template" >"$work/broken.md"
status 1 survey check "$work/broken.md"
says err "broken.md, sheet consultation: 'contact_phone' is missing: give a telephone number to ask"
says err "avoid 'please'"

# A package: the form, the facts and the pictures, and nothing else.
status 0 survey package "$template" "$work/package"
for name in form.xml consultation.json; do
    [ -s "$work/package/$name" ] || fail "the package has no $name"
done
jq -e '.contact_phone.default and .title["en-simple"]' "$work/package/consultation.json" >"$work/jq" ||
    fail "consultation.json lacks facts"
grep -oE 'jr://images/[^<]+' "$work/package/form.xml" | sed 's#.*/##' | sort -u >"$work/named"
{ cat "$work/named"; jq -r '.picture[]' "$work/package/consultation.json"; } | sort -u >"$work/wanted"
(cd "$work/package" && find . -type f ! -name form.xml ! -name consultation.json -printf '%P\n') | sort >"$work/held"
cmp -s "$work/wanted" "$work/held" || fail "the pictures of the package: $(diff "$work/wanted" "$work/held" | head -5)"
mkdir -p "$work/folder"
status 0 survey convert "$template" "$work/folder"
diff -r "$work/package" "$work/folder" >"$work/diff" || fail "convert to a folder is not the package"

# An XForm that someone else made is packaged as it is.
status 0 survey package "$work/package/form.xml" "$work/repackaged"
diff -r "$work/package" "$work/repackaged" >"$work/diff" || fail "an XForm's package differs: $(cat "$work/diff")"
printf '<h:html' >"$work/broken.xml"
status 1 survey check "$work/broken.xml"
status 1 survey package "$work/broken.xml" "$work/repackaged-broken"

# Two things wrong in it: both are named, each with its place.
sed -e 's#</model>#<bind nodeset="/data/gone" type="barcode"/><setvalue event="odk-instance-first-load"/></model>#' \
    "$work/package/form.xml" >"$work/package/two.xml"
for command in "check $work/package/two.xml" "package $work/package/two.xml $work/repackaged-two"; do
    # shellcheck disable=SC2086 # words of their own
    status 1 survey $command
    says err ": '/data/gone': a public screen does not do barcodes"
    says err ": a <setvalue> has no ref"
    [ "$(grep -c 'two.xml' "$work/err")" -ge 2 ] || fail "not both are named"
done
rm "$work/package/two.xml"

# A picture of every page, and contact sheets.
status 0 survey preview --mode easy-read --theme cream --size large --display 1280x800@217 \
    surveys/comments/comments.md "$work/pictures"
pages=$(sed -n 's/.*: \([0-9]*\) pages$/\1/p' "$work/out")
drawn=$(find "$work/pictures" -name '[0-9]*.png' | wc -l)
[ "${pages:-0}" -gt 5 ] && [ "$pages" -eq "$drawn" ] || fail "said $pages pages and drew $drawn"
[ -s "$work/pictures/contact-sheet-1.png" ] || fail "no contact sheet"
for picture in "$work/pictures"/*.png; do
    [ "$(head -c 8 "$picture" | od -An -tx1 | tr -d ' \n')" = 89504e470d0a1a0a ] || fail "$picture is no PNG"
done
# A question with no more than a hint is asked by it.
printf '%s\n' '| survey |' '| | type | name | label | hint |' '| | text | q | | How many came? |' >"$work/hinted.md"
status 0 survey preview "$work/hinted.md" "$work/hinted"
[ -s "$work/hinted/003-question-q.png" ] || fail "the question of hinted.md was not drawn"
status 2 survey preview --theme plaid surveys/comments/comments.md "$work/pictures"
status 2 survey preview --display huge surveys/comments/comments.md "$work/pictures"
status 2 survey preview --display 480x800@92.4 surveys/comments/comments.md "$work/small"
says err "a screen of 92 x 154 mm is too small: it needs 135 x 135 mm at least; use a larger one"
[ ! -e "$work/small" ] || fail "a refused preview left a folder behind"
status 1 survey preview "$work/first.md" "$work/none"

# A picture that is not there stops it, by name.
mkdir -p "$work/lonely"
cp "$template" "$work/lonely/template.md"
status 1 survey package "$work/lonely/template.md" "$work/lonely-package"
says err "is not there; put it beside the workbook"
[ ! -e "$work/lonely-package" ] || fail "half a package was left"

# Files that are not what they say.
printf '\320\317\021\340\241\261\032\341old' >"$work/old.xls"
status 1 survey check "$work/old.xls"
says err "save it as .xlsx"
cp "$work/old.xls" "$work/old.xlsx"
status 1 survey check "$work/old.xlsx"
says err "save it as .xlsx"
head -c 2000 /dev/zero >"$work/zero.xlsx"
status 1 survey check "$work/zero.xlsx"
says err "is not an .xlsx workbook"
status 1 survey check "$work/nowhere.md"
says err "nowhere.md"
mkdir -p "$work/bomb/xl/worksheets" "$work/bomb/xl/_rels"
cat >"$work/bomb/xl/workbook.xml" <<'XML'
<workbook xmlns:r="r"><sheets><sheet name="survey" r:id="a"/></sheets></workbook>
XML
cat >"$work/bomb/xl/_rels/workbook.xml.rels" <<'XML'
<Relationships><Relationship Id="a" Target="worksheets/sheet1.xml"/></Relationships>
XML
{
    printf '<worksheet>'
    head -c 170000000 < <(yes '<row/>')
} >"$work/bomb/xl/worksheets/sheet1.xml"
(cd "$work/bomb" && zip -q -1 -r ../bomb.xlsx xl)
rm -r "$work/bomb"
(ulimit -v 2000000 && status 1 survey check "$work/bomb.xlsx")
says err "unpacks to more than"

# Output that cannot be written is a failure, not a silence.
status 1 survey convert "$template" /proc/nowhere/form.xml
says err "talkpoint-survey: "
if talkpoint-survey --help >/dev/full 2>"$work/err"; then fail "a full disk went unnoticed"; fi

echo "author's tool: as an author would use it"
