#!/usr/bin/env python3
"""Boot a guest on one stage's device and show both sides: `make run`.

First what QEMU and the driver asked of the device (its trace), then what the
guest printed. Logs and pictures stay in build/run/. Status 0: the demo, QEMU
and the device all ended well, or the window was closed; 1: one line says what
went wrong; 2: a value can't be used.
"""
import fcntl
import os
import shlex
import shutil
import sys
import threading

import choices
import guests
import hands
import screen
from backend import END, INPUTS, BackEnd
from child import Failure, end_cleanly_on_sigterm
from choices import BUILD, TOP
from vm import Vm, accelerator

DEMO = 300
TRACE_LINES = 100
CLOSED = "closed"


def short(path):
    """As one would type it from the top."""
    return path.replace(TOP + "/", "")


def show(title, argv=None):
    line = short(shlex.join(argv)) if argv else ""
    print(f"\n== {title}\n{line}".rstrip(), flush=True)


def show_trace(backend):
    if not backend.ours:
        return
    lines = backend.trace()
    show("the device, until the driver was bound (--trace)")
    print("\n".join(lines[:TRACE_LINES]))
    if len(lines) > TRACE_LINES:
        print(f"... {len(lines) - TRACE_LINES} more in "
              f"{short(backend.trace_file)}")


def echo(text):
    print(text, end="", flush=True)


class News:
    """What the device says while it runs: hints, warnings."""

    def __init__(self, backend):
        self.log = backend.log
        self.seen = 0

    def tell(self):
        with open(self.log, encoding="utf-8", errors="replace") as file:
            file.seek(self.seen)
            text = file.read()
        whole = text[:text.rfind("\n") + 1]
        if whole:
            self.seen += len(whole.encode())
            echo(whole)


def type_lines(serial, last=()):
    """The terminal's lines to the guest, for as long as there are."""
    def forward():
        for line in sys.stdin:
            serial.send(line.rstrip("\n"))
        for line in last:
            serial.send(line)
    threading.Thread(target=forward, daemon=True).start()


def complete(vm, view, user, what, name):
    """A picture is, once all is done that a user has to do for it."""
    while not user.still(vm.backend):
        vm.serial.pump(0.1)
        vm.serial.check()
    view.seen(vm, what, name)
    vm.serial.send("")


def watch(options, vm, view, user):
    """Our guest from boot to power-off, everything it prints shown. Returns the
    demo's status."""
    seconds = vm.driver_bound()
    show_trace(vm.backend)
    show(f"the guest (its driver was bound {seconds:.1f} s after its start)")
    echo(vm.serial.text[vm.serial.seen:].lstrip("\n"))
    vm.serial.echo = echo
    limit = DEMO
    if options.demo.name == "shell":
        type_lines(vm.serial, ["exit"])
        limit = float("inf")
    while True:
        match = vm.serial.wait(r"^guest: (?:(look|stay) (\S+)\n"
                               r"|demo \S+ ended with status (\d+)\n"
                               r"|(no demo .*)\n|user (.+)\n)",
                               limit, "come to the end of its demo")
        if match.group(4):
            raise Failure(f"the guest has {match.group(4)}")
        if match.group(3):
            break
        if match.group(5):
            user.do(match.group(5))
            continue
        complete(vm, view, user, match.group(1), match.group(2))
    vm.expect_status(0, END)
    return match.group(3)


def watch_image(vm):
    """A guest we know nothing of, until it powers itself off. Returns "0"."""
    show("the guest's serial line")
    vm.serial.echo = echo
    type_lines(vm.serial)
    while vm.serial.pump(0.2):
        vm.serial.check()
    vm.expect_status(0, END)
    return "0"


def make_guest(options, user):
    if options.guest:
        return guests.ImageGuest(options.guest)
    kind = guests.DesktopGuest if options.demo.desktop else guests.Guest
    guest = kind(os.path.join(BUILD, "guest"), options.demo.name,
                 [f"stage={options.stage}", *user.words, *options.demo.append],
                 console=options.stage > 1)
    if options.demo.desktop:
        guests.make_desktop()
    if options.overlay:
        guest.lay_over(options.overlay, options.folder)
    return guest


def choose_hands(options):
    """Who has mouse and keyboard, besides a window."""
    if options.input:
        return hands.Script(options.input)
    if options.touched and not options.guest:
        return hands.Hands(options.folder)
    return hands.NoHands()


def start_device(options, view, user):
    backend = BackEnd(options.program, options.folder, [
        f"--outputs={options.outputs}", f"--resolution={options.resolution}",
        "--once", *(view.options() if options.stage > 1 else []),
        *user.options()],
        pass_fds=view.pass_fds, inputs=INPUTS if options.touched else [])
    view.started()
    show("the device", backend.argv)
    if view.hint():
        show(f"its screen: {short(view.hint())}")
    return backend


def boot(options, children):
    name = options.demo.name.replace("/", "_").replace(":", "")
    view = screen.KINDS[options.show](options.folder, name)
    user = choose_hands(options)
    guest = make_guest(options, user)
    backend = start_device(options, view, user)
    children.append(backend)
    vm = Vm(guest, backend, options.folder, int(options.outputs),
            view.properties(options.resolution), options.attach)
    children.append(vm)
    show(f"QEMU ({accelerator()[1]})", vm.argv)
    status = run_until_closed(options, vm, view, user)
    if backend.ours:
        backend.expect_status(0, END)
    else:
        backend.wait(END)
    result = view.result()
    if result:
        show(f"the picture: {short(result)}{view.remark}")
    if status not in ("0", CLOSED):
        raise Failure(f"the demo ended with status {status}")
    closing = "the window was closed; " if status == CLOSED else ""
    show(f"{closing}QEMU and the device ended with status 0; logs are in "
         f"{short(options.folder)}/")


def run_until_closed(options, vm, view, user):
    """QEMU ends first, whoever ends it: it must not lose its device. Returns
    the demo's status, or CLOSED."""
    news = News(vm.backend)

    def check(ending=False):
        news.tell()
        view.check()
        vm.check_both(ending)
    vm.serial.check = check
    try:
        if options.guest:
            return watch_image(vm)
        return watch(options, vm, view, user)
    except screen.Closed:
        vm.quit()
        return CLOSED


def claim(folder):
    """Its logs and pictures are of one run: another one has to wait. Returns
    what holds the claim."""
    os.makedirs(BUILD, exist_ok=True)
    lock = open(folder + ".lock", "w", encoding="utf-8")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        choices.wrong(f"another one is at it, in {short(folder)}/")
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    return lock


def main():
    end_cleanly_on_sigterm()
    options = choices.parse(sys.argv[1:])
    choices.complete(options)
    lock = claim(options.folder)
    children = []
    try:
        boot(options, children)
    except Failure as failure:
        print(f"\nrun: {failure} (logs are in {short(options.folder)}/)",
              file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    finally:
        for child in reversed(children):
            child.kill()
        lock.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
