"""What `make run` promises from stage 4 on: its demos can be touched."""
import os
import re

import picture
from stage2_run import END, Run
from touch import desktop


def run(bench, *arguments):
    return Run(bench, "--stage=4", *arguments)


def test_input(bench):
    """The demo's user types, points and moves, and evdev's words are shown."""
    bench.need_ours("make run")
    child = run(bench, "--demo=input")
    child.expect_status(0, END)
    for words in ("keyboard: KEY_H 1\n", "tablet: BTN_LEFT 0\n",
                  "tablet: REL_WHEEL_HI_RES 30\n", "mouse: REL_X 30 REL_Y -4\n"):
        bench.holds(words in child.said(), f"the guest did not say {words}")
    bench.holds("/input.png" in child.said(), "there is no picture")


def test_script(bench):
    """INPUT=: a user's own script is done to its end, and no other; what is
    wrong with one is said in a line that names it."""
    bench.need_ours("make run")
    script = os.path.join(bench.folder, "script")
    with open(script, "w", encoding="utf-8") as file:
        file.write("wait ready\nkey f7\nwait 8\nkey f8\n")
    child = run(bench, "--demo=input", f"--input={script}")
    child.expect_status(0, END)
    with open(os.path.join(child.folder, "trace.txt"),
              encoding="utf-8") as file:
        bench.equal(re.findall(r"keyboard +frame KEY (\d+)=0 -> delivered",
                               file.read()), ["65", "66"],
                    "keys that were let go")
    bench.holds("KEY_H" not in child.said(), "the demo's user was at it too")
    with open(script, "a", encoding="utf-8") as file:
        file.write("key frown\n")
    child = run(bench, "--demo=input", f"--input={script}")
    child.expect_status(1, END)
    bench.holds(f"{script}:5: key:" in child.said(),
                "it did not say what is wrong: " + child.said()[-200:])


def test_what_can_not_be(bench):
    """A script for a stage without devices for it, and none at all."""
    bench.need_ours("make run")
    for stage, value in [("3", os.devnull), ("4", "/nowhere"), ("4", "/tmp")]:
        child = Run(bench, f"--stage={stage}", f"--input={value}")
        child.expect_status(2, END)
        bench.holds(f"INPUT={value}:" in child.said(),
                    f"it said of {value}: {child.said()}")


def test_desktop(bench):
    """The desktop's user types a command, presses a button, drags a window:
    the picture has the clock that comes of it."""
    bench.need_ours("make run")
    desktop(bench)
    child = run(bench, "--demo=x11-input")
    child.expect_status(0, 2 * END)
    shown = picture.read(os.path.join(child.folder, "x11-input.png"))
    bench.equal(shown.size, "1280x800", "the picture")
    bench.equal([shown.pixel(x, y) for x, y in [(1015, 510), (900, 90),
                                                (697, 228), (100, 500)]],
                [(255, 255, 255), (0x20, 0x40, 0x60), (255, 255, 255),
                 (255, 255, 255)],
                "clock, where the eyes were, where they are, and the terminal")
