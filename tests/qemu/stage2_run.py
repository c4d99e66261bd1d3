"""What `make run` promises: it ends as it should, and says what went wrong."""
import os
import sys

import picture
from child import Child, poll
from stage2_display import ONE, shown_inside

HERE = os.path.dirname(os.path.abspath(__file__))
END = 90
# It writes "hello" to the serial line and switches the machine off, by the
# ACPI register of QEMU's q35. 16-bit code, loaded to 0x7c00.
BOOT = bytes.fromhex("31c0 8ed8 be1c7c ac 84c0 7406 baf803 ee ebf5"
                     "ba0406 b80020 ef f4 ebfd") + b"hello from disk\r\n\0"


class Run(Child):
    """run.py as make starts it, on that program and with no display server."""

    def __init__(self, bench, *arguments, environment=None):
        folder = bench.subfolder()
        self.folder = os.path.join(folder, "run")
        none = {"DISPLAY": "", "WAYLAND_DISPLAY": ""}
        super().__init__("make run", [
            sys.executable, os.path.join(HERE, "run.py"), "--stage=2",
            f"--device={' '.join(bench.program)}", f"--folder={self.folder}",
            *arguments], os.path.join(folder, "run.log"),
            environment={**none, **(environment or {})})
        bench.children.append(self)

    def wait_for(self, words):
        def there():
            self.check_alive()
            return words in self.said()
        poll(there, END, f"it did not say '{words}'")

    def said(self):
        with open(self.log, encoding="utf-8") as file:
            return file.read()


def test_headless(bench):
    """Without a display server: modetest's picture, and status 0."""
    bench.need_ours("make run")
    run = Run(bench, "--demo=modetest")
    run.expect_status(0, END)
    wanted = picture.read_ppm(shown_inside(bench, ONE)[0])
    shown = picture.read(os.path.join(run.folder, "modetest-pattern.png"))
    bench.equal(picture.first_difference(shown, wanted), None,
                "the picture, against QEMU's own device")
    bench.holds("/modetest.png" in run.said(), "it did not name the picture")


def test_window_is_closed(bench):
    """With a window it stays; closed, QEMU ends and then the device, with 0."""
    bench.need_ours("make run")
    server = bench.xserver()
    run = Run(bench, "--demo=console", environment=server.environment)
    window = server.window("Virtual-1 1280x800")
    run.wait_for("stay console")
    bench.holds(run.alive(), "it did not stay")
    server.close(window)
    run.expect_status(0, END)
    bench.holds("the window was closed" in run.said(), "it did not say why")
    with open(os.path.join(run.folder, "qemu.log"), encoding="utf-8") as file:
        bench.equal(file.read(), "", "QEMU's complaints")


def test_disk_image(bench):
    """A disk of the user's boots by itself, and is not written to."""
    bench.need_ours("make run")
    disk = os.path.join(bench.folder, "disk,1.img")
    with open(disk, "wb") as file:
        file.write(BOOT.ljust(510, b"\0") + b"\x55\xaa" + bytes(1 << 20))
    run = Run(bench, f"--guest={disk}")
    run.expect_status(0, END)
    bench.holds("hello from disk" in run.said(), "the disk did not boot")


def test_what_can_not_be(bench):
    """Each in one line that names the variable, and status 2."""
    bench.need_ours("make run")
    for name, value in [("outputs", "17"), ("resolution", "big"),
                        ("show", "tv"), ("attach", "usb"), ("demo", "quake"),
                        ("guest", "/nowhere"), ("overlay", "/nowhere")]:
        run = Run(bench, f"--{name}={value}")
        run.expect_status(2, END)
        said = run.said().splitlines()
        bench.holds(len(said) == 1 and f"{name.upper()}={value}:" in said[0],
                    f"it said of {name}={value}: {said}")


def test_program_that_fails(bench):
    """An overlay's demo that fails: status 1, and the demo's is named."""
    bench.need_ours("make run")
    folder = os.path.join(bench.folder, "overlay", "demo")
    os.makedirs(folder)
    with open(os.path.join(folder, "seven"), "w", encoding="utf-8") as file:
        file.write("#!/bin/sh\necho this is mine\nexit 7\n")
    os.chmod(os.path.join(folder, "seven"), 0o755)
    run = Run(bench, "--demo=seven", f"--overlay={os.path.dirname(folder)}")
    run.expect_status(1, END)
    bench.holds("this is mine" in run.said(), "the demo did not run")
    bench.holds("run: the demo ended with status 7" in run.said(),
                "the status was not named")
