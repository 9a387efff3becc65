#!/bin/bash
# The manual pages name the options that the programs' own help names, and no others.
set -euo pipefail
cd "$(dirname "$0")/../.."
TP_BUILD=${TP_BUILD:-$PWD/build/dev}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

options() { grep -oE -- '(^|[^[:alnum:]-])--[a-z]+(-[a-z]+)*' | grep -oE -- '--.*' | sort -u; }
help_of() { # PROGRAM : its own help, and that of each of its commands
    "$1" --help
    [ "${1##*/}" != talkpoint-survey ] ||
        for command in $("$1" --help | sed -n 's/^  \([a-z]*\) .*/\1/p'); do "$1" "$command" --help; done
}

for page in docs/man/*.[18]; do
    program=$(basename "${page%.*}")
    help_of "$TP_BUILD/$program" | options >"$work/help"
    sed 's/\\-/-/g' "$page" | options >"$work/page"
    if ! diff "$work/help" "$work/page" >"$work/diff"; then
        echo "manuals: $page and $program --help name other options:" >&2
        cat "$work/diff" >&2
        exit 1
    fi
done
