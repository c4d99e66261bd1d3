# debs.sh - how a guest's image is made of packages and kept; sourced by the
# scripts that make one.
#
# A script sets
#   out        its folder under build/: debs/, the image, and how it was made
# and defines
#   inputs     prints what goes into the image besides packages
#   built      is there an image?
#   candidates the packages as apt names their files: name_version_arch.deb
#   lacks      what a person is told if apt knows no candidates
#   make_image from $files in $out/debs, by way of the folder $work, to $work
#   take       moves it from $work to $out
# and calls image_update. Nothing is installed, so any user can do it. What was
# built is kept until an input or a package changes; then the new image replaces
# the old at once, or not at all.

set -eu
LC_ALL=C
export LC_ALL

die() {
	echo "guest: $*" >&2
	exit 1
}

# Cheap to ask at every run: apt's answers change only with these files.
state() {
	inputs | cksum
	ls -l --time-style=full-iso /var/lib/apt/lists/*Packages* 2>/dev/null |
		cksum
}

# $files: what to build from. Without lists, what was downloaded before.
choose() {
	files=$(candidates)
	[ -n "$files" ] || files=$(cd "$out/debs" 2>/dev/null &&
		ls *.deb 2>/dev/null) || true
	[ -n "$files" ] || die "$(lacks)"
}

# name=version of a package's file: what apt takes.
as_argument() {
	echo "$1" | sed 's/_[^_]*$//; s/_/=/; s/%3a/:/'
}

# Into a folder of its own first: a file with its final name is complete.
download() {
	mkdir -p "$out/debs" "$work/debs"
	lacking=$(for file in $files; do
		[ -e "$out/debs/$file" ] || as_argument "$file"
	done)
	[ -n "$lacking" ] || return 0
	set -- $lacking
	echo "guest: downloading $# packages"
	if fetch "$@"; then
		mv "$work"/debs/*.deb "$out/debs/"
		return 0
	fi
	reason=$(grep '^E:' "$out/log" | head -n 1 | cut -c 1-160)
	built || die "can't download: $reason (apt-get update may help)"
	echo "guest: keeping the older image; can't download: $reason" >&2
	exit 0
}

# apt's lines "Get:NUMBER ..." go to the log; every thirtieth is told.
fetch() {
	{
		cd "$work/debs" && apt-get download -q "$@" \
			-o APT::Sandbox::User=root 2>&1 || echo "E: status $?"
	} | awk -v count=$# -v log_file="$out/log" '
		{ print >log_file }
		/^Get:/ && ++n % 30 == 0 {
			print "guest:   " n " of " count
			fflush()
		}'
	! grep -q '^E:' "$out/log"
}

forget_older() {
	for file in "$out"/debs/*.deb; do
		case $files in *"${file##*/}"*) ;; *) rm -f "$file" ;; esac
	done
}

image_update() {
	built && [ "$(state)" = "$(cat "$out/state" 2>/dev/null)" ] && return
	choose
	key=$(inputs | cksum; echo "$files")
	if ! built || [ "$key" != "$(cat "$out/key" 2>/dev/null)" ]; then
		work=$out/work.$$
		trap 'rm -rf "$work"' EXIT
		trap 'exit 1' INT TERM HUP
		mkdir -p "$work"
		download
		make_image
		rm -f "$out/state" "$out/key"
		take
		echo "$key" >"$out/key"
		forget_older
	fi
	state >"$out/state"
}
