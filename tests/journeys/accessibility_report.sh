#!/bin/bash
# docs/ACCESSIBILITY.md names no test that is not there: each file in backticks exists in tests/, and has each test named
# after it. Every one of the project's own figures has its row.
. tests/lib/journey.sh
report=docs/ACCESSIBILITY.md

# Lines "FILE NAME" of a report, NAME empty for a file alone.
named() {
    grep '^|' "$1" | awk '{
        file = ""
        while (match($0, /`[a-z0-9_]+(\.sh)?`|[a-z0-9]+(_[a-z0-9]+)(_[a-z0-9]+)+/)) {
            word = substr($0, RSTART, RLENGTH)
            $0 = substr($0, RSTART + RLENGTH)
            if (word ~ /^`/) { file = substr(word, 2, length(word) - 2); print file }
            else print file, word
        }
    }' | sort -u
}
# The problems of a report, a line each.
problems() {
    local file name path
    while read -r file name; do
        path=$(find tests -name "${file%.sh}.c" -o -name "$file" -name '*.sh' | head -n 1)
        if [ -z "$file" ] || [ -z "$path" ]; then
            echo "no test file '$file' ($name)"
        elif [ -n "$name" ] && ! grep -qE "^ *(cmocka_unit_test[a-z_]*|[A-Z]+)\($name[,)]" "$path"; then
            echo "$path has no test '$name'"
        fi
    done < <(named "$1")
}

found=$(problems "$report")
[ -z "$found" ] || fail "$found"
[ "$(named "$report" | wc -l)" -ge 100 ] || fail "the report names too few tests to be read rightly"
for row in T1 T2 T3 T4 T5 P1 P2 P3 P4 P5 P6 P7 P8 A1 A2 A3 A4 S1 S2 S3 S4 C1 C2 C3 C4 C5; do
    grep -q "^| $row |" "$report" || fail "the report has no row $row"
done
! grep '^| [0-9A-Z]' "$report" | grep -vE '^\|([^|]+\|){3,4}$' || fail "a row of the report has not three or four cells"

# It can fail: a test and a file that are not there are seen.
printf '| T1 | a rule | yes | `ui_test`: nobody_wrote_this_test; `no_such_test` |\n' >"$work/wrong.md"
[ "$(problems "$work/wrong.md" | wc -l)" -eq 2 ] || fail "a wrong report passes"
