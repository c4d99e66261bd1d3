"""A PNG file as QEMU's screendump would have written it: a PPM file's bytes.

Only what screenshots are is read: eight bits a channel, red, green and blue,
not interlaced. Portable Network Graphics (ISO/IEC 15948), section 9 has the
filters.
"""
import itertools
import struct
import zlib

from child import Failure

SIGNATURE = b"\x89PNG\r\n\x1a\n"
RGB = 3


def chunks(data):
    """(type, content) of each; a damaged one is a Failure."""
    at = len(SIGNATURE)
    while at + 12 <= len(data):
        length, kind = struct.unpack(">I4s", data[at:at + 8])
        content = data[at + 8:at + 8 + length]
        check = data[at + 8 + length:at + 12 + length]
        if check != struct.pack(">I", zlib.crc32(kind + content)):
            raise Failure(f"the PNG file is damaged in {kind}")
        yield kind, content
        at += 12 + length


def paeth(left, up, corner):
    guess = left + up - corner
    return min((abs(guess - left), 0, left), (abs(guess - up), 1, up),
               (abs(guess - corner), 2, corner))[2]


def unfilter(kind, row, above):
    """The row's bytes, from what they differ by from bytes before them."""
    if kind == 1:
        for channel in range(RGB):
            row[channel::RGB] = bytes(itertools.accumulate(
                row[channel::RGB], lambda left, byte: (left + byte) & 255))
    elif kind == 2:
        row[:] = bytes((byte + up) & 255 for byte, up in zip(row, above))
    elif kind in (3, 4):
        for at, up in enumerate(above):
            left = row[at - RGB] if at >= RGB else 0
            corner = above[at - RGB] if at >= RGB else 0
            by = (left + up) // 2 if kind == 3 else paeth(left, up, corner)
            row[at] = (row[at] + by) & 255
    elif kind:
        raise Failure(f"the PNG file has a row with filter {kind}")
    return row


def as_ppm(path):
    with open(path, "rb") as file:
        data = file.read()
    if not data.startswith(SIGNATURE):
        raise Failure(f"{path} is no PNG file")
    found = list(chunks(data))
    if not found or found[-1][0] != b"IEND":
        raise Failure(f"{path} ends too early")
    width, height, *form = struct.unpack(">IIBBBBB", found[0][1])
    if form != [8, 2, 0, 0, 0]:
        raise Failure(f"{path} is of a form that isn't read here: {form}")
    rows = zlib.decompress(b"".join(content for kind, content in found
                                    if kind == b"IDAT"))
    size = 1 + width * RGB
    row = bytearray(width * RGB)
    out = [b"P6\n%d %d\n255\n" % (width, height)]
    for at in range(0, height * size, size):
        row = unfilter(rows[at], bytearray(rows[at + 1:at + size]), row)
        out.append(bytes(row))
    return b"".join(out)
