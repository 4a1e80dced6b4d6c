"""The parameters of a face and of an occasion, and the head that they make: an ellipsoid with a jaw, in relief.

Lengths are in half heads: the chin of a middling face lies at v = 1, the crown at v = -1, the eyes near 0. `u, v` are
coordinates on the face, which turn with it; `x, y` are those of the image, upright with the head, y down. Over arrays
only + - * / and square roots are used, which every processor rounds alike.
"""

from dataclasses import dataclass, field, fields
from functools import lru_cache
from math import cos, sin
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

DEPTH = 0.72  # half the depth of the head
Array = NDArray[np.floating]  # float32, (side, side) where no other shape is named
Parameters = TypeVar("Parameters", "Face", "Occasion")


def between(low: float, high: float) -> Any:
    """A field drawn uniformly between two values. It stands in the place of a float, hence Any."""
    return field(metadata={"range": (low, high)})


@dataclass(frozen=True, kw_only=True)
class Face:
    """What stays the same in every image of an identity. Colours run from 0 (light, blue) to 1 (dark, brown)."""

    width: float = between(0.70, 0.79)
    chin: float = between(0.94, 1.06)
    jaw: float = between(-0.28, 0.2)  # widening of the head towards the chin
    eye_distance: float = between(0.27, 0.35)
    eye_height: float = between(-0.06, 0.05)
    eye_width: float = between(0.125, 0.165)
    eye_opening: float = between(0.050, 0.085)
    eye_tilt: float = between(-0.25, 0.33)
    eye_roundness: float = between(0.0, 1.0)
    eye_colour: float = between(0.0, 1.0)
    lid: float = between(0.020, 0.060)  # from the upper lid to its fold
    brow_height: float = between(0.19, 0.26)
    brow_arch: float = between(0.0, 0.09)
    brow_tilt: float = between(-0.06, 0.06)
    brow_thickness: float = between(0.018, 0.055)
    brow_width: float = between(0.17, 0.24)
    brow_density: float = between(0.3, 1.0)
    nose_length: float = between(0.33, 0.47)
    nose_width: float = between(0.08, 0.16)
    nose_relief: float = between(0.14, 0.24)
    mouth_height: float = between(0.60, 0.68)
    mouth_width: float = between(0.19, 0.3)
    upper_lip: float = between(0.025, 0.065)
    lower_lip: float = between(0.035, 0.085)
    lip_redness: float = between(0.15, 0.75)
    cheeks: float = between(0.0, 0.09)  # relief of the cheekbones
    cleft: float = between(-0.05, 0.05)  # relief of the dimple in the chin; none below 0
    skin: float = between(0.0, 0.85)
    ruddiness: float = between(-0.5, 1.0)
    freckles: float = between(-20.0, 34.0)  # number; none below 0
    moles: float = between(0.0, 5.0)  # number
    beard: float = between(-1.0, 0.8)  # none below 0
    hair_colour: float = between(0.0, 1.3)  # clipped at 1
    hair_redness: float = between(-0.6, 0.6)  # none below 0
    hairline: float = between(0.44, 0.66)  # height above the eyes
    hairline_curve: float = between(-0.5, 0.7)
    parting: float = between(-0.28, 0.28)  # slope of the hairline
    hair_volume: float = between(0.02, 0.17)
    hair_length: float = between(-0.9, 1.2)  # lower end of the hair beside the head; short below 0
    curls: float = between(0.0, 0.11)
    ears: float = between(0.10, 0.17)
    recession: float = between(-0.15, 0.35)  # of the hairline with age; none below 0
    greying: float = between(-0.2, 0.5)  # how late


@dataclass(frozen=True, kw_only=True)
class Occasion:
    """What changes from image to image. Angles are in radians."""

    yaw: float = between(-0.45, 0.45)
    pitch: float = between(-0.22, 0.22)
    roll: float = between(-0.18, 0.18)
    right: float = between(-0.12, 0.12)
    down: float = between(-0.1, 0.1)
    scale: float = between(0.9, 1.1)
    light_right: float = between(-1.1, 1.1)
    light_down: float = between(-1.0, 0.4)
    ambient: float = between(0.35, 0.75)
    exposure: float = between(0.75, 1.2)
    contrast: float = between(0.75, 1.15)
    warmth: float = between(-0.1, 0.1)
    tint: float = between(-0.04, 0.04)
    shine: float = between(0.0, 0.30)
    smile: float = between(-0.5, 1.0)
    mouth_opening: float = between(-0.10, 0.12)  # closed below 0
    eyes: float = between(0.55, 1.25)  # factor on the opening
    gaze: float = between(-0.045, 0.045)
    brow_raise: float = between(-0.03, 0.06)
    age: float = between(0.0, 1.0)  # from about 20 to about 65 years
    shaving: float = between(0.0, 1.0)
    combing: float = between(-0.05, 0.05)  # lifts or lowers the hairline
    glasses: float = between(0.0, 1.0)  # worn above 0.88
    noise: float = between(1.0, 5.0)  # grey levels, standard deviation


