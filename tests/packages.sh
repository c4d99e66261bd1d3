#!/bin/sh
# packages.sh SET... - install what is missing for a set of this project's
# commands, through apt, and say what before doing it. Silent when all is there.
#
#   build   compile the stages              check   run the suites
#   run     boot a guest in QEMU            fresh   make pristine chroots
#   generic the QEMU 11.1 that run's ATTACH=generic takes
#
# The rule to know: the machine's apt configuration is read, never changed.
# Debian 12's own QEMU (7.2) refuses vhost-user-gpu without KVM, and Debian 13's
# (10.0) has no generic device, so QEMU alone may come from the release's
# backports: a source entry derived from the machine's own one and a pin, both
# under build/apt/, given to this run of apt.
#
# Status 0: everything is there. 1: it can't be had; one line says why.

set -u
LC_ALL=C
export LC_ALL

top=$(cd "$(dirname "$0")/.." && pwd) || exit 1
apt_dir=$top/build/apt
log=$apt_dir/log

# set, Debian package, and how to see it where there is no dpkg: a command, a
# header under /usr/include, or a module of pkg-config. To add one, add a line.
table() {
	cat <<-'END'
	build gcc                  cc
	build libc6-dev            stdio.h
	build linux-libc-dev       linux/virtio_gpu.h
	build pkg-config           pkg-config
	build libsdl2-dev          sdl2.pc
	build libpng-dev           libpng.pc
	check check                check.pc
	check edid-decode          edid-decode
	check clang                clang
	check clang-format         clang-format
	check patch                patch
	check python3              python3
	check libx11-dev           x11.pc
	check libxtst-dev          xtst.pc
	check libxfixes-dev        xfixes.pc
	check xvfb                 Xvfb
	check x11-xkb-utils        setxkbmap
	check xdotool              xdotool
	check x11-xkb-utils        setxkbmap
	run   python3              python3
	run   binutils             readelf
	run   qemu-system-x86      qemu-system-x86_64
	run   qemu-system-gui      qemu-system-x86_64
	run   zstd                 zstd
	run   libdrm-dev           libdrm.pc
	run   e2fsprogs            mke2fs
	run   fakeroot             fakeroot
	generic qemu-system-x86    qemu-system-x86_64
	generic qemu-system-gui    qemu-system-x86_64
	fresh mmdebstrap           mmdebstrap
	fresh debian-archive-keyring mmdebstrap
	END
}

die() {
	echo "packages: $*" >&2
	exit 1
}

# The rows of the sets asked for.
wanted() {
	table | while read -r set package sign; do
		case " $sets " in *" $set "*) echo "$package $sign" ;; esac
	done | sort -u
}

# Which QEMU will do, and where it is newer than in the release itself.
choose_qemu() {
	codename=$(. /etc/os-release 2>/dev/null && echo "${VERSION_CODENAME-}")
	oldest=0 newer= backports= because=
	case " $sets $codename" in
	*" generic "*)
		oldest=1:11.1
		newer=", QEMU 11.1 or newer"
		[ "$codename" != trixie ] || backports=trixie-backports
		because="Debian 13's QEMU has no generic device" ;;
	*" bookworm")
		oldest=1:8
		backports=bookworm-backports
		because="Debian 12's QEMU needs KVM for vhost-user-gpu" ;;
	esac
}

# From the archive as this machine has it, or with backports.
prepare_qemu() {
	case $sets/$codename in *generic*/bookworm)
		die "Debian 12 has no QEMU 11.1, nor have its backports;" \
			"those of Debian 13 have" ;;
	esac
	[ -z "$backports" ] || backports_prepare
}

# Does a package's version do? Only QEMU's matters.
recent() {
	case $1 in qemu-system-*) dpkg --compare-versions "$2" ge "$oldest" ;; esac
}

# Wanted packages that dpkg doesn't hold installed, or holds too old to use.
missing() {
	names=$(wanted | while read -r package sign; do echo "$package"; done)
	have=$(dpkg-query -W -f '${db:Status-Status} ${Package} ${Version}\n' \
		$names 2>/dev/null)
	for name in $names; do
		version=$(echo "$have" | sed -n "s/^installed $name //p" |
			head -n 1)
		[ -n "$version" ] && recent "$name" "$version" || echo "$name"
	done
}

# Without dpkg only the signs can be looked at.
missing_elsewhere() {
	wanted | while read -r package sign; do
		case $sign in
		*.h) test -e "/usr/include/$sign" ;;
		*.pc) pkg-config --exists "${sign%.pc}" 2>/dev/null ;;
		*) command -v "$sign" >/dev/null ;;
		esac || echo "$package"
	done
}

as_root() {
	if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# apt-get as root, noting all it says. APT_CONFIG is set by backports_prepare.
apt_get() {
	as_root env DEBIAN_FRONTEND=noninteractive \
		${APT_CONFIG:+"APT_CONFIG=$APT_CONFIG"} apt-get -q \
		-o DPkg::Lock::Timeout=120 "$@" >>"$log" 2>&1
}

# The indexes of main that have been fetched: release, the entry that names it
# as file:number, and codename.
indexes() {
	apt-get indextargets 'Created-By: Packages' 'Component: main' \
		--format '$(RELEASE) $(SOURCESENTRY) $(CODENAME)'
}

# The machine's own entry for its release with another suite, so that its
# address, key and options hold for backports too. $1: the suite as it stands
# there; $2: file:number (a line of a .list file, a stanza of a .sources file).
derive_entry() {
	number=${2##*:}
	case $2 in
	*.sources:*)
		grep -v '^#' "${2%:*}" |
			awk -v n="$number" 'BEGIN { RS = "" } NR == n' |
			sed "s/^Suites:.*/Suites: $backports/
			     s/^Types:.*/Types: deb/
			     s/^Components:.*/Components: main/" ;;
	*)
		new="\\1 $backports main"
		sed -n "$number s/^\(.*\)[[:space:]]$1[[:space:]].*/$new/p" \
			"${2%:*}" ;;
	esac
}

