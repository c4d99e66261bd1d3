#!/usr/bin/env python3
"""figures.py [NAME...] - make the chapters' figures anew: `make figures`.

Each is drawn by the guest, and kept by programs that are wrong on purpose, of
tests/mistakes/, beside the right one.
"""
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.dirname(HERE))

import mistakes                                         # noqa: E402
import picture                                          # noqa: E402
from bench import Bench                                 # noqa: E402
from child import end_cleanly_on_sigterm                # noqa: E402
from screen import Files                                # noqa: E402
from stage2_display import ONE, draw                    # noqa: E402
from stage2_programs import next_picture                # noqa: E402

IMAGES = os.path.join(TOP, "build", "guest")
GAP = 16
CURSOR_GAP = 8
# Around the middle of the screen, where the cursor is to point.
AROUND = 128, 112
ENLARGED = 3
CURSORS = ["x-is-opaque-in-cursors", "cursors-have-red-and-blue-swapped",
           "straight-alpha", "hot-spots-are-subtracted"]


def shown_by(program, show):
    """What that program shows of what show(vm) has the guest draw."""
    bench = Bench([program], IMAGES)
    try:
        view = Files(bench.folder, "figure")
        vm = bench.vm(bench.device(*view.options()))
        show(vm)
        shown = picture.read(view.files(vm)[0])
        vm.quit()
        vm.backend.end()
        return shown
    finally:
        bench.clean()
        bench.forget()


def right(stage, show):
    return shown_by(os.path.join(TOP, "build", stage), show)


def mistaken(name, stage, show):
    """The same by the program with that mistake."""
    text = mistakes.read(name)
    mistakes.fresh_tree()
    mistakes.patch(text)
    try:
        mistakes.build(f"build/{stage}")
        return shown_by(os.path.join(mistakes.TREE, "build", stage), show)
    finally:
        mistakes.patch(text, "-R")


def pattern(vm):
    """modetest's."""
    draw(vm, ONE)


def cursor(vm):
    """Our demo's first stop."""
    vm.serial.send("cursor")
    next_picture(vm)


def halved(large):
    """Every second pixel of every second row."""
    return [b"".join(row[x:x + 3] for x in range(0, len(row) - 3, 6))
            for row in map(large.row, range(0, large.height - 1, 2))]


def enlarged(large):
    """The middle of it, each pixel a square."""
    width, height = AROUND
    left, top = (large.width - width) // 2, (large.height - height) // 2
    rows = [large.row(y)[left * 3:(left + width) * 3]
            for y in range(top, top + height)]
    return [b"".join(row[x:x + 3] * ENLARGED for x in range(0, len(row), 3))
            for row in rows for _ in range(ENLARGED)]


def side_by_side(pictures, gap, path):
    """Each is a list of rows."""
    rows = [(b"\xff" * 3 * gap).join(parts) for parts in zip(*pictures)]
    picture.write_png(picture.Picture(len(rows[0]) // 3, len(rows),
                                      b"".join(rows)), path)
    print(os.path.relpath(path, TOP))


def stride():
    """A row is as long as the resource is wide, or 4096 bytes."""
    side_by_side([halved(right("stage2", pattern)),
                  halved(mistaken("rows-4096-bytes-apart", "stage2", pattern))],
                 GAP, os.path.join(TOP, "stage2-2d", "stride.png"))


def cursors():
    """One cursor by the right device, and by four wrong ones."""
    side_by_side([enlarged(right("stage3", cursor)),
                  *(enlarged(mistaken(name, "stage3", cursor))
                    for name in CURSORS)],
                 CURSOR_GAP, os.path.join(TOP, "stage3-cursor", "cursors.png"))


FIGURES = {"stride": stride, "cursors": cursors}


def main(names):
    end_cleanly_on_sigterm()
    for name in names or FIGURES:
        if name not in FIGURES:
            sys.exit(f"figures: {name} is none of {', '.join(FIGURES)}")
        FIGURES[name]()


if __name__ == "__main__":
    main(sys.argv[1:])
