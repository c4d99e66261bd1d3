"""The guests a machine can boot, as what they are told and need of QEMU.

All of them are kept in build/guest/; none of them is written to.
"""
import os
import shutil
import subprocess

from child import Failure

HERE = os.path.dirname(os.path.abspath(__file__))
MAKERS = os.path.join(os.path.dirname(HERE), "guest")

# Fewer seconds under TCG: no speculation defences, no self-tests, no waits.
FAST = ("console=ttyS0 quiet panic=-1 mitigations=off cryptomgr.notests "
        "no_timer_check tsc=reliable nokaslr random.trust_cpu=on")
# The kernel's console stays off the device, and so does the frame buffer: both
# would draw on every boot.
NO_CONSOLE = "drm_kms_helper.fbdev_emulation=0"
# The kernel's console is on the device as well; the last one is init's.
CONSOLE = "console=tty0"


class Guest:
    """The small guest: kernel and initramfs. demo is what its init runs."""

    ram = "512M"
    kind = "small"

    def __init__(self, folder, demo, more=(), console=False):
        self.kernel = os.path.join(folder, "vmlinux")
        self.initramfs = os.path.join(folder, "initramfs.cpio")
        self.append = " ".join([CONSOLE if console else NO_CONSOLE, FAST,
                                f"demo={demo}", *more])

    def lay_over(self, overlay, folder):
        """A directory's files win over its own; the archive is in folder."""
        archive = os.path.join(folder, "overlay.cpio")
        whole = os.path.join(folder, "initramfs.cpio")
        subprocess.run([os.path.join(MAKERS, "cpio.py"), overlay, archive,
                        *self.overlay_place()], check=True)
        with open(whole, "wb") as out:
            for part in (self.initramfs, archive):
                with open(part, "rb") as file:
                    shutil.copyfileobj(file, out)
        self.initramfs = whole

    def overlay_place(self):
        return []

    def arguments(self):
        return ["-kernel", self.kernel, "-initrd", self.initramfs,
                "-append", self.append]


class DesktopGuest(Guest):
    """The same, its root file system a disk with an X server on it."""

    ram = "1G"
    kind = "desktop"

    def __init__(self, folder, demo, more=(), console=True):
        super().__init__(folder, demo, ["guest=desktop", *more], console)
        self.disk = os.path.join(folder, "desktop", "root.ext4")

    def overlay_place(self):
        return ["overlay"]

    def arguments(self):
        return [*super().arguments(), *disk_arguments(self.disk)]


class ImageGuest:
    """A disk image of the user's, with boot loader and kernel of its own."""

    ram = "2G"
    kind = "image"

    def __init__(self, path):
        self.path = path

    def arguments(self):
        return disk_arguments(self.path)


def disk_arguments(path):
    """What is written goes to a temporary file, and away with QEMU."""
    escaped = path.replace(",", ",,")
    return ["-drive", f"file={escaped},if=none,id=disk,snapshot=on,"
            f"format={disk_format(path)}", "-device",
            "virtio-blk-pci,drive=disk"]


def disk_format(path):
    """By its first bytes; a disk without a format of its own is raw."""
    with open(path, "rb") as file:
        magic = file.read(4)
    return {b"QFI\xfb": "qcow2", b"KDMV": "vmdk"}.get(magic, "raw")


def make_desktop():
    """Made the first time; says so. Nothing to do takes no time."""
    if subprocess.run([os.path.join(MAKERS, "desktop.sh")],
                      check=False).returncode:
        raise Failure("there is no desktop guest")
