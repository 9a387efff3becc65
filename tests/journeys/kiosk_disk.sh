#!/bin/bash
# A disk that fills, turns read-only or is damaged while a person answers: nothing is thanked for that is not kept, the
# answers are still there, and once there is room again they are sent. Needs the right to mount; where there is none it
# says so and tests nothing.
. tests/lib/journey.sh
. tests/lib/kiosk.sh
if ! unshare -m true 2>/dev/null; then
    echo "kiosk_disk: skipped: this user has no right to mount"
    exit 0
fi
if [ -z "${TP_OWN_MOUNTS:-}" ]; then
    rm -rf "$work"
    TP_OWN_MOUNTS=1 exec unshare -m bash "$0"
fi

# A disk of its own, a little more than a screen wants to have free.
mkdir -p "$state"
mount -t tmpfs -o size=40m none "$state"
unmount() { umount -l "$state" 2>/dev/null || true; stop_all; }
trap unmount EXIT
pin=135790
prepare() { # a device on the disk that is mounted there
    enrolled
    echo "$pin" | "$TP_BUILD/talkpoint-kiosk" --state "$state" --set-pin || fail "the PIN was not set"
}
fill() { dd if=/dev/zero of="$state/full" bs=4k 2>/dev/null || true; }

# The script waits at each `hold` for a line: what is done to the disk comes in between.
begin() { # [OPTION...] : runs the script on standard input
    cat >"$work/script"
    rm -f "$work/go"
    mkfifo "$work/go"
    "$TP_BUILD/talkpoint-kiosk" --state "$state" --surveys tests/surveys --offscreen --fake-clock --width-mm 476 \
        --script "$work/script" "$@" <"$work/go" >"$work/kiosk.out" 2>"$work/kiosk.log" &
    kiosk_pid=$!
    pids+=("$kiosk_pid")
    exec 3>"$work/go"
    held=0
}
until_held() {
    held=$((held + 1))
    until_true 20 "a stop for the disk" holds
}
holds() { [ "$(grep -c holding "$work/kiosk.out")" -ge "$held" ]; }
go_on() { echo >&3; }
finish() {
    exec 3>&-
    wait "$kiosk_pid" || fail "the resident could not finish: $(cat "$work/kiosk.log")"
}
walk_to_check() { # from the welcome page to the page where answers are checked
    cat <<'SCRIPT'
tap "#start"
tap "#page:primary"
tap "#comments"
tap "#page:primary"
tap "What do you want to tell us?"
type "The gate is broken"
SCRIPT
}
walk_and_send() { # and waits, with nothing sent yet, until the disk is as the test wants it
    walk_to_check
    cat <<'SCRIPT'
hold
tap "#page:primary"
tap "#page:primary"
expect-page check
tap "Send my answers"
SCRIPT
}

prepare

# Full from the middle on: said at the end, and nothing is lost by trying again.
begin < <(
    walk_to_check
    cat <<'SCRIPT'
hold
tap "Continue"
tap "Continue"
expect-page check
tap "Send my answers"
expect-page unsaved
expect "Your answers are not sent yet"
expect-not "Thank you"
tap "Try again"
expect-page unsaved
tap "Back to your answers"
expect-page check
expect "The gate is broken"
hold
tap "Send my answers"
expect-page thanks
SCRIPT
)
until_held
fill
go_on
until_held
[ "$(waiting)" = 0 ] || fail "an answer is there that was said not to be"
rm "$state/full"
go_on
finish
is "$(waiting)" 1 "the number of answers once there was room"

# Full from the start: said before anybody begins, and to staff with what to do. Nothing is counted that cannot be read.
fill
begin <<SCRIPT
expect "This screen cannot take answers now"
expect "Tell a member of staff"
expect-not "Touch to start"
key F12
tap-keys "$pin"
tap "Open the menu"
expect-page staff
expect "Saving answers"
expect "make room on it"
expect-not "0 waiting"
tap "Done"
expect "This screen cannot take answers now"
hold
wait 70000
expect "Touch to start"
SCRIPT
until_held
rm "$state/full"
go_on
finish

# Damaged in the middle, all of it: what was thanked for is found again in what the next start sets aside and mends.
begin < <(
    walk_and_send
    cat <<SCRIPT
expect-page thanks
SCRIPT
)
until_held
before=$(waiting)
for file in "$state"/device.db "$state"/device.db-wal; do
    dd if=/dev/urandom of="$file" bs=4k count=$(($(stat -c %s "$file") / 4096)) conv=notrunc 2>/dev/null
done
go_on
finish
resident <<'SCRIPT'
expect "Touch to start"
SCRIPT
ls "$state"/device.db-damaged-* >/dev/null 2>&1 || fail "the damaged store was not set aside"
is "$(waiting)" "$((before + 1))" "the number of answers after the store was mended"

# Read-only in the middle, as a tired SD card turns: not thanked for, and the reason is told to staff.
umount "$state"
truncate -s 40M "$work/card"
mkfs.ext4 -q -F "$work/card"
if ! mount -o loop,errors=remount-ro "$work/card" "$state"; then
    echo "kiosk_disk: the disk that turns read-only is skipped: this machine gives no loop device"
    exit 0
fi
prepare
begin < <(
    walk_and_send
    cat <<SCRIPT
expect-page unsaved
expect-not "Thank you"
tap "Back to your answers"
tap "#bar:help"
tap "Stop and leave"
tap "#page:primary"
expect "This screen cannot take answers now"
expect-fresh
key F12
tap-keys "$pin"
tap "Open the menu"
expect "Saving answers"
SCRIPT
)
until_held
mount -o remount,abort "$state"
go_on
finish
is "$(waiting)" 0 "the number of answers on a disk that takes none"
