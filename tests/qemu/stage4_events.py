"""What a script does arrives in the guest: all of it, in order, as evdev says
it; also over pauses, unbinds and reboots.
"""
import random

from child import poll
from touch import SOON, expect, finish, heard, listen, pixel_of, start, tap

DRIVER = "/sys/bus/virtio/drivers/virtio_input"
SIZE = 1280, 800
# What a key types on the guest's console, without and with shift.
KEYS = {"minus": "-_", "equal": "=+", "leftbrace": "[{", "rightbrace": "]}",
        "semicolon": ";:", "apostrophe": "'\"", "grave": "`~", "comma": ",<",
        "backslash": "\\|", "dot": ".>", "slash": "/?", "space": "  ",
        **{letter: letter + letter.upper()
           for letter in "abcdefghijklmnopqrstuvwxyz"},
        **{digit: digit + sign for digit, sign in
           zip("1234567890", "!@#$%^&*()")}}


def take_text(vm, count):
    """The guest's console takes what is typed: in the kernel, so nothing gets
    lost there, however fast it comes."""
    vm.sh("exec 4</dev/tty1; stty -F /dev/tty1 raw -echo; "
          f": >/tmp/text; head -c {count} <&4 >/tmp/text & ")


def expect_text(bench, vm, wanted):
    poll(lambda: int(vm.sh("wc -c </tmp/text")) >= len(wanted), SOON,
         "not all that was typed arrived")
    bench.equal(vm.sh("cat /tmp/text; echo"), wanted + "\n", "what arrived")


def burst(count):
    """(lines of a script, what they type): keys as fast as they go."""
    chance = random.Random(4)
    lines, text = [], ""
    for _ in range(count):
        name = chance.choice(sorted(KEYS))
        shift = chance.random() < 0.3
        lines.append(f"key {'leftshift+' if shift else ''}{name}")
        text += KEYS[name][shift]
    return lines, text


def test_burst(bench):
    """500 keys as fast as they go, through rings of whatever size QEMU's
    device has (10.0.2's and 11.1's: four entries)."""
    device, vm, hands = start(bench)
    lines, text = burst(500)
    take_text(vm, len(text))
    hands.do(*lines)
    expect_text(bench, vm, text)
    finish(vm, device)


def test_typing(bench):
    """All 95 characters of a US keyboard, typed."""
    device, vm, hands = start(bench)
    text = "".join(map(chr, range(32, 127)))
    take_text(vm, len(text))
    hands.do("type " + text)
    expect_text(bench, vm, text)
    finish(vm, device)


def test_keyboard(bench):
    """Keys that are held and let go; the guest repeats them, not we."""
    device, vm, hands = start(bench)
    listen(vm, "keyboard")
    hands.do("key leftctrl+leftshift+a", "down key left", "up key left")
    frames = tap("leftctrl", "leftshift", "a") + tap("left")
    expect(vm, "keyboard", frames)
    hands.do("down b")
    poll(lambda: "(KEY_B), value 2" in vm.sh("cat /tmp/keyboard"), SOON,
         "the guest did not repeat a key that is held")
    hands.do("up b")
    expect(vm, "keyboard", frames + tap("b"))
    bench.equal(sum("KEY 48=" in line for line in device.trace()), 2,
                "frames of the repeated key that we sent")
    finish(vm, device)


def test_tablet(bench):
    """It points at the pixel that was asked for; buttons and wheels are its."""
    device, vm, hands = start(bench)
    listen(vm, "tablet")
    chance = random.Random(1)
    pixels = [(0, 0), (1279, 799), (640, 400), (1, 798), (1278, 1)] + [
        (chance.randrange(SIZE[0]), chance.randrange(SIZE[1]))
        for _ in range(50)]
    for number, (x, y) in enumerate(pixels, 1):
        hands.do(f"move {x} {y}")
        poll(lambda: len(heard(vm, "tablet")) == number, SOON,
             f"place {x},{y} did not arrive")
    places = [tuple(pixel_of(value, size) for (_, value), size in
                    zip(frame, SIZE)) for frame in heard(vm, "tablet")]
    bench.equal(places, pixels, "where it points")
    listen(vm, "tablet")
    hands.do("click", "down right", "up right", "click middle", "click side",
             "click extra", "wheel 2", "wheel -0.5", "wheel -0.5", "hwheel -1")
    expect(vm, "tablet", [
        *tap("BTN_LEFT"), *tap("BTN_RIGHT"), *tap("BTN_MIDDLE"),
        *tap("BTN_SIDE"), *tap("BTN_EXTRA"),
        [("REL_WHEEL_HI_RES", 240), ("REL_WHEEL", 2)],
        [("REL_WHEEL_HI_RES", -60)],
        [("REL_WHEEL_HI_RES", -60), ("REL_WHEEL", -1)],
        [("REL_HWHEEL_HI_RES", -120), ("REL_HWHEEL", -1)]])
    finish(vm, device)


