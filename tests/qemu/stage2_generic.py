"""QEMU's generic device (ATTACH=generic): the guest hears of changed monitors.

What vhost-user-gpu-pci keeps to itself comes through here: the user resizes a
window, and the guest's mode follows. QEMU has it whole since 11.1.

No back end dies in these tests while QEMU runs: its generic device takes QEMU
along with it.
"""
import os
import re

from child import poll
from pngread import as_ppm
from stage1_boot import connectors
from stage2_display import DRIVER, ONE, SOON, draw, shown_inside, stop_drawing

# The kernel's console, which Vm keeps off the device, on it.
CONSOLE = ["drm_kms_helper.fbdev_emulation=1"]


def lines(device, what):
    return [line for line in device.trace() if what in line]


def preferred(vm, name="Virtual-1"):
    return connectors(vm)[name][1]


def interrupts(vm):
    text = vm.sh("grep virtio0 /proc/interrupts")
    return int(re.match(r"\s*\d+:\s+(\d+)", text).group(1))


def expect_mode(vm, size, name="Virtual-1"):
    poll(lambda: preferred(vm, name) == size, SOON,
         f"{name} did not come to prefer {size}")


def resize(server, device, window, size):
    """Until the device knows of it, whatever the guest is doing."""
    server.resize(window, size)
    poll(lambda: lines(device, f"resized scanout=0 {size}"), SOON,
         f"the device did not hear of a window of {size}")


def start(bench, *options, heads=1, more=()):
    """A device with windows, the X server they are on, and a guest."""
    bench.need_ours("--display=sdl")
    bench.need_generic()
    server = bench.xserver()
    device = bench.device("--display=sdl", *options,
                          environment=server.environment)
    vm = bench.vm(device, outputs=heads, more=more, attach="generic")
    return server, device, vm


def finish(bench, vm, device):
    """Both end well, and neither QEMU nor the device has complained."""
    vm.quit()
    device.end()
    for child in (vm, device):
        with open(child.log, encoding="utf-8") as file:
            bench.equal([line for line in file if "Ctrl+Alt" not in line], [],
                        f"complaints of {child.name}")


def test_pattern(bench):
    """modetest's pattern as a PNG is the in-process device's, byte by byte."""
    bench.need_ours("--display=png")
    bench.need_generic()
    picture = shown_inside(bench, ONE)[0]
    device = bench.device(f"--display=png:{bench.folder}")
    vm = bench.vm(device, attach="generic")
    path = os.path.join(bench.folder, "scanout0.png")
    draw(vm, ONE)
    poll(lambda: os.path.exists(path) and as_ppm(path) == picture, SOON,
         "the PNG did not become the in-process device's picture")
    stop_drawing(vm)
    finish(bench, vm, device)


def test_window_is_resized(bench):
    """A resized window: interrupt, EDID and display info, the new mode first."""
    server, device, vm = start(bench)
    window = server.window("Virtual-1")
    bench.equal((server.size(window), preferred(vm)), ("1280x800", "1280x800"),
                "window and mode at the start")
    for size in ("1000x700", "1501x977", "640x480"):
        edids, interrupted = len(lines(device, "GET_EDID")), interrupts(vm)
        server.resize(window, size)
        poll(lambda: lines(device, f"GET_DISPLAY_INFO {size}"), SOON,
             f"the guest did not ask for a display info with {size}")
        bench.holds(len(lines(device, "GET_EDID")) > edids,
                    "the guest did not ask for the EDID again")
        bench.holds(interrupts(vm) > interrupted, "there was no interrupt")
        expect_mode(vm, size)
        draw(vm, ONE)
        server.window(f"Virtual-1 {size}$")
        stop_drawing(vm)
    bench.equal(server.size(window), "640x480", "the window in the end")
    finish(bench, vm, device)


def test_console_follows(bench):
    """The kernel's console, too, as long as its framebuffer is large enough."""
    server, device, vm = start(bench, more=CONSOLE)
    window = server.window("Virtual-1 1280x800")
    for size in ("1024x600", "800x700"):
        server.resize(window, size)
        server.window(f"Virtual-1 {size}$")
    bench.equal(vm.sh("cat /sys/class/graphics/fb0/virtual_size").strip(),
                "1280,800", "the framebuffer")
    finish(bench, vm, device)


def test_second_window(bench):
    """Two monitors: resizing one's window leaves the other's mode alone."""
    server, device, vm = start(bench, "--outputs=2", heads=2, more=CONSOLE)
    before = preferred(vm)
    server.resize(server.window("Virtual-2"), "900x500")
    expect_mode(vm, "900x500", "Virtual-2")
    bench.equal(preferred(vm), before, "the mode of Virtual-1")
    finish(bench, vm, device)


def test_through_pause_and_reset(bench):
    """Sizes chosen while nobody listens: after the pause, the unbind, the boot."""
    server, device, vm = start(bench)
    window = server.window("Virtual-1")
    vm.qmp.command("stop")
    resize(server, device, window, "1100x500")
    vm.qmp.command("cont")
    expect_mode(vm, "1100x500")
    vm.sh(f"echo virtio0 >{DRIVER}/unbind")
    resize(server, device, window, "900x600")
    vm.sh(f"echo virtio0 >{DRIVER}/bind")
    expect_mode(vm, "900x600")
    vm.serial.send("reboot -f")
    resize(server, device, window, "700x500")
    vm.shell_ready()
    expect_mode(vm, "700x500")
    finish(bench, vm, device)
