#!/usr/bin/env python3
"""Hold the documents against the code: every README.md, or those named.

    `virtq.c:virtq_pop`    the file is there and defines the symbol
    `tests/guest/init`     whatever looks like a path is there (build/ is not)
    ```console             lines "$ command" with the output expected below
    ```console status=2    ... and the status, if it is not 0

A file is looked for beside the document, from the top, and by its name alone.
In expected output "..." stands for any characters, alone on a line for any
lines. Commands run from the top with sh. A miss prints file:line, expected and
got; the last line is "N passed, N failed". Status 0: nothing failed.
"""
import os
import re
import signal
import subprocess
import sys
from glob import glob

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SECONDS = 300
REFERENCE = re.compile(r"([\w./-]+\.[ch]):([A-Za-z_]\w*)(?:\(\))?")
PATH = re.compile(r"[\w.][\w.*/-]*")
ENDINGS = (".c", ".h", ".py", ".sh", ".md")


def search(pattern):
    """Files and folders as paths from the top; build/ holds none of ours."""
    return [path for path in glob(pattern, root_dir=TOP, recursive=True)
            if not path.startswith("build/")]


def places(path, document):
    """Where the path leads; several places only for a bare name or a *."""
    beside = os.path.normpath(os.path.join(os.path.dirname(document), path))
    return (search(beside) or search(os.path.normpath(path)) or
            ("/" not in path and search("**/" + path)))


def without_comments(text):
    """C without its comments and strings, so that no word in them counts."""
    return re.sub(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"', " ", text,
                  flags=re.DOTALL)


def defines(place, symbol):
    with open(os.path.join(TOP, place), encoding="utf-8") as file:
        text = without_comments(file.read())
    arguments = r"\([^;{}]*\)\s*"
    ending = r"[{;]" if place.endswith(".h") else r"\{"
    return any(re.search(pattern, text, re.M) for pattern in [
        rf"^\w[\w\s*]*\b{symbol}{arguments}{ending}",         # function
        rf"^#\s*define {symbol}\b",
        rf"^(?:static |const |typedef )*(?:struct|union|enum) {symbol} \{{",
        rf"^(?!extern|return)\w[\w\s*]*\b{symbol}(?:\[[^;=]*\])? = ",  # object
        rf"\benum(?: \w+)? \{{[^}}]*\b{symbol}\b[^}}]*\}}",   # its constants
    ])


def judge(results, where, fault):
    """fault: None, or a text whose first line says what is wrong."""
    results.append(not fault)
    if fault:
        print(f"{where}: {fault}")


def reference_fault(path, symbol, document):
    found = places(path, document)
    if not found:
        return f"`{path}:{symbol}`: there is no such file"
    if len(found) > 1:
        return f"`{path}:{symbol}`: may be {', '.join(sorted(found))}"
    if not defines(found[0], symbol):
        return f"`{path}:{symbol}`: {found[0]} does not define {symbol}"
    return None


def check_span(results, where, span, document):
    """One piece of text in backticks, which may be a whole command line."""
    for word in span.split():
        match = REFERENCE.fullmatch(word)
        if match:
            judge(results, where, reference_fault(*match.groups(), document))
            continue
        if not PATH.fullmatch(word) or word.startswith("build/"):
            continue
        if word.endswith(ENDINGS) or ("/" in word and not word.isupper()):
            judge(results, where, None if places(word, document) else
                  f"`{word}`: there is no such file or folder")


def environment():
    """Ours, without what an outer make adds for its own children, and without
    a display server: a window would stay until somebody closes it."""
    given = re.findall(r"(?:^| )([A-Z_]\w*)=", os.environ.get("MAKEFLAGS", ""))
    drop = {"MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES", "DISPLAY",
            "WAYLAND_DISPLAY", *given}
    return {k: v for k, v in os.environ.items() if k not in drop} | {
        "LC_ALL": "C"}


def run(command):
    """Its status (None: too long) and what it printed, both streams."""
    with subprocess.Popen(["sh", "-c", command], cwd=TOP, env=environment(),
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True,
                          errors="replace", start_new_session=True) as child:
        try:
            output = child.communicate(timeout=SECONDS)[0]
            return child.returncode, output.splitlines()
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            return None, child.communicate()[0].splitlines()


def plain(lines):
    """Without blanks at line ends and empty lines at the end."""
    return "\n".join(line.rstrip() for line in lines).rstrip("\n").split("\n")


def first_unmatched(expected, got):
    """None, or the first expected line that nothing printed can be."""
    places_in_got = {0}
    for line in expected:
        if line == "...":
            after = range(min(places_in_got), len(got) + 1)
        else:
            pattern = ".*".join(map(re.escape, line.split("...")))
            after = (i + 1 for i in places_in_got
                     if i < len(got) and re.fullmatch(pattern, got[i]))
        places_in_got = set(after)
        if not places_in_got:
            return line
    return None if len(got) in places_in_got else "the end of the output"


def command_fault(command, expected, status):
    ended, got = run(command)
    expected, got = plain(expected), plain(got)
    lacking = first_unmatched(expected, got)
    if ended == status and lacking is None:
        return None
    what = (f"not there: {lacking}" if ended == status else
            f"not done after {SECONDS} s" if ended is None else
            f"status {ended}, expected {status}")
    return "\n".join([f"$ {command}: {what}", "  expected:",
                      *("    " + line for line in expected), "  got:",
                      *("    " + line for line in got)])


def check_console(results, document, first, block, info):
    """block: the lines between the fences; first: the number of the first."""
    status = int((re.search(r"status=(\d+)", info) or [0, 0])[1])
    starts = [i for i, line in enumerate(block) if line.startswith("$ ")]
    if not starts or starts[0] != 0:
        judge(results, f"{document}:{first}", "console block without a $ line")
    for start, end in zip(starts, starts[1:] + [len(block)]):
        judge(results, f"{document}:{first + start}", command_fault(
            block[start][2:], block[start + 1:end], status))


def check_document(results, document):
    with open(os.path.join(TOP, document), encoding="utf-8") as file:
        lines = file.read().splitlines()
    number = 0
    while number < len(lines):
        fence = re.match(r"```(.*)", lines[number])
        if not fence:
            for span in re.findall(r"`([^`]+)`", lines[number]):
                check_span(results, f"{document}:{number + 1}", span, document)
            number += 1
            continue
        end = number + 1
        while end < len(lines) and lines[end] != "```":
            end += 1
        if fence[1].startswith("console"):
            check_console(results, document, number + 2, lines[number + 1:end],
                          fence[1])
        number = end + 1


def main():
    results = []
    for document in sys.argv[1:] or sorted(search("**/README.md")):
        check_document(results, document)
    print(f"{results.count(True)} passed, {results.count(False)} failed")
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
