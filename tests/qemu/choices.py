"""What `make run` was told: the values of its variables, checked and complete.

Whatever can't be is said in one line, and ends the program with status 2.
"""
import argparse
import os
import re
import shlex
import sys

import demos
import screen
from vm import GENERIC, qemu_version

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
BUILD = os.path.join(TOP, "build")
# What each stage's chapter begins with, where no DEMO is named.
FIRST_DEMOS = {1: "modetest"}
LATER_DEMO = "console"

# The first stage with mouse and keyboard.
FIRST_TOUCHED = 4


def wrong(text):
    print(f"run: {text}", file=sys.stderr)
    sys.exit(2)


def parse(arguments):
    """The values `make run` passes on; an empty one means the default."""
    parser = argparse.ArgumentParser(
        description="Boot a guest on one stage's device and show it.")
    for name, text in [
            ("stage", "1 to 5; its program is build/stageN"),
            ("demo", "what the guest runs; 'shell' takes your lines, "
                     "'run:/PATH' is a program of OVERLAY's"),
            ("outputs", "monitors, 1 to 16"),
            ("resolution", "WIDTHxHEIGHT of each"),
            ("show", "where pictures go: sdl, png, qemu, none"),
            ("attach", "gpu: QEMU's vhost-user-gpu-pci; generic: its "
                       "vhost-user-test-device-pci"),
            ("input", "a file or a FIFO with what a user does, instead of what "
                      "the demo asks one to do"),
            ("guest", "a disk image to boot instead of our guest"),
            ("overlay", "a directory laid over the guest's root"),
            ("device", "another program, {} in it for the socket")]:
        parser.add_argument(f"--{name}", default="", help=text)
    parser.add_argument("--folder", default=os.path.join(BUILD, "run"),
                        help="where logs and pictures go; it is emptied")
    return parser.parse_args(arguments)


def complete(options):
    """Defaults filled in, everything checked."""
    if not re.fullmatch("[1-5]", options.stage or "1"):
        wrong(f"STAGE={options.stage}: stages here: {stages()}")
    options.stage = int(options.stage or "1")
    check_program(options)
    check_folder(options)
    check_image(options)
    check_demo(options)
    check_monitors(options)
    check_show(options)
    check_attach(options)
    check_input(options)


def stages():
    """Those that have a folder: "1, 2"."""
    return ", ".join(sorted(name[5] for name in os.listdir(TOP)
                            if re.match("stage[1-5]-", name)))


def check_program(options):
    options.ours = "{}" not in options.device
    if options.device:
        try:
            options.program = shlex.split(options.device)
        except ValueError as error:
            wrong(f"DEVICE={options.device}: {error}")
        return
    options.program = [os.path.join(BUILD, f"stage{options.stage}")]
    if not os.path.exists(options.program[0]):
        wrong(f"STAGE={options.stage}: there is no build/stage"
              f"{options.stage}; stages here: {stages()}")


def check_folder(options):
    if options.overlay and not os.path.isdir(options.overlay):
        wrong(f"OVERLAY={options.overlay}: no such directory")


def check_image(options):
    if not options.guest:
        return
    if options.stage == 1:
        wrong("GUEST= boots a disk image to its own screen: that comes with "
              "stage 2, the first that shows one")
    for name in ("demo", "overlay"):
        if getattr(options, name):
            wrong(f"{name.upper()}= is for the project's own guests, not for "
                  f"GUEST={options.guest}")
    try:
        with open(options.guest, "rb"):
            pass
    except OSError as error:
        wrong(f"GUEST={options.guest}: {error.strerror}")


def check_demo(options):
    name = options.demo or FIRST_DEMOS.get(options.stage, LATER_DEMO)
    known = demos.known(options.overlay)
    if options.guest:
        options.demo = demos.Demo("guest", [])
    elif name.startswith(demos.PROGRAM):
        options.demo = demos.program(name, options.stage)
    elif name in known:
        options.demo = known[name]
    else:
        wrong(f"DEMO={name}: there are {', '.join(sorted(known))}, and "
              f"{demos.PROGRAM}PATH")
    if options.demo.stage > options.stage:
        wrong(f"DEMO={name}: comes with stage {options.demo.stage}")


def check_monitors(options):
    options.outputs = options.outputs or options.demo.outputs
    options.resolution = options.resolution or "1280x800"
    if not re.fullmatch("[1-9]|1[0-6]", options.outputs):
        wrong(f"OUTPUTS={options.outputs}: must be 1 to 16")
    size = re.fullmatch(r"(\d{1,4})x(\d{1,4})", options.resolution)
    if not size or not all(32 <= int(n) <= 8192 for n in size.groups()):
        wrong(f"RESOLUTION={options.resolution}: must be WIDTHxHEIGHT, each "
              "from 32 to 8192")


def check_show(options):
    if options.stage == 1:
        if options.show not in ("", "none"):
            wrong(f"SHOW={options.show}: stage 1 has no pictures")
        options.show = "none"
    options.show = options.show or screen.default(options.ours)
    if options.show not in screen.KINDS:
        wrong(f"SHOW={options.show}: must be {', '.join(screen.KINDS)}")
    if not options.ours and options.show not in ("qemu", "none"):
        wrong(f"SHOW={options.show}: another program has only QEMU to show "
              "its pictures; SHOW=qemu")


def check_attach(options):
    options.attach = options.attach or "gpu"
    if options.attach not in ("gpu", "generic"):
        wrong(f"ATTACH={options.attach}: must be gpu or generic")
    if options.attach == "gpu":
        return
    if qemu_version() < GENERIC:
        wrong("ATTACH=generic: takes QEMU {}.{} or newer, here is {}.{}"
              .format(*GENERIC, *qemu_version()))
    if options.show == "qemu":
        wrong("SHOW=qemu: with ATTACH=generic QEMU has no display for it")


def check_input(options):
    """The device looks at what is in it, and says what is wrong there."""
    options.touched = options.ours and options.stage >= FIRST_TOUCHED
    if not options.input:
        return
    if not options.touched:
        wrong(f"INPUT={options.input}: mouse and keyboard come with stage "
              f"{FIRST_TOUCHED} of the project's own program")
    if os.path.isdir(options.input):
        wrong(f"INPUT={options.input}: is a directory; it takes a file or a "
              "FIFO")
    if not os.path.exists(options.input):
        wrong(f"INPUT={options.input}: no such file")
    if not os.access(options.input, os.R_OK):
        wrong(f"INPUT={options.input}: can't be read")
