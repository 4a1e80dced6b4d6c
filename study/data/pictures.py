"""One image from its file: decoded, resized, square."""

import struct
import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from study.settings.errors import InvalidData, InvalidParameter

ASPECTS = ("warp", "keep")
# Those that hold pixels. Pillow knows more, and would start other programs for some (EPS: Ghostscript).
FORMATS = ("AVIF", "BMP", "GIF", "JPEG", "JPEG2000", "PNG", "PPM", "TIFF", "WEBP")
UNDECODABLE = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    TypeError,
    IndexError,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
)


def decoded(path: Path, upright: bool = False) -> Image.Image:
    """An image in RGB, the first of several, turned as its EXIF data say where `upright`.

    Raises InvalidData if it cannot be decoded or has more than 8 bits a channel.
    """
    if not path.is_file():  # a pipe would be waited for
        raise InvalidData(f"{path}: no such file, or not a regular one; put it back or prepare again")
    try:
        with Image.open(path, formats=FORMATS) as image:
            if image.mode[0] in "IF":
                raise InvalidData(f"{path}: pixels of kind {image.mode}; save it with 8 bits a channel")
            return (ImageOps.exif_transpose(image) if upright else image).convert("RGB")
    except UNDECODABLE as error:
        raise InvalidData(f"{path}: cannot be decoded ({error}); replace or remove it") from None


def load_picture(path: Path, side: int, aspect: str, upright: bool = False) -> NDArray[np.uint8]:
    """An image as uint8 RGB, (side, side, 3), resized with PIL's antialiased bilinear filter.

    `warp` squashes it to a square; `keep` brings the shorter side to `side` and takes the central square. `upright`
    applies the EXIF orientation, which Caffe's tools ignore. Transparency is dropped. Raises InvalidData for an image
    that cannot be decoded or has more than 8 bits a channel.
    """
    if aspect not in ASPECTS:
        raise InvalidParameter(f"aspect must be one of {', '.join(ASPECTS)}, got {aspect!r}")
    picture = decoded(path, upright)
    if aspect == "warp":
        return np.array(picture.resize((side, side), Image.Resampling.BILINEAR))
    width, height = (max(round(length * side / min(picture.size)), side) for length in picture.size)
    left, top = (width - side) // 2, (height - side) // 2
    resized = picture.resize((width, height), Image.Resampling.BILINEAR)
    return np.array(resized.crop((left, top, left + side, top + side)))
