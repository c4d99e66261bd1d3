"""The guest's cursor: to the pixel in files and in a window, and in QEMU's
display the right messages in the right order.

The demo stops at each place and goes on at a line.
"""
import os
import re

from child import Failure, poll
from guests import DesktopGuest, Guest, make_desktop
from picture import first_difference, read
from dbusdisplay import DbusDisplay
from pointers import PLACES, background, expected, hot_spot, position, words
from stage2_display import DRIVER, SOON
from stage2_display import finish as finish_qemu
from stage2_png import expect, finish, start
from stage2_programs import SIZE, ended, next_picture
from stage2_x11 import XORG, START

STOPS = [*PLACES, "hidden"]
ROOT = (0x20, 0x40, 0x60)
CHAPTER = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                       "../../stage3-cursor/README.md")


def small(bench):
    return Guest(bench.images, "shell", console=True)


def option():
    return "--resolution={}x{}".format(*SIZE)


def walk(bench, vm, check):
    """check(name) at each of its stops, and to the demo's end."""
    vm.serial.send("cursor")
    for name in STOPS:
        bench.equal(next_picture(vm), name, "the next stop")
        check(name)
        vm.serial.send("")
    bench.equal(next_picture(vm), "moving", "the last picture")
    vm.serial.send("")
    bench.equal(ended(vm), 0, "cursor's status")


def chapter_says():
    """What the chapter wants to be seen in the trace of a cursor."""
    with open(CHAPTER, encoding="utf-8") as file:
        return re.findall(r"`(at [-\d,]+)` in the trace", file.read())


def test_files(bench):
    """In PNG files every pixel is the expected one, at each of nine stops."""
    ground = background(*SIZE)
    device, vm, paths = start(bench, option(), guest=small(bench))
    walk(bench, vm, lambda name: expect(
        vm, paths, [expected(ground, name)], f"the cursor's at '{name}'"))
    trace = "\n".join(device.trace())
    bench.holds(chapter_says(), "the chapter says nothing of the trace")
    bench.equal([text for text in chapter_says()
                 if f"MOVE_CURSOR scanout=0 id=6 {text} " not in trace], [],
                "what the chapter says of the trace and is not there")
    finish(vm, device)


def test_files_without(bench):
    """--png-cursor=no: the picture alone, wherever the cursor is."""
    ground = background(*SIZE)
    device, vm, paths = start(bench, option(), "--png-cursor=no",
                              guest=small(bench))
    walk(bench, vm, lambda name: expect(vm, paths, [ground],
                                        f"without a cursor at '{name}'"))
    finish(vm, device)


def test_window(bench):
    """So it is in a window, over which the host's own pointer is not seen; when
    the guest hides its cursor, or has it outside, that one is."""
    bench.need_ours("--display=sdl")
    ground = background(*SIZE)
    server = bench.xserver()
    server.show_pointer()
    device = bench.device("--display=sdl", option(),
                          environment=server.environment)
    vm = bench.vm(device, guest=small(bench))
    window = server.window("Virtual-1 {}x{}".format(*SIZE))
    server.point_at(window, 40, 40)

    def check(name):
        if name in ("hidden", "outside"):
            poll(lambda: pointed(server.look(window), ground), SOON,
                 "the host's pointer did not come back")
        else:
            expect_seen(server, window, expected(ground, name), name)
    walk(bench, vm, check)
    finish(vm, device)


def expect_seen(server, window, wanted, name):
    try:
        poll(lambda: server.look(window) == wanted, SOON, "not the same")
    except Failure:
        raise Failure(f"the window at '{name}': " + str(first_difference(
            server.look(window), wanted))) from None


