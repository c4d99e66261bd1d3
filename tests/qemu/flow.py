#!/usr/bin/env python3
"""flow.py [--write] - an OpenGL program's way through X11 to the device.

Boots the desktop guest and takes, for each of four phases, what guest and
device say of it: the probe, the set-up of the screen, rendering (which the
device never hears of), and the update of the screen. Checks what has to be true
of them on any guest, and that the excerpt in stage 2's chapter has the same
shape: who says what, in which order, but for times and numbers. --write puts
the new one there. The last line is "N passed, N failed".
"""
import os
import re
import sys

from bench import Bench
from child import Failure, end_cleanly_on_sigterm
from guests import DesktopGuest, make_desktop

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
CHAPTER = os.path.join(TOP, "stage2-2d", "README.md")
BEGIN, END = "<!-- flow: make flow -->\n```\n", "```\n<!-- /flow -->\n"
SOON = 120
PITCH = 1280 * 4
TRACING = "/sys/kernel/tracing"
XORG = ("mkfifo /tmp/ready; Xorg :0 -nolisten tcp -noreset -displayfd 3 vt1 "
        "3>/tmp/ready >/tmp/Xorg 2>&1 & read number </tmp/ready; "
        "export DISPLAY=:$number; while xset q >/dev/null; "
        "! grep -q 'Setting screen physical size' /var/log/Xorg.*; do :; done")
# No window manager, so a window is where it was asked to be: here, outside.
OUTSIDE, INSIDE = "360x360+3000+60", "360x360+60+60"


class Flow:
    """What was said, phase by phase: title -> lines "WHO  WHAT"."""

    def __init__(self, vm, device):
        self.vm = vm
        self.device = device
        self.seen = 0
        self.phases = {}

    def phase(self, title):
        self.lines = self.phases.setdefault(title, [])

    def say(self, who, what):
        self.lines.append(f"{who:8} {what}")

    def requests(self):
        """Those since the last time, as the trace has them."""
        lines = self.device.trace()
        new, self.seen = lines[self.seen:], len(lines)
        return [line.strip() for line in new
                if "  controlq " in line or " SET_FEATURES " in line]

    def say_requests(self, lines):
        for line in lines:
            self.say("device", re.sub(r"  +", "  ", line))

    def grep(self, who, pattern, file, cut=""):
        """The guest's lines with that pattern, without what cut matches."""
        text = self.vm.sh(f"grep -hE '{pattern}' {file} || true")
        for line in text.splitlines():
            self.say(who, re.sub(cut, "", line).strip())


def start_gears(vm, place):
    vm.sh(f"glxgears -geometry {place} >/tmp/gears 2>&1 & "
          "until grep -q FPS /tmp/gears; do sleep 0.1; done", SOON)


def probe(flow):
    flow.phase("1. probe: the driver asks the device, Xorg asks the driver")
    vm = flow.vm
    vm.sh("dmesg >/tmp/dmesg")
    flow.grep("kernel", "features: .virgl|number of (scanouts|cap sets)",
              "/tmp/dmesg", r"^\[.*?\] ")
    flow.say_requests(flow.requests())
    vm.sh(XORG, SOON)
    flow.grep("Xorg", r"using drv|glamor disabled|AIGLX: Screen|initialized "
              "swrast", "/var/log/Xorg.*", r"^\[.*?\] \(..\) ")
    vm.sh("glxinfo -B >/tmp/glxinfo", SOON)
    flow.grep("glxinfo", "direct rendering|OpenGL renderer", "/tmp/glxinfo")


def setup(flow):
    flow.phase("2. set-up: Xorg makes its screen")
    flow.say_requests(flow.requests())


def frames(vm):
    """Of glxgears, while it reports once more, a report taking five seconds."""
    vm.sh("n=$(grep -c FPS /tmp/gears); until [ $(grep -c FPS /tmp/gears) -gt "
          "$n ]; do sleep 0.1; done", SOON)
    return vm.sh("tail -n 1 /tmp/gears").strip()


def render(flow):
    """Its window is outside of the screen: it renders, and gives each frame to
    the X server; the screen does not change."""
    flow.phase(f"3. rendering: glxgears -geometry {OUTSIDE}, off the screen")
    start_gears(flow.vm, OUTSIDE)
    flow.requests()
    flow.say("glxgears", frames(flow.vm))
    lines = flow.requests()
    flow.say_requests(lines)
    flow.say("device", f"{len(lines)} requests")
    flow.vm.sh("kill $(pidof glxgears); wait $! || true")


def stack(flow):
    """One call of the driver's last step, with those that led there."""
    text = flow.vm.sh(f"cat {TRACING}/trace")
    task = re.search(r"^ +(\w+)-\d+ .*: <stack trace>$", text, re.MULTILINE)
    if not task:
        return
    names = re.findall(r"^ => ([a-z_]\w+)", text[task.end():], re.MULTILINE)
    end = names.index("drm_ioctl") if "drm_ioctl" in names else len(names)
    for name in reversed(names[:end]):
        flow.say(task.group(1), name)


