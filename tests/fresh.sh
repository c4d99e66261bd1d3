#!/bin/sh
# fresh.sh RELEASE [COMMAND...] - the proof that a fresh machine is enough: a
# pristine Debian of that release (bookworm, trixie, sid) with only git, make
# and gcc in it, this repository's HEAD cloned into it, and the commands run
# there. Without any: the desktop as a first command, whose time then has all
# downloads in it, the two of the README, and what their QEMU may be too old
# for, where there is a newer one. Needs root.
#
# The rule to know: everything happens in namespaces of our own and one folder.
# Mounts and processes go with the namespaces, the folder goes with this
# script, however it ends. build/fresh/RELEASE.log has all that was printed.

set -u
LC_ALL=C
export LC_ALL

top=$(cd "$(dirname "$0")/.." && pwd) || exit 1
keyring=/usr/share/keyrings/debian-archive-keyring.gpg

die() {
	echo "fresh: $*" >&2
	exit 1
}

usage() {
	echo "usage: fresh.sh bookworm|trixie|sid [COMMAND...]" >&2
	exit 2
}

# The machine's own addresses of the archive, named for another release: its
# main suite, and for a stable release the updates and security fixes.
sources() {
	. /etc/os-release
	apt-get indextargets 'Created-By: Packages' 'Component: main' \
		--format '$(REPO_URI) $(RELEASE) $(CODENAME)' |
	while read -r uri suite codename; do
		case ${codename:-$suite} in
		"$VERSION_CODENAME") kind= ;;
		"$VERSION_CODENAME"-updates) kind=-updates ;;
		"$VERSION_CODENAME"-security) kind=-security ;;
		*) continue ;;
		esac
		case $release$kind in sid-*) continue ;; esac
		echo "deb [signed-by=$keyring] $uri $release$kind main"
	done | sort -u
}

# How this machine's apt reaches the archive: proxies, checks of dates.
reach() {
	apt-config dump | grep -E '^Acquire::(https?|ForceIPv|Check-)' |
		grep -v '""'
}

# A Debian with what the README asks for. A container's host name is unknown to
# its own resolver, hence the machine's files for that.
make_root() {
	sources >"$work/sources"
	reach >"$work/reach"
	[ -s "$work/sources" ] || die "apt's sources here are not Debian's"
	mmdebstrap --quiet --variant=minbase --aptopt="$work/reach" \
		--include=git,make,gcc,ca-certificates \
		--aptopt='APT::Install-Recommends "false"' \
		"$release" "$work/root" "$work/sources" || return 1
	for file in /etc/resolv.conf /etc/hosts \
		/etc/ssl/certs/ca-certificates.crt; do
		cat "$file" >"$work/root$file"
	done
	mkdir "$work/root/repository"
}

# In a mount and a process namespace of our own; $1 is what to run.
inside() {
	unshare --mount --pid --fork --kill-child sh -e -c '
		mount --make-rprivate /
		mount -t proc proc "$1/proc"
		mount -t sysfs -o ro sys "$1/sys"
		mount --bind /dev "$1/dev"
		mount -t tmpfs tmpfs "$1/dev/shm"
		mount -t devpts -o newinstance,ptmxmode=666 pts "$1/dev/pts"
		mount -o ro,bind "$2" "$1/repository"
		exec env -i HOME=/root TERM=dumb \
			PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
			chroot "$1" sh -c "$3"
	' sh "$work/root" "$top" "$1" </dev/null
}

# One step, noted in the log, with its verdict and time on the terminal.
step() {
	start=$(date +%s)
	echo "fresh: $release: $1" >>"$log"
	shift
	if "$@" >>"$log" 2>&1; then
		echo "fresh: $release: passed in $(($(date +%s) - start)) s: $name"
		return 0
	fi
	tail -n 30 "$log" | sed 's/^/    /'
	die "$release: failed: $name (all of it: build/fresh/$release.log)"
}

case ${1-} in bookworm | trixie | sid) ;; *) usage ;; esac
release=$1
shift
if [ $# = 0 ]; then
	set -- 'make run DEMO=x11' 'make run' 'make check'
	[ $release = bookworm ] || set -- "$@" 'make check-generic'
fi
[ "$(id -u)" = 0 ] || die "needs root, to make a chroot"
"$top/tests/packages.sh" fresh || exit 1

mkdir -p "$top/build/fresh" || exit 1
log=$top/build/fresh/$release.log
: >"$log"
work=$(mktemp -d "${TMPDIR:-/var/tmp}/fresh.XXXXXX") || exit 1
chmod 755 "$work"
trap 'rm -rf --one-file-system "$work"' EXIT
trap 'exit 1' INT TERM HUP

name='a pristine chroot'
step "$name" make_root
name='git clone'
step "$name" inside "git -c safe.directory='*' clone -q /repository /root/project"
for name in "$@"; do
	step "$name" inside "cd /root/project && $name"
done
echo "fresh: $release: all passed"
