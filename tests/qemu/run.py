#!/usr/bin/env python3
"""Boot the guest on one stage's device and show both sides: `make run`.

First what QEMU and the driver asked of the device (its trace), then what the
guest printed. Logs stay in build/run/. Status 0: the demo, QEMU and the device
all ended well; 1: one line says what did not; 2: a value can't be used.
"""
import argparse
import os
import re
import shlex
import shutil
import subprocess
import sys
import threading

from backend import END, BackEnd
from child import Failure, end_cleanly_on_sigterm
from vm import Guest, Vm, accelerator

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
BUILD = os.path.join(TOP, "build")
DEMOS = os.path.join(TOP, "tests", "guest", "demo")
FOLDER = os.path.join(BUILD, "run")
DEMO = 600
TRACE_LINES = 100


def wrong(text):
    print(f"run: {text}", file=sys.stderr)
    sys.exit(2)


def parse(arguments):
    """The values `make run` passes on; an empty one means the default."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name, text in [
            ("stage", "1 to 5; its program is build/stageN"),
            ("demo", "what the guest runs; 'shell' takes your lines"),
            ("outputs", "monitors, 1 to 16"),
            ("resolution", "WIDTHxHEIGHT of each"),
            ("guest", "a disk image to boot instead of our guest"),
            ("overlay", "a directory laid over the guest's root"),
            ("device", "another program, {} in it for the socket")]:
        parser.add_argument(f"--{name}", default="", help=text)
    return parser.parse_args(arguments)


def check(options):
    """Defaults filled in; one clear line and status 2 for what can't be."""
    options.stage = options.stage or "1"
    options.demo = options.demo or "modetest"
    options.outputs = options.outputs or "1"
    options.resolution = options.resolution or "1280x800"
    if options.guest:
        wrong("GUEST= boots a disk image to its own screen: that comes with "
              "stage 2, the first that shows one")
    if not re.fullmatch("[1-5]", options.stage):
        wrong(f"STAGE={options.stage}: must be 1 to 5")
    if not re.fullmatch("[1-9]|1[0-6]", options.outputs):
        wrong(f"OUTPUTS={options.outputs}: must be 1 to 16")
    size = re.fullmatch(r"(\d{1,4})x(\d{1,4})", options.resolution)
    if not size or not all(32 <= int(n) <= 8192 for n in size.groups()):
        wrong(f"RESOLUTION={options.resolution}: must be WIDTHxHEIGHT, each "
              "from 32 to 8192")
    if options.overlay and not os.path.isdir(options.overlay):
        wrong(f"OVERLAY={options.overlay}: no such directory")
    check_demo(options)
    check_program(options)


def check_demo(options):
    names = os.listdir(DEMOS)
    own = os.path.join(options.overlay, "demo") if options.overlay else ""
    if os.path.isdir(own):
        names += [name for name in os.listdir(own)
                  if os.path.isfile(os.path.join(own, name)) and
                  os.access(os.path.join(own, name), os.X_OK)]
    if options.demo not in names:
        wrong(f"DEMO={options.demo}: there are {', '.join(sorted(names))}")


def check_program(options):
    if options.device:
        try:
            options.program = shlex.split(options.device)
        except ValueError as error:
            wrong(f"DEVICE={options.device}: {error}")
        return
    options.program = [os.path.join(BUILD, f"stage{options.stage}")]
    if not os.path.exists(options.program[0]):
        there = sorted(name[5] for name in os.listdir(TOP)
                       if re.match("stage[1-5]-", name))
        wrong(f"STAGE={options.stage}: there is no build/stage"
              f"{options.stage}; stages here: {', '.join(there)}")


def with_overlay(guest, overlay):
    """The initramfs with one more archive behind it, whose files win."""
    archive = os.path.join(FOLDER, "overlay.cpio")
    whole = os.path.join(FOLDER, "initramfs.cpio")
    subprocess.run([os.path.join(TOP, "tests", "guest", "cpio.py"), overlay,
                    archive], check=True)
    with open(whole, "wb") as out:
        for part in (guest.initramfs, archive):
            with open(part, "rb") as file:
                shutil.copyfileobj(file, out)
    guest.initramfs = whole


def show(title, argv=None):
    line = shlex.join(argv).replace(TOP + "/", "") if argv else ""
    print(f"\n== {title}\n{line}".rstrip(), flush=True)


def show_trace(backend):
    lines = backend.trace()
    if not backend.ours:
        return
    show("the device, until the driver was bound (--trace)")
    print("\n".join(lines[:TRACE_LINES]))
    if len(lines) > TRACE_LINES:
        print(f"... {len(lines) - TRACE_LINES} more in build/run/trace.txt")


def type_lines(serial):
    """The terminal's lines to the guest's shell, for as long as there are."""
    def forward():
        for line in sys.stdin:
            serial.send(line.rstrip("\n"))
        serial.send("exit")
    threading.Thread(target=forward, daemon=True).start()


def watch(options, vm):
    """The guest from boot to power-off, everything it prints shown."""
    seconds = vm.driver_bound()
    show_trace(vm.backend)
    show(f"the guest (its driver was bound {seconds:.1f} s after its start)")

    def echo(text):
        print(text, end="", flush=True)
    echo(vm.serial.text[vm.serial.seen:].lstrip("\n"))
    vm.serial.echo = echo
    limit = DEMO
    if options.demo == "shell":
        type_lines(vm.serial)
        limit = float("inf")
    status = vm.serial.wait(r"^guest: demo \S+ ended with status (\d+)",
                            limit).group(1)
    vm.expect_status(0, END)
    if status != "0":
        raise Failure(f"the demo ended with status {status}")


def boot(options, children):
    guest = Guest(os.path.join(BUILD, "guest"), options.demo)
    if options.overlay:
        with_overlay(guest, options.overlay)
    backend = BackEnd(options.program, FOLDER, [
        f"--outputs={options.outputs}", f"--resolution={options.resolution}",
        "--once"])
    children.append(backend)
    show("the device", backend.argv)
    vm = Vm(guest, backend, FOLDER, int(options.outputs))
    children.append(vm)
    show(f"QEMU ({accelerator()[1]})", vm.argv)
    watch(options, vm)
    backend.expect_status(0, END)
    show("QEMU and the device ended with status 0; logs are in build/run/")


def main():
    end_cleanly_on_sigterm()
    options = parse(sys.argv[1:])
    check(options)
    shutil.rmtree(FOLDER, ignore_errors=True)
    os.makedirs(FOLDER)
    children = []
    try:
        boot(options, children)
    except Failure as failure:
        print(f"\nrun: {failure} (logs are in build/run/)", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    finally:
        for child in reversed(children):
            child.kill()
    return 0


if __name__ == "__main__":
    sys.exit(main())
