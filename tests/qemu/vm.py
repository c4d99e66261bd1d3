"""Stock QEMU with our guest in it and a GPU, keyboard, tablet and mouse on a back
end's sockets, or, to compare with, QEMU's own.

What the command line says and why: q35 with one CPU boots the guest fastest
under TCG; guest RAM is a shared memfd because a back end maps it; -display
none is the only display QEMU grants this device everywhere, and all we need.
"""
import os
import re
import socket
import subprocess

from child import Child, Failure
from qmp import Qmp
from serial_line import SerialLine

QEMU = "qemu-system-x86_64"
BOOT = 90
COMMAND = 60
END = 30
# QEMU's first generic device that is whole.
GENERIC = (11, 1)
# Bytes of struct virtio_gpu_config and the one field it has grown since.
GPU_CONFIG = 24


def kvm_works():
    """/dev/kvm alone proves nothing: it may open where no CPU can run it."""
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        flags = {word for line in file if line.startswith("flags")
                 for word in line.split()}
    return bool(flags & {"vmx", "svm"}) and os.access("/dev/kvm",
                                                      os.R_OK | os.W_OK)


def accelerator():
    # A Nehalem has no AVX, which TCG is slow at and guests' JITs trip over.
    if kvm_works():
        return ["-accel", "kvm", "-cpu", "host"]
    return ["-accel", "tcg,thread=multi", "-cpu", "Nehalem"]


def qemu_version():
    """(major, minor), (0, 0) without a QEMU."""
    try:
        text = subprocess.run([QEMU, "--version"], capture_output=True,
                              text=True, check=False).stdout
    except OSError:
        text = ""
    match = re.search(r"version (\d+)\.(\d+)", text)
    return tuple(int(number) for number in match.groups()) if match else (0, 0)


def gpu(backend, attach, outputs, more):
    """QEMU's arguments for the GPU; without a back end it is its own.

    attach: "gpu" is the device made for back ends of GPUs, which keeps to
    itself that a monitor has changed. "generic" is any device, here number 16
    of the virtio specification: all but queues and interrupts is the back
    end's, who is then the one to ask for more outputs.
    """
    if not backend:
        properties = ["virtio-gpu-pci", f"max_outputs={outputs}"]
    elif attach == "generic":
        properties = ["vhost-user-test-device-pci", "chardev=gpu",
                      "virtio-id=16", "num_vqs=2", "vq_size=256",
                      f"config_size={GPU_CONFIG}"]
    else:
        properties = ["vhost-user-gpu-pci", "chardev=gpu",
                      f"max_outputs={outputs}"]
    device = ["-device", ",".join([*properties, "id=gpu0", *more])]
    if not backend:
        return device
    return ["-chardev", f"socket,id=gpu,path={backend.path}", *device]


def inputs(backend, names):
    """QEMU's arguments for virtio-input devices; without a back end its own."""
    if not backend:
        return [word for name in names
                for word in ("-device", f"virtio-{name}-pci,id={name}")]
    return [word for name, path in backend.inputs.items()
            for word in ("-chardev", f"socket,id={name},path={path}", "-device",
                         f"vhost-user-input-pci,chardev={name},id={name}0")]


class Vm(Child):
    """A running QEMU; backend None: with a GPU of its own, and with those input
    devices of its own that own_inputs names.

    device: more properties of the GPU; attach: see gpu(); display: of QEMU's,
    for who listens to one (dbusdisplay.py).
    """

    def __init__(self, guest, backend, folder, outputs=1, device=(),
                 attach="gpu", own_inputs=(), display="none"):
        self.backend = backend
        self.outputs = outputs
        self.record = os.path.join(folder, "serial.txt")
        serial, serial_far = socket.socketpair()
        qmp, qmp_far = socket.socketpair()
        self.argv = [
            QEMU, "-nodefaults", "-no-user-config", *accelerator(),
            "-smp", "1", "-m", guest.ram, "-object",
            f"memory-backend-memfd,id=ram,size={guest.ram},share=on",
            "-machine", "q35,memory-backend=ram", *guest.arguments(),
            "-display", display, "-vga", "none",
            *gpu(backend, attach, outputs, device),
            *inputs(backend, own_inputs),
            "-chardev", f"socket,id=serial,fd={serial_far.fileno()}",
            "-serial", "chardev:serial",
            "-chardev", f"socket,id=qmp,fd={qmp_far.fileno()}",
            "-qmp", "chardev:qmp"]
        super().__init__("QEMU", self.argv, os.path.join(folder, "qemu.log"),
                         (serial_far.fileno(), qmp_far.fileno()))
        serial_far.close()
        qmp_far.close()
        self.serial = SerialLine(serial, self.check_both)
        self.qmp = None
        try:
            self.qmp = Qmp(qmp, END)
        except Failure:
            try:
                self.check_both(ending=True)
                raise
            finally:
                self.kill()

    def check_both(self, ending=False):
        """While a guest is waited for neither side may have gone wrong.

        ending: QEMU has closed its end of a socket, so its status is near.
        """
        if ending:
            self.settle(2)
        if self.process.poll() not in (None, 0):
            self.check_alive()
        if self.backend and self.backend.process.poll() not in (None, 0):
            self.backend.check_alive()

    def driver_bound(self):
        """Seconds the guest had been up when the driver had its device."""
        match = self.serial.wait(r"^guest: (driver bound after ([\d.]+) s|no .*)$",
                                 BOOT)
        if not match.group(2):
            raise Failure(f"the guest says: {match.group(1)}")
        return float(match.group(2))

    def shell_ready(self):
        """The driver has its device, and commands can be sent."""
        self.driver_bound()
        self.serial.wait(r"^guest: shell\n", BOOT)

    def sh(self, line, seconds=COMMAND):
        """What a command line prints in the guest; it must succeed there."""
        status, output = self.serial.command(line, seconds)
        if status:
            raise Failure(f"in the guest '{line}' ended with status {status}")
        return output

    def screendump(self, path, output=0):
        """QEMU's picture of an output, as PNG or PPM by the path's end."""
        self.qmp.command("screendump", filename=path, device="gpu0",
                         head=output, format=path.rsplit(".", 1)[1])

    def quit(self):
        """QEMU's own orderly end, whatever the guest does."""
        self.check_alive()
        self.qmp.command("quit")
        self.expect_status(0, END)

    def kill(self):
        super().kill()
        with open(self.record, "w", encoding="utf-8") as file:
            file.write(self.serial.text)
        self.serial.close()
        if self.qmp:
            self.qmp.close()
