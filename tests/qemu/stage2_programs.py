"""Our own programs in the guest: what they draw is computed here once more.

Each says "guest: look NAME" when a picture is complete, and goes on at a line.
"""
import os
import re

import picture
from child import poll
from guests import Guest
from picture import Picture
from stage2_display import SOON
from stage2_png import expect, finish, start

SIZE = 640, 400
FORMATS = ["B8G8R8A8", "B8G8R8X8", "A8R8G8B8", "X8R8G8B8",
           "R8G8B8A8", "X8B8G8R8", "A8B8G8R8", "R8G8B8X8"]
BARS = [0xffffff, 0xffff00, 0x00ffff, 0x00ff00,
        0xff00ff, 0xff0000, 0x0000ff, 0x000000]
LABEL = 0x202020
BOX, BOXES = 40, 8


def colour(x, y, width, height):
    """The test card of tests/guest/programs/canvas.c, without its label."""
    ramp = x * 255 // (width - 1)
    if x in (0, width - 1) or y in (0, height - 1):
        return 0xffffff
    eighth = y * 8 // height
    if eighth == 0:
        return LABEL
    if eighth < 4:
        return BARS[x * 8 // width]
    return [ramp << 16, ramp << 8, ramp, ramp * 0x10101][eighth - 4]


class Canvas:
    """Pixels 0xRRGGBB that can be drawn on."""

    def __init__(self, width, height):
        self.width, self.height = width, height
        self.rows = [[colour(x, y, width, height) for x in range(width)]
                     for y in range(height)]

    def fill(self, x, y, width, height, value):
        for row in self.rows[y:y + height]:
            row[x:x + width] = [value] * width

    def picture(self, rows=None):
        data = b"".join(value.to_bytes(3, "big")
                        for row in rows or self.rows for value in row)
        return Picture(self.width, self.height, data)


def split(shown):
    """A picture's label, and what is below it."""
    rows = (shown.height + 7) // 8
    at = rows * shown.width * 3
    return (Picture(shown.width, rows, shown.pixels[:at]),
            Picture(shown.width, shown.height - rows, shown.pixels[at:]))


def below(shown):
    return split(shown)[1]


def next_picture(vm):
    """The name of the picture that a program has completed."""
    return vm.serial.wait(r"^guest: (?:look|stay) (\S+)\n", 60).group(1)


def ended(vm):
    """The status of a program that was answered for the last time."""
    return int(vm.serial.wait(r"^guest: done (\d+)\n", 60).group(1))


def start_small(bench, *more):
    guest = Guest(bench.images, "shell", more, console=True)
    return start(bench, "--resolution={}x{}".format(*SIZE), guest=guest)


def test_fbdev(bench):
    """/dev/fb0: drawn into mapped memory, changed in places, panned."""
    device, vm, paths = start_small(
        bench, "drm_kms_helper.drm_fbdev_overalloc=200")
    vm.serial.send("fbdev")
    canvas = Canvas(*SIZE)
    bench.equal(next_picture(vm), "draw", "the first picture")
    expect(vm, paths, [below(canvas.picture())], "the test card", below)
    vm.serial.send("")
    bench.equal(next_picture(vm), "damage", "the second picture")
    for i in range(BOXES):
        x, y = ((side - BOX) * i // (BOXES - 1) for side in SIZE)
        canvas.fill(x, y, BOX, BOX, 0x204060)
        canvas.fill(x + 4, y + 4, BOX - 8, BOX - 8, 0xf0c020 + i)
    expect(vm, paths, [below(canvas.picture())], "the boxes on it", below)
    vm.serial.send("")
    bench.equal(next_picture(vm), "pan", "the third picture")
    quarter = canvas.height // 4
    black = [[0] * canvas.width] * quarter
    expect(vm, paths, [canvas.picture(canvas.rows[quarter:] + black)],
           "a quarter further down")
    vm.serial.send("")
    bench.equal(next_picture(vm), "panning", "the last picture")
    vm.serial.send("")
    bench.equal(ended(vm), 0, "fbdev's status")
    finish(vm, device)


def new_page(vm, paths, labels):
    """What is below a label that was not seen so far: nothing else tells a
    page from the one before. What was there before the first has none."""
    found = []
    ground = tuple(LABEL.to_bytes(3, "big"))

    def there():
        vm.check_both()
        if os.path.exists(paths.format(0)):
            found[:] = split(picture.read(paths.format(0)))
        return (found and found[0].pixel(1, 1) == ground and
                found[0].pixels not in labels)
    poll(there, SOON, "no new page came")
    labels.add(found[0].pixels)
    return found[1]


def test_gallery(bench):
    """Eight formats, one picture; an odd part of an odd resource; refusals."""
    device, vm, paths = start_small(bench)
    vm.serial.send("gallery")
    labels = set()
    card = below(Canvas(*SIZE).picture())
    for name in FORMATS:
        bench.equal(next_picture(vm), name, "the next format")
        shown = new_page(vm, paths, labels)
        bench.equal(picture.first_difference(shown, card), None,
                    f"the test card in {name}")
        vm.serial.send("")
    bench.equal(next_picture(vm), "odd", "the page behind them")
    expect(vm, paths, [below(Canvas(701, 393).picture())], "the odd one",
           below)
    vm.serial.send("")
    bench.equal(next_picture(vm), "refusals", "the last page")
    answers = re.findall(r"^guest: refusal (.*): (\S+)$", vm.serial.text,
                         re.MULTILINE)
    bench.equal(len(answers), 7, "things that were tried")
    for what, answer in answers:
        bench.equal(answer, "INVALID_PARAMETER", what)
    vm.serial.send("")
    bench.equal(ended(vm), 0, "gallery's status")
    finish(vm, device)
