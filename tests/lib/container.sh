# Sourced by machine.sh with TP_CONTAINER=1: the image's system starts as a container of this machine in place of an emulated one, in seconds.
# Its systemd, units, packages and read-only system with the overlay are the real ones. What it has not: a kernel, disks, a display and a
# network of its own. A cut of its power loses no writes that were not synced: for that the machine is emulated.
# Needs systemd-nspawn and a loop device.
host=127.0.0.1
lower=$work/lower memory=$work/memory
no_hardware=(talkpoint-data iwd systemd-networkd systemd-resolved systemd-timesyncd systemd-udevd)
wait_for_network() { :; }

# This machine's kernel need not know FAT.
make_stick() {
    local made=$1
    truncate -s 64M "$made"
    mke2fs -q -t ext4 -L "$2" "$made"
    shift 2
    while [ $# -gt 0 ]; do
        printf 'write %s %s\n' "$1" "$2" | debugfs -w -f - "$made" >/dev/null 2>&1
        shift 2
    done
}
on_stick() { debugfs -R "cat $2" "$1" 2>/dev/null; }

loop= stick_loop=
detach() {
    umount -l "$memory/root" "$memory" "$lower" 2>/dev/null || true
    losetup -d $loop $stick_loop 2>/dev/null || true
}
stop() {
    [ -z "$qemu" ] || cut_power
    detach
    rm -rf --one-file-system "$work"
}
# attach : the system below, read-only, and a fresh overlay in memory above it, as overlayroot makes them.
attach() {
    umount -l "$memory/root" "$memory" "$lower" 2>/dev/null || true
    mkdir -p "$lower" "$memory"
    mount -o ro "$loop" "$lower"
    mount -t tmpfs tmpfs "$memory"
    mkdir "$memory"/{upper,work,root}
    mount -t overlay overlayroot -o "lowerdir=$lower,upperdir=$memory/upper,workdir=$memory/work" "$memory/root"
    local etc=$memory/root/etc/systemd/system unit
    mkdir -p "$memory/root/media/root-ro" "$etc/talkpoint-kiosk.service.d"
    : >"$memory/root/etc/fstab"
    for unit in "${no_hardware[@]}"; do ln -sf /dev/null "$etc/$unit.service"; done
    cat >"$etc/talkpoint-kiosk.service.d/no-display.conf" <<'S'
[Service]
ExecStart=
ExecStart=/usr/bin/talkpoint-kiosk --config /etc/talkpoint/kiosk.ini --windowed 1280x800
Environment=SDL_VIDEODRIVER=dummy SDL_AUDIODRIVER=dummy
TTYPath=
TTYReset=no
TTYVHangup=no
TTYVTDisallocate=no
StandardInput=null
StandardOutput=journal
StandardError=journal
S
    rm "$etc/tp-test.service"
    cat >"$etc/tp-test.service" <<'S'
[Service]
Environment=HOME=/root TERM=dumb
ExecStart=/bin/bash --norc
StandardInput=file:/serial.in
StandardOutput=append:/serial
StandardError=append:/serial
Restart=always
RestartSec=1
S
}
# A start after the other, until the machine is turned off; what is typed goes to a shell in it.
run_container() {
    local nspawn leader code
    while :; do
        attach
        systemd-nspawn --quiet --directory "$memory/root" --bind "$lower:/media/root-ro" --bind "$work/serial.in:/serial.in" \
            --bind "$work/serial:/serial" ${stick_loop:+--bind "$stick_loop"} --register=no --keep-unit --machine "tp-$$" --boot </dev/null >>"$work/console" 2>&1 &
        nspawn=$!
        until leader=$(pgrep -P "$nspawn") || ! kill -0 "$nspawn" 2>/dev/null; do sleep 0.1; done
        echo "$nspawn $leader" >"$work/container" # for cut_power
        code=0
        wait "$nspawn" || code=$?
        [ "$code" = 133 ] || return 0 # 133: it asks for another start
    done
}
start_machine() { # NAME [QEMU OPTION...]
    [ -n "$loop" ] || loop=$(losetup --find --show --offset "$(part_at tp-root)" --sizelimit $((2560 * 1024 * 1024)) "$disk")
    [ -z "$stick_loop" ] || losetup -d "$stick_loop"
    stick_loop=${stick:+$(losetup --find --show "$stick")}
    rm -f "$work/serial.in"
    mkfifo "$work/serial.in"
    : >"$work/serial"
    exec 7<>"$work/serial.in"
    run_container &
    qemu=$! answered=
    say "$1"
}
cut_power() {
    kill -9 "$qemu" $(cat "$work/container") 2>/dev/null || true
    wait "$qemu" 2>/dev/null || true
    qemu=
    sleep 1 # until the kernel has let go of its disks
}
