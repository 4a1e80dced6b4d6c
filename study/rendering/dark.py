"""A figure of dark ink on white as one of light ink on a dark page; photographs in it stay as they are."""

import io
from collections.abc import Sequence

import numpy as np
from PIL import Image

COLOURS = 256
PAPER, INK = 0x18, 0xE6  # grey of the dark page and of text on it; the style of the report has the same

STRONG, LIFT = 0.3, 0.5  # distance from grey from which a colour is lifted in full, and how much

# Left, top, right, bottom, in shares of width and height.
Box = tuple[float, float, float, float]


def dark(png: bytes, photographs: Sequence[Box]) -> bytes:
    """The PNG, of 256 colours at most, with its lightness turned over, hues kept; what lies in a box of photographs is
    not touched."""
    with Image.open(io.BytesIO(png)) as opened:
        image = opened.copy() if opened.mode == "P" else opened.convert("RGB").quantize(COLOURS)
    colours = np.array(image.getpalette("RGB"), dtype=np.uint8).reshape(-1, 3)
    turned = _turned(colours)
    if photographs:
        shown = np.asarray(image)
        pixels = turned[shown]
        height, width = shown.shape
        for left, top, right, bottom in photographs:
            part = slice(round(top * height), round(bottom * height)), slice(round(left * width), round(right * width))
            pixels[part] = colours[shown[part]]
        image = Image.fromarray(pixels).quantize(COLOURS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    else:
        image.putpalette(turned.tobytes())
    file = io.BytesIO()
    image.save(file, "png", optimize=True)
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
