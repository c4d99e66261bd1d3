"""--display=qemu: QEMU's screendump shows what its own virtio-gpu-pci shows.

modetest draws the same in both guests, so that not one byte may differ: no
format, no rectangle, no row is dealt with in another way.
"""
import os

from child import poll

DRIVER = "/sys/bus/virtio/drivers/virtio_gpu"
SOON = 30
ONE = ["Virtual-1:#0"]


def dump(bench, vm, head=0):
    """QEMU's picture of that head, as a PPM file's bytes."""
    path = os.path.join(bench.folder, "screen.ppm")
    vm.qmp.command("screendump", filename=path, device="gpu0", head=head)
    with open(path, "rb") as file:
        return file.read()


def draw(vm, outputs):
    """modetest's pattern on each output, as far as the kernel is concerned.

    Then it waits for its input to end: in read(), number 0, of descriptor 0.
    """
    what = " ".join(f"-s {output}" for output in outputs)
    vm.sh("rm -f /tmp/end; mkfifo /tmp/end")
    vm.sh(f"modetest -M virtio_gpu {what} </tmp/end >/tmp/out 2>&1 & "
          "exec 3>/tmp/end")
    poll(lambda: vm.sh("cat /proc/$!/syscall || true").startswith("0 0x0 "),
         SOON, "modetest did not set its modes")


def stop_drawing(vm):
    vm.sh("exec 3>&-; wait")


KNOWN = {}


def shown_inside(bench, outputs, heads=1, more=()):
    """The pictures of QEMU's own device, each asked for once."""
    key = (bench.images, *outputs)
    if key not in KNOWN:
        KNOWN[key] = draw_inside(bench, outputs, heads, more)
    return KNOWN[key]


def draw_inside(bench, outputs, heads, more):
    vm = bench.vm(None, outputs=heads, more=more)
    before = [dump(bench, vm, head) for head in range(heads)]
    draw(vm, outputs)
    last = [None] * heads

    def steady():
        nonlocal last
        now = [dump(bench, vm, head) for head in range(heads)]
        same, last = now == last, now
        return same and all(a != b for a, b in zip(now, before))

    poll(steady, SOON, "QEMU's own device did not come to rest")
    vm.quit()
    return last


def expect_shown(bench, vm, pictures):
    """Each head's, soon: nobody says when a flush has reached QEMU."""
    def same():
        vm.check_both()
        return all(dump(bench, vm, head) == picture
                   for head, picture in enumerate(pictures))

    poll(same, SOON, "QEMU's screen did not become that of its own device")


def sent(device, what):
    return sum(f"display  {what}" in line for line in device.trace())


def finish(vm, device):
    vm.quit()
    device.end()
    # A clean log: QEMU complains there of messages that it can't take.
    with open(vm.log, encoding="utf-8") as file:
        return file.read()


def test_pattern(bench):
    """modetest's pattern is the in-process device's, byte by byte."""
    bench.need_ours("--display=qemu")
    pictures = shown_inside(bench, ONE)
    device = bench.device("--display=qemu")
    vm = bench.vm(device)
    draw(vm, ONE)
    expect_shown(bench, vm, pictures)
    bench.equal(finish(vm, device), "", "QEMU's complaints")


def test_modes(bench):
    """Other modes: the screen follows in size and content."""
    bench.need_ours("--display=qemu")
    modes = [[f"Virtual-1:{size}"]
             for size in ("800x600", "1280x768", "1024x768")]
    pictures = [shown_inside(bench, mode) for mode in modes]
    device = bench.device("--display=qemu")
    vm = bench.vm(device)
    for mode, picture in zip(modes, pictures):
        draw(vm, mode)
        expect_shown(bench, vm, picture)
        stop_drawing(vm)
    bench.equal(finish(vm, device), "", "QEMU's complaints")


def test_two_heads(bench):
    """Two monitors, each with its own half of one framebuffer."""
    bench.need_ours("--display=qemu")
    # Nobody plugs in QEMU's second head, so the guest's kernel is told that
    # it is there. Modes with names: their lists begin differently.
    outputs = ["Virtual-1:1024x768", "Virtual-2:800x600"]
    more = ["video=Virtual-2:800x600e"]
    pictures = shown_inside(bench, outputs, 2, more)
    device = bench.device("--display=qemu", "--outputs=2")
    vm = bench.vm(device, outputs=2, more=more)
    draw(vm, outputs)
    expect_shown(bench, vm, pictures)
    bench.equal(finish(vm, device), "", "QEMU's complaints")