def drawn(kind: type[Parameters], random: np.random.Generator) -> Parameters:
    """A Face or an Occasion with every field drawn from its range."""
    return kind(**{each.name: random.uniform(*each.metadata["range"]) for each in fields(kind)})


@dataclass(frozen=True)
class Surface:
    """The visible head, arrays (side, side): coordinates on it, nearness to the viewer, and coverage 0..1.

    `mirrored` is |u|, so that what comes in pairs is drawn once; `hand` is -1 left and 1 right of the nose.
    """

    u: Array
    v: Array
    mirrored: Array
    hand: Array
    near: Array
    coverage: Array
    pixel: float  # width of a drawn pixel


def bump(u: Array | float, v: Array | float, radius_u: float, radius_v: float) -> Array:
    """A smooth hill: 1 in the centre, 0 from the ellipse of the given radii outwards."""
    across, along = u * (1 / radius_u), v * (1 / radius_v)
    height: Array = np.maximum(1 - across * across - along * along, 0)
    return height * height


def inside(distance: Array, pixel: float) -> Array:
    """Coverage 0..1 of what lies at distance < 0; its edge is two drawn pixels wide."""
    coverage: Array = np.clip(0.5 - distance * (0.5 / pixel), 0, 1)
    return coverage


@lru_cache(maxsize=4)
def grid(side: int) -> tuple[Array, Array]:
    """The pixel centres of a square from -1 to 1: columns and rows, each (side, side), float32."""
    line = (np.arange(side, dtype=np.float32) + 0.5) * np.float32(2 / side) - 1
    return np.tile(line, (side, 1)), np.repeat(line[:, None], side, axis=1)


def turned_head(face: Face, occasion: Occasion, x: Array, y: Array, pixel: float) -> Surface:
    """The head as an ellipsoid with a jaw, turned by yaw and pitch."""
    below = np.clip(y * (1 / face.chin), 0, 1)
    below *= below
    fullness = 1 + 0.07 * (1 - occasion.age) * bump(0, y - 0.45, 1, 0.5)
    width = face.width * fullness * (1 + face.jaw * below - 0.1 * below * below)
    across = (x - 0.2 * sin(occasion.yaw) * below) / width
    along = y * np.where(y > 0, 1 / (face.chin - 0.12 * sin(occasion.pitch)), 1).astype(np.float32)
    radius = np.sqrt(across * across + along * along)
    near = DEPTH * np.sqrt(np.maximum(1 - radius * radius, 0))
    u = x * cos(occasion.yaw) - near * sin(occasion.yaw)
    forward = x * sin(occasion.yaw) + near * cos(occasion.yaw)
    v = y * cos(occasion.pitch) - forward * sin(occasion.pitch)
    coverage = inside((radius - 1) * face.width, pixel)
    return Surface(u, v, np.abs(u), np.sign(u), near, coverage, pixel)


def beside_nose(face: Face, occasion: Occasion, s: Surface) -> Array:
    """u as seen on the nose, which stands out and so moves further when the head turns."""
    down_the_nose: Array = np.clip(s.v * (1 / face.nose_length), 0, 1)
    return s.u - 1.2 * face.nose_relief * sin(occasion.yaw) * down_the_nose


def relief(face: Face, occasion: Occasion, s: Surface) -> Array:
    """Height of the features above the ellipsoid."""
    on_nose = beside_nose(face, occasion, s)
    ramp: Array = np.clip((s.v + 0.1) * (1 / (face.nose_length + 0.1)), 0, 1)
    end: Array = np.clip((face.nose_length + 0.07 - s.v) * 10, 0, 1)
    from_ridge = on_nose / (0.08 + 1.35 * face.nose_width * ramp)
    ridge = bump(from_ridge, 0, 1, 1)
    wings = bump(np.abs(on_nose) - 0.8 * face.nose_width, s.v - face.nose_length, 0.07, 0.08)
    beside_eye, below_eye = s.mirrored - face.eye_distance, s.v - face.eye_height
    start: Array = np.clip((s.v + 0.25) * 5, 0, 1)
    mouth, smile = s.v - face.mouth_height, max(occasion.smile, 0)
    height: Array = (
        face.nose_relief * (0.25 + 0.75 * ramp) * ridge * end * start
        + 0.06 * wings
        - 0.10 * bump(beside_eye, below_eye, 0.24, 0.18)
        + 0.05 * bump(beside_eye, below_eye, face.eye_width, 0.1)
        + 0.05 * bump(beside_eye, s.v + face.brow_height, 0.32, 0.1)
        + (face.cheeks + 0.04 * smile) * bump(s.mirrored - 0.36, s.v - 0.28, 0.26, 0.22)
        + 0.07 * bump(s.u, mouth, 1.2 * face.mouth_width, 0.15)
        - 0.04 * bump(s.u, mouth - 0.14, 0.2, 0.07)
        + 0.06 * bump(s.u, s.v - 0.86, 0.25, 0.15)
        - max(face.cleft, 0) * bump(s.u, s.v - 0.88, 0.06, 0.1)
    )
    return height
