"""Where a demo's pictures go, and what is done when one is complete: SHOW=.

A guest says "look NAME" when a picture is worth a look, "stay NAME" when it is
the last; it goes on when it is answered. A window answers the first after a
moment and the last never: it stays until it is closed. The others keep a copy
of each picture, and the demo comes to its end by itself.
"""
import glob
import math
import os
import select
import shutil
import time

import picture
from child import Failure

LOOK = 3            # seconds in a window
FIRST = 20          # seconds for a picture to come at all
QUIET = 1           # seconds without a newer one: this was the last


class Closed(Exception):
    """The user has closed the window."""


class Screen:
    """SHOW=none: nobody looks. folder: where what is kept comes to lie."""

    pass_fds = ()
    remark = ""     # on its pictures

    def __init__(self, folder, name):
        self.folder = folder
        self.name = name
        self.kept = []

    def options(self):
        """For the device."""
        return ["--display=none"]

    def properties(self, resolution):
        """For the device in the machine."""
        return []

    def started(self):
        """The device runs."""

    def check(self):
        """Raises Closed if it was."""

    def hint(self):
        """Where to look in the meantime; or None."""

    def seen(self, vm, what, name):
        """The guest waits; returns when it shall go on."""

    def files(self, vm):
        """Of the picture as it is now, a file for each output."""
        return []

    def last(self):
        """Its files when all has ended: for guests that said nothing."""
        return []

    def keep(self, name, files):
        for number, path in enumerate(files):
            end = "" if number == 0 else f"-{number}"
            target = os.path.join(self.folder, f"{self.name}-{name}{end}.png")
            shutil.copyfile(path, target)
            self.kept.append(target)

    def result(self):
        """One file with all that was kept in it; None if nothing was. QEMU
        and the device have ended."""
        if not self.kept:
            self.keep("last", self.last())
        if not self.kept:
            return None
        target = os.path.join(self.folder, f"{self.name}.png")
        if len(self.kept) == 1:
            os.rename(self.kept[0], target)
        else:
            picture.write_png(picture.sheet(
                [picture.read(path) for path in self.kept],
                math.ceil(math.sqrt(len(self.kept)))), target)
        return target


class Files(Screen):
    """SHOW=png: the device writes its last pictures into a folder."""

    def __init__(self, folder, name):
        super().__init__(folder, name)
        self.place = os.path.join(folder, "screen")

    def options(self):
        return [f"--display=png:{self.place}"]

    def hint(self):
        return os.path.join(self.place, "scanout0.png")

    def seen(self, vm, what, name):
        self.keep(name, self.files(vm))

    def paths(self):
        return sorted(glob.glob(os.path.join(self.place, "scanout*.png")),
                      key=lambda path: (len(path), path))

    def last(self):
        return self.paths()

    def state(self):
        return [(path, os.stat(path).st_mtime_ns) for path in self.paths()]

    def files(self, vm):
        """Once they have settled: no newer ones come, or the guest draws on
        and two have, the second of which was begun after it said so."""
        start = changed = time.monotonic()
        state, changes = self.state(), 0
        while not state or (changes < 2 and
                            time.monotonic() - changed < QUIET):
            if time.monotonic() - start > FIRST and not state:
                raise Failure("the guest shows no picture")
            vm.check_both()
            time.sleep(0.02)
            now = self.state()
            if now != state:
                state, changed = now, time.monotonic()
                changes += 1
        return self.paths()


class Qemu(Screen):
    """SHOW=qemu: the pictures go back to QEMU, which is asked for them. Of the
    cursor QEMU tells its displays, who draw it; there is none here."""

    remark = ", by QEMU's screendump, which draws no cursors"

    def options(self):
        return ["--display=qemu"]

    def properties(self, resolution):
        width, height = resolution.split("x")
        return [f"xres={width}", f"yres={height}"]

    def seen(self, vm, what, name):
        self.keep(name, self.files(vm))

    def dump(self, vm):
        paths = [os.path.join(self.folder, f"qemu{output}.png")
                 for output in range(vm.outputs)]
        for output, path in enumerate(paths):
            vm.screendump(path, output)
        return paths, [picture.read(path) for path in paths]

    def files(self, vm):
        """As it is once it does not change from one look to the next; one that
        goes on changing is taken as it is."""
        paths, last = self.dump(vm)
        for _ in range(5):
            time.sleep(0.3)
            paths, now = self.dump(vm)
            if now == last:
                break
            last = now
        return paths


class Window(Screen):
    """SHOW=sdl: windows of the device's. It writes "closed" when one is closed,
    and nothing if it ends in another way."""

    def __init__(self, folder, name):
        super().__init__(folder, name)
        self.end, far = os.pipe()
        self.pass_fds = (far,)

    def options(self):
        return ["--display=sdl", f"--close-fd={self.pass_fds[0]}"]

    def started(self):
        """The device has its copy of the far end."""
        os.close(self.pass_fds[0])

    def check(self):
        if select.select([self.end], [], [], 0)[0] and os.read(self.end, 64):
            raise Closed

    def seen(self, vm, what, name):
        end = time.monotonic() + (LOOK if what == "look" else float("inf"))
        while time.monotonic() < end:
            vm.serial.pump(0.1)
            vm.serial.check()


KINDS = {"sdl": Window, "png": Files, "qemu": Qemu, "none": Screen}


def default(ours):
    """A window where there is a display server to show it. A program that is
    not ours is not known to have one; it has QEMU's socket."""
    if not ours:
        return "qemu"
    if os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        return "sdl"
    return "png"
