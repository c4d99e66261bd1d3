"""QEMU's machine protocol: one command at a time over a connected socket.

Described in docs/interop/qmp-spec.rst in QEMU. Events are collected: they may
come between a command and its answer.
"""
import json
import socket

from child import Failure


class Qmp:
    """sock is connected to a QEMU monitor in control mode, and ours."""

    def __init__(self, sock, seconds):
        self.sock = sock
        self.rest = b""
        self.events = []
        self.sock.settimeout(seconds)
        if "QMP" not in self.receive():
            raise Failure("QEMU's monitor did not greet")
        self.command("qmp_capabilities")

    def receive(self):
        while b"\n" not in self.rest:
            try:
                data = self.sock.recv(65536)
            except (socket.timeout, OSError):
                data = b""
            if not data:
                raise Failure("QEMU's monitor does not answer")
            self.rest += data
        line, self.rest = self.rest.split(b"\n", 1)
        return json.loads(line)

    def command(self, name, **arguments):
        """What it returns; a Failure if QEMU refuses."""
        self.send(name, **arguments)
        return self.answer(name)

    def send(self, name, fds=(), **arguments):
        """Without waiting: an answer() must follow. fds go along with it."""
        text = json.dumps({"execute": name, "arguments": arguments})
        try:
            if fds:
                socket.send_fds(self.sock, [b" "], fds)
            self.sock.sendall(text.encode() + b"\n")
        except OSError:
            raise Failure("QEMU's monitor is gone") from None

    def answer(self, name):
        while True:
            answer = self.receive()
            if "event" in answer:
                self.events.append(answer["event"])
            elif "error" in answer:
                raise Failure(f"QEMU: {name}: {answer['error']['desc']}")
            else:
                return answer["return"]

    def close(self):
        self.sock.close()