def test_mouse(bench):
    """It moves by what it was moved; buttons are the mouse's once it moved."""
    device, vm, hands = start(bench)
    listen(vm, "mouse", "tablet")
    hands.do("motion 5 -7", "click right", "motion -100000 0", "wheel 1")
    expect(vm, "mouse", [
        [("REL_X", 5), ("REL_Y", -7)], *tap("BTN_RIGHT"), [("REL_X", -100000)],
        [("REL_WHEEL_HI_RES", 120), ("REL_WHEEL", 1)]])
    expect(vm, "tablet", [])
    finish(vm, device)


def test_pauses(bench):
    """A key is held when QEMU stops, and let go meanwhile: the guest hears of
    it when it goes on."""
    device, vm, hands = start(bench)
    listen(vm, "keyboard")
    frames = []
    for _ in range(3):
        hands.do("down a")
        frames.append([("KEY_A", 1)])
        expect(vm, "keyboard", frames)
        vm.qmp.command("stop")
        hands.do("up a")
        vm.qmp.command("cont")
        frames.append([("KEY_A", 0)])
        expect(vm, "keyboard", frames)
    finish(vm, device)


def test_pauses_in_a_burst(bench):
    """300 keys with stops in between: they arrive whole."""
    device, vm, hands = start(bench)
    lines, text = burst(300)
    take_text(vm, len(text))
    for at in range(0, 300, 30):
        hands.do(*lines[at:at + 30])
        vm.qmp.command("stop")
        vm.qmp.command("cont")
    expect_text(bench, vm, text)
    finish(vm, device)


def place_of(vm, name):
    """Which virtio device it is: virtio2."""
    return vm.sh(f"basename $(readlink -f /sys/class/input/$(basename $(evdev "
                 f"{name}))/device/device)").strip()


def test_unbound_and_bound(bench):
    """A driver that comes back hears of nothing that was before, and of all
    that is then: also that a key is pressed which the one before it had down."""
    device, vm, hands = start(bench)
    for name, held, after, frames in [
            ("keyboard", ["down a"], "key a", tap("a")),
            ("tablet", ["move 1 1", "down left"], "click", tap("BTN_LEFT")),
            ("mouse", ["motion 1 1", "down left"], "motion 2 3",
             [[("REL_X", 2), ("REL_Y", 3)]])] * 2:
        place = place_of(vm, name)
        hands.do(*held)
        hands.wait()
        vm.sh(f"echo {place} >{DRIVER}/unbind")
        vm.sh(f"! evdev {name}")
        vm.sh(f"echo {place} >{DRIVER}/bind")
        listen(vm, name)
        hands.do("wait ready", after)
        expect(vm, name, frames)
    finish(vm, device)


def test_reboots(bench):
    """A key is held when the guest is cut off: the next one has it up, and is
    told when it is pressed."""
    device, vm, hands = start(bench)
    for end in [lambda: vm.serial.send("reboot -f"),
                lambda: vm.qmp.command("system_reset")] * 2:
        listen(vm, "keyboard")
        hands.do("key a", "down leftshift")
        expect(vm, "keyboard", tap("a") + [[("KEY_LEFTSHIFT", 1)]])
        end()
        vm.shell_ready()
        listen(vm, "keyboard")
        hands.do("wait ready", "key leftshift+b")
        expect(vm, "keyboard", tap("leftshift", "b"))
    finish(vm, device)