def update(flow):
    flow.phase(f"4. update: glxgears -geometry {INSIDE}, one of its frames")
    vm = flow.vm
    start_gears(vm, INSIDE)
    vm.sh(f"cd {TRACING} && echo virtio_gpu_cmd_resource_flush "
          ">set_ftrace_filter && echo 1 >options/func_stack_trace && "
          "echo function >current_tracer; sleep 0.5; "
          "echo 0 >tracing_on; cd /")
    stack(flow)
    flow.requests()
    rate = frames(vm)
    lines = flow.requests()
    flow.say_requests(lines[:2] if "TRANSFER" in lines[0] else lines[1:3])
    flow.say("glxgears", rate)
    flow.say("device", f"{len(lines)} requests")


def record(program):
    """The flow, with everything that was started ended again."""
    make_desktop()
    bench = Bench([program], os.path.join(TOP, "build", "guest"))
    try:
        device = bench.device("--display=none")
        guest = DesktopGuest(bench.images, "shell", ["stage=2"], console=False)
        flow = Flow(bench.vm(device, guest=guest), device)
        flow.vm.sh(f"mount -t tracefs tracefs {TRACING}")
        for part in (probe, setup, render, update):
            part(flow)
        flow.vm.quit()
        device.end()
        return flow
    finally:
        bench.clean()
        bench.forget()


def names(lines):
    """The requests among them, by name."""
    return [re.search(r"(?:controlq|gpu) +([A-Z_0-9]+)", line).group(1)
            for line in lines if re.search(r"(controlq|gpu) +[A-Z]", line)]


def in_order(found, wanted):
    rest = iter(found)
    return all(name in rest for name in wanted)


def offsets_are_right(lines):
    found = [tuple(map(int, match)) for match in re.findall(
        r"TRANSFER_TO_HOST_2D .*?\+(\d+)\+(\d+) offset=(\d+)",
        "\n".join(lines))]
    return found and all(offset == y * PITCH + x * 4 for x, y, offset in found)


def invariants(flow):
    """(what, whether it is so), on whatever guest it was."""
    first, second, third, fourth = flow.phases.values()
    yield ("the probe asks for EDID and display info",
           {"GET_EDID", "GET_DISPLAY_INFO"} <= set(names(first)))
    yield ("the set-up creates, attaches, transfers, shows and flushes",
           in_order(names(second), [
               "RESOURCE_CREATE_2D", "RESOURCE_ATTACH_BACKING",
               "TRANSFER_TO_HOST_2D", "SET_SCANOUT", "RESOURCE_FLUSH"]))
    yield ("rendering is no request",
           not names(third) and "0 requests" in third[-1] and
           re.search(r"[1-9]\d* frames", third[0]))
    yield ("an update is a transfer and a flush",
           names(fourth) == ["TRANSFER_TO_HOST_2D", "RESOURCE_FLUSH"])
    yield ("an offset is y * pitch + x * 4", offsets_are_right(fourth))
    yield ("it is Xorg's DIRTYFB that leads to the update",
           any(re.match(r"Xorg +drm_mode_dirtyfb_ioctl", line)
               for line in fourth))


def text(flow):
    return "\n\n".join("\n".join([title, *(f"  {line}" for line in lines)])
                       for title, lines in flow.phases.items()) + "\n"


def shape(excerpt):
    """Numbers are N, also in ids, sizes and times."""
    return re.sub(r"-?\d+(\.\d+)?", "N", excerpt).splitlines()


def chapter_parts():
    with open(CHAPTER, encoding="utf-8") as file:
        chapter = file.read()
    start = chapter.find(BEGIN) + len(BEGIN)
    end = chapter.find(END)
    if start < len(BEGIN) or end < start:
        raise Failure(f"{CHAPTER} has no place for the flow")
    return chapter[:start], chapter[start:end], chapter[end:]


def compare(flow, results):
    _, old, _ = chapter_parts()
    new, old = shape(text(flow)), shape(old)
    results.append(new == old)
    for got, had in zip(new + [""] * len(old), old + [""] * len(new)):
        if got != had:
            print(f"the chapter has: {had}\nthe flow has:    {got}\n"
                  "`make flow` puts the new one there")
            break


def main(arguments):
    end_cleanly_on_sigterm()
    write = arguments == ["--write"]
    if arguments and not write:
        sys.exit(__doc__)
    results = []
    try:
        flow = record(os.path.join(TOP, "build", "stage2"))
        for what, so in invariants(flow):
            results.append(bool(so))
            if not so:
                print(f"not so: {what}\n{text(flow)}")
        if write and all(results):
            before, _, after = chapter_parts()
            with open(CHAPTER, "w", encoding="utf-8") as file:
                file.write(before + text(flow) + after)
        elif not write:
            compare(flow, results)
    except Failure as failure:
        print(f"flow: {failure}")
        results.append(False)
    print(f"{results.count(True)} passed, {results.count(False)} failed")
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
