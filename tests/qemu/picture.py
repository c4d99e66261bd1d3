"""Pictures as rows of RGB bytes: read from PNG and PPM, compared, laid out."""
import struct
import zlib

import pngread
from child import Failure


class Picture:
    """width x height pixels; pixels has three bytes for each."""

    def __init__(self, width, height, pixels):
        self.width = width
        self.height = height
        self.pixels = bytes(pixels)

    @property
    def size(self):
        return f"{self.width}x{self.height}"

    def pixel(self, x, y):
        at = (y * self.width + x) * 3
        return tuple(self.pixels[at:at + 3])

    def row(self, y):
        return self.pixels[y * self.width * 3:(y + 1) * self.width * 3]

    def __eq__(self, other):
        return isinstance(other, Picture) and (
            self.size, self.pixels) == (other.size, other.pixels)


def read_ppm(data):
    """P6 as QEMU writes it, without comments."""
    kind, width, height, most = data[:64].split(maxsplit=4)[:4]
    if kind != b"P6" or most != b"255":
        raise Failure("a PPM file of a kind that is not read here")
    size = int(width) * int(height) * 3
    return Picture(int(width), int(height), data[-size:])


def read(path):
    if path.endswith(".png"):
        return read_ppm(pngread.as_ppm(path))
    with open(path, "rb") as file:
        return read_ppm(file.read())


def write_png(picture, path):
    def chunk(kind, content):
        return (struct.pack(">I", len(content)) + kind + content +
                struct.pack(">I", zlib.crc32(kind + content)))
    rows = b"".join(b"\0" + picture.row(y) for y in range(picture.height))
    with open(path, "wb") as file:
        file.write(pngread.SIGNATURE + chunk(b"IHDR", struct.pack(
            ">IIBBBBB", picture.width, picture.height, 8, 2, 0, 0, 0)) +
            chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def sheet(pictures, columns):
    """All of them in one, row by row, on black."""
    width = max(picture.width for picture in pictures)
    height = max(picture.height for picture in pictures)
    whole = bytearray()
    for at in range(0, len(pictures), columns):
        line = pictures[at:at + columns]
        for y in range(height):
            for picture in line:
                row = picture.row(y) if y < picture.height else b""
                whole += row + bytes(width * 3 - len(row))
            whole += bytes((columns - len(line)) * width * 3)
    return Picture(width * columns, len(whole) // (width * columns * 3),
                   whole)


def difference(one, other):
    """The share of pixels that differ; 1.0 if the sizes do."""
    if one.size != other.size:
        return 1.0
    if one.pixels == other.pixels:
        return 0.0
    pairs = zip(zip(*[iter(one.pixels)] * 3), zip(*[iter(other.pixels)] * 3))
    return sum(a != b for a, b in pairs) / (one.width * one.height)


def first_difference(one, other):
    """For people: where two pictures differ first, or None."""
    if one.size != other.size:
        return f"{one.size}, not {other.size}"
    if one.pixels == other.pixels:
        return None
    at = next(i for i, (a, b) in enumerate(zip(one.pixels, other.pixels))
              if a != b) // 3
    x, y = at % one.width, at // one.width
    return (f"pixel {x},{y} is {one.pixel(x, y)}, not {other.pixel(x, y)}; "
            f"{difference(one, other):.2%} of the pixels differ")
