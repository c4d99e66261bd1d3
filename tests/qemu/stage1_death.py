"""Either side dies without a word; the other, and the next one, carry on."""
import os
import signal

from child import poll
from stage1_boot import connectors

MONITOR = {"Virtual-1": ("connected", "1280x800")}


def test_qemu_killed(bench):
    """QEMU is killed three times; the same device process serves the next."""
    bench.need_ours("a second connection")
    device = bench.device()
    usage = None
    for _ in range(3):
        vm = bench.vm(device)
        bench.equal(connectors(vm), MONITOR, "connectors")
        now = (device.descriptors(), device.mappings())
        bench.equal(now, usage or now, "open files and mappings")
        usage = now
        vm.signal(signal.SIGKILL)
        vm.wait(10)
        poll(lambda: device.descriptors() < usage[0], 10,
             "the device did not close what QEMU had given it")
    device.end()


def test_device_killed(bench):
    """The device is killed: QEMU and guest live; a new pair works again."""
    device = bench.device()
    vm = bench.vm(device)
    device.signal(signal.SIGKILL)
    bench.equal(device.wait(10), -signal.SIGKILL, "the device's end")
    bench.equal(vm.qmp.command("query-status")["status"], "running",
                "QEMU's state")
    vm.quit()
    bench.holds(os.path.exists(device.path), "the socket is no leftover")
    again = bench.device(path=device.path)
    vm = bench.vm(again)
    bench.equal(connectors(vm), MONITOR, "connectors")
    vm.quit()
    if bench.ours:
        again.end()


def test_sigterm_while_connected(bench):
    """SIGTERM under a running guest: status 0, the socket gone, QEMU alive."""
    bench.need_ours("status 0 at SIGTERM")
    device = bench.device()
    vm = bench.vm(device)
    device.end()
    bench.equal(vm.qmp.command("query-status")["status"], "running",
                "QEMU's state")
    vm.quit()
