"""What a user does to the device's windows arrives in the guest: real X events,
from the server's own test extension by way of xdotool.
"""
from child import poll
from touch import (SOON, expect, finish, heard, listen, pixel_of, start, tap)

SIZE = 1280, 800
# Keys by their places, as X counts them: on other layouts they are dead.
APOSTROPHE, GRAVE = "48", "49"


def open_window(bench, heads=1):
    """(device, guest, X server, windows)"""
    server = bench.xserver()
    device, vm, _ = start(bench, "--display=sdl", heads=heads,
                          environment=server.environment)
    windows = [server.window(f"Virtual-{head + 1} {SIZE[0]}x{SIZE[1]}")
               for head in range(heads)]
    return device, vm, server, windows


def focus(server, window):
    server.ask("windowraise", window)
    server.ask("windowfocus", window)
    poll(lambda: server.ask("getwindowfocus").strip() == window, SOON,
         "the window has no focus")


def shifted(name):
    """As xdotool types it: it lets go of shift first."""
    return [[(code, value)] for value in (1, 0)
            for code in ("KEY_LEFTSHIFT", f"KEY_{name.upper()}")]


def test_keys_and_clicks(bench):
    """Keys, chords, clicks and wheels; the pointer at the pixel that it is at
    in the window."""
    device, vm, server, (window,) = open_window(bench)
    focus(server, window)
    listen(vm, "keyboard", "tablet")
    for what, key in [("keydown", "ctrl"), ("keydown", "a"), ("keyup", "a"),
                      ("keyup", "ctrl"), ("key", "F5"), ("key", "KP_Enter")]:
        server.ask(what, key)
    server.ask("type", "It's 5%")
    expect(vm, "keyboard", [
        *tap("leftctrl", "a"), *tap("f5"), *tap("kpenter"),
        *shifted("i"), *tap("t"), *tap("apostrophe"), *tap("s"),
        *tap("space"), *tap("5"), *shifted("5")])
    for x, y in [(0, 0), (1279, 799), (640, 400), (17, 783)]:
        server.point_at(window, x, y)
        poll(lambda: places(vm, *SIZE)[-1:] == [(x, y)], SOON,
             f"the pointer did not come to {x},{y}")
    listen(vm, "tablet")
    for number in "12345":
        server.ask("click", number)
    expect(vm, "tablet", [
        *tap("BTN_LEFT"), *tap("BTN_MIDDLE"), *tap("BTN_RIGHT"),
        [("REL_WHEEL_HI_RES", 120), ("REL_WHEEL", 1)],
        [("REL_WHEEL_HI_RES", -120), ("REL_WHEEL", -1)]])
    finish(vm, device)


def places(vm, width, height):
    """The pixels that the tablet pointed at, on a desktop of that size."""
    values, found = {}, []
    for frame in heard(vm, "tablet"):
        values.update(frame)
        found.append((pixel_of(values.get("ABS_X", 0), width),
                      pixel_of(values.get("ABS_Y", 0), height)))
    return found


def test_dead_keys(bench):
    """On the host's keyboard a key is dead: it is a key like any other in the
    guest, which has a layout of its own."""
    device, vm, server, (window,) = open_window(bench)
    server.layout("us", "intl")
    focus(server, window)
    listen(vm, "keyboard")
    server.ask("key", APOSTROPHE, "e")
    server.layout("de")
    server.ask("key", "y", GRAVE, "a")
    expect(vm, "keyboard", tap("apostrophe") + tap("e") + tap("z") +
           tap("grave") + tap("a"))
    finish(vm, device)


def test_lights(bench):
    """The guest lights Caps Lock, and the window's title says so until it is
    out again."""
    device, vm, server, (window,) = open_window(bench)
    focus(server, window)
    for wanted in (True, False) * 2:
        server.ask("key", "Caps_Lock")
        poll(lambda: ("Caps" in server.ask("getwindowname", window)) == wanted,
             SOON, f"Caps Lock in the title is not {wanted}")
    finish(vm, device)


def test_two_windows(bench):
    """The second window is the right half of what the tablet spreads over; a
    key that is held when the user leaves for it is let go."""
    device, vm, server, (first, second) = open_window(bench, heads=2)
    server.ask("windowmove", second, "1300", "0")
    server.ask("windowmove", first, "0", "0")
    listen(vm, "keyboard", "tablet")
    for window, left in [(first, 0), (second, SIZE[0])] * 2:
        for x, y in [(500, 77), (20, 790)]:
            server.point_at(window, x, y)
            poll(lambda: places(vm, 2 * SIZE[0], SIZE[1])[-1:] ==
                 [(left + x, y)], SOON, f"the pointer did not come to {x},{y}")
    focus(server, first)
    server.ask("keydown", "a")
    expect(vm, "keyboard", [[("KEY_A", 1)]])
    focus(server, second)
    expect(vm, "keyboard", tap("a"))
    server.ask("keyup", "a")
    server.ask("key", "b")
    expect(vm, "keyboard", tap("a") + tap("b"))
    finish(vm, device)