def pointed(shown, ground):
    """The picture, and something small over it where the pointer is."""
    changed = {divmod(i // 3, ground.width)
               for i in range(0, len(ground.pixels), 3)
               if shown.pixels[i:i + 3] != ground.pixels[i:i + 3]}
    return bool(changed) and all(abs(x - 40) < 20 and abs(y - 40) < 20
                                 for y, x in changed)


# ---- QEMU ----

def told(device):
    """What QEMU was told of cursors: (message, x, y)."""
    found = re.findall(r"display  CURSOR_(\w+) scanout=0 x=(-?\d+) y=(-?\d+)",
                       "\n".join(device.trace()))
    return [(what, *map(int, at)) for what, *at in found]


def size_in_qemu():
    return [f"{name}={n}" for name, n in zip(("xres", "yres"), SIZE)]


def start_qemu(bench):
    bench.need_ours("--display=qemu")
    device = bench.device("--display=qemu")
    return device, bench.vm(device, device=size_in_qemu(), guest=small(bench))


def expect_told(vm, device, wanted, what):
    def same():
        vm.check_both()
        return told(device)[-1:] == [wanted]
    poll(same, SOON, f"QEMU was not told of the cursor {what}")


def place(name):
    return position(name, *SIZE)


def test_qemu(bench):
    """An UPDATE for each image, POS for each way, HIDE at the end."""
    device, vm = start_qemu(bench)

    def check(name):
        if name == "hidden":
            expect_told(vm, device, ("POS_HIDE", 0, 0), "that is hidden")
        else:
            expect_told(vm, device, ("POS", *place(name)), f"at '{name}'")
    walk(bench, vm, check)
    expect_told(vm, device, ("POS_HIDE", 0, 0), "at the end")
    order = re.sub(r"(POS )+", "POS ",
                   " ".join(what for what, *_ in told(device)))
    bench.equal(order.replace("UPDATE POS_HIDE", "UPDATE POS POS_HIDE"),
                "UPDATE POS " * 3 + "POS_HIDE UPDATE POS POS_HIDE",
                "the messages (it may not move in the end)")
    updates = [at for what, *at in told(device) if what == "UPDATE"]
    bench.equal(updates, [[0, 0], list(place("middle")), list(place("ramps")),
                          [0, 0]], "where each image appeared")
    bench.equal(finish_qemu(vm, device), "", "QEMU's complaints")


def shown_inside(cursor):
    return bool(cursor.visible), (cursor.x, cursor.y)


def expect_inside(bench, display, name):
    wanted = ((False, (0, 0)) if name == "hidden" else (True, place(name)))
    try:
        poll(lambda: shown_inside(display.cursor()) == wanted, SOON, "")
    except Failure:
        raise Failure(f"at '{name}': {shown_inside(display.cursor())}, "
                      f"expected {wanted}") from None
    if name == "hidden":
        return
    cursor = display.cursor()
    bench.equal((cursor.width, cursor.height, cursor.hot_x, cursor.hot_y),
                (64, 64, *hot_spot(name)), f"size and hot spot at '{name}'")
    wrong = [(i % 64, i // 64, hex(got), hex(right)) for i, (got, right)
             in enumerate(zip(cursor.words, words(name))) if got != right]
    bench.equal(wrong[:1], [], f"({len(wrong)} pixels differ) x, y, pixel, "
                f"the guest's at '{name}'")


def test_qemus_own(bench):
    """QEMU's own device gives QEMU's displays what ours sends: premultiplied words
    0xAARRGGBB, the hot spot beside them, the place without it.

    Of ours nobody can listen to what they get: dbusdisplay.py says why.
    """
    bench.need_ours("QEMU's own device")
    vm = bench.vm(None, device=size_in_qemu(), guest=small(bench),
                  display=DbusDisplay.OPTION)
    display = DbusDisplay(vm)
    walk(bench, vm, lambda name: expect_inside(bench, display, name))
    vm.quit()


def show_cursor(vm, device):
    """The demo at its first stop, its input kept open."""
    vm.sh("rm -f /tmp/go; mkfifo /tmp/go")
    vm.sh("cursor </tmp/go >/tmp/said & exec 3>/tmp/go; "
          "until grep -q middle /tmp/said; do sleep 0.1; done")
    expect_told(vm, device, ("POS", *place("middle")), "at 'middle'")


def test_qemu_pauses(bench):
    """After a stop and a cont the image is sent again, to where it was."""
    device, vm = start_qemu(bench)
    show_cursor(vm, device)
    for _ in range(5):
        before = len(told(device))
        vm.qmp.command("stop")
        vm.qmp.command("cont")
        poll(lambda: len(told(device)) > before, SOON,
             "the cursor was not sent again")
        bench.equal(told(device)[before:], [("UPDATE", *place("middle"))],
                    "what was sent again")
    vm.sh("echo >&3; until grep -q ramps /tmp/said; do sleep 0.1; done")
    expect_told(vm, device, ("POS", *place("ramps")), "at 'ramps'")
    bench.equal(finish_qemu(vm, device), "", "QEMU's complaints")


def test_qemu_resets(bench):
    """A cursor goes when its driver is unbound, or its guest is cut off."""
    device, vm = start_qemu(bench)
    for _ in range(2):
        show_cursor(vm, device)
        vm.sh(f"echo virtio0 >{DRIVER}/unbind")
        vm.sh(f"exec 3>&-; wait; echo virtio0 >{DRIVER}/bind")
        expect_told(vm, device, ("POS_HIDE", 0, 0), "that an unbind hides")
        show_cursor(vm, device)
        vm.qmp.command("system_reset")
        vm.shell_ready()
        expect_told(vm, device, ("POS_HIDE", 0, 0), "that a reset hides")
    bench.equal(finish_qemu(vm, device), "", "QEMU's complaints")


# ---- X ----

def test_x11(bench):
    """X's pointer is a cursor of the device's: black and white, in the middle
    of a screen of one colour."""
    bench.need_ours("--display=png")
    make_desktop()
    device, vm, paths = start(bench, guest=DesktopGuest(
        bench.images, "shell", ["stage=3"]))
    vm.sh(XORG + " -cursor_name left_ptr", START)

    def there():
        shown = read(paths.format(0))
        found = {}
        for at in range(0, len(shown.pixels), 3):
            y, x = divmod(at // 3, shown.width)
            colour = tuple(shown.pixels[at:at + 3])
            if colour != ROOT:
                found.setdefault(colour, []).append((x, y))
        return set(found) == {(0, 0, 0), (255, 255, 255)} and all(
            abs(x - shown.width // 2) < 32 and abs(y - shown.height // 2) < 32
            for places in found.values() for x, y in places)
    poll(there, START, "there is no pointer on the screen, or not only that")
    finish(vm, device)
