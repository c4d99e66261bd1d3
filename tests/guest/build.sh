#!/bin/sh
# build.sh - make the small guest: build/guest/vmlinux and
# build/guest/initramfs.cpio, out of the distribution's own kernel, busybox,
# modetest, evtest and their libraries, and our programs in build/guest/programs/.
#
# The initramfs is also what the desktop guest (desktop.sh) starts from.

here=$(cd "$(dirname "$0")" && pwd)
out=$(cd "$here/../.." && pwd)/build/guest
. "$here/debs.sh"
packages="busybox-static libdrm-tests libdrm2 evtest libc6"
modules="virtio_pci virtio_gpu evdev virtio_input"
# Loaded when there is a disk. ext4 asks the kernel's crypto for crc32c, which
# newer kernels have built in.
disk_modules="virtio_blk crc32c_generic? ext4"

inputs() {
	cat "$here/build.sh" "$here/debs.sh" "$here/kernel.py" "$here/cpio.py" \
		"$here/init" "$here"/own/* "$here"/demo/* "$out"/programs/*
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

candidates() {
	names=$(apt-get download --print-uris $packages \
		$(kernel_packages linux-image-amd64) 2>/dev/null |
		awk '{ print $2 }')
	case $names in *linux-*libc6_* | *libc6_*linux-*) echo "$names" ;; esac
}

lacks() {
	echo "apt doesn't know linux-image-amd64 $packages here;" \
		"apt-get update may help"
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
	for folder in proc sys dev tmp modules disk demo own newroot; do
		mkdir -p "$work/root/$folder"
	done
	cp "$here/init" "$work/root/init"
	cp "$here"/demo/* "$work/root/demo/"
	cp "$here"/own/* "$out"/programs/* "$work/root/own/"
	ln -s look "$work/root/own/stay"
	copy_program "$work/tree/usr/bin/modetest"
	copy_program "$work/tree/usr/bin/evtest"
	find "$work/tree" -path '*/bin/busybox' -exec cp {} \
		"$work/root/bin/busybox" \;
	"$here/kernel.py" modules "$work/tree" "$work/root/modules" $modules
	"$here/kernel.py" modules "$work/tree" "$work/root/disk" \
		$disk_modules
	"$here/cpio.py" "$work/root" "$work/initramfs.cpio"
}

make_image() {
	echo "guest: building the image"
	unpack
	make_root
	vmlinuz=$(find "$work/tree" -name 'vmlinuz*' -type f | head -n 1)
	[ -n "$vmlinuz" ] || die "the kernel package holds no vmlinuz"
	"$here/kernel.py" vmlinux "$vmlinuz" "$work/vmlinux"
}

take() {
	mv "$work/vmlinux" "$work/initramfs.cpio" "$out/"
}

image_update
