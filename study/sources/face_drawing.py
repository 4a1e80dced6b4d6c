"""Draws one parametric face: a head in relief, turned and lit, with its skin, eyes, mouth, hair and surroundings.

`u, v` are coordinates on the face, which turn with it; `x, y` are those of the image, upright with the head, y down;
units as in `face_shape`. Colours are 0..255. Over arrays only + - * / and square roots are used, which every
processor rounds alike, so that the bytes of an image do not depend on the vector units of the machine.
"""

from math import cos, sin

import numpy as np
from numpy.typing import ArrayLike, NDArray

from study.sources.face_shape import (
    Array,
    Face,
    Occasion,
    Surface,
    beside_nose,
    bump,
    grid,
    inside,
    relief,
    turned_head,
)

FRAME = 1.34  # half the image's side
TEXTURE = 128  # side of the map of freckles, moles and wrinkles, which covers u, v in -1..1
LIGHT_SKIN, DARK_SKIN = (238, 200, 176), (122, 80, 58)
FAIR_HAIR, DARK_HAIR, GREY_HAIR = (190, 150, 92), (34, 26, 24), (172, 170, 168)
BLUE_EYES, BROWN_EYES = (92, 128, 158), (66, 40, 26)

Colour = tuple[int, int, int]


def colour(values: ArrayLike) -> Array:
    """Red, green and blue, to be laid over planes: (3, 1, 1)."""
    return np.array(values, np.float32).reshape(3, 1, 1)


def mixed(first: Colour, second: Colour, share: float) -> Array:
    """A colour between two: (3, 1, 1)."""
    return colour(first) + (colour(second) - colour(first)) * np.float32(share)


def muted_colour(random: np.random.Generator) -> Array:
    """A colour of chance, seldom a strong one: (3, 1, 1)."""
    return colour(0.6 * random.uniform(20, 235) + 0.4 * random.uniform(20, 235, 3))


def cover(canvas: Array, paint: Array, coverage: Array) -> None:
    """Lay paint, (3, 1, 1) or (3, side, side), over the canvas in place."""
    canvas += (paint - canvas) * coverage


def smooth_noise(random: np.random.Generator, rows: int, columns: int, side: int) -> Array:
    """Uniform noise in -1..1 at rows x columns points, interpolated linearly to (side, side), float32."""
    points = random.uniform(-1, 1, (rows, columns)).astype(np.float32)
    for axis, count in enumerate(points.shape):
        place = np.arange(side, dtype=np.float32) * np.float32((count - 1) / side)
        low = place.astype(np.int64)
        part = (place - low).reshape((-1, 1) if axis == 0 else (1, -1))
        below, above = np.take(points, low, axis), np.take(points, low + 1, axis)
        points = below + (above - below) * part
    return points.astype(np.float32)


def skin_texture(face: Face, random: np.random.Generator) -> Array:
    """Freckles and moles, and the wrinkles that age brings out: darkening 0..1, (2, TEXTURE, TEXTURE) over (v, u)."""
    u, v = grid(TEXTURE)
    spots, lines = np.zeros_like(u), np.zeros_like(u)
    for _ in range(max(round(face.freckles), 0)):
        radius, place_u, place_v = random.uniform(0.028, 0.045), random.normal(0, 0.27), random.normal(0.18, 0.11)
        spots = np.maximum(spots, random.uniform(0.25, 0.5) * bump(u - place_u, v - place_v, radius, radius))
    for _ in range(round(face.moles)):
        radius, place_u, place_v = random.uniform(0.035, 0.055), random.uniform(-0.5, 0.5), random.uniform(-0.4, 0.85)
        spots = np.maximum(spots, random.uniform(0.5, 0.85) * bump(u - place_u, v - place_v, radius, radius))
    for height in -0.32 - 0.08 * np.arange(3) - random.uniform(0, 0.05, 3):
        from_line, end = v - height - random.uniform(-0.25, 0.35) * u * u, random.uniform(0.25, 0.45)
        lines = np.maximum(lines, 0.7 * bump(u, 0, end, 1) * bump(0, from_line, 1, 0.03))
    beside = np.abs(u) - face.eye_distance - face.eye_width
    for slope in random.uniform(-0.9, 0.9, 3):
        from_line = v - face.eye_height - slope * beside
        lines = np.maximum(lines, 0.7 * bump(beside - 0.08, 0, 0.08, 1) * bump(0, from_line, 1, 0.03))
    fold = np.abs(u) - face.nose_width - 0.06 - random.uniform(0.25, 0.5) * (v - face.nose_length)
    lines = np.maximum(lines, bump(0, v - face.nose_length - 0.13, 1, 0.2) * bump(fold, 0, 0.05, 1))
    return np.stack([spots, lines]).astype(np.float32)


