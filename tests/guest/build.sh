#!/bin/sh
# build.sh - make the guest: build/guest/vmlinux and build/guest/initramfs.cpio,
# out of the distribution's own kernel, busybox, modetest and their libraries.
#
# Nothing is installed: packages are downloaded and unpacked under build/guest/,
# so any user can do it. What was built is kept until a file here or a package
# changes; then the new image replaces the old at once, or not at all.

set -eu
LC_ALL=C
export LC_ALL

here=$(cd "$(dirname "$0")" && pwd)
out=$(cd "$here/../.." && pwd)/build/guest
packages="busybox-static libdrm-tests libdrm2 libc6"
modules="virtio_pci virtio_gpu"

die() {
	echo "guest: $*" >&2
	exit 1
}

scripts() {
	cat "$here/build.sh" "$here/kernel.py" "$here/cpio.py" "$here/init" \
		"$here"/demo/* | cksum
}

# Cheap to ask at every run: apt's answers change only with these files.
state() {
	scripts
	ls -l --time-style=full-iso /var/lib/apt/lists/*Packages* 2>/dev/null |
		cksum
}

built() {
	[ -s "$out/vmlinux" ] && [ -s "$out/initramfs.cpio" ]
}

# What a kernel package depends on: a metapackage names the current kernel, and
# newer releases of Debian keep image, modules and the list of built-in ones
# in packages of their own.
kernel_packages() {
	kinds='\(image\|base\|binary\|modules\)'
	for level in 1 2; do
		names=$(apt-cache depends --important $1 2>/dev/null |
			sed -n "s/^ *Depends: \(linux-$kinds-[0-9][^ ]*\)/\1/p")
		[ -n "$names" ] || return 0
		echo "$names"
		set -- "$names"
	done
}

# The candidates as apt names their files, one a line: name_version_arch.deb.
candidates() {
	apt-get download --print-uris $(kernel_packages linux-image-amd64) \
		$packages 2>/dev/null | awk '{ print $2 }'
}

# $files: what to build from. Without lists, what was downloaded before.
choose() {
	files=$(candidates)
	case $files in *linux-*libc6_* | *libc6_*linux-*) ;; *)
		files=$(cd "$out/debs" 2>/dev/null && ls *.deb 2>/dev/null) || true
	esac
	[ -n "$files" ] || die "apt doesn't know linux-image-amd64 $packages here;" \
		"apt-get update may help"
}

# Into a folder of its own first: a file with its final name is complete.
download() {
	mkdir -p "$out/debs" "$work/debs"
	lacking=$(for file in $files; do
		[ -e "$out/debs/$file" ] || echo "${file%%_*}"
	done)
	[ -n "$lacking" ] || return 0
	echo "guest: downloading $(echo $lacking)"
	if (cd "$work/debs" && apt-get download -qq $lacking \
		-o APT::Sandbox::User=root) >"$out/log" 2>&1; then
		mv "$work"/debs/*.deb "$out/debs/"
		return 0
	fi
	reason=$(grep '^E:' "$out/log" | tail -n 1 | cut -c 1-160)
	built || die "can't download: $reason (apt-get update may help)"
	echo "guest: keeping the older image; can't download: $reason" >&2
	exit 0
}

unpack() {
	for file in $files; do
		dpkg-deb -x "$out/debs/$file" "$work/tree"
	done
}

# A program and every library it needs, laid where its loader looks for them.
copy_program() {
	mkdir -p "$work/root/bin" "$work/root/lib" "$work/root/lib64"
	cp -L "$1" "$work/root/bin/"
	copy_libraries "$1"
	find "$work/tree" -name 'ld-linux-x86-64.so.2' -type f \
		-exec cp {} "$work/root/lib64/" \;
}

copy_libraries() {
	for library in $(readelf -d "$1" |
		sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p'); do
		[ ! -e "$work/root/lib/$library" ] || continue
		found=$(find "$work/tree" -name "$library" | head -n 1)
		[ -n "$found" ] || die "no package here holds $library"
		cp -L "$found" "$work/root/lib/"
		copy_libraries "$found"
	done
}

make_root() {
	mkdir -p "$work/root/proc" "$work/root/sys" "$work/root/dev" \
		"$work/root/tmp" "$work/root/modules" "$work/root/demo"
	cp "$here/init" "$work/root/init"
	cp "$here"/demo/* "$work/root/demo/"
	copy_program "$work/tree/usr/bin/modetest"
	find "$work/tree" -path '*/bin/busybox' -exec cp {} \
		"$work/root/bin/busybox" \;
	"$here/kernel.py" modules "$work/tree" "$work/root/modules" $modules
	"$here/cpio.py" "$work/root" "$work/initramfs.cpio"
}

forget_older() {
	for file in "$out"/debs/*.deb; do
		case $files in *"${file##*/}"*) ;; *) rm -f "$file" ;; esac
	done
}

built && [ "$(state)" = "$(cat "$out/state" 2>/dev/null)" ] && exit 0
choose
key=$(scripts; echo "$files")
if ! built || [ "$key" != "$(cat "$out/key" 2>/dev/null)" ]; then
	work=$out/work.$$
	trap 'rm -rf "$work"' EXIT
	trap 'exit 1' INT TERM HUP
	mkdir -p "$work"
	download
	echo "guest: building the image"
	unpack
	make_root
	vmlinuz=$(find "$work/tree" -name 'vmlinuz*' -type f | head -n 1)
	[ -n "$vmlinuz" ] || die "the kernel package holds no vmlinuz"
	"$here/kernel.py" vmlinux "$vmlinuz" "$work/vmlinux"
	rm -f "$out/state" "$out/key"
	mv "$work/vmlinux" "$work/initramfs.cpio" "$out/"
	echo "$key" >"$out/key"
	forget_older
fi
state >"$out/state"
