"""From an image's file to a network's input, as in evaluation: what the prepared data did to theirs, centre crop."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from skimage.color import rgb2gray
from skimage.transform import downscale_local_mean
from torch import Tensor

from study.data.batches import Pictures, central_plan
from study.data.collection import Collection, Listed, Packed
from study.data.pictures import decoded, load_picture
from study.data.prepared import Manifest
from study.settings.errors import InvalidData

PATCHES = "photographs"  # the source whose images are grey patches of larger ones (study.sources.photographs)


@dataclass(frozen=True)
class Preprocessing:
    """How images become inputs: sides in pixels after resizing and after cropping, whether the whole image is
    squashed to a square (`warp`) or its middle taken (`keep`), by how much the network's input is smaller than that
    (`divisor`), whether the images of the data set are kept resized (`packed`), which is resized once more then, and
    whether they are turned as their EXIF data say (`upright`).

    Where the data set consists of patches, `reduce` is by how much their photographs are reduced; else it is None.
    """

    side: int
    crop: int
    aspect: str
    divisor: int
    packed: bool
    upright: bool
    reduce: int | None

    @property
    def input_side(self) -> int:
        """Side of the network's input in pixels."""
        return self.crop // self.divisor

    def described(self) -> str:
        """What becomes of an image, in one sentence."""
        if self.reduce is not None:
            reduced = f", after reducing it by {self.reduce}" if self.reduce > 1 else ""
            start = f"the grey patch of {self.side} x {self.side} pixels in the middle of the image{reduced}"
        elif self.aspect == "warp":
            start = f"the whole image, squashed to {self.side} x {self.side} pixels"
        else:
            start = f"the central square of the image at {self.side} x {self.side} pixels"
        smaller = f", at {self.input_side} x {self.input_side}" if self.divisor > 1 else ""
        return f"{start}, of which the central {self.crop} x {self.crop} are seen{smaller}"

    def picture(self, path: Path) -> Tensor:
        """An image's file as uint8 RGB, (1, 3, input_side, input_side).

        Raises InvalidData if it is not there, cannot be decoded, or is smaller than a patch.
        """
        if not path.is_file():
            raise InvalidData(f"{path}: no such file")
        label = np.zeros(1, dtype=np.int64)
        split: Packed | Listed
        if self.reduce is not None:
            split = Packed(self._patch(path, self.reduce)[None], label)
        elif self.packed:
            split = Packed(load_picture(path, self.side, self.aspect, self.upright)[None], label)
        else:
            split = Listed((path.name,), label)
        one = Collection(("",), split, split, path.parent)
        pictures = Pictures(one, "test", self.side, self.crop, self.aspect, self.divisor, self.upright)
        (picks,) = central_plan(1, 1, pictures.margin)
        return pictures[picks][0]

    def _patch(self, path: Path, reduce: int) -> NDArray[np.uint8]:
        """The middle of an image in grey, reduced by so much: RGB, (side, side, 3)."""
        grey = downscale_local_mean(rgb2gray(np.array(decoded(path, self.upright))) * 255.0, (reduce, reduce))
        height, width = grey.shape
        if min(height, width) < self.side:
            raise InvalidData(
                f"{path}: {width} x {height} pixels of grey; this network sees patches of {self.side} x {self.side}"
            )
        top, left = (height - self.side) // 2, (width - self.side) // 2
        patch = np.clip(np.rint(grey[top : top + self.side, left : left + self.side]), 0, 255).astype(np.uint8)
        return np.repeat(patch[..., None], 3, axis=-1)


def of(manifest: Manifest, divisor: int, reduce: int | None) -> Preprocessing:
    """The preprocessing of a prepared data set (its manifest) for a network with an input so much smaller.

    `reduce` is that of the settings, and counts only for a data set of patches.
    """
    return Preprocessing(
        manifest["side"],
        manifest["crop"],
        manifest["aspect"],
        divisor,
        manifest["splits"]["test"]["form"] == "packed",
        manifest["upright"],
        reduce if manifest["source"] == PATCHES else None,
    )


def as_input(pictures: Tensor) -> Tensor:
    """uint8 images of any shape as every network takes them: float32 in [0, 1]."""
    return pictures.to(torch.float32) / 255.0