def sampled(texture: Array, s: Surface) -> Array:
    """A texture on the head, interpolated linearly: (2, side, side)."""
    last = TEXTURE - 1.001
    columns: Array = np.clip((s.u + 1) * (TEXTURE / 2) - 0.5, 0, last)
    rows: Array = np.clip((s.v + 1) * (TEXTURE / 2) - 0.5, 0, last)
    left, top = columns.astype(np.int32), rows.astype(np.int32)
    right_part, low_part = columns - left, rows - top
    flat, first = texture.reshape(2, -1), top * TEXTURE + left
    upper = flat[:, first] + (flat[:, first + 1] - flat[:, first]) * right_part
    first = first + TEXTURE
    lower = flat[:, first] + (flat[:, first + 1] - flat[:, first]) * right_part
    return upper + (lower - upper) * low_part


def lighting(face: Face, occasion: Occasion, s: Surface) -> tuple[Array, Array]:
    """Diffuse light, and the shine of the skin: each (side, side)."""
    down_slope, right_slope = np.gradient(s.near + relief(face, occasion, s), s.pixel)
    length = 1 / np.sqrt(1 + occasion.light_right**2 + occasion.light_down**2)
    facing = (1 - right_slope * occasion.light_right - down_slope * occasion.light_down) * length
    facing = np.maximum(facing / np.sqrt(1 + right_slope * right_slope + down_slope * down_slope), 0)
    shine = np.maximum(facing * 2.2 - 1.2, 0)
    return occasion.ambient + 1.15 * (1 - occasion.ambient) * facing, occasion.shine * shine * shine * shine


def draw_eyes(face: Face, occasion: Occasion, s: Surface, skin: Array) -> None:
    across = s.mirrored - face.eye_distance
    below = s.v - face.eye_height + face.eye_tilt * across
    round_part = across * (1 / face.eye_width)
    lens = np.maximum(1 - round_part * round_part, 0)
    lens = lens + (np.sqrt(lens) - lens) * face.eye_roundness
    opening = face.eye_opening * occasion.eyes * (1 - 0.25 * occasion.age)
    upper, lower = -1.15 * opening * lens, 0.85 * opening * lens
    sagging = 0.10 + 0.25 * occasion.age
    skin *= 1 - sagging * bump(across, below - 0.13, 1.2 * face.eye_width, 0.07)
    skin *= 1 - 0.35 * bump(0, below - upper + face.lid, 1, 0.035) * np.minimum(3 * lens, 1)
    ball = inside(np.maximum(upper - below, below - lower), s.pixel) * (lens > 0)
    from_iris = across - occasion.gaze * s.hand
    from_iris = np.sqrt(from_iris * from_iris + below * below)
    cover(skin, colour((228, 222, 216)), ball)
    cover(skin, mixed(BLUE_EYES, BROWN_EYES, face.eye_colour), ball * inside(from_iris - 0.068, s.pixel))
    cover(skin, colour((16, 12, 12)), ball * inside(from_iris - 0.030, s.pixel))
    cover(skin, colour((250, 250, 250)), 0.8 * ball * bump(across * s.hand + 0.02, below + 0.025, 0.022, 0.022))
    lash = np.minimum(4 * lens, 1) * (0.75 * bump(0, below - upper, 1, 0.04) + 0.3 * bump(0, below - lower, 1, 0.03))
    cover(skin, colour((34, 24, 22)), lash)


def draw_brows(face: Face, occasion: Occasion, s: Surface, skin: Array, hair: Array) -> None:
    across = (s.mirrored - face.eye_distance - 0.02) * (1 / face.brow_width)
    middle = occasion.brow_raise + face.brow_height + face.brow_arch * (1 - across * across) - face.brow_tilt * across
    thickness = face.brow_thickness * (1.15 - 0.45 * across) * np.clip(4 * (1 - np.abs(across)), 0, 1)
    brow = inside(np.abs(s.v + middle) - thickness, 1.5 * s.pixel) * (np.abs(across) < 1)
    cover(skin, 0.7 * hair, face.brow_density * brow)


def draw_nose(face: Face, occasion: Occasion, s: Surface, skin: Array) -> None:
    """Nostrils and the shadow below; its shape is relief."""
    across = np.abs(beside_nose(face, occasion, s))
    skin *= 1 - 0.25 * bump(across, s.v - face.nose_length - 0.09, 1.3 * face.nose_width, 0.06)
    nostril = bump(across - 0.52 * face.nose_width, s.v - face.nose_length - 0.045, 0.05, 0.03)
    skin *= 1 - 0.75 * np.minimum(1.6 * nostril, 1)


