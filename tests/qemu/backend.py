"""The device under test: one process of a program that is a vhost-user-gpu
back end, with the sockets it listens on, its trace and its log.

The program is a command with {} for the socket's path. Ours follow the options
of docs/interop/vhost-user.rst in QEMU and write a trace; others need not.
"""
import os
import shutil
import signal
import tempfile

from child import Child, Failure, poll

START = 10
END = 10
# The devices of virtio-input there are: --NAME-socket.
INPUTS = ["keyboard", "tablet", "mouse"]
# Flag of a listening socket in /proc/net/unix (__SO_ACCEPTCON).
LISTENING = 0x10000


def listens(path):
    """Looking, not connecting: a connection would be taken for QEMU's."""
    with open("/proc/net/unix", encoding="utf-8") as file:
        rows = [line.split() for line in file][1:]
    return any(row[7:] == [path] and int(row[3], 16) & LISTENING
               for row in rows)


class BackEnd(Child):
    """program: argv, with {} in it if it is not ours; options are for ours.

    folder keeps its logs. The sockets lie elsewhere: a path of more than 107
    bytes is none. path: where a killed one before it listened. inputs: names of
    INPUTS that have a socket too.
    """

    def __init__(self, program, folder, options=(), path=None,
                 environment=None, pass_fds=(), inputs=()):
        self.place = tempfile.mkdtemp(prefix="vgpu-")
        self.path = path or os.path.join(self.place, "gpu.sock")
        self.inputs = {name: os.path.join(self.place, f"{name}.sock")
                       for name in inputs}
        self.trace_file = os.path.join(folder, "trace.txt")
        self.ours = "{}" not in " ".join(program)
        if self.ours:
            argv = [*program, f"--socket-path={self.path}",
                    *(f"--{name}-socket={path}"
                      for name, path in self.inputs.items()),
                    f"--trace={self.trace_file}", *options]
        else:
            argv = [part.replace("{}", self.path) for part in program]
        self.argv = argv
        try:
            super().__init__("the device", argv,
                             os.path.join(folder, "device.log"), pass_fds,
                             environment)
            poll(self.listening, START, "the device did not listen")
        except Failure:
            self.kill()
            raise

    def listening(self):
        self.check_alive()
        return all(map(listens, [self.path, *self.inputs.values()]))

    def trace(self):
        """Its lines so far; none for a program that keeps no trace."""
        if not os.path.exists(self.trace_file):
            return []
        with open(self.trace_file, encoding="utf-8") as file:
            return file.read().splitlines()

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.pid}/fd"))

    def mappings(self):
        with open(f"/proc/{self.pid}/maps", encoding="utf-8") as file:
            return len(file.readlines())

    def kill(self):
        super().kill()
        shutil.rmtree(self.place, ignore_errors=True)

    def end(self):
        """SIGTERM as a service manager sends it: status 0, no socket left."""
        self.check_alive()
        self.signal(signal.SIGTERM)
        if self.ours:
            self.expect_status(0, END)
            for path in [self.path, *self.inputs.values()]:
                if os.path.exists(path):
                    raise Failure(f"the device left {path} behind")
        else:
            self.wait(END)
