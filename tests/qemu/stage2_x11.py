"""An X11 desktop shows what it shows on QEMU's own virtio-gpu-pci.

The desktop is the x11 demo's, but for what moves: with nothing moving, what
Xorg's software renderer draws is the same in both guests. TOLERANCE is the
share of pixels that may differ all the same. Then the gears turn.
"""
import os
import time

import picture
from child import Failure, poll
from guests import DesktopGuest, make_desktop
from stage2_png import finish, start

START = 120
TOLERANCE = 0.001
# Of the gears' window: its place, the size of what is in it.
GEARS = 60, 60, 360, 360
TITLE_BAR = 24
QUIET = 2
XORG = ("mkfifo /tmp/ready; Xorg :0 -nolisten tcp -noreset -displayfd 3 vt1 "
        "3>/tmp/ready >/tmp/Xorg 2>&1 & read number </tmp/ready; "
        "export DISPLAY=:$number; xsetroot -solid '#204060'")
CLIENTS = ("twm 2>/dev/null & xeyes -geometry 240x140+800+60 & "
           "xterm -title xterm -geometry 80x24+480+330 -e sh -c "
           "'seq 100 118; exec sleep 1000' &")
SWITCH = "xrandr -s 1024x768"


def desktop(bench):
    return DesktopGuest(bench.images, "shell", ["stage=2"])


def wait_for(vm, name):
    vm.sh(f"until xwininfo -name {name} 2>/dev/null | grep -q IsViewable; do "
          "sleep 0.1; done", START)


def start_x11(vm):
    vm.sh(XORG, START)
    vm.sh(CLIENTS)
    for name in ("xeyes", "xterm"):
        wait_for(vm, name)


def steady(take):
    """The picture, once nothing has changed for a while. Taken too early it
    makes the comparison fail, not pass."""
    last, since = take(), time.monotonic()
    while time.monotonic() - since < QUIET:
        time.sleep(0.1)
        now = take()
        if now != last:
            last, since = now, time.monotonic()
    return last


def inside(bench):
    """The same desktop on QEMU's own device, before and after the switch to
    another mode."""
    vm = bench.vm(None, guest=desktop(bench))
    path = os.path.join(bench.folder, "inside.ppm")

    def take():
        vm.screendump(path)
        return picture.read(path)
    start_x11(vm)
    before = steady(take)
    vm.sh(SWITCH)
    after = steady(take)
    vm.quit()
    return before, after


def close_to(shown, wanted):
    return bool(shown) and picture.difference(shown, wanted) <= TOLERANCE


def expect_close(take, wanted, what):
    try:
        poll(lambda: close_to(take(), wanted), START, "not the same")
    except Failure:
        raise Failure(f"{what} is not the in-process device's: " + str(
            picture.first_difference(take(), wanted))) from None


def outside_gears(shown):
    """The rows with that window's part blanked."""
    x, y, width, height = GEARS
    rows = [bytearray(shown.row(n)) for n in range(shown.height)]
    for row in rows[y:y + height + TITLE_BAR]:
        row[x * 3:(x + width + 4) * 3] = bytes((width + 4) * 3)
    return picture.Picture(shown.width, shown.height, b"".join(rows))


def check_gears(bench, vm, take, before):
    """They turn, and nothing else changes."""
    x, y, width, height = GEARS
    vm.sh(f"glxgears -geometry {width}x{height}+{x}+{y} >/tmp/gears 2>&1 &")
    vm.sh("until grep -q FPS /tmp/gears; do sleep 0.1; done", START)
    first = take()
    poll(lambda: take() != first, START, "the gears do not turn")
    for shown in (first, take()):
        bench.holds(close_to(outside_gears(shown), outside_gears(before)),
                    "something changed outside the gears' window: " + str(
                        picture.first_difference(outside_gears(shown),
                                                 outside_gears(before))))
    bench.holds(picture.difference(first, before) > 0.05,
                "the gears' window is not there")


def test_desktop(bench):
    """twm, xterm and xeyes as on the in-process device, also in another mode;
    the gears turn."""
    bench.need_ours("--display=png")
    make_desktop()
    before, after = inside(bench)
    device, vm, paths = start(bench, guest=desktop(bench))

    def take():
        path = paths.format(0)
        return picture.read(path) if os.path.exists(path) else None
    start_x11(vm)
    expect_close(take, before, "the desktop")
    check_gears(bench, vm, take, before)
    vm.sh("kill $(pidof glxgears)")
    expect_close(take, before, "the desktop without the gears")
    vm.sh(SWITCH)
    expect_close(take, after, "the desktop in another mode")
    finish(vm, device)