def draw_mouth(face: Face, occasion: Occasion, s: Surface, skin: Array, skin_colour: Array) -> None:
    across = s.u * (1 / (face.mouth_width * (1 + 0.16 * occasion.smile)))
    square = across * across
    lens = np.maximum(1 - square, 0)
    below = s.v - face.mouth_height + 0.075 * occasion.smile * (square - 0.4)
    gap = max(occasion.mouth_opening, 0) * lens
    bow = 1 - 0.35 * bump(across, 0, 0.3, 1)
    top, bottom = -gap - face.upper_lip * np.sqrt(lens) * bow, gap + face.lower_lip * lens
    lip = skin_colour * (0.86 + 0.1 * (1 - face.lip_redness)) + colour((22, -32, -22)) * np.float32(face.lip_redness)
    here = lens > 0
    cover(skin, 0.9 * lip, inside(np.maximum(top - below, below), s.pixel) * here)
    cover(skin, lip, inside(np.maximum(-below, below - bottom), s.pixel) * here)
    hole = inside(np.abs(below) - gap, s.pixel) * here * min(40 * max(occasion.mouth_opening, 0), 1)
    cover(skin, colour((62, 24, 26)), hole)
    teeth = hole * inside(np.maximum(below - 0.2 * gap, np.abs(across) - 0.75), s.pixel)
    cover(skin, colour((226, 218, 204)), teeth)
    cover(skin, colour((60, 28, 28)), 0.6 * np.minimum(3 * lens, 1) * bump(0, below, 1, 0.022) * (1 - hole))


def hair_colour(face: Face, occasion: Occasion) -> Array:
    natural = mixed(FAIR_HAIR, DARK_HAIR, min(face.hair_colour, 1)) + colour((45, 0, -12)) * max(face.hair_redness, 0)
    grey = min(max(1.8 * occasion.age - 0.8 - face.greying, 0), 0.9)
    greying: Array = natural + (colour(GREY_HAIR) - natural) * np.float32(grey)
    return greying


def draw_beard(face: Face, occasion: Occasion, s: Surface, skin: Array, hair: Array) -> None:
    amount = max(face.beard, 0) * (1 - 0.8 * occasion.shaving)
    chin = np.clip(7 * (s.v - 0.42 - 0.12 * (1 - np.minimum(4 * s.mirrored, 1))), 0, 1)
    bare = bump(s.u, s.v - 0.42, 0.36, 0.2) * (s.mirrored > 0.2) + bump(s.u, s.v - face.mouth_height, 0.3, 0.1)
    cover(skin, 0.9 * hair, amount * chin * (1 - np.minimum(bare, 1)))


def hair_on_head(face: Face, occasion: Occasion, s: Surface, grain: Array) -> Array:
    """Coverage of the scalp by hair, down to the hairline; age moves it back, most at the temples."""
    recession = face.recession * occasion.age
    height = face.hairline + occasion.combing + 0.5 * recession + recession * bump(s.mirrored - 0.36, 0, 0.25, 1)
    side = np.clip((s.mirrored - 0.8 * face.width) * 6, 0, 1)
    line = -height + face.hairline_curve * s.u * s.u + face.parting * s.u + side * (height + 0.1)
    return inside(s.v - line + (0.02 + face.curls) * 0.5 * grain, 2 * s.pixel)


def hair_around_head(face: Face, occasion: Occasion, x: Array, y: Array, grain: Array, pixel: float) -> Array:
    """Coverage of the hair that stands out from the head or falls beside it."""
    volume = face.hair_volume * (1 - 0.8 * face.recession * occasion.age)
    across = (x - 0.1 * sin(occasion.yaw)) * (1 / (face.width + 0.8 * volume))
    along = np.minimum(y, 0) * (1 / (1 + volume))
    edge = np.sqrt(across * across + along * along) - 1 + face.curls * grain
    return inside(np.maximum(edge, y - max(face.hair_length, 0.0) + 0.1 * grain), 2 * pixel)


def draw_surroundings(x: Array, y: Array, random: np.random.Generator) -> Array:
    """A blurred room: two colours, patches and things of chance; (3, side, side)."""
    side = len(x)
    first, second = (muted_colour(random) for _ in range(2))
    share = 0.5 + 0.35 * smooth_noise(random, 3, 3, side) + 0.25 * smooth_noise(random, 9, 9, side)
    canvas = first + (second - first) * share
    for _ in range(random.integers(2, 6)):
        place_x, place_y = random.uniform(-1.3, 1.3, 2)
        half_width, half_height, slope = random.uniform(0.1, 0.6), random.uniform(0.1, 0.9), random.uniform(-0.6, 0.6)
        across, along = np.abs(x - place_x - slope * y) - half_width, np.abs(y - place_y) - half_height
        shape = inside(np.maximum(across, along), random.uniform(0.01, 0.08))
        cover(canvas, muted_colour(random), random.uniform(0.4, 1) * shape)
    return canvas


