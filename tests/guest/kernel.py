#!/usr/bin/env python3
"""What a guest image takes from a distribution's kernel package.

    kernel.py vmlinux VMLINUZ OUT      the ELF file inside a bzImage
    kernel.py modules TREE DIR NAME... modules and what they depend on; NAME?
                                       is passed over where there is none

The ELF file boots several seconds sooner under TCG than the bzImage around it:
QEMU enters it through the kernel's PVH note, and the guest need not unpack it.
Layout of a bzImage: Documentation/arch/x86/boot.rst in Linux.
"""
import gzip
import lzma
import os
import re
import struct
import subprocess
import sys


def fail(text):
    sys.exit("guest: " + text)


def through(command, data):
    """What a decompressor makes of data; its complaints stay on stderr."""
    try:
        return subprocess.run(command, input=data, check=True,
                              stdout=subprocess.PIPE).stdout
    except (OSError, subprocess.CalledProcessError) as error:
        fail(f"{command[0]} is needed here: {error}")


def unpack(data):
    """data uncompressed, by its magic; data itself where it has none."""
    if data.startswith(b"\xfd7zXZ\0"):
        return lzma.LZMADecompressor().decompress(data)
    if data.startswith(b"\x28\xb5\x2f\xfd"):
        return through(["zstd", "-dcq"], data)
    if data.startswith((b"\x02\x21\x4c\x18", b"\x04\x22\x4d\x18")):
        return through(["lz4", "-dcq"], data)
    if data.startswith(b"\x1f\x8b"):
        return gzip.decompress(data)
    return data


def payload(image):
    """The compressed kernel in a bzImage, without the size behind it."""
    if image[0x202:0x206] != b"HdrS":
        fail("the kernel is no bzImage")
    sectors = image[0x1f1] or 4
    offset, length = struct.unpack_from("<II", image, 0x248)
    start = (sectors + 1) * 512 + offset
    data = image[start:start + length]
    return data if data.startswith(b"\x1f\x8b") else data[:-4]


def write_vmlinux(vmlinuz, out):
    with open(vmlinuz, "rb") as file:
        kernel = unpack(payload(file.read()))
    if not kernel.startswith(b"\x7fELF"):
        fail(f"{os.path.basename(vmlinuz)} holds a kernel packed in a way "
             "that is not known here (xz, zstd, lz4, gzip are)")
    with open(out, "wb") as file:
        file.write(kernel)


def module_name(path):
    """drivers/.../virtio-gpu.ko.xz -> virtio_gpu, as dependencies name it."""
    return os.path.basename(path).split(".ko")[0].replace("-", "_")


def find_modules(tree):
    """Every module of a package tree: name -> path; None for built-in ones."""
    found = {}
    for folder, _, files in os.walk(tree):
        for file in files:
            path = os.path.join(folder, file)
            if file == "modules.builtin":
                with open(path, encoding="ascii") as lines:
                    found.update((module_name(line.strip()), None)
                                 for line in lines)
            elif re.search(r"\.ko(\.\w+)?$", file):
                found[module_name(path)] = path
    return found


def depends(data):
    """The names in a module's own 'depends=' note (depmod reads the same)."""
    note = re.search(rb"\0depends=([^\0]*)\0", data)
    names = note.group(1).decode().split(",") if note else []
    return [name.replace("-", "_") for name in names if name]


def copy_modules(tree, folder, wanted):
    """Uncompressed, as NN-name.ko: the numbers are the order of loading."""
    found = find_modules(tree)
    done = set()

    def copy(name):
        if name in done:
            return
        done.add(name)
        if name not in found:
            fail(f"the kernel package has no module {name}")
        if not found[name]:
            return
        with open(found[name], "rb") as file:
            data = unpack(file.read())
        for other in depends(data):
            copy(other)
        number = len(os.listdir(folder))
        with open(f"{folder}/{number:02}-{name}.ko", "wb") as file:
            file.write(data)

    for name in wanted:
        if name.endswith("?"):
            name = name[:-1]
            found.setdefault(name)
        copy(name)


def main(arguments):
    if len(arguments) == 3 and arguments[0] == "vmlinux":
        write_vmlinux(*arguments[1:])
    elif len(arguments) > 3 and arguments[0] == "modules":
        copy_modules(arguments[1], arguments[2], arguments[3:])
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
