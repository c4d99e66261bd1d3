"""A process started here, that is also ended here.

Every wait has a deadline, and what went wrong is a Failure whose text is one
line for a person. A child dies with its parent, however the parent ends.
"""
import ctypes
import os
import signal
import subprocess
import time

PR_SET_PDEATHSIG = 1


class Failure(Exception):
    """What a person is told, in one line."""


def die_with_parent():
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def last_line(path):
    with open(path, encoding="utf-8", errors="replace") as file:
        lines = file.read().strip().splitlines()
    return lines[-1][:200] if lines else "it said nothing"


def end_cleanly_on_sigterm():
    """SIGTERM unwinds like Ctrl-C, so that everything started is ended."""
    def interrupt(number, frame):
        raise KeyboardInterrupt
    signal.signal(signal.SIGTERM, interrupt)
    signal.signal(signal.SIGINT, interrupt)


class Child:
    """argv running, its stdout and stderr in the file log.

    environment: variables that differ from ours.
    """

    def __init__(self, name, argv, log, pass_fds=(), environment=None):
        self.name = name
        self.log = log
        self.process = None
        try:
            with open(log, "wb") as file:
                self.process = subprocess.Popen(
                    argv, stdin=subprocess.DEVNULL, stdout=file, stderr=file,
                    pass_fds=pass_fds, preexec_fn=die_with_parent,
                    env={**os.environ, **(environment or {})})
        except OSError as error:
            raise Failure(f"can't start {argv[0]}: {error.strerror}") from None

    @property
    def pid(self):
        return self.process.pid

    def alive(self):
        return self.process.poll() is None

    def check_alive(self):
        if not self.alive():
            raise Failure(f"{self.name} ended with status "
                          f"{self.process.returncode}: {last_line(self.log)}")

    def signal(self, number):
        if self.alive():
            os.kill(self.pid, number)

    def wait(self, seconds):
        """The exit status (a signal's number as negative)."""
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise Failure(f"{self.name} did not end within "
                          f"{seconds} s") from None

    def settle(self, seconds):
        """It may be ending: leave it that long to do so."""
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            pass

    def expect_status(self, wanted, seconds):
        status = self.wait(seconds)
        if status != wanted:
            raise Failure(f"{self.name} ended with status {status}, not "
                          f"{wanted}: {last_line(self.log)}")

    def kill(self):
        """However it goes: nothing of it is left afterwards."""
        if self.process:
            self.signal(signal.SIGKILL)
            self.process.wait()


def poll(condition, seconds, what):
    """Wait until condition() is true; what: 'X did not happen', for people."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise Failure(f"{what} within {seconds} s")
        time.sleep(0.02)
