#!/usr/bin/env python3
"""How fast is the device in a guest? Beside QEMU's own virtio-gpu-pci.

  guestbench.py [--pairs=N] PROGRAM

Page flips by modetest, in one guest that has both devices: a few seconds on the
one, a few on the other, and so on, since the machine is never the same twice.
glxgears in the desktop guest, once on each. What counts is the median of the
pairs' ratios. A table, no verdict.
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

SECONDS = 4
SOON = 120
# Where the two devices are plugged in.
PLACE = "0x11"
OWN_PLACE = "0x10"
ROW = "{:<27}{:>9}{:>12}{:>9}"


class GuestWithGpu(guests.Guest):
    """It has QEMU's own GPU already, besides the one that it is given."""

    def arguments(self):
        return [*super().arguments(), "-device",
                f"virtio-gpu-pci,addr={OWN_PLACE}"]


def rate_of(vm, pattern, seconds):
    """Over all that was told but for the first, which has the start in it."""
    rates = []

    def enough():
        found = re.findall(pattern, vm.sh("cat /tmp/rates"))
        rates[:] = [float(rate) for rate in found[1:]]
        return sum(map(seconds, rates)) >= SECONDS

    poll(enough, SOON, "too few rates were told")
    return statistics.harmonic_mean(rates)


def flips(vm, place):
    """modetest tells how fast each 60 flips were."""
    card = f"pci:0000:00:{place[2:]}.0"
    vm.sh("rm -f /tmp/end; mkfifo /tmp/end; "
          f"modetest -M virtio_gpu -D {card} -v -s $(modetest -M virtio_gpu "
          f"-D {card} -c | sed -n 's/^[0-9]*\\t[0-9]*\\tconnected\\t"
          "\\([^ \\t]*\\).*/\\1/p'):#0 </tmp/end >/dev/null 2>/tmp/rates & "
          "exec 3>/tmp/end")
    rate = rate_of(vm, r"freq: ([\d.]+)Hz", lambda rate: 60 / rate)
    vm.sh("echo >&3; exec 3>&-; wait")
    return rate


def gears(vm):
    """glxgears tells how many frames it drew in each five seconds."""
    vm.sh("mkfifo /tmp/ready; Xorg :0 -nolisten tcp -noreset -displayfd 3 vt1 "
          "3>/tmp/ready >/tmp/Xorg 2>&1 & read -r number </tmp/ready; "
          "DISPLAY=:$number glxgears >/tmp/rates 2>&1 &", SOON)
    return rate_of(vm, r"= ([\d.]+) FPS", lambda rate: 5)


def boot(bench, guest, backed, **of_vm):
    """backed False: on QEMU's own device."""
    backend = bench.device() if backed else None
    vm = Vm(guest, backend, bench.subfolder(), **of_vm)
    bench.children.append(vm)
    vm.shell_ready()
    return vm


def pairs_of_flips(bench, options):
    vm = boot(bench, GuestWithGpu(options.images, "shell"), True,
              device=[f"addr={PLACE}"])
    pairs = [(flips(vm, PLACE), flips(vm, OWN_PLACE))
             for _ in range(options.pairs)]
    vm.quit()
    return pairs


def pair_of_gears(bench, options):
    rates = []
    for backed in True, False:
        guest = guests.DesktopGuest(options.images, "shell")
        vm = boot(bench, guest, backed)
        rates.append(gears(vm))
        vm.quit()
    return [tuple(rates)]


def compare(title, measure, options, bar=""):
    bench = Bench(options.program, options.images)
    try:
        pairs = measure(bench, options)
    finally:
        bench.clean()
        bench.forget()
    device, own = (statistics.median(rates) for rates in zip(*pairs))
    ratio = statistics.median(a / b for a, b in pairs)
    print(ROW.format(title, f"{device:.1f}", f"{own:.1f}", f"{ratio:.2f}") +
          bar, flush=True)


def main():
    end_cleanly_on_sigterm()
    parser = argparse.ArgumentParser()
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--images", default=f"{BUILD}/guest")
    parser.add_argument("program", type=shlex.split)
    options = parser.parse_args()
    try:
        guests.make_desktop()
        print(ROW.format("In a guest, a second", "device", "QEMU's own",
                         "ratio"), flush=True)
        compare("modetest's page flips", pairs_of_flips, options,
                " (bar 0.90)")
        compare("glxgears", pair_of_gears, options)
    except Failure as failure:
        print(f"guestbench: {failure}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
