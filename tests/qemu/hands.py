"""A user's hands: what they do is told to the device, in the language of
build/stage4's --input-script. It takes a file or a FIFO.
"""
import fcntl
import os
import struct
import termios

from child import poll

SOON = 60
# The device reads on when it has done all it has read, this much at a time. So
# when of more than that the last is read, all that was before it has been done.
READ = 4096
FILLER = ("#" * (READ // 2) + "\n") * 4


class Script:
    """Those of a file that the user has written: nobody else tells them what to
    do."""

    words = []

    def __init__(self, path):
        self.path = path

    def options(self):
        return [f"--input-script={self.path}"]

    def do(self, *lines):
        """What the guest's demo would like."""

    def still(self, device):
        """All of it is done: the device has closed it. A FIFO has no end, so
        one does not wait for it."""
        folder = f"/proc/{device.pid}/fd"
        there = os.stat(self.path)
        return not os.path.isfile(self.path) or not any(
            os.path.samestat(os.stat(os.path.join(folder, name)), there)
            for name in os.listdir(folder))


class Hands:
    """Lines one by one, through a FIFO in that folder. words: for the guest's
    kernel, so that a demo knows that somebody does what it asks for."""

    words = ["user=host"]

    def __init__(self, folder):
        self.path = os.path.join(folder, "hands.fifo")
        self.asked = True
        os.mkfifo(self.path)
        # Both ends: so nothing waits for the device, or fails without it.
        self.end = os.open(self.path, os.O_RDWR | os.O_CLOEXEC)

    def options(self):
        return [f"--input-script={self.path}"]

    def do(self, *lines):
        """Soon, and in that order."""
        self.asked = False
        for line in lines:
            os.write(self.end, line.encode() + b"\n")

    def still(self, device=None):
        """All of it is done."""
        if not self.asked:
            self.asked = True
            os.write(self.end, FILLER.encode())
        return struct.unpack("i", fcntl.ioctl(self.end, termios.FIONREAD,
                                              bytes(4)))[0] == 0

    def wait(self):
        poll(self.still, SOON, "the device did not do what its script says")


class NoHands:
    """Of devices that can't be touched."""

    words = []

    def options(self):
        return []

    def do(self, *lines):
        """Nobody does."""

    def still(self, device):
        return True
