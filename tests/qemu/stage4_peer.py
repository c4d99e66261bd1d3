"""QEMU's own virtio-keyboard-pci, -tablet-pci and -mouse-pci in the same guest:
they can do what ours can, and say the same when the same is done, but for what
is written down here.
"""
import re

from backend import INPUTS
from child import poll
from touch import SOON, expect, finish, heard, listen, log, small, start

# (devices, what one of both has and the other has not, why). A row that is of no
# use is a mistake as well.
DIFFERENCES = [
    ("all", r"name|id", "each says what it is"),
    ("keyboard", "KEY_(LINEFEED|PROPS|WAKEUP)",
     "QEMU's: its own key codes have them; no key of SDL's is one"),
    ("keyboard", r"KEY_(ZENKAKUHANKAKU|KATAKANA|KPJPCOMMA|KPPLUSMINUS|PROG\d|WWW|"
     r"EJECTCD|REWIND|KPLEFTPAREN|KPRIGHTPAREN|FASTFORWARD|SEARCH|ALTERASE|"
     r"CANCEL|BRIGHTNESS\w+|SWITCHVIDEOMODE|KBDILLUM\w+)|445|446",
     "ours: keys of SDL's that QEMU has no code for"),
    ("tablet mouse", "BTN_(TOUCH|GEAR_DOWN|GEAR_UP)",
     "QEMU's: from its table of buttons; a wheel's two directions are buttons "
     "there, which it never sends to a guest"),
    ("tablet mouse", "REL_(HWHEEL|WHEEL_HI_RES|HWHEEL_HI_RES)",
     "ours: wheels across, and parts of a notch"),
    ("tablet mouse", "INPUT_PROP_POINTER",
     "ours: it moves a pointer on a screen, and is no touch screen"),
]
# Script and QMP call keys by other names.
QCODES = {"leftctrl": "ctrl", "rightctrl": "ctrl_r", "leftshift": "shift",
          "rightshift": "shift_r", "leftalt": "alt", "rightalt": "alt_r",
          "leftmeta": "meta_l", "enter": "ret", "space": "spc", "esc": "esc",
          "pageup": "pgup", "pagedown": "pgdn", "capslock": "caps_lock",
          "numlock": "num_lock", "scrolllock": "scroll_lock", "kp5": "kp_5",
          "kpplus": "kp_add", "kpenter": "kp_enter", "102nd": "less",
          "leftbrace": "bracket_left", "grave": "grave_accent", "dot": "dot",
          "compose": "compose", "f1": "f1", "f12": "f12", "f13": "f13",
          "delete": "delete", "insert": "insert", "home": "home", "up": "up",
          "volumeup": "volumeup", "mute": "audiomute", "ro": "ro",
          "yen": "yen", "henkan": "henkan", "backslash": "backslash"}


def abilities(vm, name):
    """What evtest lists: {"name ...", "KEY_A", "ABS_X Max 32767", ...}."""
    found, kind, axis = set(), "", ""
    for line in log(vm, name)[0]:
        words = line.split()
        if "Event type" in line:
            kind = words[-1].strip("()")
            found.add(kind)
        elif "Event code" in line:
            axis = words[3].strip("()") if len(words) > 3 else ""
            found.add(words[2] if axis in ("?", "") else axis)
        elif re.match(" +(Min|Max|Fuzz|Flat|Resolution) ", line):
            found.add(" ".join([axis, *words]))
        elif "Property type" in line:
            found.add(words[-1].strip("()"))
        elif "device name" in line:
            found.add("name " + line.split('"')[1])
        elif "device ID" in line:
            found.add("id " + line.split(": ")[1])
    return found


def start_theirs(bench, *names):
    bench.need_ours("a peer")
    vm = bench.vm(None, own_inputs=names, guest=small(bench))
    listen(vm, *names)
    return vm


