#!/usr/bin/env python3
"""mistakes.py - would the tests notice? Wrong programs, each made by one patch.

    mistakes.py [--runs=N] [--sample=N] [NAME...]     (`make check-mistakes`)

tests/mistakes/NAME.patch begins with what is wrong; then "Suite: SUITE" (of
build/tests/, or units2) if it isn't suite1, "Axes: AXES" if it doesn't show on
the default ones, and "Fails: TEST" for each test that has to fail, by an expectation of its
own and not because the harness or the program broke. The patch is applied to a
copy of the sources, which is built and tested; here nothing changes. A mistake
in the order of two steps brings a pause between them, so that it shows each time.

What is printed below a mistake's name is what the tests said of it.
"""
import argparse
import filecmp
import os
import random
import re
import shutil
import subprocess
import sys
import time

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
MISTAKES = os.path.join(TOP, "tests", "mistakes")
TREE = os.path.join(TOP, "build", "mistakes")
PROGRAMS = {"suite1": "build/stage1", "suite-late": "build/late",
            "suite2": "build/stage2", "suite3": "build/stage3",
             "suite4": "build/stage4", "suite-hasty": "build/hasty",
             "suite-window": "build/stage4",
             # The parts by themselves, whose tests are built with the mistake.
             "units2": "build/units2/units"}
LIMIT = 600
# What the harness says of a test that did not get to judge.
BROKEN = re.compile(r"Received signal|Early exit|Bail out|the device ended")


class Mistake(Exception):
    """Why a patch proves nothing, in one line."""


def run(*command, **more):
    return subprocess.run(command, text=True, capture_output=True, **more)


def fresh_tree():
    """The sources as they are here; those that are so already stay untouched,
    for make to know what it has built of them."""
    out = run("git", "ls-files", "Makefile", "stage*", "tests/packages.sh",
              "tests/late", "tests/hasty", "tests/units2",
              cwd=TOP, check=True).stdout
    for path in out.split():
        source, target = os.path.join(TOP, path), os.path.join(TREE, path)
        if os.path.exists(target) and filecmp.cmp(source, target, False):
            continue
        os.makedirs(os.path.dirname(target), exist_ok=True)
        shutil.copy(source, target)


def patch(text, *options):
    done = run("patch", "-p1", "--no-backup-if-mismatch", *options,
               input=text, cwd=TREE)
    if done.returncode:
        raise Mistake("the patch does not apply: " +
                      " ".join(done.stdout.split())[:160])


def fields(text, name):
    head = text.split("\n--- ")[0]
    return re.findall(rf"^{name}: (.*)$", head, re.M)


def build(program):
    done = run("make", "-j2", "WERROR=", program, cwd=TREE)
    if done.returncode:
        raise Mistake("does not build: " + done.stderr.strip()[:200])


def expect_unit_failures(program, tests):
    """The same, as check alone tells of its tests: FILE:LINE:F:PART:TEST:..."""
    reasons = []
    lines = run(os.path.join(TREE, program), timeout=LIMIT).stdout.splitlines()
    for test in tests:
        of_test = [line for line in lines if f":{test}:" in line]
        if not of_test:
            raise Mistake(f"{test} did not notice")
        if f":F:{test}:" not in of_test[0] or BROKEN.search(of_test[0]):
            raise Mistake(f"{test} broke: {of_test[0]}")
        reasons.append(of_test[0].split(":", 3)[3])
    return reasons


def expect_failures(suite, axes, tests):
    """Each of the tests fails on some of its axes, and for a good reason: they
    are returned, a line each."""
    if suite.startswith("units"):
        return expect_unit_failures(PROGRAMS[suite], tests)
    reasons = []
    command = [os.path.join(TOP, "build", "tests", suite),
               "--device=" + os.path.join(TREE, PROGRAMS[suite]),
               "--axes=" + axes, *tests]
    lines = run(*command, timeout=LIMIT).stdout.splitlines()
    for test in tests:
        of_test = [line for line in lines if
                   re.match(rf"(not )?ok \d+ - {re.escape(test)}(\W|$)", line)]
        failures = [line for line in of_test if line.startswith("not ok")]
        if not of_test:
            raise Mistake(f"there is no test {test}")
        if not failures:
            raise Mistake(f"{test} did not notice")
        judged = [line for line in failures if not BROKEN.search(line)]
        if not judged:
            raise Mistake(f"{test} broke: {failures[0]}")
        reasons.append(re.sub(r"not ok \d+ - ", "", judged[0]))
    return reasons


def read(name):
    with open(os.path.join(MISTAKES, name + ".patch"),
              encoding="utf-8") as file:
        return file.read()


def try_one(name, runs):
    """Returns what the tests said of it."""
    text = read(name)
    suite, = fields(text, "Suite") or ["suite1"]
    axes, = fields(text, "Axes") or ["default"]
    tests = fields(text, "Fails")
    if not tests:
        raise Mistake("names no test that fails")
    patch(text)
    try:
        build(PROGRAMS[suite])
        for _ in range(runs):
            reasons = expect_failures(suite, axes, tests)
        return reasons
    finally:
        patch(text, "-R")


def draw(names, count):
    """A few of them, the same ones for the same seed."""
    seed = int(os.environ.get("CHECK_SEED") or time.time())
    print(f"# seed {seed}")
    return random.Random(seed).sample(names, min(count, len(names)))


def main():
    parser = argparse.ArgumentParser(description="Would the tests notice?")
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--sample", type=int, default=0)
    parser.add_argument("name", nargs="*")
    options = parser.parse_args()
    known = sorted(file[:-6] for file in os.listdir(MISTAKES)
                   if file.endswith(".patch"))
    names = options.name or known
    if options.sample:
        names = draw(names, options.sample)
    fresh_tree()
    failed = 0
    # Those that are not tried have at least to fit the code.
    for name in set(known) - set(names):
        try:
            patch(read(name), "--dry-run")
        except Mistake as why:
            failed += 1
            print(f"not ok - {name}: {why}", flush=True)
    for name in names:
        try:
            reasons = try_one(name, options.runs)
            print(f"ok - {name}", *reasons, sep="\n    ", flush=True)
        except (Mistake, OSError, subprocess.TimeoutExpired) as why:
            failed += 1
            print(f"not ok - {name}: {why}", flush=True)
    print(f"{max(len(names) - failed, 0)} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
