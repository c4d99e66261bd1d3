#!/usr/bin/env python3
"""Checks a suite program from outside: does it tell the truth?

    selfcheck.py SUITE DEVICE

Runs it on programs that are no devices, where everything has to fail with a
trail, and on DEVICE, where selecting, listing and repeating have to work.
"""
import re
import subprocess
import sys

SUITE, DEVICE = sys.argv[1:3]
ONE = "displayinfo:monitor:there_is_a_monitor"
failures = 0


def run(*options, device=DEVICE):
    command = [SUITE, "--device=" + device, *options]
    return subprocess.run(command, capture_output=True, text=True, timeout=120)


def check(what, holds, shown=None):
    global failures
    print("%s - %s" % ("ok" if holds else "not ok", what))
    if not holds:
        failures += 1
        if shown:
            print("# " + shown.stdout.replace("\n", "\n# "))


def no_device():
    r = run(ONE, device="sh -c 'echo no such thing >&2; exit 3' {}")
    check("a device that ends at once fails the test", r.returncode == 1, r)
    check("... with the step it was at",
          re.search(r"^#   1\. the device starts *$", r.stdout, re.M), r)
    check("... what it printed",
          re.search(r"^# +\| no such thing$", r.stdout, re.M), r)
    check("... how it ended",
          re.search(r"^not ok 1 - %s\S*: .*exit status 3" % ONE, r.stdout,
                    re.M), r)
    check("... and a count", r.stdout.endswith("\n0 passed, 1 failed\n"), r)


def deviations(path="/dev/stdin"):
    def listed(text, *options, device=DEVICE):
        command = [SUITE, "--device=" + device, "--deviations=" + path,
                   *options]
        return subprocess.run(command, input=text, capture_output=True,
                              text=True, timeout=120)

    r = listed(ONE + "\tthere is no device\n", ONE, device="false {}")
    check("a listed failure is none", r.returncode == 0 and
          "# TODO there is no device" in r.stdout, r)
    r = listed(ONE + "\tit used to fail\n", ONE, "--portable")
    check("a listed success is a failure", r.returncode == 1 and
          "listed as a deviation" in r.stdout, r)
    r = listed("*[split/*]\tit may fail there\n", ONE, "--portable")
    check("... but not where it may fail", r.returncode == 0, r)


def names():
    listed = run("--list").stdout.splitlines()
    check("--list has the test", any(l.startswith(ONE + "\t")
                                     for l in listed))
    r = run("no-such-name")
    check("an unknown name is an error", r.returncode == 2, r)
    r = run("--axes=split/noidx/noind/16/edge/wrap", "--portable", ONE)
    check("a name and its axes select one test",
          ONE + "[split/noidx/noind/16/edge/wrap]\n1..1\n1 passed, 0 failed\n"
          in r.stdout, r)


def seeds():
    def steps(seed):
        r = run("--verbose", "--portable", "--seed=%d" % seed, ONE)
        return [l for l in r.stdout.splitlines() if " id " in l]

    first = steps(1)
    check("steps are shown", first)
    check("the same seed draws the same", first == steps(1))
    check("another seed draws something else",
          any(steps(seed) != first for seed in (2, 3, 4)))


no_device()
names()
seeds()
deviations()
sys.exit(failures > 0)
