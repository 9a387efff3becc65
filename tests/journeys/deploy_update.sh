#!/bin/bash
# Updates: the signed repository that deploy/apt makes is taken by a real apt, and refused when a byte of it differs; the health
# check's resident finishes with our programs and fails with a broken one; and talkpoint-update, with apt and dpkg that only
# write down what they were told, takes a fit version, goes back from one that is not, and never takes that one again.
. tests/lib/journey.sh
update=$PWD/deploy/update/talkpoint-update

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
deb() { # NAME VERSION
    mkdir -p "$work/deb/DEBIAN"
    printf 'Package: %s\nVersion: %s\nArchitecture: all\nMaintainer: T <t@example.org>\nDescription: test\n' "$1" "$2" >"$work/deb/DEBIAN/control"
    dpkg-deb --root-owner-group -b "$work/deb" "$work/$1_$2_all.deb" >/dev/null
    rm -r "$work/deb"
}
for version in 0.1.0 0.2.0; do deb talkpoint-kiosk $version && deb talkpoint-sync $version; done
deploy/apt/make-repository "$work/repository" packages@example.org "$work"/*_0.1.0_all.deb >/dev/null 2>"$work/repo.log" || fail "no repository: $(cat "$work/repo.log")"
deploy/apt/make-repository "$work/repository" packages@example.org "$work"/*_0.2.0_all.deb >/dev/null 2>&1 || fail "the repository is not extended"
deb talkpoint-sync 0.2.0.1 && mv "$work/talkpoint-sync_0.2.0.1_all.deb" "$work/talkpoint-sync_0.2.0_all.deb"
! deploy/apt/make-repository "$work/repository" packages@example.org "$work/talkpoint-sync_0.2.0_all.deb" >/dev/null 2>"$work/repo.log" ||
    fail "a version is published twice with other bytes"
apt_root=$work/apt
mkdir -p "$apt_root"/{lists/partial,cache/archives/partial,etc} "$work/downloads"
: >"$apt_root/status" && mkdir "$apt_root/none"
sed "s|^URIs:.*|URIs: file:$work/repository|; s|^Signed-By:.*|Signed-By: $work/repository/talkpoint.gpg|" "$work/repository/talkpoint.sources" >"$apt_root/talkpoint.sources"
chmod -R a+rX "$work"
cat >"$apt_root/apt.conf" <<C
Dir::State "$apt_root"; Dir::State::Lists "$apt_root/lists"; Dir::State::status "$apt_root/status"; Dir::Cache "$apt_root/cache";
Dir::Etc::SourceList "$apt_root/talkpoint.sources"; Dir::Etc::SourceParts "$apt_root/none"; Dir::Etc::Main "/dev/null"; Dir::Etc::Parts "$apt_root/none";
APT::Sandbox::User "root"; Dir::Log "$apt_root"; APT::Update::Post-Invoke-Success ""; Acquire::Languages "none";
C
real() { APT_CONFIG=$apt_root/apt.conf "$@"; }
real apt-get -q update >"$work/apt.log" 2>&1 || fail "apt does not take the repository: $(cat "$work/apt.log")"
! grep -qE '^(W|E):' "$work/apt.log" || fail "apt has something to say: $(cat "$work/apt.log")"
grep -q 'Candidate: 0.2.0' <<<"$(real apt-cache policy talkpoint-kiosk)" || fail "apt does not see the newest"
(cd "$work/downloads" && real apt-get -q download talkpoint-kiosk=0.1.0) >"$work/apt.log" 2>&1 || fail "the older version cannot be had: $(cat "$work/apt.log")"
rm -r "$apt_root/lists" && mkdir -p "$apt_root/lists/partial"
sed -i 's/^Origin: Talkpoint$/Origin: Talkpoinf/' "$work/repository/dists/stable/InRelease"
if real apt-get -q update >"$work/apt.log" 2>&1 && ! grep -qE '^(W|E):' "$work/apt.log"; then fail "a repository that was tampered with is taken"; fi
! (cd "$work/downloads" && rm -f ./*.deb && real apt-get -q download talkpoint-kiosk=0.2.0) >"$work/apt.log" 2>&1 || fail "a package of it can be had"

# ---- taking it and going back: what is installed is a file
stubs=$work/stubs
mkdir "$stubs"
export FAKE=$work/fake TALKPOINT_UPDATE_DIR=$work/update TALKPOINT_HEALTH_CHECK=$stubs/health TALKPOINT_PATIENCE_S=2
mkdir "$FAKE"
echo 0.1.0 >"$FAKE/installed" && echo 0.1.0 >"$FAKE/candidate"
stub() { cat >"$stubs/$1" && chmod 755 "$stubs/$1"; }
stub apt-get <<'S'
#!/bin/bash
case " $* " in
*" update "*) [ ! -e "$FAKE/offline" ] ;;
*" download "*) spec=${!#}; [ ! -e "$FAKE/gone-${spec#*=}" ] && echo "${spec#*=}" >"${spec%%=*}_${spec#*=}_all.deb" ;;
*) exit 1 ;;
esac
S
stub apt-cache <<'S'
#!/bin/bash
printf 'talkpoint-kiosk:\n  Installed: %s\n  Candidate: %s\n' "$(cat "$FAKE/installed")" "$(cat "$FAKE/candidate")"
S
stub dpkg-query <<'S'
#!/bin/bash
cat "$FAKE/installed"
S
stub dpkg <<'S'
#!/bin/bash
case $1 in
--compare-versions) exec /usr/bin/dpkg "$@" ;;
--configure) exit 0 ;;
*) new=$(cat "${!#}"); echo "$new" >>"$FAKE/history"; [ "$new" != 0.9.0 ] || exit 1; echo "$new" >"$FAKE/installed" ;;
esac
S
stub systemctl <<'S'
#!/bin/bash
case " $* " in
*" is-active "*) [ ! -e "$FAKE/dead-$(cat "$FAKE/installed")" ] ;;
*) exit 0 ;;
esac
S
stub health <<'S'
#!/bin/bash
[ ! -e "$FAKE/unfit-$(cat "$FAKE/installed")" ]
S
night() { PATH=$stubs:$PATH "$update" run >"$work/night.log" 2>&1; }
now() { cat "$FAKE/installed"; }
is() { [ "$(now)" = "$1" ] || fail "$2: $(now) is installed; $(cat "$work/night.log")"; }

night && is 0.1.0 "nothing new"
[ ! -e "$FAKE/history" ] || fail "something was installed though nothing is new"
echo 0.2.0 >"$FAKE/candidate"
touch "$FAKE/gone-0.1.0"
night && is 0.1.0 "there is no way back, so no step forward"
rm "$FAKE/gone-0.1.0" && touch "$FAKE/offline"
night && is 0.1.0 "there is no network"
rm "$FAKE/offline"
night && is 0.2.0 "a fit version"
echo 0.3.0 >"$FAKE/candidate" && touch "$FAKE/unfit-0.3.0" "$FAKE/gone-0.2.0"
! night || fail "a version that is not fit is a success"
is 0.2.0 "the health check failed" # from what was kept: the repository no longer has it
: >"$FAKE/history"
night && is 0.2.0 "refused before"
[ ! -s "$FAKE/history" ] || fail "a refused version is tried again"
echo 0.4.0 >"$FAKE/candidate" && touch "$FAKE/dead-0.4.0"
! night || fail "a kiosk that does not come up is a success"
is 0.2.0 "the kiosk did not come up"
echo 0.9.0 >"$FAKE/candidate"
! night || fail "a package that cannot be installed is a success"
is 0.2.0 "the installation failed"
# A power cut in the middle: the next night finds the mark and goes back before anything else.
echo 0.5.0 >"$FAKE/installed" && echo 0.5.0 >"$FAKE/candidate" && echo 0.5.0 >"$work/update/trying"
night && is 0.2.0 "it was cut off"
# The same, found when the machine starts: half of it may be there, so that a kiosk which comes up proves nothing.
echo 0.5.0 >"$FAKE/installed" && echo 0.5.0 >"$work/update/trying"
PATH=$stubs:$PATH "$update" confirm >"$work/night.log" 2>&1 && is 0.2.0 "it was cut off, and the machine starts"
: >"$FAKE/history"
PATH=$stubs:$PATH "$update" confirm >"$work/night.log" 2>&1 && is 0.2.0 "an ordinary start"
[ ! -s "$FAKE/history" ] || fail "an ordinary start installs something"
echo 0.6.0 >"$FAKE/candidate"
night && is 0.6.0 "a fit version after all that"
[ ! -e "$work/update/trying" ] || fail "the mark of a try stays"
