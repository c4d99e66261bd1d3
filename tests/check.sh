#!/bin/sh
# check.sh PART... [-- PART... -- PART...] - run parts of the checks, each a
# target of the Makefile, and say of each in one line whether it passed, in the
# end how many did. Those behind each -- run beside the others, when those before
# are done: a guest keeps one processor busy at most.
#
# All of a part's output is in build/check/PART.log. A part that fails has its
# last lines shown; the others run all the same.

set -u
top=$(cd "$(dirname "$0")/.." && pwd) || exit 1
logs=$top/build/check

# The last count a part printed, as "123 passed, 0 failed, 4 skipped".
count() {
	grep -E '^[0-9]+ passed, [0-9]+ failed' "$1" | tail -n 1
}

run() {
	log=$logs/$1.log
	start=$(date +%s)
	if ${MAKE:-make} -C "$top" --no-print-directory "$1" >"$log" 2>&1; then
		verdict=passed
	else
		verdict=FAILED
	fi
	echo $verdict >>"$logs/verdicts"
	printf '%-14s %s  %4d s  %s\n' "$1" $verdict \
		$(($(date +%s) - start)) "$(count "$log")"
	[ $verdict = passed ] || explain
}

explain() {
	grep -E '^(not ok|.*error:)' "$log" | grep -v '# TODO' | head -n 20 |
		sed 's/^/    /'
	tail -n 12 "$log" | sed 's/^/    | /'
	echo "    all of it: build/check/${log##*/}"
}

run_all() {
	for part in "$@"; do
		run "$part"
	done
}

# The parts up to the next --, or all that are left.
lane() {
	parts=
	for word in "$@"; do
		[ "$word" != -- ] || break
		parts="$parts $word"
	done
}

# How many verdicts are such.
how_many() {
	grep -cx "$1" "$logs/verdicts"
}

mkdir -p "$logs" && : >"$logs/verdicts" || exit 1
lane "$@"
run_all $parts
while [ $# -gt 0 ]; do
	word=$1
	shift
	[ "$word" = -- ] || continue
	lane "$@"
	run_all $parts &
done
wait
echo
echo "$(how_many passed) passed, $(how_many FAILED) failed"
[ "$(how_many FAILED)" = 0 ]
