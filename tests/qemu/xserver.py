"""An X server that has no screen, and what a user does to windows on it.

Nobody manages its windows, so each is as large as it was asked to be.
"""
import ctypes
import os
import select
import subprocess

from child import Child, Failure, poll

START = 20
SOON = 30


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
        ready, ready_far = os.pipe()
        try:
            super().__init__("Xvfb", [
                "Xvfb", "-displayfd", str(ready_far), "-screen", "0",
                f"{size}x24", "-nolisten", "tcp", "-noreset"],
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

    def window(self, title):
        """The number of the visible window whose title has these words."""
        poll(lambda: self.ask("search", "--onlyvisible", "--name", title),
             SOON, f"no window '{title}' appeared")
        return self.ask("search", "--onlyvisible", "--name", title).split()[0]

    def size(self, window):
        lines = self.ask("getwindowgeometry", "--shell", window).split()
        values = dict(line.split("=") for line in lines)
        return f"{values['WIDTH']}x{values['HEIGHT']}"

    def close(self, window):
        """As a user does with the window's button: the program is asked to."""
        x11 = ctypes.CDLL("libX11.so.6")
        x11.XOpenDisplay.restype = ctypes.c_void_p
        x11.XInternAtom.restype = ctypes.c_ulong
        display = ctypes.c_void_p(x11.XOpenDisplay(
            self.environment["DISPLAY"].encode()))
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
