"""The guest's serial line: what it prints, and commands for its shell demo.

Text is kept with carriage returns dropped; a wait begins where the one before
it ended, so an answer is never matched twice.
"""
import re
import select
import time

from child import Failure


class SerialLine:
    """sock is ours; check() raises a Failure once QEMU or the device died."""

    def __init__(self, sock, check, echo=None):
        self.sock = sock
        self.check = check
        self.echo = echo
        self.text = ""
        self.seen = 0

    def pump(self, seconds):
        """Take what comes within that time; False at end of file."""
        if not select.select([self.sock], [], [], seconds)[0]:
            return True
        try:
            data = self.sock.recv(65536)
        except OSError:
            data = b""
        text = data.decode("utf-8", "replace").replace("\r", "")
        self.text += text
        if self.echo:
            self.echo(text)
        return bool(data)

    def wait(self, pattern, seconds, what=None):
        """The match of a pattern (multi-line) in what is not yet matched.

        what: what the guest has to do for it, for people.
        """
        what = what or f"print '{pattern}'"
        deadline = time.monotonic() + seconds
        expression = re.compile(pattern, re.MULTILINE)
        while True:
            match = expression.search(self.text, self.seen)
            if match:
                self.seen = match.end()
                return match
            if "Kernel panic" in self.text[self.seen:]:
                raise Failure("the guest's kernel panicked")
            if time.monotonic() > deadline:
                raise Failure(f"the guest did not {what} within {seconds} s")
            if not self.pump(0.2):
                self.check(ending=True)
                raise Failure(f"QEMU ended, and the guest did not {what}")
            self.check()

    def send(self, line):
        self.sock.sendall(line.encode() + b"\n")

    def command(self, line, seconds):
        """(status, output) of one line for the guest's shell demo."""
        start = self.seen
        self.send(line)
        match = self.wait(r"^guest: done (\d+)\n", seconds)
        return int(match.group(1)), self.text[start:match.start()].lstrip("\n")

    def close(self):
        self.sock.close()
