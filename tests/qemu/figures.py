#!/usr/bin/env python3
"""figures.py - make the chapters' figures anew: `make figures`.

Each is drawn by the guest, and kept by a program that is wrong on purpose: one
of tests/mistakes/, beside the right one.
"""
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.dirname(HERE))

import mistakes                                         # noqa: E402
import picture                                          # noqa: E402
from bench import Bench                                 # noqa: E402
from child import end_cleanly_on_sigterm, poll          # noqa: E402
from stage2_display import ONE, draw                    # noqa: E402

IMAGES = os.path.join(TOP, "build", "guest")
GAP = 16


def pattern(program):
    """modetest's pattern, as that program shows it."""
    bench = Bench([program], IMAGES)
    try:
        folder = os.path.join(bench.folder, "screen")
        vm = bench.vm(bench.device(f"--display=png:{folder}"))
        draw(vm, ONE)
        path = os.path.join(folder, "scanout0.png")
        poll(lambda: os.path.exists(path), 30, "no picture came")
        vm.quit()
        vm.backend.end()
        return picture.read(path)
    finally:
        bench.clean()
        bench.forget()


def mistaken(name):
    """The same by the program with that mistake."""
    text = mistakes.read(name)
    mistakes.fresh_tree()
    mistakes.patch(text)
    try:
        mistakes.build("build/stage2")
        return pattern(os.path.join(mistakes.TREE, "build", "stage2"))
    finally:
        mistakes.patch(text, "-R")


def halved(large):
    """Every second pixel of every second row."""
    rows = [large.row(y) for y in range(0, large.height - 1, 2)]
    return [b"".join(row[x:x + 3] for x in range(0, len(row) - 3, 6))
            for row in rows]


def side_by_side(left, right, path):
    gap = b"\xff" * 3 * GAP
    rows = [a + gap + b for a, b in zip(halved(left), halved(right))]
    picture.write_png(picture.Picture(len(rows[0]) // 3, len(rows),
                                      b"".join(rows)), path)
    print(os.path.relpath(path, TOP))


def main():
    end_cleanly_on_sigterm()
    side_by_side(pattern(os.path.join(TOP, "build", "stage2")),
                 mistaken("rows-4096-bytes-apart"),
                 os.path.join(TOP, "stage2-2d", "stride.png"))


if __name__ == "__main__":
    main()
