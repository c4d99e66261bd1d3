#!/bin/sh
# desktop.sh - make the desktop guest's disk: build/guest/desktop/root.ext4, with
# an X server, a few of its programs and Mesa's software renderer, as the
# distribution has them. Kernel and initramfs are the small guest's.
#
# apt says what the programs require: asked with an empty list of installed
# packages, it names all. They are unpacked and never configured, so what a
# maintainer script would have done and is needed is done here. Nothing requires
# what is on the list $unneeded but such scripts.

here=$(cd "$(dirname "$0")" && pwd)
out=$(cd "$here/../.." && pwd)/build/guest/desktop
. "$here/debs.sh"

packages="busybox-static xserver-xorg-core xfonts-base twm xterm x11-apps
	x11-utils x11-xserver-utils mesa-utils libgl1-mesa-dri kmscube
	libdrm-tests evtest edid-decode xserver-xorg-input-libinput udev
	xdotool"
unneeded="adduser bsdextrautils coreutils cpp cpp-* debconf dpkg groff-base
	init-system-helpers iso-codes keyboard-configuration libgmp10 libisl*
	libmpc3 libmpfr6 liblocale-gettext-perl lsb-base man-db menu mount
	openssl-provider-legacy passwd perl perl-base systemd sysvinit-utils
	tar"
# Each has to be there and find its libraries.
programs="Xorg twm xterm xeyes xclock glxgears glxinfo kmscube modetest evtest
	edid-decode xkbcomp xwininfo xwd xsetroot xrandr xset mkfontscale
	udevadm xdotool xmessage xcalc xev"
fonts=usr/share/fonts/X11/misc

inputs() {
	cat "$here/desktop.sh" "$here/debs.sh" "$here/xorg.conf"
}

built() {
	[ -s "$out/root.ext4" ]
}

is_unneeded() {
	for pattern in $unneeded; do
		case $1 in $pattern) return 0 ;; esac
	done
	return 1
}

# --print-uris leaves out what apt has in its cache: hence a cache that isn't.
candidates() {
	apt-get -qq --print-uris --no-install-recommends install $packages \
		-o Dir::State::status=/dev/null -o Debug::NoLocking=true \
		-o Dir::Cache::archives="$out/none" -o Dir::Cache::pkgcache= \
		-o Dir::Cache::srcpkgcache= 2>/dev/null |
		awk '{ print $2 }' | sort |
		while read -r file; do
			is_unneeded "${file%%_*}" || echo "$file"
		done
}

lacks() {
	echo "apt can't tell what xserver-xorg-core and others require;" \
		"apt-get update may help"
}

# bin, sbin, lib are links into usr, in every release; documents stay out.
unpack() {
	for folder in bin sbin lib lib64; do
		mkdir -p "$root/usr/$folder"
		ln -s usr/$folder "$root/$folder"
	done
	for file in $files; do
		dpkg-deb --fsys-tarfile "$out/debs/$file" |
			tar -x -C "$root" --keep-directory-symlink \
				--no-same-owner --wildcards \
				--exclude='./usr/share/doc' \
				--exclude='./usr/share/man' \
				--exclude='./usr/share/info' \
				--exclude='./usr/share/locale' \
				--exclude='./usr/lib/udev/hwdb.d' \
				--exclude='./lib/udev/hwdb.d' \
				--exclude='./usr/lib/x86_64-linux-gnu/gconv' \
				--exclude='./usr/lib/x86_64-linux-gnu/perl*' ||
			die "can't unpack $file"
	done
}

# A program of the guest's, by the guest's own loader and libraries.
guest_run() {
	"$root/lib64/ld-linux-x86-64.so.2" --library-path \
		"$root/usr/lib/x86_64-linux-gnu" "$@"
}

check_programs() {
	for program in $programs; do
		path=$root/usr/bin/$program
		[ ! "$program" = Xorg ] || path=$root/usr/lib/xorg/Xorg
		[ -e "$path" ] || die "no package here holds $program"
		lost=$(guest_run --list "$path" | sed -n 's/ => not found//p')
		[ -z "$lost" ] || die "no package here holds$lost, for $program"
	done
}

# What the packages' scripts would have done: applets, fonts' lists, twm's menu.
furnish() {
	for applet in $("$root/usr/bin/busybox" --list); do
		[ -e "$root/usr/bin/$applet" ] ||
			[ -e "$root/usr/sbin/$applet" ] ||
			ln -s busybox "$root/usr/bin/$applet"
	done
	find "$root/$fonts" -name '*-ISO8859-[2-9]*' -o \
		-name '*-ISO8859-1[0-9]*' -o -name '*-KOI8-R*' |
		xargs -d '\n' rm -f
	guest_run "$root/usr/bin/mkfontscale" -b -s -l "$root/$fonts"
	cat "$root"/etc/X11/fonts/misc/*.alias >"$root/$fonts/fonts.alias"
	{
		echo OpaqueMove
		grep -v '^include' "$root/etc/X11/twm/system.twmrc-menu"
	} >"$root/etc/X11/twm/system.twmrc"
	cp "$here/xorg.conf" "$root/etc/X11/xorg.conf"
	for folder in proc sys dev tmp run root var/log var/lib/xkb; do
		mkdir -p "$root/$folder"
	done
	echo "root::0:0:root:/root:/bin/sh" >"$root/etc/passwd"
}

# As big as what is in it and a quarter; fakeroot makes all of it root's.
make_disk() {
	size=$(du -sk "$root" | cut -f 1)
	fakeroot /sbin/mke2fs -q -t ext4 -O '^has_journal,^metadata_csum' -m 0 \
		-d "$root" "$work/root.ext4" "$((size * 5 / 4 + 32768))k" \
		>"$out/log" 2>&1 ||
		die "mke2fs: $(tail -n 1 "$out/log")"
}

make_image() {
	root=$work/root
	mkdir -p "$root"
	echo "guest: unpacking them"
	unpack
	check_programs
	furnish
	echo "guest: making the disk"
	make_disk
}

take() {
	mv "$work/root.ext4" "$out/"
}

built || echo "guest: making the desktop guest, once: some 100 MB to download"
mkdir -p "$out"
image_update
