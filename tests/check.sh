#!/bin/sh
# check.sh PART... - run parts of the checks, each a target of the Makefile, and
# say of each in one line whether it passed, in the end how many did.
#
# All of a part's output is in build/check/PART.log. A part that fails has its
# last lines shown; the others run all the same.

set -u
top=$(cd "$(dirname "$0")/.." && pwd) || exit 1
logs=$top/build/check
passed=0
failed=0

# The last count a part printed, as "123 passed, 0 failed, 4 skipped".
count() {
	grep -E '^[0-9]+ passed, [0-9]+ failed' "$1" | tail -n 1
}

run() {
	log=$logs/$1.log
	start=$(date +%s)
	if ${MAKE:-make} -C "$top" --no-print-directory "$1" >"$log" 2>&1; then
		verdict=passed
		passed=$((passed + 1))
	else
		verdict=FAILED
		failed=$((failed + 1))
	fi
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

mkdir -p "$logs" || exit 1
for part in "$@"; do
	run "$part"
done
echo
echo "$passed passed, $failed failed"
[ $failed = 0 ]
