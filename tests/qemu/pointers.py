"""What the guest's cursor demo has to look like, pixel by pixel.

tests/guest/programs/pointing.c and pointers.c once more, and the rule by which a
cursor lies on a picture: its colours are premultiplied, so they are added to
what its alpha leaves of the picture, which is rounded to the nearest.
"""
from picture import Picture
from stage2_programs import Canvas

SIDE = 64
HALF = SIDE // 2
TIP = 20, 12
CHECK, BOARD, CROSS = 16, (14, 10), 60
CHECKS = 0x90c8e0, 0xf0f0f0


def premultiplied(colour, alpha):
    """(alpha, red, green, blue)"""
    return (alpha, *((part * alpha + 127) // 255
                     for part in colour.to_bytes(3, "big")))


def arrow(x, y):
    dx, dy = x - TIP[0], y - TIP[1]
    edge = dy * 2 // 3
    if dx < 0 or dy < 0 or dy > 34 or dx > edge:
        rest = 28 * 28 - (x - 30) ** 2 - (y - 30) ** 2
        return premultiplied(0xff2000, max(0, 224 * rest // (28 * 28)))
    if dx < 2 or dx > edge - 2 or dy > 32:
        return premultiplied(0xffffff, 255)
    return premultiplied(0xff8000, 255)


def ramps(x, y):
    colour = [[0xff0000, 0x00ff00], [0x0000ff, 0xffffff]][y // HALF][x // HALF]
    alpha = x * 4 + 3
    return premultiplied(colour, alpha if y < HALF else 258 - alpha)


def frame(x, y):
    for outside, colour in [(y < 2, 0xff0000), (y >= SIDE - 2, 0x0000ff),
                            (x < 2, 0x00c000), (x >= SIDE - 2, 0xffff00)]:
        if outside:
            return premultiplied(colour, 255)
    return premultiplied(0xffffff, 128)


# Where each points.
HOT = {arrow: TIP, ramps: (HALF, HALF), frame: (0, 0)}

# Each stop of the demo: the cursor, halves of the screen, pixels from there.
PLACES = {
    "middle": (arrow, 1, 1, -20, -12),
    "ramps": (ramps, 1, 1, -32, -32),
    "top-left": (frame, 0, 0, -24, -40),
    "top-right": (frame, 2, 0, -40, -24),
    "bottom-right": (frame, 2, 2, -24, -40),
    "bottom-left": (frame, 0, 2, -40, -16),
    "one-pixel": (frame, 0, 0, -63, -63),
    "outside": (frame, 2, 1, 0, 0),
}


def position(name, width, height):
    """Of the cursor's top left, at that stop."""
    _, right, down, x, y = PLACES[name]
    return width * right // 2 + x, height * down // 2 + y


def hot_spot(name):
    return HOT[PLACES[name][0]]


def words(name):
    """The cursor's 64x64 pixels at that stop, 0xAARRGGBB."""
    pixel = PLACES[name][0]
    return tuple(int.from_bytes(bytes(pixel(x, y)), "big")
                 for y in range(SIDE) for x in range(SIDE))


def background(width, height):
    canvas = Canvas(width, height)
    for row in range(BOARD[1]):
        for column in range(BOARD[0]):
            canvas.fill(width // 2 + (column - BOARD[0] // 2) * CHECK,
                        height // 2 + (row - BOARD[1] // 2) * CHECK,
                        CHECK, CHECK, CHECKS[(column + row) % 2])
    canvas.fill(width // 2 - CROSS, height // 2, 2 * CROSS + 1, 1, 0)
    canvas.fill(width // 2, height // 2 - CROSS, 1, 2 * CROSS + 1, 0)
    return canvas.picture()


def blend(over, under):
    fade = 255 - over[0]
    return bytes(min(255, part + (below * fade + 127) // 255)
                 for part, below in zip(over[1:], under))


def expected(ground, name):
    """The background with the cursor at that stop; as it is at any other."""
    if name not in PLACES:
        return ground
    left, top = position(name, ground.width, ground.height)
    pixels = bytearray(ground.pixels)
    for y in range(max(0, top), min(ground.height, top + SIDE)):
        for x in range(max(0, left), min(ground.width, left + SIDE)):
            at = (y * ground.width + x) * 3
            pixels[at:at + 3] = blend(PLACES[name][0](x - left, y - top),
                                      pixels[at:at + 3])
    return Picture(ground.width, ground.height, pixels)
