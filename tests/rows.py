#!/usr/bin/env python3
"""rows.py - does every row have its test, or a reason for having none?

    rows.py SUITE...            (`make rows` passes all suite programs)

Compares the rows that tests name with rows.tsv, and those without a test with
reasons.tsv. Prints what is wrong, a line each, and a count per section.
"""
import collections
import os
import subprocess
import sys

SECTIONS = "ABCDEFGHJKL"     # those of which every row has to be accounted for
HERE = os.path.dirname(os.path.abspath(__file__))


def lines(name):
    """Number and fields of each line of a file beside this one."""
    with open(os.path.join(HERE, name), encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            if line.strip() and not line.startswith("#"):
                yield number, line.rstrip("\n").split("\t")


def listed(suite):
    """What a suite says of itself: each test's name and its rows."""
    # A name without a slash would be looked for in PATH.
    out = subprocess.run([os.path.abspath(suite), "--list"],
                         capture_output=True, text=True, check=True).stdout
    for line in out.splitlines():
        name, _, rows = line.split("\t")
        yield name, rows.split()


def tested(suites):
    """The tests of each row that is named."""
    tests = collections.defaultdict(list)
    for suite in suites:
        for name, rows in listed(suite):
            for row in rows:
                tests[row].append(name)
    return tests


def wrong_names(rows, tests):
    for row in sorted(tests.keys() - rows.keys()):
        for name in tests[row]:
            yield f"{name}: names {row}, which rows.tsv lacks: correct it"


def wrong_reasons(rows, tests):
    first = {}
    for number, (row, *reason) in lines("reasons.tsv"):
        where = f"reasons.tsv:{number}: {row}"
        if row not in rows:
            yield f"{where} is not in rows.tsv: correct it"
        elif row in tests:
            yield f"{where} has a test, {tests[row][0]}: delete the line"
        if not "".join(reason).strip():
            yield f"{where} has no reason: write one behind a tab"
        if first.setdefault(row, number) != number:
            yield f"{where} is in line {first[row]} too: delete one of them"


def missing(rows, tests, reasoned):
    for row, title in rows.items():
        if row[0] in SECTIONS and row not in tests and row not in reasoned:
            yield (f"{row} has no test ({title}): name it in one, or say why "
                   "not in reasons.tsv")


def main(suites):
    rows = {row: title for _, (row, _, title) in lines("rows.tsv")}
    reasoned = {row for _, (row, *_) in lines("reasons.tsv")}
    tests = tested(suites)
    wrong = [*wrong_names(rows, tests), *wrong_reasons(rows, tests),
             *missing(rows, tests, reasoned)]
    print(*wrong, sep="\n", end="\n" if wrong else "")
    for section in sorted({row[0] for row in rows}):
        part = {row for row in rows if row[0] == section}
        print(f"{section} {len(part):3} rows, {len(part & tests.keys()):3} "
              f"tested, {len(part & reasoned):3} reasoned"
              + (", not asked for yet" if section not in SECTIONS else ""))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
