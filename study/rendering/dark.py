"""A figure of dark ink on white as one of light ink on a dark page; photographs in it stay as they are."""

import io
from collections.abc import Sequence

import numpy as np
from PIL import Image

PAPER, INK = 0x18, 0xE6  # grey of the dark page and of text on it; the style of the report has the same

STRONG, LIFT = 0.3, 0.5  # distance from grey from which a colour is lifted in full, and how much

# Left, top, right, bottom, in shares of width and height.
Box = tuple[float, float, float, float]


def dark(png: bytes, photographs: Sequence[Box]) -> bytes:
    """The PNG with its lightness turned over, hues kept; what lies in a box of photographs is not touched."""
    with Image.open(io.BytesIO(png)) as image:
        pixels = np.asarray(image.convert("RGB"))
    colours, place = np.unique(pixels.reshape(-1, 3), axis=0, return_inverse=True)
    turned = _turned(colours)[place.ravel()].reshape(pixels.shape)
    height, width = pixels.shape[:2]
    for left, top, right, bottom in photographs:
        part = (
            slice(round(top * height), round(bottom * height)),
            slice(round(left * width), round(right * width)),
        )
        turned[part] = pixels[part]
    file = io.BytesIO()
    few = Image.fromarray(turned).quantize(256, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    few.save(file, "png", optimize=True)
    return file.getvalue()


def _turned(colours: np.ndarray) -> np.ndarray:
    """White becomes the page and black the ink; a colour keeps its distance from grey, and a strong one is lifted, so
    that it is seen on the page. (colours, 3) in uint8."""
    values = colours.astype(np.float64)
    most, least = values.max(axis=1, keepdims=True), values.min(axis=1, keepdims=True)
    middle = (most + least) / 2
    lifted = 1 - LIFT * np.minimum(1, (most - least) / (STRONG * 255))
    grey = PAPER + (INK - PAPER) * (1 - middle / 255) ** lifted
    found: np.ndarray = np.clip(np.rint(grey + (values - middle)), 0, 255).astype(np.uint8)
    return found
