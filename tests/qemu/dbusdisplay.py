"""What a display of QEMU's knows of a console's cursor: `-display dbus,p2p=yes`
hands it, as QEMU has it, to whoever listens.

QEMU 10 lets one listen to its own devices. A console of vhost-user-gpu it keeps
from listeners who can't import pictures from a GPU ("The console requires display
DMABUF support"), and ends. Two sockets, of which QEMU gets the far ends: on the
first a listener is registered, on the second QEMU calls it. Both speak D-Bus (its specification; QEMU's
ui/dbus-display1.xml has the interfaces), little-endian and without a bus; what is
here is as much of it as these few calls need.
"""
import array
import os
import socket
import struct
import threading

from child import Failure

CALL, RETURN, ERROR = 1, 2, 3
NO_REPLY = 1
PATH, INTERFACE, MEMBER, REPLY_TO, SIGNATURE, FDS = 1, 2, 3, 5, 8, 9
# A field of type o, s, g or u: how a header says which.
TYPES = {PATH: b"o", INTERFACE: b"s", MEMBER: b"s", REPLY_TO: b"u",
         SIGNATURE: b"g", FDS: b"u"}
# {"Interfaces": []}: there are no others than the one that QEMU calls. An entry
# begins at a multiple of 8, behind its array's size.
ENTRY = (struct.pack("<I", 10) + b"Interfaces\0" + b"\2as\0" + b"\0" +
         struct.pack("<I", 0))
PROPERTIES = struct.pack("<II", len(ENTRY), 0) + ENTRY
CONSOLE = "/org/qemu/Display1/Console_{}"


def padded(data, to):
    return data + bytes(-len(data) % to)


def field(code, value):
    kind = TYPES[code]
    text = bytes([code, 1]) + kind + b"\0"
    if kind == b"u":
        return text + struct.pack("<I", value)
    value = value.encode()
    size = "<B" if kind == b"g" else "<I"
    return text + struct.pack(size, len(value)) + value + b"\0"


class Peer:
    """One connection, of which we are the client; QEMU asks who we are."""

    def __init__(self, sock, seconds):
        self.sock = sock
        self.sock.settimeout(seconds)
        self.serial = 0
        who = struct.pack("iII", os.getpid(), os.getuid(), os.getgid())
        self.sock.sendmsg([b"\0"], [(socket.SOL_SOCKET,
                                     socket.SCM_CREDENTIALS, who)])
        uid = str(os.getuid()).encode().hex()
        self.say(f"AUTH EXTERNAL {uid}", "OK")
        self.say("NEGOTIATE_UNIX_FD", "AGREE_UNIX_FD")
        self.sock.sendall(b"BEGIN\r\n")

    def say(self, line, wanted):
        self.sock.sendall(line.encode() + b"\r\n")
        answer = b""
        while not answer.endswith(b"\r\n"):
            answer += self.read(1)
        if not answer.startswith(wanted.encode()):
            raise Failure(f"QEMU's D-Bus display answers {answer!r} to {line}")

    def read(self, count):
        data = b""
        while len(data) < count:
            more = self.sock.recv(min(count - len(data), 1 << 20))
            if not more:
                raise ConnectionError("it hung up")
            data += more
        return data

    def send(self, kind, flags, fields, body=b"", fds=()):
        self.serial += 1
        head = b""
        for code, value in fields:
            head = padded(head, 8) + field(code, value)
        start = struct.pack("<cBBBII", b"l", kind, flags, 1, len(body),
                            self.serial)
        whole = padded(start + struct.pack("<I", len(head)) + head, 8) + body
        more = [(socket.SOL_SOCKET, socket.SCM_RIGHTS,
                 array.array("i", fds))] if fds else []
        sent = self.sock.sendmsg([whole], more)
        self.sock.sendall(whole[sent:])

    def receive(self):
        """(kind, flags, serial, fields, body)"""
        _, kind, flags, _, size, serial, length = struct.unpack(
            "<cBBBIII", self.read(16))
        head = self.read(length + -length % 8)
        return kind, flags, serial, self.fields(head[:length]), self.read(size)

    def fields(self, head):
        found, at = {}, 0
        while at < len(head):
            at += -at % 8
            code, kind = head[at], head[at + 2:at + 3]
            at += 4
            if kind == b"u":
                found[code] = struct.unpack_from("<I", head, at)[0]
                at += 4
                continue
            count = head[at] if kind == b"g" else \
                struct.unpack_from("<I", head, at)[0]
            at += 1 if kind == b"g" else 4
            found[code] = head[at:at + count].decode()
            at += count + 1
        return found


class Cursor:
    """What was said last. words: 0xAARRGGBB, row by row."""

    width = height = hot_x = hot_y = 0
    words = ()
    x = y = 0
    visible = False


class DbusDisplay:
    """Listens to one console of a Vm that was started with display=OPTION."""

    OPTION = "dbus,p2p=yes"

    def __init__(self, vm, console=0, seconds=60):
        self.lock = threading.Lock()
        self.state = Cursor()
        self.broken = None
        try:
            self.peer = Peer(self.connect(vm), seconds)
            self.listener = Peer(self.register(console), seconds)
        except OSError as error:
            raise Failure(f"QEMU's D-Bus display: {error}") from None
        self.listener.sock.settimeout(None)
        threading.Thread(target=self.listen, daemon=True).start()

    def connect(self, vm):
        """QEMU takes a file descriptor through its monitor."""
        near, far = socket.socketpair()
        vm.qmp.send("getfd", fds=[far.fileno()], fdname="display")
        vm.qmp.answer("getfd")
        far.close()
        vm.qmp.command("add_client", protocol="@dbus-display",
                       fdname="display")
        return near

    def register(self, console):
        near, far = socket.socketpair()
        self.peer.send(CALL, 0, [
            (PATH, CONSOLE.format(console)),
            (INTERFACE, "org.qemu.Display1.Console"),
            (MEMBER, "RegisterListener"), (SIGNATURE, "h"), (FDS, 1)],
            struct.pack("<I", 0), [far.fileno()])
        self.expect_return()
        far.close()
        return near

    def expect_return(self):
        kind = None
        while kind not in (RETURN, ERROR):
            kind, *_ = self.peer.receive()
        if kind == ERROR:
            raise Failure("QEMU's D-Bus display has no such console")

    def cursor(self):
        with self.lock:
            if self.broken:
                raise Failure(f"QEMU's D-Bus display: {self.broken}")
            return self.state

    # ---- what QEMU calls ----

    def listen(self):
        try:
            while True:
                kind, flags, serial, fields, body = self.listener.receive()
                if kind == CALL:
                    self.called(fields.get(MEMBER), body)
                    if not flags & NO_REPLY:
                        self.answer(serial, fields.get(MEMBER))
        except (OSError, struct.error) as error:
            with self.lock:
                self.broken = error

    def answer(self, serial, member):
        fields = [(REPLY_TO, serial)]
        if member == "GetAll":
            self.listener.send(RETURN, NO_REPLY,
                               fields + [(SIGNATURE, "a{sv}")], PROPERTIES)
        else:
            self.listener.send(RETURN, NO_REPLY, fields)

    def called(self, member, body):
        new = Cursor()
        with self.lock:
            new.__dict__.update(self.state.__dict__)
            if member == "CursorDefine":
                (new.width, new.height, new.hot_x, new.hot_y,
                 size) = struct.unpack_from("<iiiiI", body)
                new.words = struct.unpack_from(f"<{size // 4}I", body, 20)
            elif member == "MouseSet":
                new.x, new.y, new.visible = struct.unpack("<iii", body)
            self.state = new
