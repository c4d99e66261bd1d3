"""Linux reads the EDIDs: each monitor's own size is its first mode."""
import re

from stage1_boot import connectors


def first_modes(bench, size):
    """The size of a monitor, as the guest's driver takes it from its EDID."""
    device = bench.device(f"--resolution={size}")
    vm = bench.vm(device)
    bench.equal(connectors(vm), {"Virtual-1": ("connected", size)},
                "connectors")
    text = vm.sh("modetest -M virtio_gpu -c")
    bench.equal(re.findall(r"^  #\d+ (\S+) .*preferred", text, re.MULTILINE),
                [size], "modes that are preferred")
    bench.holds(re.search(r"^  #\d+ 640x480 ", text, re.MULTILINE),
                "640x480 is not listed")
    vm.quit()
    device.end()


def test_a_width_no_multiple_of_8(bench):
    """1367x771, which is in no list of standard modes."""
    bench.need_ours("--resolution")
    first_modes(bench, "1367x771")


def test_larger_than_a_detailed_timing(bench):
    """5120x2880 is in the DisplayID, and the base block's mode is not taken."""
    bench.need_ours("--resolution")
    first_modes(bench, "5120x2880")


def test_smaller_than_a_detailed_timing(bench):
    """32x32, where Linux does not read a detailed timing."""
    bench.need_ours("--resolution")
    first_modes(bench, "32x32")


def test_monitors_are_told_apart(bench):
    """Two monitors have two EDIDs, by their serial numbers."""
    bench.need_ours("--outputs")
    device = bench.device("--outputs=2")
    vm = bench.vm(device, outputs=2)
    serials = [vm.sh(f"head -c 16 /sys/class/drm/card0-Virtual-{n}/edid | "
                     "tail -c 4 | od -An -tu4").strip() for n in (1, 2)]
    bench.equal(serials, ["1", "2"], "serial numbers")
    vm.quit()
    device.end()
