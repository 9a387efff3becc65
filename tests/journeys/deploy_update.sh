#!/bin/bash
# Updates: the health check's resident finishes with our programs and fails with a broken one; from the signed repository that deploy/apt
# makes a real apt fetches a newer version, and a real apt without a network takes it from there, each refusing it where a byte differs;
# and talkpoint-update, with a dpkg that only writes down what it was told, keeps a fit version, goes back from one that is not, and
# never takes that one again.
. tests/lib/journey.sh
update=$PWD/deploy/update/talkpoint-update fetch=$PWD/deploy/update/talkpoint-update-fetch

# ---- the health check
mkdir -p "$work/share/health"
cp -RL tests/surveys/comments tests/surveys/short "$work/share/health/"
cp deploy/update/resident.script "$work/share/health/"
ln -s "$PWD/build/locale" "$work/share/locale"
check() { TALKPOINT_KIOSK=$1 TALKPOINT_SYNC=$TP_BUILD/talkpoint-sync TALKPOINT_SHARE=$work/share deploy/update/health-check; }
check "$TP_BUILD/talkpoint-kiosk" >"$work/check.log" 2>&1 || fail "the programs are not fit: $(cat "$work/check.log")"
! check /bin/false >"$work/check.log" 2>&1 || fail "a kiosk that does not start is fit"
! check /bin/true >"$work/check.log" 2>&1 || fail "a kiosk that keeps nothing is fit"

