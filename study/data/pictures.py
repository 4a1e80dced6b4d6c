"""One image from its file: decoded, resized, square."""

import struct
import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from study.settings.errors import InvalidData, InvalidParameter

ASPECTS = ("warp", "keep")
UNDECODABLE = (OSError, SyntaxError, ValueError, EOFError, struct.error, zlib.error, Image.DecompressionBombError)


def decoded(path: Path) -> Image.Image:
    """An image in RGB. Raises InvalidData if it cannot be decoded or has more than 8 bits a channel."""
    try:
        with Image.open(path) as image:
            if image.mode[0] in "IF":
                raise InvalidData(f"{path}: pixels of kind {image.mode}; save it with 8 bits a channel")
            return image.convert("RGB")
    except UNDECODABLE as error:
        raise InvalidData(f"{path}: cannot be decoded ({error}); replace or remove it") from None


def load_picture(path: Path, side: int, aspect: str) -> NDArray[np.uint8]:
    """An image as uint8 RGB, (side, side, 3), resized with PIL's antialiased bilinear filter.

    `warp` squashes it to a square; `keep` brings the shorter side to `side` and takes the central square. The EXIF
    orientation is not applied: Caffe's tools ignore it. Transparency is dropped. Raises InvalidData for an image that
    cannot be decoded or has more than 8 bits a channel.
    """
    if aspect not in ASPECTS:
        raise InvalidParameter(f"aspect must be one of {', '.join(ASPECTS)}, got {aspect!r}")
    picture = decoded(path)
    if aspect == "warp":
        return np.array(picture.resize((side, side), Image.Resampling.BILINEAR))
    width, height = (max(round(length * side / min(picture.size)), side) for length in picture.size)
    left, top = (width - side) // 2, (height - side) // 2
    resized = picture.resize((width, height), Image.Resampling.BILINEAR)
    return np.array(resized.crop((left, top, left + side, top + side)))
