#!/usr/bin/env python3
"""cpio.py DIR OUT [PLACE] - pack a directory as an initramfs, everything root's.

Its files come to lie at the top, or in the folder PLACE. The kernel unpacks any number of such archives laid end to end, later files over
earlier ones: that is how a user's own directory is added to our image. Format:
Documentation/driver-api/early-userspace/buffer-format.rst in Linux ("newc").
"""
import os
import stat
import sys

CONSOLE = ("dev/console", stat.S_IFCHR | 0o600, (5, 1))


def align(file):
    file.write(b"\0" * (-file.tell() % 4))


class Archive:
    """An archive being written, member by member."""

    def __init__(self, file):
        self.file = file
        self.inode = 0

    def add(self, name, mode, data=b"", device=(0, 0)):
        """One member. device is (major, minor) of a device node."""
        self.inode += 1
        path = name.encode() + b"\0"
        fields = [self.inode, mode, 0, 0, 1, 0, len(data), 0, 0, *device,
                  len(path), 0]
        self.file.write(b"070701" + b"".join(b"%08x" % f for f in fields))
        self.file.write(path)
        align(self.file)
        self.file.write(data)
        align(self.file)

    def add_path(self, path, name):
        info = os.lstat(path)
        if stat.S_ISREG(info.st_mode):
            with open(path, "rb") as file:
                self.add(name, info.st_mode, file.read())
        elif stat.S_ISLNK(info.st_mode):
            self.add(name, info.st_mode, os.readlink(path).encode())
        elif stat.S_ISDIR(info.st_mode):
            self.add(name, info.st_mode)

    def add_tree(self, top, place=""):
        """All of a directory but its sockets, fifos and devices."""
        if place:
            self.add_path(top, place)
        for folder, folders, files in os.walk(top):
            folders.sort()
            for entry in sorted(folders + files):
                path = os.path.join(folder, entry)
                self.add_path(path, os.path.join(
                    place, os.path.relpath(path, top)))


def main(arguments):
    if len(arguments) not in (2, 3) or not os.path.isdir(arguments[0]):
        sys.exit(__doc__)
    with open(arguments[1], "wb") as file:
        archive = Archive(file)
        archive.add_tree(arguments[0], *arguments[2:])
        # The kernel opens it for init's stdout before /dev is mounted.
        archive.add("dev", stat.S_IFDIR | 0o755)
        archive.add(*CONSOLE[:2], device=CONSOLE[2])
        archive.add("TRAILER!!!", 0)


if __name__ == "__main__":
    main(sys.argv[1:])
