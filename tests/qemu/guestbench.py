#!/usr/bin/env python3
"""How fast is the device in a guest? Beside QEMU's own virtio-gpu-pci.

  guestbench.py [--pairs=N] PROGRAM

modetest's page flips in the small guest, glxgears in the desktop guest. Guests
are booted in pairs, one device after the other, since the machine is never the
same twice; what counts is the median of the pairs' ratios. A table, no verdict.
"""
import argparse
import re
import shlex
import statistics
import sys

import guests
from bench import Bench
from child import Failure, end_cleanly_on_sigterm, poll
from choices import BUILD
from vm import Vm

SECONDS = 10
SOON = 120


def flips(vm):
    """modetest tells how fast each 60 flips were."""
    vm.sh("mkfifo /tmp/end; modetest -M virtio_gpu -v -s Virtual-1:#0 "
          "</tmp/end >/dev/null 2>/tmp/rates & exec 3>/tmp/end")
    return rate_of(vm, r"freq: ([\d.]+)Hz", lambda rate: 60 / rate)


def gears(vm):
    """glxgears tells how many frames it drew in each five seconds."""
    vm.sh("mkfifo /tmp/ready; Xorg :0 -nolisten tcp -noreset -displayfd 3 vt1 "
          "3>/tmp/ready >/tmp/Xorg 2>&1 & read -r number </tmp/ready; "
          "DISPLAY=:$number glxgears >/tmp/rates 2>&1 &", SOON)
    return rate_of(vm, r"= ([\d.]+) FPS", lambda rate: 5)


def rate_of(vm, pattern, seconds):
    """Over all that was told but for the first, which has the start in it."""
    rates = []

    def enough():
        found = re.findall(pattern, vm.sh("cat /tmp/rates"))
        rates[:] = [float(rate) for rate in found[1:]]
        return sum(map(seconds, rates)) >= SECONDS

    poll(enough, SOON, "too few rates were told")
    return statistics.harmonic_mean(rates)


def measure(program, guest, what):
    """One boot; program None: on QEMU's own device."""
    bench = Bench(program, None)
    try:
        backend = bench.device() if program else None
        vm = Vm(guest, backend, bench.subfolder())
        bench.children.append(vm)
        vm.shell_ready()
        rate = what(vm)
        vm.quit()
        return rate
    finally:
        bench.clean()
        bench.forget()


def compare(title, program, guest, what, pairs, bar):
    own, ours = [], []
    for _ in range(pairs):
        own.append(measure(None, guest, what))
        ours.append(measure(program, guest, what))
        print(f"  {title}: {ours[-1]:.1f} beside {own[-1]:.1f} a second",
              flush=True)
    ratio = statistics.median(a / b for a, b in zip(ours, own))
    print(f"{title:<26}{statistics.median(ours):9.1f}"
          f"{statistics.median(own):12.1f}{ratio:9.2f}{bar}", flush=True)


def main():
    end_cleanly_on_sigterm()
    parser = argparse.ArgumentParser()
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--images", default=f"{BUILD}/guest")
    parser.add_argument("program", type=shlex.split)
    options = parser.parse_args()
    small = guests.Guest(options.images, "shell")
    desktop = guests.DesktopGuest(options.images, "shell")
    guests.make_desktop()
    print("In a guest, a second           device  QEMU's own    ratio")
    try:
        compare("modetest's page flips", options.program, small, flips,
                options.pairs, " (bar 0.90)")
        compare("glxgears", options.program, desktop, gears, 1, "")
    except Failure as failure:
        print(f"guestbench: {failure}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
