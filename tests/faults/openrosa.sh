#!/bin/bash
# kill -9 of the agent while it sends to an OpenRosa server that gives no receipts, which also loses acknowledgements and cuts
# its answers: in the end every answer is there once, with the bytes it had at first, and none is left or lies in the clear.
. tests/lib/journey.sh
helpers=${TP_BUILD_ASAN:-$PWD/build/asan}/tests/helpers/agent
form=library-hours
rounds=$((${TP_FAULTS_ROUNDS:-2} * 8))
server=$work/server
injected=0 put=0
mkdir -p "$server/forms" "$server/taken"
echo ok >"$server/mode"
openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 2>/dev/null | openssl pkey -pubout -outform DER | base64 -w0 >"$work/author.pub"
"$helpers/openrosa" "$server" 0 url - s3cret >"$work/openrosa.txt" &
pids+=("$!")
until_true 20 "the server's start" grep -q http "$work/openrosa.txt"
echo "$(head -n 1 "$work/openrosa.txt")/v1/key/s3cret/projects/7" >"$work/address"
"$TP_BUILD/talkpoint-sync" connect "$work/address" --name Hall --state "$state" >"$work/said.log" 2>&1 || fail "did not connect"

for ((round = 0; round < rounds; round++)); do
    "$helpers/put_answers" "$state" "$form" 1 40 "$work/author.pub" >>"$work/put.txt"
    put=$((put + 40))
    case $((round % 4)) in 1) echo lost ;; 2) echo cut ;; *) echo ok ;; esac >"$server/mode"
    { timeout -s KILL "0.$(printf %03d $((RANDOM % 250 + 5)))" "$TP_BUILD/talkpoint-sync" --once --state "$state" \
        >>"$work/said.log" 2>&1 || true; } 2>/dev/null
    injected=$((injected + 1))
    # What is taken in stays as it was first.
    (cd "$server/taken" && find . -name '*.???' -print0 | xargs -0r sha256sum) >>"$work/seen.txt"
done
echo ok >"$server/mode"
"$TP_BUILD/talkpoint-sync" --once --state "$state" >>"$work/said.log" 2>&1 || fail "the last round failed: $(tail -n 2 "$work/said.log")"
[ "$(status_of waiting)" = 0 ] && [ "$(status_of quarantined)" = 0 ] || fail "answers are left"
[ "$(status_of sent)" = "$put" ] || fail "$(status_of sent) sent of $put"
find "$server/taken" -name '*.xml' -printf '%f\n' | sed 's/\.xml$//' | sort >"$work/have.txt"
lost=$(sort "$work/put.txt" | comm -23 - "$work/have.txt" | wc -l)
# Other bytes under a name that was there, or an answer without one of its two halves.
doubled=$(sort -u "$work/seen.txt" | awk '{print $2}' | sort | uniq -d | wc -l)
halves=$(find "$server/taken" -name '*.enc' -size +0 -printf '%f\n' | sed 's/\.enc$//' | sort | comm -3 - "$work/have.txt" | wc -l)
lost=$((lost + halves))
exposed=$({ grep -rla canary-3f61-in-no-clear "$state" "$server" "$work/said.log" || true; } | wc -l)
echo "faults: $injected injected, $lost lost, $doubled doubled, $exposed exposed"
[ "$lost" = 0 ] && [ "$doubled" = 0 ] && [ "$exposed" = 0 ]
