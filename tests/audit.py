#!/usr/bin/env python3
"""audit.py - does the code keep the rules that no compiler checks?

    audit.py STAGE=DIR:OBJECT,OBJECT... ...     (`make audit` passes them)

A stage only adds to those before it, keeps no state outside its objects, and is
written in small pieces. Prints what breaks a rule, a line each, and counts.
"""
import os
import re
import statistics
import subprocess
import sys

MEDIAN, MOST, LONGEST = 15, 40, 60      # lines of functions
FILE = 400                              # lines of a file
ALIKE = {"main.c", "suites.h", "README.md"}         # base names a folder may share
FORBIDDEN = [
    (r"#\s*if.*\bSTAGE", "depends on the stage"),
    (r"\bconstructor\b.*\)\)|\bweak\b.*\)\)", "is linked in by magic"),
    (r"(?<!# )\b(TODO|FIXME|XXX)\b", "is not finished"),
]


def blank(match):
    return re.sub(r"[^\n]", " ", match.group(0))


def bare(text):
    """The code without comments, strings and directives, lines kept."""
    text = re.sub(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|'
                  r"'(?:\\.|[^'\\\n])*'", blank, text, flags=re.S)
    return re.sub(r"^[ \t]*#(?:[^\n\\]|\\.|\\\n)*", blank, text,
                  flags=re.M | re.S)


def functions(text):
    """Lines of each function: a body at the left margin behind a ')'."""
    for match in re.finditer(r"^(\w[^;{}]*?\b(\w+)\([^;{}]*)\n\{\n(.*?)^\}",
                             bare(text), re.M | re.S):
        name = match.group(2)
        if name == "START_TEST":
            name = match.group(1).split("(")[1].split(")")[0]
        yield name, match.group(0).count("\n") + 1


def tracked(*patterns):
    out = subprocess.run(["git", "ls-files", *patterns], capture_output=True,
                         text=True, check=True).stdout
    return out.split()


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def shape(files):
    """Files and functions of the size a reader can hold."""
    lengths = []
    for path in files:
        text = read(path)
        if text.count("\n") > FILE:
            yield f"{path}: {text.count(chr(10))} lines, more than {FILE}"
        for name, length in functions(text):
            lengths.append(length)
            if length > LONGEST:
                yield f"{path}: {name} has {length} lines, over {LONGEST}"
    if statistics.median(lengths) > MEDIAN:
        yield f"the median function has more than {MEDIAN} lines"
    if sum(n <= MOST for n in lengths) < 0.9 * len(lengths):
        yield f"fewer than nine in ten functions have {MOST} lines at most"


def names(files):
    """scanout.c in a message, on a slide and in gdb is one file."""
    seen = {}
    for path in files:
        base = os.path.basename(path)
        if base in seen and base not in ALIKE:
            yield f"{path}: is called like {seen[base]}"
        seen[base] = path


def words(files):
    for path in files:
        for number, line in enumerate(read(path).split("\n"), 1):
            for pattern, why in FORBIDDEN:
                if re.search(pattern, line):
                    yield f"{path}:{number}: {why}"


def orphans(folder, objects):
    """Every file of a stage is in its list, and the list has no other."""
    listed = {os.path.basename(o)[:-2] for o in objects} | {"main"}
    there = {os.path.basename(f)[:-2] for f in tracked(folder + "/*.c")}
    for base in sorted(there ^ listed):
        yield (f"{folder}/{base}.c: is in one of folder and Makefile, not "
               "both")


def state(objects):
    """Nothing global that can change: a process may hold several devices."""
    for path in objects:
        out = subprocess.run(["nm", "-f", "sysv", path], capture_output=True,
                             text=True, check=True).stdout
        for line in out.split("\n"):
            cells = [cell.strip() for cell in line.split("|")]
            if len(cells) == 7 and re.match(r"\.(data|bss)(?!\.rel\.ro)|\*COM",
                                            cells[6]) and cells[3] == "OBJECT":
                yield f"{path}: {cells[0]} is a global variable"


def main(stages):
    code = tracked("*.c", "*.h")
    found = [*shape(code), *names(code), *words(f for f in code)]
    for stage in stages:
        folder, objects = stage.split("=")[1].split(":")
        objects = objects.split(",")
        found += [*orphans(folder, objects), *state(objects)]
    for line in found:
        print(line)
    print(f"audit: {len(code)} files, {len(found)} found wrong")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