def test_size_is_qemus(bench):
    """The mode the guest prefers is QEMU's, whatever --resolution says."""
    bench.need_ours("--display=qemu")
    size = ["xres=1152", "yres=864"]
    device = bench.device("--display=qemu", "--resolution=640x480")
    vm = bench.vm(device, device=size)
    bench.equal(vm.sh("modetest -M virtio_gpu -c | "
                      "sed -n 's/^  #0 \\([^ ]*\\) .*/\\1/p'").split(),
                ["1152x864"], "the preferred mode")
    bench.equal(finish(vm, device), "", "QEMU's complaints")


def test_pauses(bench):
    """Five stops and conts: all is sent again, and drawing goes on."""
    bench.need_ours("--display=qemu")
    pictures = shown_inside(bench, ONE)
    other = shown_inside(bench, ["Virtual-1:800x600"])
    device = bench.device("--display=qemu")
    vm = bench.vm(device)
    draw(vm, ONE)
    expect_shown(bench, vm, pictures)
    for number in range(5):
        before = sent(device, "SCANOUT"), sent(device, "UPDATE")
        vm.qmp.command("stop")
        expect_shown(bench, vm, pictures)
        vm.qmp.command("cont")
        poll(lambda: sent(device, "SCANOUT") == before[0] + 1 and
             sent(device, "UPDATE") == before[1] + 1, SOON,
             f"the picture was not sent again after stop {number + 1}")
        expect_shown(bench, vm, pictures)
    stop_drawing(vm)
    draw(vm, ["Virtual-1:800x600"])
    expect_shown(bench, vm, other)
    bench.equal(finish(vm, device), "", "QEMU's complaints")


def test_pauses_while_drawing(bench):
    """Stops in the midst of flips: QEMU lives, and shows the last picture."""
    bench.need_ours("--display=qemu")
    pictures = shown_inside(bench, ONE)
    device = bench.device("--display=qemu")
    vm = bench.vm(device)
    for _ in range(5):
        vm.sh("rm -f /tmp/end; mkfifo /tmp/end")
        vm.sh("modetest -M virtio_gpu -s Virtual-1:#0 -v </tmp/end "
              ">/tmp/out 2>&1 & exec 3>/tmp/end")
        for _ in range(4):
            wanted = sent(device, "UPDATE") + 3
            poll(lambda: sent(device, "UPDATE") >= wanted, SOON,
                 "no more pictures came to QEMU")
            vm.qmp.command("stop")
            vm.qmp.command("cont")
        vm.sh("echo >&3; exec 3>&-; wait")
    draw(vm, ONE)
    expect_shown(bench, vm, pictures)
    bench.equal(finish(vm, device), "", "QEMU's complaints")


def test_driver_unbound_and_bound(bench):
    """Unbind and bind: the old picture goes, the new one comes."""
    bench.need_ours("--display=qemu")
    pictures = shown_inside(bench, ONE)
    device = bench.device("--display=qemu")
    vm = bench.vm(device)
    for _ in range(3):
        draw(vm, ONE)
        expect_shown(bench, vm, pictures)
        stop_drawing(vm)
        vm.sh(f"echo virtio0 >{DRIVER}/unbind")
        vm.sh(f"echo virtio0 >{DRIVER}/bind")
        poll(lambda: dump(bench, vm) != pictures[0], SOON,
             "the old picture did not go")
    bench.equal(finish(vm, device), "", "QEMU's complaints")


def test_reboots(bench):
    """The guest is cut off and boots again: its picture goes and comes."""
    bench.need_ours("--display=qemu")
    pictures = shown_inside(bench, ONE)
    device = bench.device("--display=qemu")
    vm = bench.vm(device)
    for _ in range(3):
        draw(vm, ONE)
        expect_shown(bench, vm, pictures)
        vm.qmp.command("system_reset")
        vm.shell_ready()
        poll(lambda: dump(bench, vm) != pictures[0], SOON,
             "the old picture did not go")
    bench.equal(finish(vm, device), "", "QEMU's complaints")
