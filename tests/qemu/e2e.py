#!/usr/bin/env python3
"""End-to-end tests: stock QEMU, a real guest, and one device program.

    e2e.py [--device=CMD] [--no-skip] [--list] [NAME...]

CMD is build/stage1 or another program, {} in it standing for the socket. A
NAME selects the tests whose names contain it. Prints TAP; status 0 only if
every test passed or was skipped, with --no-skip only if every test passed.
"""
import argparse
import importlib
import os
import shlex
import sys
import time

from bench import Bench, Skip
from child import Failure, end_cleanly_on_sigterm

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
IMAGES = os.path.join(TOP, "build", "guest")
# Each module's functions test_* are tests, in the order they stand there.
MODULES = ["stage1_boot", "stage1_reset", "stage1_pause", "stage1_death",
           "stage2_display", "stage2_edid", "stage2_generic", "stage2_png",
           "stage2_programs", "stage2_run", "stage2_x11",
           "stage3_cursor",
           "stage4_events", "stage4_peer", "stage4_x11",
           "stage4_window", "stage4_run"]


def tests(filters):
    for module in MODULES:
        for name, function in vars(importlib.import_module(module)).items():
            full = f"{module}:{name[5:]}"
            if name.startswith("test_") and (
                    not filters or any(part in full for part in filters)):
                yield full, function


def run_one(number, name, function, program):
    """True, False, or None when skipped; its TAP lines printed."""
    bench = Bench(program, IMAGES)
    start = time.monotonic()
    try:
        function(bench)
        bench.clean()
        print(f"ok {number} {name} # {time.monotonic() - start:.1f} s")
        return True
    except Skip as skip:
        print(f"ok {number} {name} # skipped: {skip}")
        return None
    except Failure as failure:
        bench.clean()
        for line in bench.story():
            print(f"# {line}")
        print(f"# {name}: {failure}")
        print(f"not ok {number} {name}")
        return False
    finally:
        bench.clean()
        bench.forget()
        sys.stdout.flush()


def check_ready(program):
    for file in ("vmlinux", "initramfs.cpio"):
        if not os.path.exists(os.path.join(IMAGES, file)):
            sys.exit("e2e: no guest; make it with tests/guest/build.sh")
    if "/" in program[0] and not os.path.exists(program[0]):
        sys.exit(f"e2e: no {program[0]}; build it first")


def main():
    end_cleanly_on_sigterm()
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--device", help=argparse.SUPPRESS, default=os.path.
                        join(TOP, "build", "stage1"))
    parser.add_argument("--no-skip", action="store_true",
                        help=argparse.SUPPRESS)
    parser.add_argument("--list", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("name", nargs="*", help=argparse.SUPPRESS)
    options = parser.parse_args()
    chosen = list(tests(options.name))
    if options.list:
        for name, function in chosen:
            print(f"{name}: {function.__doc__.splitlines()[0]}")
        return 0
    if not chosen:
        sys.exit("e2e: no test of that name (--list names them)")
    program = shlex.split(options.device)
    check_ready(program)
    print(f"1..{len(chosen)}", flush=True)
    results = [run_one(number, name, function, program)
               for number, (name, function) in enumerate(chosen, 1)]
    line = f"{results.count(True)} passed, {results.count(False)} failed"
    if None in results:
        line += f", {results.count(None)} skipped"
    print(line)
    return 1 if False in results or options.no_skip and None in results else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
