#!/bin/bash
# The surveys that come with Talkpoint: each passes talkpoint-survey check without an error or a warning; pictures are
# all there, all used and drawn in the one style; the equality block is asked by itself alone, under the codes that
# tests/golden/equality/VERSION.txt fixes for its version. Each rule is also broken on purpose, to see it named.
. tests/lib/journey.sh
PATH=$TP_BUILD:$PATH

# rows FILE SHEET COLUMN... : the sheet's cells in these columns, a tab between them, one line a row; "" where it has no
# such column. A bar inside a cell (\|) does not occur in the columns asked for.
rows() {
    local file=$1 sheet=$2
    shift 2
    awk -F'|' -v sheet="$sheet" -v want="$*" '
        function trim(text) { gsub(/^[ \t]+|[ \t]+$/, "", text); return text }
        BEGIN { count = split(want, names, " ") }
        !/^\|/ { next }
        { gsub(/\\\|/, "\001") }
        trim($2) != "" { inside = trim($2) == sheet; header = 1; next }
        !inside { next }
        header { delete at; for (i = 3; i < NF; i++) at[trim($i)] = i; header = 0; next }
        { line = ""; for (i = 1; i <= count; i++) line = line (i > 1 ? "\t" : "") (names[i] in at ? trim($at[names[i]]) : ""); print line }
    ' "$file"
}

# block FILE : "question code" for every answer that a workbook's questions offer, sorted.
block() {
    {
        rows "$1" survey type name | sed 's/^/asks\t/'
        rows "$1" choices list_name name | sed 's/^/offers\t/'
    } | awk -F'\t' '
        $1 == "asks" && split($2, type, " ") == 2 && type[1] ~ /^select/ { names[type[2]] = names[type[2]] " " $3 }
        $1 == "offers" { count = split(names[$2], name, " "); for (i = 1; i <= count; i++) print name[i], $3 }' | LC_ALL=C sort
}

# Each of these says what is wrong with the files named, one line a fault, and nothing where all is well.
equality_faults() { # BLOCK WORKBOOK...
    local shared=$1 version
    shift
    version=$(rows "$shared" settings version)
    [ -f "tests/golden/equality/$version.txt" ] || echo "$shared: no tests/golden/equality/$version.txt for this version"
    block "$shared" | diff "tests/golden/equality/$version.txt" - >"$work/codes.diff" 2>&1 ||
        echo "$shared: the codes are not those of version $version: $(tr '\n' ' ' <"$work/codes.diff")"
    rows "$shared" survey type name | awk -F'\t' '$1 ~ /^(select|text|calculate)/ { print $2 }' >"$work/asked"
    local workbook follows
    for workbook; do
        rows "$workbook" survey name | grep -xFf "$work/asked" | sed "s|.*|$workbook: & belongs to the shared equality block|" || true
        follows=$(rows "$workbook" consultation name value | awk -F'\t' '$1 == "equality" { print $2 }')
        case $follows in
        "$version") ;;
        none) rows "$workbook" consultation name | grep -qx equality_reason || echo "$workbook: equality is none, without equality_reason" ;;
        *) echo "$workbook: equality is '$follows', the block's version is '$version'" ;;
        esac
    done
}

picture_faults() { # SVG...
    grep -L '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96">' "$@" | sed 's/$/: not drawn on 96 by 96/' || true
    grep -oE '<[A-Za-z!?][A-Za-z]*' "$@" /dev/null | grep -vE ':<(svg|g|path|rect|circle|ellipse|polygon|line)$' | sort -u | sed 's/:</: holds </' || true
    grep -oE '[A-Za-z:-]+="' "$@" /dev/null |
        grep -vE ':(xmlns|viewBox|fill|stroke|stroke-width|stroke-linecap|stroke-linejoin|d|x|y|width|height|rx|ry|cx|cy|r|points|x1|x2|y1|y2|transform)="$' |
        sort -u | sed 's/="$//; s/:/: has the attribute /' || true
    grep -oE '(fill|stroke)="[^"]*"' "$@" /dev/null | grep -vE '"(none|#00685C|#B8480C|#DDF0EA|#101820|#FFFFFF)"$' | sort -u |
        sed -E 's/:(fill|stroke)="(.*)"$/: uses the colour \2/' || true
}