# Source and pin in a configuration of our own, beside the machine's one.
# seabios is the one thing QEMU strictly requires newer than the release has it.
backports_prepare() {
	[ -n "$(indexes)" ] || update
	rm -rf "$apt_dir/sources.d" "$apt_dir/preferences.d"
	mkdir -p "$apt_dir/sources.d" "$apt_dir/preferences.d"
	cp /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources \
		"$apt_dir/sources.d/" 2>/dev/null
	cp /etc/apt/preferences.d/* "$apt_dir/preferences.d/" 2>/dev/null
	cat >"$apt_dir/preferences.d/qemu" <<-END
	Package: src:qemu seabios
	Pin: release n=$backports
	Pin-Priority: 600
	END
	cat >"$apt_dir/apt.conf" <<-END
	${APT_CONFIG:+#include \"$APT_CONFIG\";}
	Dir::Etc::sourceparts "$apt_dir/sources.d";
	Dir::Etc::preferencesparts "$apt_dir/preferences.d";
	END
	indexes | grep -q "^$backports " || derive_backports
	APT_CONFIG=$apt_dir/apt.conf
	export APT_CONFIG
	indexes | grep -q "^$backports " || update
	indexes | grep -q "^$backports " ||
		die "apt can't get $backports, for QEMU: $(why)"
}

derive_backports() {
	set -- $(indexes | grep -E "^$codename | $codename\$" | head -n 1)
	[ $# -gt 1 ] || die "apt's sources here name no $codename main, beside" \
		"which QEMU's backports would be"
	derived=$apt_dir/sources.d/derived-backports
	case $2 in
	*.sources:*) derived=$derived.sources ;;
	*) derived=$derived.list ;;
	esac
	derive_entry "$1" "$2" >"$derived"
	[ -s "$derived" ] || die "can't derive backports from ${2%:*}"
}

# List-Cleanup off: the lists that our options don't name stay. A source that
# can't be reached is no error here: what is needed may come from the others.
update() {
	[ -n "$updated" ] || echo "packages: fetching apt's package lists"
	updated=1
	apt_get update -o APT::Get::List-Cleanup=0
}

why() {
	reason=$(grep -E '^Err:|^[EW]: Failed to fetch' "$log" | tail -n 1)
	[ -n "$reason" ] || reason=$(grep '^E:' "$log" | tail -n 1)
	echo "$reason" | cut -c 1-160
}

# What apt would do, as its "Inst" lines; empty when it can't.
simulate() {
	apt-get -s --no-install-recommends install $lacking \
		2>>"$log" | grep '^Inst '
}

# Backports are told apart by the origin in apt's plan.
announce() {
	bytes=$(apt-get -qq --print-uris --no-install-recommends \
		install $lacking 2>/dev/null |
		awk '{ n += $3 } END { printf "%.0f", n / 1e6 }')
	echo "packages: needed and not installed:"
	echo "$lacking" | fmt_names
	echo "  apt installs them with what they require, in all" \
		"$(echo "$plan" | grep -c .) ($bytes MB to download):"
	echo "$plan" | grep -v ackports | cut -d ' ' -f 2 | fmt_names | grep .
	echo "$plan" | grep -q ackports || return 0
	echo "  and from $backports ($because):"
	echo "$plan" | grep ackports | cut -d ' ' -f 2 | fmt_names
}

fmt_names() {
	tr '\n' ' ' | fold -s -w 72 | sed 's/^/    /; s/ *$//'
	echo
}

install() {
	apt_get -y --no-install-recommends install $lacking
}

sets=$*
[ $# -gt 0 ] || set -- help
for set in "$@"; do
	table | grep -q "^$set " || {
		echo "usage: packages.sh SET..., of build check run generic" \
			"fresh" >&2
		exit 2
	}
done

if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
	lacking=$(missing_elsewhere | tr '\n' ' ')
	[ -z "$lacking" ] || die "no apt here; install what Debian calls: $lacking"
	exit 0
fi

choose_qemu
lacking=$(missing)
[ -n "$lacking" ] || exit 0
[ "$(id -u)" = 0 ] || command -v sudo >/dev/null ||
	die "not root and no sudo; as root run: tests/packages.sh $sets"

mkdir -p "$apt_dir" && : >"$log" || die "can't write $apt_dir"
updated=
case $lacking in *qemu-system-*) prepare_qemu ;; esac
plan=$(simulate)
if [ -z "$plan" ]; then
	update
	plan=$(simulate)
fi
[ -n "$plan" ] || die "apt can't get $(echo $lacking)$newer: $(why)"
announce
as_root true || die "sudo refused; as root run: tests/packages.sh $sets"
if ! install; then
	# The lists may be older than the archive: once more with new ones.
	[ -z "$updated" ] && update && install ||
		die "apt-get install failed: $(why) (build/apt/log has all)"
fi
lacking=$(missing)
[ -z "$lacking" ] || die "not there after apt-get: $(echo $lacking)$newer"
echo "packages: installed"
