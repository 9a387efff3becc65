#!/bin/bash
# What the guides say a person touches, *in these letters*, is on a screen or an office page in these words; every picture they
# show is there; and the page for library staff keeps its three questions.
set -euo pipefail
guides=(docs/guides/*.md)
fail() { echo "guides: $*" >&2; exit 1; }
words=$(cat kiosk/*.c kiosk/screens/*.c sync/central/web/*.c surveys/*/*.md)

# Phrases between single asterisks; a line may end within one, and bold ones and addresses in code are no words of a screen.
phrases() { sed 's/^\* //' "$1" | tr '\n' ' ' | sed -E 's/`[^`]*`//g; s/\*\*[^*]*\*\*//g; s/  +/ /g' | grep -oE '\*[^*]+\*' | tr -d '*' | sort -u; }
count=0
for guide in "${guides[@]}"; do
    while read -r phrase; do
        case $phrase in talkpoint-support | Talkpoint) continue ;; esac # a folder, an icon
        grep -qF -- "$phrase" <<<"$words" || fail "$guide: no screen and no page says '$phrase'"
        count=$((count + 1))
    done <<<"$(phrases "$guide")"
    while read -r picture; do
        [ -z "$picture" ] || [ -f "docs/guides/$picture" ] || fail "$guide: there is no picture '$picture'"
    done <<<"$(grep -oE '\]\((pictures/)?[a-z-]+\.(png|svg)\)' "$guide" | sed 's/^](//; s/)$//')"
done
[ "$count" -ge 25 ] || fail "only $count phrases were found"
for question in "the screen is black" "somebody needs help" "it says that answers are waiting"; do
    grep -qF "$question" docs/guides/library-staff.md || fail "the page for library staff does not say what to do if $question"
done