def test_abilities(bench):
    """evtest lists the same, but for the table's rows, which are all needed."""
    device, vm, _ = start(bench)
    listen(vm, *INPUTS)
    ours = {name: abilities(vm, name) for name in INPUTS}
    finish(vm, device)
    vm = start_theirs(bench, *INPUTS)
    used = set()
    for name in INPUTS:
        for what in sorted(ours[name] ^ abilities(vm, name)):
            rows = [number for number, (devices, pattern, _) in
                    enumerate(DIFFERENCES) if devices in ("all", name) or
                    name in devices.split()
                    if re.fullmatch(f"(?:{pattern})( .*)?", what)]
            bench.holds(rows, f"{name}: only one of both has {what}")
            used.update(rows)
    bench.equal(used, set(range(len(DIFFERENCES))), "rows of the table in use")
    vm.quit()


def send(vm, *events):
    """One frame at QEMU's own devices: (type, data) each."""
    vm.qmp.command("input-send-event", events=[
        {"type": kind, "data": data} for kind, data in events])


def press(kind, key, down):
    return kind, {"down": down, ("button" if kind == "btn" else "key"): key}


def chord(*names):
    """Of keys, as the script's "key" has it."""
    codes = [{"type": "qcode", "data": QCODES.get(name, name)}
             for name in names]

    def act(vm):
        for code in codes:
            send(vm, press("key", code, True))
        for code in reversed(codes):
            send(vm, press("key", code, False))
    return f"key {'+'.join(names)}", act, 2 * len(names)


def button(line, name, frames=2):
    def act(vm):
        send(vm, press("btn", name, True))
        send(vm, press("btn", name, False))
    return line, act, frames


def axes(line, kind, *values):
    return line, lambda vm: send(vm, *(
        (kind, {"axis": axis, "value": value})
        for axis, value in zip("xy", values))), 1


BUTTONS = [button(f"click {name}", name) for name in
           ["left", "right", "middle", "side", "extra"]]
WHEEL = [button("wheel 1", "wheel-up", 1), button("wheel -1", "wheel-down", 1)]


def plain(frames):
    """Without what only ours has: parts of a notch, and wheels across."""
    kept = [[event for event in frame if not event[0].endswith("_HI_RES")]
            for frame in frames]
    return [frame for frame in kept if frame]


def same(bench, name, acts):
    """For each of acts, which are (a script's line, act(vm), frames): what our
    device says of the line is what QEMU's own says of act(vm)."""
    device, vm, hands = start(bench)
    listen(vm, name)
    wanted = 0
    for line, _, frames in acts:
        wanted += frames
        hands.do(line)
        poll(lambda: len(heard(vm, name)) >= wanted, SOON,
             f"{name}: not all of '{line}' came")
    ours = heard(vm, name)
    finish(vm, device)
    bench.equal(len(ours), wanted, f"frames of our {name}")
    vm = start_theirs(bench, name)
    for number, (_, act, _) in enumerate(acts, 1):
        act(vm)
        wanted = plain(ours[:sum(frames for _, _, frames in acts[:number])])
        expect(vm, name, wanted)
    vm.quit()


def test_keys(bench):
    """Keys, one by one and in a chord."""
    same(bench, "keyboard", [
        *(chord(name) for name in [*QCODES, *"abcxyz0189"]),
        chord("leftctrl", "leftshift", "a")])


def test_tablet(bench):
    """Places, buttons, and the wheel's notches."""
    same(bench, "tablet", [
        axes("move 640 400", "abs", 16396, 16404),
        axes("move 0 0", "abs", 12, 20),
        axes("move 1279 799", "abs", 32755, 32747), *BUTTONS, *WHEEL])


def test_mouse(bench):
    """Motion, buttons, and the wheel's notches."""
    same(bench, "mouse", [
        *(axes(f"motion {x} {y}", "rel", x, y)
          for x, y in [(3, -4), (-100, 200), (0, 1), (1, 0)]),
        *BUTTONS, *WHEEL])
