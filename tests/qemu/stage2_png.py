"""--display=png:DIR: the files show what QEMU's own virtio-gpu-pci shows.

modetest draws the same in both guests, so that not one byte may differ.
"""
import os

from child import poll
from pngread import as_ppm
from stage2_display import ONE, SOON, draw, shown_inside, stop_drawing


def path_of(bench, head):
    return os.path.join(bench.folder, f"scanout{head}.png")


def expect_files(bench, pictures):
    def same():
        return all(os.path.exists(path_of(bench, head)) and
                   as_ppm(path_of(bench, head)) == picture
                   for head, picture in enumerate(pictures))

    poll(same, SOON, "the files did not become the pictures of QEMU's own "
         "device")


def start(bench, *options, **of_vm):
    bench.need_ours("--display=png")
    device = bench.device(f"--display=png:{bench.folder}", *options)
    return device, bench.vm(device, **of_vm)


def finish(bench, vm, device):
    vm.quit()
    device.end()
    for child in (vm, device):
        with open(child.log, encoding="utf-8") as file:
            bench.equal(file.read(), "", f"complaints of {child.name}")


def test_patterns(bench):
    """modetest's pattern, mode after mode; the last one outlives the guest."""
    device, vm = start(bench)
    for mode in (ONE, ["Virtual-1:800x600"], ["Virtual-1:1024x768"]):
        draw(vm, mode)
        pictures = shown_inside(bench, mode)
        expect_files(bench, pictures)
        stop_drawing(vm)
    finish(bench, vm, device)
    expect_files(bench, pictures)


def test_two_heads(bench):
    """Two monitors are two files."""
    outputs = ["Virtual-1:1024x768", "Virtual-2:800x600"]
    more = ["video=Virtual-2:800x600e"]
    pictures = shown_inside(bench, outputs, 2, more)
    device, vm = start(bench, "--outputs=2", outputs=2, more=more)
    draw(vm, outputs)
    expect_files(bench, pictures)
    stop_drawing(vm)
    finish(bench, vm, device)
    expect_files(bench, pictures)
