"""A user in the guest's X11 desktop types a command, presses a button, drags a
window: what comes of it is what comes of it on QEMU's own devices.

Which device's event comes first is not said anywhere, and a window manager takes
its time: so everything that follows from something waits for that.
"""
import os
import random
import re

import picture
from backend import INPUTS
from child import Failure, poll
from stage4_events import DRIVER, place_of
from stage4_peer import press, send
from touch import (SOON, desktop, expect, finish, heard, listen, start,
                   tap)

START = 120
CLIENTS = ("twm & until xwininfo -name 'TWM Icon Manager' >/dev/null; do "
           "sleep 0.1; done; "
           "xterm -title xterm -geometry 80x24+60+330 -e sh -i & "
           "xeyes -geometry 240x140+800+60 & "
           "{ xmessage -title message -geometry +200+100 -buttons yes:7 Now; "
           "echo $? >/tmp/pressed; } & shown xterm xeyes message")
# What is typed, as a script's keys and as QEMU's.
COMMAND = [(name, name) for name in [*"seq"]] + [
    ("space", "spc"), ("3", "3"), ("0", "0"), ("space", "spc"), ("4", "4"),
    ("2", "2"), ("enter", "ret")]


class Scripted:
    """Through our devices."""

    def __init__(self, hands):
        self.hands = hands

    def point(self, x, y):
        self.hands.do(f"move {x} {y}")

    def button(self, down):
        self.hands.do("down left" if down else "up left")

    def type(self, name, code):
        self.hands.do(f"key {name}")


