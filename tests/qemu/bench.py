"""What an end-to-end test starts: devices and QEMUs, and the end of them all.

A test gets one Bench and asserts through it; whatever it started is gone when
it returns, however it returns, and what it must see ended well was ended by it.
"""
import glob
import os
import shutil
import tempfile

from backend import BackEnd
from child import Failure
from guests import Guest
from vm import GENERIC, Vm, qemu_version
from xserver import XServer


class Skip(Exception):
    """Why a test means nothing for this device."""


def tail(path, count):
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.read().splitlines()[-count:]


class Bench:
    """program: the device's argv; images: where the guest lies."""

    def __init__(self, program, images):
        self.program = program
        self.images = images
        self.folder = tempfile.mkdtemp(prefix="vgpu-e2e-")
        self.children = []

    @property
    def ours(self):
        return "{}" not in " ".join(self.program)

    def need_ours(self, what):
        if not self.ours:
            raise Skip(f"{what} is not asked of other programs")

    def subfolder(self):
        path = os.path.join(self.folder, str(len(self.children)))
        os.mkdir(path)
        return path

    def need_generic(self):
        if qemu_version() < GENERIC:
            raise Skip("needs QEMU " + ".".join(map(str, GENERIC)))

    def device(self, *options, path=None, environment=None,
               inputs=()):
        backend = BackEnd(self.program, self.subfolder(), options, path,
                          environment, inputs=inputs)
        self.children.append(backend)
        return backend

    def xserver(self):
        server = XServer(self.subfolder())
        self.children.append(server)
        return server

    def vm(self, backend, demo="shell", outputs=1, device=(), more=(),
           attach="gpu", guest=None, own_inputs=(), display="none"):
        """A QEMU on that back end, its guest's shell waiting for lines.

        guest: another than the small one without a console on the screen.
        """
        guest = guest or Guest(self.images, demo, more)
        vm = Vm(guest, backend, self.subfolder(), outputs, device,
                attach=attach, own_inputs=own_inputs, display=display)
        self.children.append(vm)
        vm.shell_ready()
        return vm

    def equal(self, got, wanted, what):
        if got != wanted:
            raise Failure(f"{what}: got {got!r}, expected {wanted!r}")

    def holds(self, condition, what):
        if not condition:
            raise Failure(what)

    def clean(self):
        for child in reversed(self.children):
            child.kill()

    def story(self):
        """After a failure: the last words of everything that was started."""
        for child in self.children:
            folder = os.path.dirname(child.log)
            for path in sorted(glob.glob(f"{folder}/**/*.*", recursive=True)):
                if not path.endswith((".log", ".txt")):
                    continue
                yield f"{os.path.relpath(path, folder)} of {child.name}:"
                for line in tail(path, 15):
                    yield f"    {line[:200]}"

    def forget(self):
        shutil.rmtree(self.folder, ignore_errors=True)
