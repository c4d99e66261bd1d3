"""An X server that has no screen, and what a user does to windows on it.

Nobody manages its windows, so each is as large as it was asked to be.
"""
import ctypes
import os
import select
import struct
import subprocess

from child import Child, Failure, poll
from picture import Picture

START = 20
SOON = 30
LEFT_PTR = 68        # of the cursor font


class ClientMessage(ctypes.Structure):
    """XClientMessageEvent of X11/Xlib.h, as large as an XEvent."""

    _fields_ = [("type", ctypes.c_int), ("serial", ctypes.c_ulong),
                ("send_event", ctypes.c_int), ("display", ctypes.c_void_p),
                ("window", ctypes.c_ulong), ("message_type", ctypes.c_ulong),
                ("format", ctypes.c_int), ("data", ctypes.c_long * 5),
                ("rest", ctypes.c_long * 12)]


class XServer(Child):
    """Xvfb. environment: what a program needs to open its windows there."""

    def __init__(self, folder, size="1920x1200"):
        self.screen = os.path.join(folder, "Xvfb_screen0")
        ready, ready_far = os.pipe()
        try:
            super().__init__("Xvfb", [
                "Xvfb", "-displayfd", str(ready_far), "-screen", "0",
                f"{size}x24", "-fbdir", folder, "-nolisten", "tcp",
                "-noreset"],
                os.path.join(folder, "xserver.log"), (ready_far,))
        finally:
            os.close(ready_far)
        try:
            self.environment = {"DISPLAY": f":{self.number(ready)}",
                                "SDL_VIDEODRIVER": "x11"}
        except Failure:
            self.kill()
            raise
        finally:
            os.close(ready)

    def number(self, ready):
        """It takes the first that is free, and says which once it listens."""
        line = b""
        while not line.endswith(b"\n"):
            if not select.select([ready], [], [], START)[0]:
                raise Failure(f"Xvfb was not ready within {START} s")
            more = os.read(ready, 16)
            if not more:
                self.settle(2)
                self.check_alive()
                raise Failure("Xvfb did not say its number")
            line += more
        return int(line)

    def ask(self, *arguments):
        """What xdotool answers; empty if there is no such window."""
        return subprocess.run(
            ["xdotool", *arguments], capture_output=True, text=True,
            env={**os.environ, **self.environment}, check=False).stdout

    def layout(self, name, variant=""):
        """What is printed on the keys of the user's keyboard."""
        subprocess.run(["setxkbmap", name, variant],
                       env={**os.environ, **self.environment}, check=True)

    def window(self, title):
        """The number of the visible window whose title has these words."""
        poll(lambda: self.ask("search", "--onlyvisible", "--name", title),
             SOON, f"no window '{title}' appeared")
        return self.ask("search", "--onlyvisible", "--name", title).split()[0]

    def size(self, window):
        lines = self.ask("getwindowgeometry", "--shell", window).split()
        values = dict(line.split("=") for line in lines)
        return f"{values['WIDTH']}x{values['HEIGHT']}"

    def look(self, window):
        """What one sees of it, the pointer included: the server keeps its
        screen in a file, as xwd would write it."""
        lines = self.ask("getwindowgeometry", "--shell", window).split()
        at = {name: int(value) for name, value in
              (line.split("=") for line in lines)}
        with open(self.screen, "rb") as file:
            whole = file.read()
        words = struct.unpack(">25I", whole[:100])
        stride, start = words[12], words[0] + words[19] * 12
        pixels = bytearray()
        for y in range(at["Y"], at["Y"] + at["HEIGHT"]):
            row = start + y * stride + at["X"] * 4
            row = whole[row:row + at["WIDTH"] * 4]
            rgb = bytearray(at["WIDTH"] * 3)
            rgb[0::3], rgb[1::3], rgb[2::3] = row[2::4], row[1::4], row[0::4]
            pixels += rgb
        return Picture(at["WIDTH"], at["HEIGHT"], pixels)

    def open(self):
        """(Xlib, a connection of ours)"""
        x11 = ctypes.CDLL("libX11.so.6")
        for name in ("XInternAtom", "XCreateFontCursor", "XDefaultRootWindow"):
            getattr(x11, name).restype = ctypes.c_ulong
        x11.XOpenDisplay.restype = ctypes.c_void_p
        return x11, ctypes.c_void_p(x11.XOpenDisplay(
            self.environment["DISPLAY"].encode()))

    def show_pointer(self):
        """An arrow wherever no program shows another: the server has none."""
        x11, display = self.open()
        x11.XDefineCursor(
            display, ctypes.c_ulong(x11.XDefaultRootWindow(display)),
            ctypes.c_ulong(x11.XCreateFontCursor(display, LEFT_PTR)))
        x11.XCloseDisplay(display)

    def point_at(self, window, x, y):
        self.ask("mousemove", "--window", window, str(x), str(y))

    def close(self, window):
        """As a user does with the window's button: the program is asked to."""
        x11, display = self.open()
        event = ClientMessage(
            type=33, window=int(window), format=32,
            message_type=x11.XInternAtom(display, b"WM_PROTOCOLS", 0))
        event.data[0] = x11.XInternAtom(display, b"WM_DELETE_WINDOW", 0)
        x11.XSendEvent(display, ctypes.c_ulong(int(window)), 0,
                       ctypes.c_long(0), ctypes.byref(event))
        x11.XCloseDisplay(display)

    def resize(self, window, size):
        """As a user does with the window's border."""
        self.ask("windowsize", window, *size.split("x"))
        poll(lambda: self.size(window) == size, SOON,
             f"the window did not become {size}")