class Monitored:
    """Through QEMU's own, by way of its monitor."""

    def __init__(self, vm):
        self.vm = vm

    def point(self, x, y):
        send(self.vm, *(("abs", {
            "axis": axis, "value": (2 * at + 1) * 32768 // (2 * pixels)})
            for axis, at, pixels in (("x", x, 1280), ("y", y, 800))))

    def button(self, down):
        send(self.vm, press("btn", "left", down))

    def type(self, name, code):
        for down in (True, False):
            send(self.vm, press("key", {"type": "qcode", "data": code}, down))


def start_x(vm, clients=CLIENTS):
    vm.sh(". startx", START)
    vm.sh(clients, START)


def pointer(vm):
    found = re.match(r"x:(-?\d+) y:(-?\d+) ",
                     vm.sh("xdotool getmouselocation"))
    return tuple(map(int, found.groups()))


def wait_pointer(vm, x, y):
    poll(lambda: pointer(vm) == (x, y), SOON,
         f"the pointer did not come to {x},{y}")


def go(vm, user, x, y):
    user.point(x, y)
    wait_pointer(vm, x, y)


def place(vm, name):
    """Of a window's inside on the screen."""
    text = vm.sh(f"xwininfo -name {name}")
    return tuple(int(re.search(rf"Absolute upper-left {axis}: +(-?\d+)",
                               text).group(1)) for axis in "XY")


def type_command(vm, user):
    x, y = place(vm, "xterm")
    go(vm, user, x + 200, y + 100)
    for number, (name, code) in enumerate(COMMAND, 1):
        user.type(name, code)
        poll(lambda: len(heard(vm, "keyboard")) == 2 * number, SOON,
             f"key {name} did not arrive")


def press_button(bench, vm, user):
    x, y = place(vm, "message")
    go(vm, user, x + 20, y + 35)
    user.button(True)
    user.button(False)
    vm.sh("until [ -s /tmp/pressed ]; do sleep 0.1; done")
    bench.equal(vm.sh("cat /tmp/pressed"), "7\n", "the button's number")


def drag(vm, user, right, down):
    """By its title; it follows from when the window manager has seen the
    button."""
    x, y = place(vm, "xeyes")
    at = x + 60, y - 10
    go(vm, user, *at)
    user.button(True)
    for step in range(4, 400, 4):
        go(vm, user, at[0] + step, at[1])
        if place(vm, "xeyes") != (x, y):
            break
    go(vm, user, at[0] + right, at[1] + down)
    poll(lambda: place(vm, "xeyes") == (x + right, y + down), SOON,
         "the window was not dragged along")
    user.button(False)


def use(bench, vm, user):
    start_x(vm)
    listen(vm, "keyboard")
    type_command(vm, user)
    press_button(bench, vm, user)
    drag(vm, user, -200, 120)
    go(vm, user, 1000, 700)


class Inside:
    """The screen on QEMU's own devices, after the same."""

    def __init__(self, bench):
        self.vm = bench.vm(None, guest=desktop(bench),
                           own_inputs=["keyboard", "tablet"])
        self.path = os.path.join(bench.folder, "inside.ppm")
        use(bench, self.vm, Monitored(self.vm))

    def look(self):
        self.vm.screendump(self.path)
        return picture.read(self.path)


def test_desktop(bench):
    """A command typed, a button pressed, a window dragged: evdev says what was
    done, and the screen becomes that of QEMU's own devices."""
    bench.need_ours("virtio-input")
    theirs = Inside(bench)
    folder = os.path.join(bench.folder, "screen")
    shown = os.path.join(folder, "scanout0.png")
    device, vm, hands = start(bench, f"--display=png:{folder}",
                              "--png-cursor=no", guest=desktop(bench))
    use(bench, vm, Scripted(hands))
    expect(vm, "keyboard", [frame for name, _ in COMMAND
                            for frame in tap(name)])
    try:
        poll(lambda: picture.read(shown) == theirs.look(), START, "not yet")
    except Failure:
        raise Failure("the screen did not become that of QEMU's own devices: "
                      + str(picture.first_difference(
                          picture.read(shown), theirs.look()))) from None
    theirs.vm.quit()
    finish(vm, device)


def pointed_at(device):
    """[(head, x, y)]: to which pixels the cursors that are shown point."""
    shown = {}
    for line in device.trace():
        match = re.search(r"cursorq +(\w+)_CURSOR scanout=(\d+) id=(\d+) at "
                          r"(-?\d+),(-?\d+)(?: hot=(\d+),(\d+))?", line)
        if not match:
            continue
        what, head, image, *numbers = match.groups()
        if what == "UPDATE":
            shown[head] = [image, 0, 0, *map(int, numbers[2:])]
        shown[head][1:3] = map(int, numbers[:2])
    return [(int(head), x + hot_x, y + hot_y) for head, (
        image, x, y, hot_x, hot_y) in shown.items() if image != "0"]


def points_at(shown, head, x, y, sizes):
    """A cursor does, and another one shows at most what of it is on the other
    head."""
    def on_desktop(head, x, y):
        return sum(size[0] for size in sizes[:head]) + x, y
    return (head, x, y) in shown and all(
        on_desktop(*place) == on_desktop(head, x, y) for place in shown)


def check_pixels(bench, vm, hands, device, sizes):
    """sizes: of the heads, which stand side by side."""
    chance = random.Random(len(sizes))
    for head, (width, height) in enumerate(sizes):
        left = sum(size[0] for size in sizes[:head])
        pixels = [(0, 0), (width - 1, 0), (0, height - 1),
                  (width - 1, height - 1)] + [
            (chance.randrange(width), chance.randrange(height))
            for _ in range(12)]
        for x, y in pixels:
            hands.do(f"move {x} {y} {head}")
            wait_pointer(vm, left + x, y)
            poll(lambda: points_at(pointed_at(device), head, x, y, sizes),
                 SOON, f"no cursor points at {x},{y} of head {head}")


def test_pixels(bench):
    """The pointer is at the very pixel that was asked for, on one head and on
    two, which need not be of one size."""
    device, vm, hands = start(bench, guest=desktop(bench), heads=2)
    start_x(vm, "xsetroot -cursor_name left_ptr; "
            "xrandr --output Virtual-2 --right-of Virtual-1")
    check_pixels(bench, vm, hands, device, [(1280, 800)] * 2)
    vm.sh("xrandr --output Virtual-2 --mode 1024x768")
    check_pixels(bench, vm, hands, device, [(1280, 800), (1024, 768)])
    vm.sh("xrandr --output Virtual-2 --off")
    check_pixels(bench, vm, hands, device, [(1280, 800)])
    finish(vm, device)


def wait_points(vm, user, x, y):
    """X may not have opened the tablet yet. A place that it was at before is no
    news to the kernel, so it comes from elsewhere."""
    def points():
        user.point(x + 10, y)
        user.point(x, y)
        return pointer(vm) == (x, y)
    poll(points, SOON, f"nothing points at {x},{y} any more")


def test_plugged_in_again(bench):
    """Drivers go and come while X runs: it types and points as before."""
    device, vm, hands = start(bench, guest=desktop(bench))
    user = Scripted(hands)
    start_x(vm)
    for _ in range(2):
        for name in INPUTS:
            where = place_of(vm, name)
            vm.sh(f"echo {where} >{DRIVER}/unbind")
            vm.sh(f"echo {where} >{DRIVER}/bind")
        # X has opened them when it has been told by udev.
        vm.sh("udevadm settle")
        hands.do("wait ready")
        x, y = (at + 100 for at in place(vm, "xterm"))
        wait_points(vm, user, x, y)
        before = pointer(vm)
        poll(lambda: hands.do("motion 1 1") or pointer(vm) != before, SOON,
             "the mouse does not move any more")
        hands.wait()
        wait_points(vm, user, x, y)
        hands.do("type echo >>/tmp/typed", "key enter")
        vm.sh("until [ -s /tmp/typed ]; do sleep 0.1; done; rm /tmp/typed")
    finish(vm, device)
