"""Pictures as rows of RGB bytes: read from PNG and PPM, compared, laid out.

What is read here is what libpng, QEMU and we write: eight bits a sample, with
or without alpha (which is dropped), not interlaced. PNG: RFC 2083.
"""
import struct
import zlib

from child import Failure

SIGNATURE = b"\x89PNG\r\n\x1a\n"
SAMPLES = {2: 3, 6: 4}      # by colour type


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
        return (self.size, self.pixels) == (other.size, other.pixels)


def chunks(data):
    at = len(SIGNATURE)
    while at < len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        yield kind, data[at + 8:at + 8 + length]
        at += length + 12


def paeth(left, above, corner):
    guess = left + above - corner
    away = abs(guess - left), abs(guess - above), abs(guess - corner)
    if away[0] <= away[1] and away[0] <= away[2]:
        return left
    return above if away[1] <= away[2] else corner


def unfilter(kind, row, above, step):
    """One row in place: each byte was stored as the distance from a guess."""
    if kind == 1:
        for i in range(step, len(row)):
            row[i] = row[i] + row[i - step] & 255
    elif kind == 2:
        row[:] = bytes(map(lambda a, b: a + b & 255, row, above))
    elif kind == 3:
        for i, up in enumerate(above):
            left = row[i - step] if i >= step else 0
            row[i] = row[i] + (left + up) // 2 & 255
    elif kind == 4:
        for i, up in enumerate(above):
            left, corner = (row[i - step], above[i - step]) \
                if i >= step else (0, 0)
            row[i] = row[i] + paeth(left, up, corner) & 255


def without_alpha(pixels):
    rgb = bytearray(len(pixels) // 4 * 3)
    for sample in range(3):
        rgb[sample::3] = pixels[sample::4]
    return rgb


def read_png(data):
    parts = {}
    for kind, content in chunks(data):
        parts[kind] = parts.get(kind, b"") + content
    width, height, bits, colour, *method = struct.unpack(">IIBBBBB",
                                                         parts[b"IHDR"])
    if bits != 8 or colour not in SAMPLES or method[2]:
        raise Failure("a PNG file of a kind that is not read here")
    step = SAMPLES[colour]
    length = width * step
    raw = zlib.decompress(parts[b"IDAT"])
    pixels = bytearray()
    above = bytearray(length)
    for at in range(0, height * (length + 1), length + 1):
        row = bytearray(raw[at + 1:at + 1 + length])
        unfilter(raw[at], row, above, step)
        pixels += row
        above = row
    return Picture(width, height,
                   pixels if step == 3 else without_alpha(pixels))


def read_ppm(data):
    """P6 as QEMU writes it, without comments."""
    kind, width, height, most = data[:64].split(maxsplit=4)[:4]
    if kind != b"P6" or most != b"255":
        raise Failure("a PPM file of a kind that is not read here")
    size = int(width) * int(height) * 3
    return Picture(int(width), int(height), data[-size:])


def read(path):
    with open(path, "rb") as file:
        data = file.read()
    return read_png(data) if data.startswith(SIGNATURE) else read_ppm(data)


def write_png(picture, path):
    def chunk(kind, content):
        return (struct.pack(">I", len(content)) + kind + content +
                struct.pack(">I", zlib.crc32(kind + content)))
    rows = b"".join(b"\0" + picture.row(y) for y in range(picture.height))
    with open(path, "wb") as file:
        file.write(SIGNATURE + chunk(b"IHDR", struct.pack(
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
