#!/bin/bash
# talkpoint-survey eval and play: an expression and a whole session from the command line.
set -eu
cd "$(dirname "$0")/../.."
tool=${TP_BUILD:-$PWD/build/dev}/talkpoint-survey
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() { echo "engine_commands: $*" >&2; exit 1; }
is() { [ "$2" = "$3" ] || fail "$1: wanted '$3', got '$2'"; }

# eval
echo '<a><b>1</b><b>2</b></a>' >"$work/a.xml"
is "a sum" "$("$tool" eval '1 + 2')" 3
is "a node" "$("$tool" eval --json --xml "$work/a.xml" --context '/*[1]' 'b[2]' | jq -r '.value[0]')" '/*[1]/*[2]'
is "a day" "$("$tool" eval --tz America/Phoenix --now 1795349205000 'today()')" 2026-11-22
is "words" "$("$tool" eval --language pl "format-date('2026-11-23', '%a')")" pon.
if "$tool" eval 'nonsense()' 2>"$work/error"; then fail "nonsense() passed"; fi
grep -q 'there is no function nonsense()' "$work/error" || fail "$(cat "$work/error")"
status=0
"$tool" eval 2>/dev/null || status=$?
is "a missing expression" "$status" 2

# play
cat >"$work/form.xml" <<'FORM'
<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"><h:head><h:title>T</h:title>
<model><instance><data id="t"><n/><twice/><r><v/></r></data></instance>
<bind nodeset="/data/n" type="int"/><bind nodeset="/data/twice" calculate="/data/n * 2"/></model></h:head>
<h:body><input ref="/data/n"/><repeat nodeset="/data/r"><input ref="/data/r/v"/></repeat></h:body></h:html>
FORM
"$tool" play "$work/form.xml" >"$work/out" <<'STEPS'
{"op":"answer","ref":"/data/n","value":21}
{"op":"create_repeat","ref":"/data/r"}
{"op":"answer","ref":"/data/r[2]/v","value":["x"]}
{"op":"answer","ref":"/data/n","value":"many"}
{"op":"remove_repeat","ref":"/data/r[1]"}
STEPS
is "lines" "$(wc -l <"$work/out")" 7
state() { sed -n "$1p" "$work/out" | jq -r "$2"; }
is "twice" "$(state 2 '.after[] | select(.ref == "/data/twice").value')" 42
is "a refusal" "$(state 5 .refused)" "not a whole number"
is "the answer kept" "$(state 5 '.after[] | select(.ref == "/data/n").value')" 21
is "the repeat left" "$(state 7 '.final[] | select(.ref == "/data/r[1]/v").value')" x
state 7 .instanceXML | grep -q '<r><v>x</v></r>' || fail "the instance: $(state 7 .instanceXML)"