media_faults() { # FOLDER of one survey
    local folder=$1 workbook file
    workbook=$folder/$(basename "$folder").md
    grep -oE '[a-z0-9-]+\.(svg|csv)' "$workbook" | LC_ALL=C sort -u >"$work/named"
    while IFS= read -r file; do
        [ -f "$folder/media/$file" ] || echo "$workbook: $file is not in media/"
    done <"$work/named"
    # What is there and not named; comm wants both sorted alike.
    find "$folder/media" -mindepth 1 -printf '%f\n' | LC_ALL=C sort | LC_ALL=C comm -23 - "$work/named" |
        sed "s|.*|$folder/media/&: not used by $workbook|"
}

none() { # WHAT FAULTS
    [ -z "$2" ] || fail "$1:
$2"
}
named() { # WHAT FAULTS : a rule broken on purpose must be named
    case $2 in *"$1"*) ;; *) fail "broke a rule on purpose and was not told '$1' but: ${2:-nothing}" ;; esac
}

workbooks=()
for folder in surveys/*/; do
    folder=${folder%/}
    case $folder in surveys/pictures | surveys/tool) ;; *) workbooks+=("$folder/$(basename "$folder").md") ;; esac
done
[ "${#workbooks[@]}" -ge 7 ] || fail "found only ${#workbooks[@]} surveys"

for workbook in "${workbooks[@]}"; do
    talkpoint-survey check "$workbook" >"$work/check.txt" 2>&1 || fail "$workbook is refused: $(cat "$work/check.txt")"
    if grep -qi 'warning' "$work/check.txt"; then fail "$workbook has warnings: $(cat "$work/check.txt")"; fi
    none "media" "$(media_faults "$(dirname "$workbook")")"
done
none "pictures" "$(picture_faults surveys/pictures/*.svg)"
for picture in surveys/pictures/*.svg; do
    compgen -G "surveys/*/media/$(basename "$picture")" >/dev/null || grep -rqF "\"$(basename "$picture")\"" kiosk ||
        fail "$picture is used by no survey, and not by the kiosk"
done
block=surveys/equality/equality.md
others=()
for workbook in "${workbooks[@]}"; do [ "$workbook" = "$block" ] || others+=("$workbook"); done
none "equality" "$(equality_faults "$block" "${others[@]}")"

# Break each rule.
broken=$work/broken
mkdir -p "$broken/media"
sed 's/| used_library |/| sexual_orientation |/' surveys/library-hours/library-hours.md >"$broken/broken.md"
named "sexual_orientation belongs to the shared equality block" "$(equality_faults "$block" "$broken/broken.md")"
sed 's/| equality | 2026-1 |/| equality | 2019-1 |/' surveys/library-hours/library-hours.md >"$broken/broken.md"
named "equality is '2019-1'" "$(equality_faults "$block" "$broken/broken.md")"
sed '/| equality_reason |/d' surveys/comments/comments.md >"$broken/broken.md"
named "without equality_reason" "$(equality_faults "$block" "$broken/broken.md")"
sed 's/| ethnic_other | 18 |/| ethnic_other | arab |/' "$block" >"$work/block.md"
named "the codes are not those of version" "$(equality_faults "$work/block.md")"
sed 's/| 2026-1 | English (en) |/| 2030-9 | English (en) |/' "$block" >"$work/block.md"
named "no tests/golden/equality/2030-9.txt" "$(equality_faults "$work/block.md")"
sed 's/#00685C/#FF0000/; s/<path/<text/' surveys/pictures/book-open.svg >"$broken/red.svg"
named "uses the colour #FF0000" "$(picture_faults "$broken/red.svg")"
named "holds <text" "$(picture_faults "$broken/red.svg")"
cp surveys/library-hours/library-hours.md "$broken/broken.md"
ln -s ../../pictures/nowhere.svg "$broken/media/library.svg"
named "library.svg is not in media/" "$(media_faults "$broken")"
sed '/| contact_phone |/d' surveys/library-hours/library-hours.md >"$broken/broken.md"
if talkpoint-survey check "$broken/broken.md" >"$work/check.txt" 2>&1; then fail "a survey without a phone number to call is not refused"; fi
named "contact_phone" "$(cat "$work/check.txt")"
sed 's/| How often do you use a library? | How often/| How often do you use a library? | When you think about it now and look back on all of the last year how often/' \
    surveys/library-hours/library-hours.md >"$broken/broken.md"
named "use at most 15 in Easy Read" "$(talkpoint-survey check "$broken/broken.md" 2>&1)"

echo "${#workbooks[@]} surveys and $(find surveys/pictures -name '*.svg' | wc -l) pictures are as they should be"
