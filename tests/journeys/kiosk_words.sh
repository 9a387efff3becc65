#!/bin/bash
# The interface's words: every language has every string, with the same placeholders; the English has none of the
# words that GOV.UK forms avoid, and no sentence over 25 words (ACCESSIBILITY.md C2, C3).
. tests/lib/journey.sh
{ find kiosk -name "*.c"; echo core/store/notice_pictures.c; } | sort |
    xgettext --files-from=- --from-code=UTF-8 --keyword=_ --keyword=tp_n \
    --keyword=tp_c:1c,2 --keyword=tp_nc:1c,2 --language=C --sort-output --output="$work/all.pot" 2>"$work/xgettext.log"
languages=0
for po in kiosk/i18n/po/*.po; do
    msgfmt --check --check-format --output-file=/dev/null "$po" 2>"$work/msgfmt.log" || fail "$po: $(cat "$work/msgfmt.log")"
    msgcmp "$po" "$work/all.pot" 2>"$work/msgcmp.log" || fail "$po is not complete: $(head -n 5 "$work/msgcmp.log")"
    grep -q '^"X-Talkpoint-Review: ' "$po" || fail "$po does not say whether it was reviewed"
    languages=$((languages + 1))
done
[ "$languages" -ge 10 ] || fail "only $languages languages"
msgcat --no-wrap "$work/all.pot" | sed -n 's/^msgid "\(.*\)"$/\1/p' >"$work/english"
! grep -niE '\b(please|sorry|invalid|oops|error|e\.g\.|i\.e\.)\b' "$work/english" || fail "a word that the interface does not use"
long=$(tr '.?!:' '\n\n\n\n' <"$work/english" | sed 's/\\n/\n/g' | awk 'NF > 25')
[ -z "$long" ] || fail "a sentence of more than 25 words: $long"
