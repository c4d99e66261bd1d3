"""The driver binds, and sees the monitors the device was told to have."""
import re

CONNECTOR = re.compile(r"^\d+\t\d+\t(\w+)\t+(\S+)", re.MULTILINE)
FIRST_MODE = re.compile(r"^  #0 (\S+)", re.MULTILINE)


def connectors(vm):
    """modetest's list as {name: (status, first mode)}."""
    text = vm.sh("modetest -M virtio_gpu -c")
    parts = re.split(r"^(?=\d+\t\d+\t)", text, flags=re.MULTILINE)[1:]
    found = {}
    for part in parts:
        status, name = CONNECTOR.match(part).groups()
        mode = FIRST_MODE.search(part)
        found[name] = (status, mode.group(1) if mode else None)
    return found


def in_order(lines, words):
    """The first word that no line holds after the line of the one before."""
    rest = iter(lines)
    for word in words:
        if not any(word in line for line in rest):
            return word
    return None


def test_connector_is_listed(bench):
    """modetest -c shows Virtual-1, connected, 1280x800; all ends with 0."""
    device = bench.device("--once") if bench.ours else bench.device()
    vm = bench.vm(device)
    bench.equal(connectors(vm), {"Virtual-1": ("connected", "1280x800")},
                "connectors")
    bench.equal(vm.sh("ls /sys/class/graphics").split(), ["fbcon"],
                "the kernel's console was to stay off the device")
    vm.quit()
    device.expect_status(0, 10)


def test_trace_tells_the_start(bench):
    """The trace has the handshake, the start and the first command in order."""
    bench.need_ours("a trace")
    device = bench.device()
    vm = bench.vm(device)
    lost = in_order(device.trace(), [
        "GET_FEATURES", "SET_PROTOCOL_FEATURES", "SET_OWNER", "GET_CONFIG",
        "SET_FEATURES", "SET_MEM_TABLE", "SET_VRING_ADDR", "SET_VRING_KICK",
        "SET_VRING_ENABLE", "GET_DISPLAY_INFO"])
    bench.holds(lost is None, f"the trace has no {lost} where it belongs")
    vm.quit()
    device.end()


def test_options_reach_the_guest(bench):
    """--outputs=4 --resolution=1920x1080: four connectors, that mode first."""
    bench.need_ours("--outputs")
    device = bench.device("--outputs=4", "--resolution=1920x1080")
    vm = bench.vm(device, outputs=4)
    found = connectors(vm)
    bench.equal(sorted(found), [f"Virtual-{n}" for n in (1, 2, 3, 4)],
                "connectors")
    for name, (status, mode) in found.items():
        if status == "connected":
            bench.equal(mode, "1920x1080", f"first mode of {name}")
    bench.equal(found["Virtual-1"][0], "connected", "Virtual-1")
    vm.quit()
    device.end()


def test_packed_ring(bench):
    """QEMU's packed=on: the real driver works over packed rings as well."""
    bench.need_ours("a packed ring (QEMU offers it unasked)")
    device = bench.device()
    vm = bench.vm(device, device=["packed=on"])
    features = vm.sh("cat /sys/bus/virtio/devices/virtio0/features").strip()
    bench.equal(features[34], "1", "feature bit 34 in the guest")
    bench.equal(connectors(vm)["Virtual-1"], ("connected", "1280x800"),
                "Virtual-1")


def test_without_ring_features(bench):
    """Neither indirect descriptors nor event idx: the driver works the same."""
    device = bench.device()
    vm = bench.vm(device, device=["indirect_desc=off", "event_idx=off"])
    features = vm.sh("cat /sys/bus/virtio/devices/virtio0/features").strip()
    bench.equal(features[28:30], "00", "feature bits 28 and 29 in the guest")
    bench.equal(connectors(vm)["Virtual-1"], ("connected", "1280x800"),
                "Virtual-1")