def draw_body(
    face: Face,
    occasion: Occasion,
    x: Array,
    y: Array,
    canvas: Array,
    skin: Array,
    cloth: Array,
    pixel: float,
) -> None:
    """Ears, neck and shoulders, behind the head."""
    turn, middle = sin(occasion.yaw), 0.1 * sin(occasion.yaw)
    ear_x = np.abs(x + 0.1 * turn) - (0.97 * cos(occasion.yaw) + 0.03) * face.width
    ear = np.sqrt((ear_x / (0.75 * face.ears)) ** 2 + ((y - 0.1) / (1.5 * face.ears)) ** 2) - 1
    cover(canvas, (0.85 - 0.35 * bump(ear_x - 0.03, y - 0.1, 0.07, 0.14)) * skin, inside(ear * face.ears, pixel))
    cover(canvas, 0.68 * skin, inside(np.maximum(np.abs(x - middle) - 0.62 * face.width, 0.2 - y), pixel))
    neckline = 1.3 - 0.22 * bump(np.abs(x - middle) - 0.6, 0, 0.55, 1) + 0.12 * (x - middle) ** 2
    cover(canvas, cloth * (1 - 0.25 * bump(0, y - neckline, 1, 0.12)), inside(neckline - y, pixel))


def draw_glasses(face: Face, s: Surface, canvas: Array) -> None:
    across, below = s.mirrored - face.eye_distance, s.v - face.eye_height - 0.01
    rim = np.abs(np.sqrt(across * across * 0.8 + below * below * 1.3) - 0.2) - 0.018
    bridge = np.maximum(np.abs(below + 0.05) - 0.018, s.mirrored - 0.1)
    cover(canvas, colour((38, 34, 36)), inside(np.minimum(rim, bridge), s.pixel) * s.coverage)


def exposed(occasion: Occasion, canvas: Array, side: int, random: np.random.Generator) -> NDArray[np.uint8]:
    """What the camera makes of it: colour of the light, exposure, contrast, averaged pixels, noise; uint8, RGB last."""
    cast = colour((1 + occasion.warmth, 1 + occasion.tint, 1 - occasion.warmth)) * np.float32(occasion.exposure)
    averaged = canvas[:, 0::2, 0::2] + canvas[:, 0::2, 1::2] + canvas[:, 1::2, 0::2] + canvas[:, 1::2, 1::2]
    picture = (averaged * (0.25 * cast) - 118) * np.float32(occasion.contrast) + 118
    picture += np.float32(occasion.noise) * random.standard_normal((3, side, side), dtype=np.float32)
    return np.rint(np.clip(picture, 0, 255)).astype(np.uint8).transpose(1, 2, 0)


def draw(face: Face, texture: Array, occasion: Occasion, side: int, random: np.random.Generator) -> NDArray[np.uint8]:
    """One image: uint8, (side, side, 3). `texture` is the identity's `skin_texture`; `random` draws all the rest."""
    half = FRAME / occasion.scale
    columns, rows = (half * line for line in grid(2 * side))  # drawn at twice the side, then averaged
    pixel = half / side
    canvas = draw_surroundings(columns, rows, random)
    columns, rows = columns - occasion.right, rows - occasion.down
    x = columns * cos(occasion.roll) + rows * sin(occasion.roll)
    y = rows * cos(occasion.roll) - columns * sin(occasion.roll)
    grain = smooth_noise(random, 7, 40, len(x))
    s = turned_head(face, occasion, x, y, pixel)
    light, shine = lighting(face, occasion, s)
    skin_colour = mixed(LIGHT_SKIN, DARK_SKIN, face.skin) + colour((10, -8, -8)) * np.float32(face.ruddiness)
    hair, cloth = hair_colour(face, occasion), muted_colour(random)
    spots, wrinkles = sampled(texture, s)

    skin = skin_colour * (1 - spots) * (1 - 0.5 * max(occasion.age - 0.15, 0) * wrinkles)
    draw_mouth(face, occasion, s, skin, skin_colour)
    draw_beard(face, occasion, s, skin, hair)
    draw_nose(face, occasion, s, skin)
    draw_eyes(face, occasion, s, skin)
    draw_brows(face, occasion, s, skin, hair)
    strands, scalp = hair * (1 + 0.25 * grain), hair_on_head(face, occasion, s, grain)
    cover(skin, strands, scalp)

    outside_light = occasion.ambient + 0.55 * (1 - occasion.ambient)
    light += 0.65 * scalp * (outside_light - light)  # hair stands off the skull and scatters light
    draw_body(face, occasion, x, y, canvas, skin_colour * outside_light, cloth * outside_light, pixel)
    cover(canvas, strands * (0.9 * outside_light), hair_around_head(face, occasion, x, y, grain, pixel))
    cover(canvas, skin * light + 255 * shine * (1 - 0.7 * scalp), s.coverage)
    if occasion.glasses > 0.88:
        draw_glasses(face, s, canvas)
    return exposed(occasion, canvas, side, random)
