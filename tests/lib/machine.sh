# Shared by the tests that start the disk image in an emulated machine (tests/deploy). Source it with $image set, as root.
# TP_PATIENCE=3 waits three times as long for everything, on a machine that is busy with other work.
# With TP_CONTAINER=1 it is a container instead (container.sh says what that leaves out).
# Gives $work (goes away), $disk (the test's own copy of the image, with a root shell on the serial line) and the functions below.
work=$(mktemp -d "${TMPDIR:-/tmp}/tp-boot-XXXXXX")
disk=$work/disk.img
qemu= tpm= answered=
on=virtio # or usb: the disk is a stick
stick=    # the image of a stick that is in at a start
me=$(basename "$0")
stop() {
    [ -z "$qemu" ] || kill -9 "$qemu" 2>/dev/null || true
    [ -z "$tpm" ] || kill "$tpm" 2>/dev/null || true
    rm -rf "$work"
}
trap stop EXIT
fail() { echo "$me: $*" >&2; tail -c 3000 "$work/serial" >&2 2>/dev/null || true; exit 1; }
say() { echo "$me: $*"; }

# part_at NAME : where a part of the disk begins, in bytes; 0 where there is no table of parts, and the whole of it is tp-root.
part_at() {
    local start
    start=$(sfdisk -d "$disk" 2>/dev/null | sed -n 's/.*start= *\([0-9]*\),.*name="'"$1"'".*/\1/p' || true)
    echo $((${start:-0} * 512))
}
# make_disk [FROM TO MODE]... : the copy, larger than the image, with more files in it.
make_disk() {
    cp --sparse=always "$image" "$disk"
    truncate -s +256M "$disk"
    cat >"$work/tp-test.service" <<'S'
[Unit]
After=talkpoint-provision.service
[Service]
Environment=PS1= HOME=/root TERM=dumb
ExecStart=/bin/bash --norc --noediting
StandardInput=tty-force
StandardOutput=tty
StandardError=tty
TTYPath=/dev/ttyS0
Restart=always
RestartSec=2
S
    {
        echo "write $work/tp-test.service /etc/systemd/system/tp-test.service"
        echo "symlink /etc/systemd/system/multi-user.target.wants/tp-test.service /etc/systemd/system/tp-test.service"
        while [ $# -gt 0 ]; do
            printf 'write %s %s\nset_inode_field %s mode 0100%s\n' "$1" "$2" "$2" "$3"
            shift 3
        done
    } | debugfs -w -f - "$disk?offset=$(part_at tp-root)" >"$work/debugfs" 2>&1
}

make_stick() { # IMAGE LABEL [FILE NAME]... : FAT, with these files
    local made=$1
    truncate -s 64M "$made"
    mkfs.vfat -n "$2" "$made" >/dev/null
    shift 2
    while [ $# -gt 0 ]; do
        mcopy -i "$made" "$1" "::$2"
        shift 2
    done
}
on_stick() { mtype -i "$1" "::$2"; }

# Without the processor's own help KVM may still be offered, and is slower than emulation.
accelerator=tcg
! grep -qwE 'vmx|svm' /proc/cpuinfo || accelerator=kvm:tcg

# A TPM2 of the machine's own: what it holds is in the folder, and goes with it.
start_tpm() { # FOLDER
    mkdir -p "$1"
    swtpm socket --tpm2 --tpmstate "dir=$1" --ctrl "type=unixio,path=$work/tpm.sock" --terminate >"$work/swtpm.log" 2>&1 &
    tpm=$!
    local left=50
    until [ -S "$work/tpm.sock" ]; do left=$((left - 1)) && [ "$left" -gt 0 ] || fail "no TPM2: $(cat "$work/swtpm.log")"; sleep 0.1; done
}

# start_machine NAME [QEMU OPTION...] : with TP_UEFI=1 the long way, through UEFI and GRUB.
start_machine() {
    rm -f "$work"/serial.in "$work"/serial.out "$work"/monitor.in "$work"/monitor.out
    mkfifo "$work"/serial.in "$work"/serial.out "$work"/monitor.in "$work"/monitor.out
    local name=$1 start=(-kernel "$image.kernel" -initrd "$image.initrd" -append
        "root=LABEL=tp-root ro loglevel=3 console=tty0 vt.global_cursor_default=0 consoleblank=0 panic=10 mitigations=off")
    shift
    local drive=(-drive "file=$disk,if=$on,format=raw,cache=writeback")
    [ $on != usb ] || drive=(-drive "file=$disk,if=none,id=system,format=raw,cache=writeback" -device usb-storage,drive=system)
    [ -z "$stick" ] || drive+=(-drive "file=$stick,if=none,id=stick,format=raw" -device usb-storage,id=stick,drive=stick)
    if [ -n "${TP_UEFI:-}" ]; then
        cp /usr/share/OVMF/OVMF_VARS_4M.fd "$work/vars.fd"
        start=(-drive if=pflash,format=raw,readonly=on,file=/usr/share/OVMF/OVMF_CODE_4M.fd -drive "if=pflash,format=raw,file=$work/vars.fd")
    fi
    nice -n "${TP_NICE:-10}" qemu-system-x86_64 -machine "q35,accel=$accelerator" -cpu max -smp 1 -m 1536 -display none -vga std \
        "${start[@]}" -device qemu-xhci "${drive[@]}" -device usb-kbd "$@" \
        -serial "pipe:$work/serial" -monitor "pipe:$work/monitor" >"$work/qemu.log" 2>&1 &
    qemu=$! answered=
    : >"$work/serial"
    cat "$work/serial.out" >"$work/serial" &
    cat "$work/monitor.out" >"$work/monitor" &
    exec 7>"$work/serial.in" 8>"$work/monitor.in"
    say "$name"
}
boot() { # NAME [QEMU OPTION...] : until the kiosk has drawn its page
    start_machine "$@"
    comes_up
}
comes_up() {
    ask 900 'until systemctl -q is-active talkpoint-kiosk; do sleep 1; done; echo kiosk-is-"up"' kiosk-is-up
}
cut_power() {
    kill -9 "$qemu"
    wait "$qemu" 2>/dev/null || true
    qemu=
}
power_off() { # in good order
    local left=$((180 * ${TP_PATIENCE:-1}))
    while kill -0 "$qemu" 2>/dev/null; do
        if [ $((left % 30)) = 0 ]; then printf 'systemctl poweroff\n' >&7 2>/dev/null || true; fi
        left=$((left - 1))
        [ "$left" -gt 0 ] || fail "the machine does not turn itself off"
        sleep 1
    done
    wait "$qemu" 2>/dev/null || true
    qemu=
}
host=10.0.2.2 # this machine, as the emulated one sees it
network_waits=0
wait_for_network() {
    network_waits=$((network_waits + 1))
    ask 300 "until ip -4 addr show scope global | grep -q 'inet 10.0.2'; do sleep 1; done; echo network-\"$network_waits\"" "network-$network_waits"
}
has() { grep -qa -- "$1" "$work/serial"; }
# comes SECONDS MARK : until the machine prints it; ends at once where the machine does.
comes() { timeout "$1" grep -qam1 -- "$2" <(tail -c +1 -f --pid="$qemu" "$work/serial"); }
# ask SECONDS COMMAND MARK : types the command and waits for the mark. At a start it is typed again each minute, since the shell may not be
# there yet; once that has answered it is typed once.
ask() {
    local left=$(($1 * ${TP_PATIENCE:-1})) patience
    patience=$left
    ! grep -q -- "$3" <<<"$2" || fail "'$3' is in the command itself: it would be read where it is typed"
    [ -n "$answered" ] || patience=60
    until has "$3"; do
        kill -0 "$qemu" 2>/dev/null || fail "the machine stopped: $(cat "$work/qemu.log")"
        [ "$left" -gt 0 ] || fail "no '$3'"
        printf '%s\n' "$2" >&7
        comes "$patience" "$3" || left=$((left - patience))
    done
    answered=yes
}
[ -z "${TP_CONTAINER:-}" ] || . tests/lib/container.sh