# ---- the repository
export GNUPGHOME=$work/gpg
mkdir -m 700 "$GNUPGHOME"
gpg --batch --quiet --passphrase '' --quick-generate-key 'Talkpoint packages <packages@example.org>' ed25519 sign never 2>"$work/gpg.log"
repository=$work/repository
deb() { # NAME VERSION
    mkdir -p "$work/deb/DEBIAN"
    printf 'Package: %s\nVersion: %s\nArchitecture: all\nMaintainer: T <t@example.org>\nDescription: test\n' "$1" "$2" >"$work/deb/DEBIAN/control"
    dpkg-deb --root-owner-group -b "$work/deb" "$work/$1_$2_all.deb" >/dev/null
    rm -r "$work/deb"
}
sign() { deploy/apt/make-repository "$repository" packages@example.org "$@" >"$work/repo.log" 2>&1 && chmod -R a+rX "$repository"; }
publish() { # VERSION
    deb talkpoint-kiosk "$1" && deb talkpoint-sync "$1"
    sign "$work"/talkpoint-*_"$1"_all.deb || fail "no repository: $(cat "$work/repo.log")"
}
forget() { # VERSION : it is in the repository no longer
    rm "$repository"/pool/*_"$1"_all.deb
    sign "$work/talkpoint-kiosk_0.1.0_all.deb" || fail "no repository: $(cat "$work/repo.log")"
}
publish 0.1.0
deb talkpoint-sync 0.1.0.1 && mv "$work/talkpoint-sync_0.1.0.1_all.deb" "$work/talkpoint-sync_0.1.0_all.deb"
! sign "$work/talkpoint-sync_0.1.0_all.deb" || fail "a version is published twice with other bytes"

# ---- a machine: its apt is real, what is installed is a file
stubs=$work/stubs
mkdir "$stubs"
export FAKE=$work/fake TALKPOINT_UPDATE_DIR=$work/update TALKPOINT_HEALTH_CHECK=$stubs/health TALKPOINT_PATIENCE_S=2
export TALKPOINT_FETCHED=$work/fetched TALKPOINT_SOURCES=$work/talkpoint.sources APT_CONFIG=$work/apt.conf
mkdir -p "$FAKE" "$work/none"
: >"$FAKE/status" # of no package
printf 'Dir::State::status "%s"; Dir::Etc::Main "/dev/null"; Dir::Etc::Parts "%s";\n' "$FAKE/status" "$work/none" >"$APT_CONFIG"
sed "s|^URIs:.*|URIs: file:$repository|; s|^Signed-By:.*|Signed-By: $repository/talkpoint.gpg|" "$repository/talkpoint.sources" >"$TALKPOINT_SOURCES"
chmod a+rx "$work"
echo 0.1.0 >"$FAKE/installed"
stub() { cat >"$stubs/$1" && chmod 755 "$stubs/$1"; }
stub dpkg-query <<'S'
#!/bin/bash
cat "$FAKE/installed"
S
stub dpkg <<'S'
#!/bin/bash
case $1 in
--configure) exit 0 ;;
--force*) new=$(dpkg-deb -f "${!#}" Version); echo "$new" >>"$FAKE/history"; [ "$new" != 0.9.0 ] || exit 1; echo "$new" >"$FAKE/installed" ;;
*) exec /usr/bin/dpkg "$@" ;;
esac
S
stub systemctl <<'S'
#!/bin/bash
echo "$*" >>"$FAKE/systemctl"
case " $* " in
*" is-active "*) [ ! -e "$FAKE/dead-$(cat "$FAKE/installed")" ] ;;
*) exit 0 ;;
esac
S
stub health <<'S'
#!/bin/bash
[ ! -e "$FAKE/unfit-$(cat "$FAKE/installed")" ]
S
fetch() { PATH=$stubs:$PATH "$fetch" >"$work/night.log" 2>&1 || fail "fetching fails: $(cat "$work/night.log")"; }
put_in() { PATH=$stubs:$PATH "$update" run >>"$work/night.log" 2>&1; }
night() { fetch && put_in; }
is() { [ "$(cat "$FAKE/installed")" = "$1" ] || fail "$2: $(cat "$FAKE/installed") is installed; $(cat "$work/night.log")"; }
nothing_here() { [ ! -e "$TALKPOINT_FETCHED/mirror" ] || fail "$1: something was fetched; $(cat "$work/night.log")"; }
touches_nothing() { # WHY, COMMAND...
    : >"$FAKE/history"
    "${@:2}" || fail "$1: it fails; $(cat "$work/night.log")"
    [ ! -s "$FAKE/history" ] || fail "$1, and something is installed"
}

# ---- fetching
touches_nothing "nothing is new" night
nothing_here "nothing is new"
publish 0.2.0
mv "$repository" "$work/away"
touches_nothing "there is no network" night
mv "$work/away" "$repository"
mv "$repository/pool/talkpoint-sync_0.1.0_all.deb" "$work/away"
touches_nothing "there is no way back, so no step forward" night
nothing_here "half of it"
mv "$work/away" "$repository/pool/talkpoint-sync_0.1.0_all.deb"
cp "$repository/dists/stable/InRelease" "$work/InRelease"
sed -i 's/^Origin: Talkpoint$/Origin: Talkpoinf/' "$repository/dists/stable/InRelease"
touches_nothing "a repository that was tampered with" night
nothing_here "a repository that was tampered with"
cp "$work/InRelease" "$repository/dists/stable/InRelease"

# ---- what was fetched is not trusted for having been fetched
mirror=$TALKPOINT_FETCHED/mirror
fetch && [ -e "$mirror/pool/talkpoint-kiosk_0.2.0_all.deb" ] || fail "a new version is not fetched: $(cat "$work/night.log")"
tampered() { # FILE WHAT : with another byte, the rest as it came
    cp "$mirror/$1" "$work/whole"
    printf 'x' >>"$mirror/$1"
    : >"$FAKE/history"
    ! put_in || fail "$2 was changed after it was fetched, and that is a success"
    [ ! -s "$FAKE/history" ] && [ ! -e "$work/update/trying" ] || fail "$2 was changed after it was fetched, and is put in"
    ! grep -q 'trying' "$work/night.log" || fail "$2 was changed after it was fetched, and is tried"
    cp "$work/whole" "$mirror/$1"
}
tampered pool/talkpoint-kiosk_0.2.0_all.deb "a package"
tampered "$(cd "$mirror" && find dists -name Packages)" "the list of packages"
sed -i 's/^Origin: Talkpoint$/Origin: Talkpoinf/' "$mirror/dists/stable/InRelease"
! put_in && [ ! -s "$FAKE/history" ] || fail "the signed list was changed after it was fetched, and its packages are put in"
# An older version, however well it is signed, is no step forward.
fetch && echo 0.3.0 >"$FAKE/installed"
touches_nothing "what was fetched is older than what is in use" put_in
echo 0.1.0 >"$FAKE/installed"

# ---- taking it and going back
night && is 0.2.0 "a fit version"
grep -qx 'try-restart talkpoint-sync.service talkpoint-kiosk.service' "$FAKE/systemctl" || fail "the new version is not started"
publish 0.3.0 && forget 0.2.0 && touch "$FAKE/unfit-0.3.0"
! night || fail "a version that is not fit is a success"
is 0.2.0 "the health check failed" # from what was kept: the repository no longer has it
touches_nothing "refused before" night
nothing_here "refused before"
publish 0.4.0 && touch "$FAKE/dead-0.4.0"
! night || fail "a kiosk that does not come up is a success"
is 0.2.0 "the kiosk did not come up"
# A power cut in the middle: the next night finds the mark and goes back before anything else.
echo 0.5.0 >"$FAKE/installed" && echo 0.5.0 >"$work/update/trying"
night && is 0.2.0 "it was cut off"
# The same, found when the machine starts: half of it may be there, so that a kiosk which comes up proves nothing.
confirm() { PATH=$stubs:$PATH "$update" confirm >"$work/night.log" 2>&1; }
echo 0.5.0 >"$FAKE/installed" && echo 0.5.0 >"$work/update/trying"
confirm && is 0.2.0 "it was cut off, and the machine starts"
touches_nothing "an ordinary start" confirm
publish 0.6.0
night && is 0.6.0 "a fit version after all that"
[ ! -e "$work/update/trying" ] || fail "the mark of a try stays"

# ---- below an overlay: nothing that runs is touched, the machine restarts, and that start decides
export TALKPOINT_UPDATE_BELOW=1
publish 0.7.0 && : >"$FAKE/systemctl"
night && is 0.7.0 "a fit version below an overlay"
[ "$(cat "$FAKE/systemctl")" = reboot ] || fail "below an overlay it does: $(cat "$FAKE/systemctl")"
confirm && [ "$(cat "$work/update/good/version")" = 0.7.0 ] || fail "it came up, and is not accepted: $(cat "$work/night.log")"
publish 0.8.0 && touch "$FAKE/dead-0.8.0"
night && is 0.8.0 "below an overlay it is tried by a restart"
confirm && is 0.7.0 "its kiosk did not come up"
publish 0.9.0
! night || fail "a package that cannot be installed is a success"
is 0.7.0 "the installation failed"
[ "$(tail -n 1 "$FAKE/systemctl")" = reboot ] || fail "what was changed below an overlay goes on without a restart"
