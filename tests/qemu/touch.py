"""A guest with keyboard, tablet and mouse, and what its evdev nodes say.

evtest prints first what a device can do, then what it does, event by event; a
frame here is the events up to a SYN_REPORT: [("REL_X", 3), ("REL_Y", -1)].
"""
import re

from backend import INPUTS
from child import Failure, poll
from guests import DesktopGuest, Guest, make_desktop
from hands import Hands

SOON = 60
EVENT = re.compile(r"^Event: time [\d.]+, (?:type \d+ \((\w+)\), code \d+ "
                   r"\((\S+)\), value (-?\d+)|-+ SYN_REPORT -+)$")


def small(bench):
    """With a console on its screen: a tablet needs one to point at."""
    return Guest(bench.images, "shell", console=True)


def desktop(bench):
    make_desktop()
    return DesktopGuest(bench.images, "shell", ["stage=4"])


def start(bench, *options, guest=None, heads=1, environment=None):
    """(device, guest, hands) with all three input devices."""
    bench.need_ours("virtio-input")
    hands = Hands(bench.folder)
    if not any(option.startswith("--display") for option in options):
        options = ("--display=none", *options)
    device = bench.device(*options, f"--outputs={heads}", *hands.options(),
                          environment=environment, inputs=INPUTS)
    vm = bench.vm(device, outputs=heads, guest=guest or small(bench))
    return device, vm, hands


def finish(vm, device):
    """Both end well, and neither has complained."""
    vm.quit()
    device.end()
    for child in (vm, device):
        with open(child.log, encoding="utf-8") as file:
            said = [line for line in file if "in the window, Ctrl" not in line]
        if said:
            raise Failure(f"{child.name} complained: {said[0].strip()}")


def listen(vm, *names):
    """Has evtest print what these devices say from now on."""
    for name in names:
        vm.sh(f"rm -f /tmp/{name}; evtest $(evdev {name}) >/tmp/{name} & "
              f"until grep -q Testing /tmp/{name}; do sleep 0.1; done")


def log(vm, name):
    """(what it can do, what it did), as lines."""
    whole = vm.sh(f"cat /tmp/{name}")
    before, _, after = whole.partition("Testing ... (interrupt to exit)\n")
    return before.splitlines(), after.splitlines()


def heard(vm, name):
    """The frames that evtest was told. Of the device's doing are neither LEDs
    nor a held key's repetitions: those are the guest's."""
    frames, frame = [], []
    for line in log(vm, name)[1]:
        match = EVENT.match(line)
        if not match:
            raise Failure(f"evtest says: {line}")
        kind, code, value = match.groups()
        if not kind:
            frames.append(frame)
            frame = []
        elif kind != "EV_LED" and not (kind == "EV_KEY" and value == "2"):
            frame.append((code, int(value)))
    return [frame for frame in frames if frame]


def expect(vm, name, wanted):
    """Soon: these frames, and no others."""
    got = []

    def same():
        got[:] = heard(vm, name)
        return got == wanted
    try:
        poll(same, SOON, "not the same")
    except Failure:
        at = next((i for i, pair in enumerate(zip(got, wanted))
                   if pair[0] != pair[1]), min(len(got), len(wanted)))
        raise Failure(
            f"{name}: {len(got)} frames of {len(wanted)} came; frame {at} is "
            f"{got[at:at + 1]}, expected {wanted[at:at + 1]}") from None


def tap(*codes):
    """The frames of keys that are pressed and let go in reverse order."""
    names = [code if "_" in code else f"KEY_{code.upper()}" for code in codes]
    return ([[(name, 1)] for name in names] +
            [[(name, 0)] for name in reversed(names)])


def pixel_of(value, pixels):
    """Which one of so many a tablet's place is: as X and libinput scale."""
    return value * pixels // 32768
