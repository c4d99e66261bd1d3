"""Resets: the guest reboots and its driver re-probes, in one device process."""
from stage1_boot import connectors

REBOOTS = 10
DRIVER = "/sys/bus/virtio/drivers/virtio_gpu"


def usage(device):
    return device.descriptors(), device.mappings()


def test_ten_reboots(bench):
    """The guest reboots ten times; the device neither ends nor leaks."""
    bench.need_ours("a reboot (QEMU's program ends at the first)")
    device = bench.device()
    vm = bench.vm(device)
    first = None
    for _ in range(REBOOTS):
        vm.serial.send("reboot -f")
        vm.shell_ready()
        bench.equal(connectors(vm), {"Virtual-1": ("connected", "1280x800")},
                    "connectors")
        first = first or usage(device)
    bench.equal(usage(device), first, "open files and mappings after "
                f"{REBOOTS} reboots, against one")
    bench.equal(vm.qmp.events.count("SHUTDOWN"), 0, "shutdowns of QEMU")
    vm.quit()
    device.end()


def test_driver_unbound_and_bound(bench):
    """Unbind and bind the driver five times: each time a connected monitor."""
    bench.need_ours("a re-probe")
    device = bench.device()
    vm = bench.vm(device)
    for _ in range(5):
        vm.sh(f"echo virtio0 >{DRIVER}/unbind")
        vm.sh("! test -e /dev/dri/card0")
        vm.sh(f"echo virtio0 >{DRIVER}/bind")
        bench.equal(connectors(vm)["Virtual-1"], ("connected", "1280x800"),
                    "Virtual-1")
    log = vm.sh("dmesg")
    for words in ("timed out", "call trace", "BUG:", "num_scanouts is zero"):
        bench.holds(words.lower() not in log.lower(),
                    f"the guest's log says '{words}'")
    vm.quit()
    device.end()
