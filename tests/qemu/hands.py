"""A user's hands: what they do is told to the device a line at a time.

A line is one of the script language's, which build/stage4 takes from a file or
a FIFO: --input-script. Here it is a FIFO.
"""
import fcntl
import os
import struct
import termios

from child import poll

SOON = 60


class Hands:
    """folder: where the FIFO comes to lie."""

    def __init__(self, folder):
        self.path = os.path.join(folder, "hands.fifo")
        os.mkfifo(self.path)
        # Both ends: so nothing waits for the device, or fails without it.
        self.end = os.open(self.path, os.O_RDWR | os.O_CLOEXEC)

    def option(self):
        return f"--input-script={self.path}"

    def do(self, *lines):
        """Soon: the device reads them when it gets to it."""
        for line in lines:
            os.write(self.end, line.encode() + b"\n")

    def lie_still(self):
        """The device has read all lines."""
        def read():
            return struct.unpack("i", fcntl.ioctl(
                self.end, termios.FIONREAD, bytes(4)))[0] == 0
        poll(read, SOON, "the device did not read its script")

    def close(self):
        os.close(self.end)
