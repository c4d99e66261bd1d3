#!/usr/bin/env python3
"""The demos a guest can run: `make demos` prints them.

A demo is an executable in tests/guest/demo/, or in the folder demo of an
overlay. Its first line of comment says what it shows, another what it takes:

    # demo: stage=2 guest=desktop outputs=2 append=MODULE.PARAMETER=VALUE

stage: the first it means something for. guest: "desktop" for the larger one.
outputs: monitors, unless the user says otherwise. append: for the kernel.
"""
import os
import re

HERE = os.path.dirname(os.path.abspath(__file__))
DEMOS = os.path.join(os.path.dirname(HERE), "guest", "demo")
# What any other program runs in, DEMO=run:/PATH: a guest that has more
# than a kernel and busybox, from the first stage on that shows something.
PROGRAM = "run:/"


class Demo:
    """What is known of one before it runs."""

    def __init__(self, name, lines):
        comments = [line[2:].strip() for line in lines if line.startswith("# ")]
        takes = [line for line in comments if line.startswith("demo: ")]
        words = takes[0][6:].split() if takes else []
        values = dict(word.split("=", 1) for word in words)
        self.name = name
        self.text = comments[0] if comments else ""
        self.stage = int(values.get("stage", "1"))
        self.desktop = values.get("guest") == "desktop"
        self.outputs = values.get("outputs", "1")
        self.append = [values["append"]] if "append" in values else []


def in_folder(folder):
    """name -> Demo, of the executables there."""
    found = {}
    for name in sorted(os.listdir(folder) if os.path.isdir(folder) else []):
        path = os.path.join(folder, name)
        if os.path.isfile(path) and os.access(path, os.X_OK):
            with open(path, encoding="utf-8", errors="replace") as file:
                found[name] = Demo(name, [file.readline()
                                          for _ in range(20)])
    return found


def known(overlay=""):
    """All there are; those of an overlay come before ours."""
    own = in_folder(os.path.join(overlay, "demo")) if overlay else {}
    return {**in_folder(DEMOS), **own}


def program(name, stage):
    """The demo that DEMO=run:/PATH stands for."""
    demo = Demo(name, [])
    demo.desktop = stage > 1
    return demo


def main():
    for demo in sorted(known().values(), key=lambda d: (d.stage, d.name)):
        text = re.sub(r"\.$", "", demo.text)
        print(f"DEMO={demo.name:10} from stage {demo.stage}: {text}")


if __name__ == "__main__":
    main()
