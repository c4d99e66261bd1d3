"""--display=png: its files show what QEMU's own virtio-gpu-pci shows, byte by
byte, and are always whole."""
import os

import picture
from child import poll
from guests import Guest
from stage2_display import (DRIVER, ONE, SOON, draw, dump, shown_inside,
                            stop_drawing)

CONSOLE_SIZE = "640x400"


def start(bench, *options, heads=1, more=(), guest=None):
    """A device that writes files, and a guest on it."""
    bench.need_ours("--display=png")
    folder = os.path.join(bench.folder, "screen")
    device = bench.device(f"--display=png:{folder}", *options)
    vm = bench.vm(device, outputs=heads, more=more, guest=guest)
    return device, vm, os.path.join(folder, "scanout{}.png")


def expect(vm, paths, wanted, what, part=lambda shown: shown):
    """Soon: the file is written a moment after the flush. part() makes of a
    picture that is shown what has to be as wanted."""
    def shown():
        vm.check_both()
        return [part(picture.read(paths.format(head)))
                for head in range(len(wanted))
                if os.path.exists(paths.format(head))]

    poll(lambda: shown() == wanted, SOON, f"the files did not become {what}")


def expect_inside(vm, paths, ppms, what="what QEMU's own device shows"):
    expect(vm, paths, [picture.read_ppm(ppm) for ppm in ppms], what)


def finish(vm, device):
    vm.quit()
    device.end()


def test_modes(bench):
    """modetest's pattern in three modes is the in-process device's."""
    modes = [[f"Virtual-1:{size}"]
             for size in ("800x600", "1920x1080", "1024x768")]
    wanted = [shown_inside(bench, mode) for mode in modes]
    device, vm, paths = start(bench, "--resolution=1920x1080")
    for mode, ppms in zip(modes, wanted):
        draw(vm, mode)
        expect_inside(vm, paths, ppms)
        stop_drawing(vm)
    finish(vm, device)


def test_two_heads(bench):
    """Two files, each with its own half of one framebuffer."""
    outputs = ["Virtual-1:1024x768", "Virtual-2:800x600"]
    more = ["video=Virtual-2:800x600e"]
    wanted = shown_inside(bench, outputs, 2, more)
    device, vm, paths = start(bench, "--outputs=2", heads=2, more=more)
    draw(vm, outputs)
    expect_inside(vm, paths, wanted)
    finish(vm, device)


def test_last_picture_stays(bench):
    """It outlives the driver's end, a reboot, QEMU and the device."""
    wanted = shown_inside(bench, ONE)
    device, vm, paths = start(bench)
    for _ in range(2):
        draw(vm, ONE)
        vm.sh(f"echo virtio0 >{DRIVER}/unbind")
        expect_inside(vm, paths, wanted, "the last picture before the unbind")
        vm.sh("exec 3>&-")
        vm.serial.send("reboot -f")
        vm.shell_ready()
    finish(vm, device)
    expect_inside(vm, paths, wanted, "the last picture of all")


# Clear, no cursor; text in colours, and so much of it that it scrolls.
WRITE = (r"printf '\033[2J\033[H\033[?25l' >/dev/tty1; "
         r"i=0; while [ $i -lt 70 ]; do i=$((i + 1)); "
         r"printf '\033[1;3%dm%d: the quick brown fox\033[0m\n' "
         r"$((i % 8)) $i; done >/dev/tty1")


def console_guest(bench):
    return Guest(bench.images, "shell", [f"video={CONSOLE_SIZE}"],
                 console=True)


def test_console(bench):
    """The kernel's console, its text scrolled, is the in-process device's."""
    bench.need_ours("--display=png")
    vm = bench.vm(None, guest=console_guest(bench))
    vm.sh(WRITE)
    # It draws when it likes: what doesn't change any more is it.
    last = [None]

    def steady():
        same, last[0] = last[0] == dump(bench, vm), dump(bench, vm)
        return same
    poll(steady, SOON, "QEMU's own device did not come to rest")
    vm.quit()
    device, vm, paths = start(bench, guest=console_guest(bench))
    vm.sh(WRITE)
    expect_inside(vm, paths, last)
    finish(vm, device)
