"""QMP stop and cont with requests waiting: the guest must not notice.

The guest draws without pause, so its control queue is never idle; its own
tracepoints count what the driver queued and what came back. Stage 1 answers
most of it with errors: what counts is that every request is answered once.
"""
import re
import signal
import time

TRACING = "/sys/kernel/tracing"
DRIVER = "/sys/bus/virtio/drivers/virtio_gpu"
STOPS = 20


def start_drawing(vm):
    """modetest flips between two pictures until its input ends."""
    vm.sh(f"dmesg -n 1; mount -t tracefs tracefs {TRACING}")
    for event in ("queue", "response"):
        vm.sh(f"mkdir {TRACING}/instances/{event}; echo 1 >{TRACING}/instances/"
              f"{event}/events/virtio_gpu/virtio_gpu_cmd_{event}/enable")
    vm.sh("mkfifo /tmp/end")
    vm.sh("modetest -M virtio_gpu -s Virtual-1:#0 -v "
          "</tmp/end >/tmp/flips 2>&1 & exec 3>/tmp/end")


def count(vm, event):
    """How often it happened: what the trace buffer holds and what it lost."""
    text = vm.sh(f"cat {TRACING}/instances/{event}/per_cpu/cpu0/stats")
    return sum(int(number) for number in
               re.findall(r"^(?:entries|overrun): (\d+)", text, re.MULTILINE))


def wait_drawing(bench, vm, more):
    """Until the driver has queued that many more; the guest is alive, then."""
    wanted = count(vm, "queue") + more
    deadline = time.monotonic() + 60
    while count(vm, "queue") < wanted:
        bench.holds(time.monotonic() < deadline,
                    "the guest queues no more requests")


def finish_drawing(bench, vm):
    """Everything queued came back, and nothing came twice."""
    vm.sh("echo >&3; exec 3>&-; wait")
    queued = count(vm, "queue")
    deadline = time.monotonic() + 20
    while count(vm, "response") < queued and time.monotonic() < deadline:
        time.sleep(0.1)
    bench.equal(count(vm, "response"), queued,
                "responses to the requests queued")
    bench.holds(queued > 200, f"only {queued} requests were queued")


def stop_at_once(vm, device, seconds):
    """QEMU's stop and what the guest has queued meet the device together.

    The device sleeps while the guest queues what it can and QEMU sends its
    messages. No verdict hangs on the time: with too little it is a plain stop.
    """
    device.signal(signal.SIGSTOP)
    time.sleep(seconds)
    vm.qmp.send("stop")
    time.sleep(seconds)
    device.signal(signal.SIGCONT)
    vm.qmp.answer("stop")


def test_stop_while_drawing(bench):
    """Twenty stops and conts while requests flow: each is answered once."""
    bench.need_ours("a resume (QEMU's program keeps no promise there)")
    device = bench.device()
    vm = bench.vm(device)
    start_drawing(vm)
    for number in range(STOPS):
        wait_drawing(bench, vm, 5 + number)
        vm.qmp.command("stop")
        bench.equal(vm.qmp.command("query-status")["status"], "paused",
                    "QEMU's state")
        vm.qmp.command("cont")
    finish_drawing(bench, vm)
    vm.quit()
    device.end()


def test_stop_with_requests_waiting(bench):
    """The stop and a full ring meet the device at once: none is lost."""
    bench.need_ours("a resume (QEMU's program keeps no promise there)")
    device = bench.device()
    vm = bench.vm(device)
    start_drawing(vm)
    for _ in range(5):
        wait_drawing(bench, vm, 5)
        stop_at_once(vm, device, 0.2)
        vm.qmp.command("cont")
    finish_drawing(bench, vm)
    vm.quit()
    device.end()


def test_stop_while_probing(bench):
    """Stops in the middle of re-probes: each finds the monitor, none waits."""
    bench.need_ours("a resume (QEMU's program keeps no promise there)")
    device = bench.device()
    vm = bench.vm(device)
    # A display info that got lost costs the probe 5 s, and leaves the driver
    # with a monitor of its own making: connected, but 1024x768.
    vm.sh("while ! test -e /tmp/enough; do "
          f"echo virtio0 >{DRIVER}/unbind; echo virtio0 >{DRIVER}/bind; "
          "modetest -M virtio_gpu -c | grep -c '#0 1280x800' >>/tmp/seen; "
          "done 2>/tmp/complaints &")
    for _ in range(STOPS):
        stop_at_once(vm, device, 0.05)
        vm.qmp.command("cont")
        time.sleep(0.05)
    vm.sh("touch /tmp/enough; wait")
    bench.equal(set(vm.sh("cat /tmp/seen").split()), {"1"},
                "monitors of the device's after each re-probe")
    bench.equal(vm.sh("cat /tmp/complaints"), "", "complaints in the guest")
    vm.quit()
    device.end()
