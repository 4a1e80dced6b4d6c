"""From images to batches: which images, which crops, in which order. All randomness is in the plan.

A plan is drawn for a whole epoch from (seed, epoch) alone, so an interrupted training goes on at any batch, and the
number of loading processes changes nothing.
"""

import copy
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional
from torch.utils.data import Dataset

from study.data.collection import Collection, Listed, Packed
from study.data.loading import Loader, with_room, workers
from study.data.names import Names
from study.data.pictures import load_picture

# Processes that crop packed images for a GPU: each gives 4,000 a second, which asks for 8,000 (decision 0022).
ENOUGH_FOR_A_GPU = 4


@dataclass(frozen=True)
class Picks:
    """One batch to be made: image numbers, the top left corner of each crop in pixels, and which are mirrored.

    Each is (batch,).
    """

    numbers: NDArray[np.int64]
    tops: NDArray[np.int64]
    lefts: NDArray[np.int64]
    mirrored: NDArray[np.bool_]


def training_plan(count: int, batch: int, margin: int, seed: int, epoch: int) -> list[Picks]:
    """Random order, random crops and horizontal reflections (Sec. Learning). `margin` = resized side - crop side.

    The images that do not fill a last batch are left for other epochs; a set smaller than a batch is one batch.
    """
    random = np.random.default_rng([seed, epoch])
    order = random.permutation(count)
    tops, lefts = random.integers(0, margin + 1, size=(2, count))
    mirrored = random.random(count) < 0.5
    size = min(batch, count)
    parts = (slice(start, start + size) for start in range(0, count - size + 1, size))
    return [Picks(order[part], tops[part], lefts[part], mirrored[part]) for part in parts]


def central_plan(count: int, batch: int, margin: int) -> list[Picks]:
    """Every image once, in order, centre crop, a single view (Table 2, note 2)."""
    numbers = np.arange(count, dtype=np.int64)
    centre = np.full(count, margin // 2, dtype=np.int64)
    mirrored = np.zeros(count, dtype=bool)
    parts = (slice(start, start + batch) for start in range(0, count, batch))
    return [Picks(numbers[part], centre[part], centre[part], mirrored[part]) for part in parts]


class Pictures(Dataset[tuple[Tensor, Tensor]]):
    """One split at a given side, cropped as a plan says: `pictures[picks]` is uint8 (batch, 3, crop, crop), channels
    last, and labels.

    A network that works on the resized image sees the same crops as all others, made smaller by `divisor` afterwards:
    then it is (batch, 3, crop/divisor, crop/divisor). Packed images are cropped where they are stored, mapped into
    memory; listed ones are decoded when they are asked for. Both are done by helping processes, so that a set of any
    size fits.
    """

    def __init__(
        self,
        collection: Collection[Packed | Listed],
        split: str,
        side: int,
        crop: int,
        aspect: str = "warp",
        divisor: int = 1,
        upright: bool = False,
    ) -> None:
        pictures = collection.split(split)
        self.side = side
        self.crop = crop
        self.divisor = divisor
        self.labels = torch.from_numpy(np.ascontiguousarray(pictures.labels, dtype=np.int64))
        self._numbers = torch.arange(len(pictures))  # of what is stored, by image
        self._stored = _at_side(pictures.images, side) if isinstance(pictures, Packed) else Names(pictures.paths)
        self._root, self._aspect, self._upright = collection.root, aspect, upright

    def __len__(self) -> int:
        return len(self.labels)

    def only(self, numbers: NDArray[np.int64]) -> "Pictures":
        """The images of these numbers, in this order, as images of their own; a number may come up again."""
        chosen = copy.copy(self)
        chosen.labels = self.labels[torch.from_numpy(numbers)]
        chosen._numbers = self._numbers[torch.from_numpy(numbers)]
        return chosen

    @property
    def seen(self) -> int:
        """Side in pixels of what a network sees."""
        return self.crop // self.divisor

    @property
    def whole(self) -> "Pictures":
        """The same images at the full side of the crop."""
        chosen = copy.copy(self)
        chosen.divisor = 1
        return chosen

    @property
    def margin(self) -> int:
        """Pixels by which a crop can move."""
        return self.side - self.crop

    def _file(self, number: int) -> Path:
        """Where a listed image lies."""
        assert isinstance(self._stored, Names)
        return self._root / self._stored[int(self._numbers[number])]

    def _picture(self, number: int) -> NDArray[np.uint8]:
        """(side, side, 3)."""
        if isinstance(self._stored, Names):
            return load_picture(self._file(number), self.side, self._aspect, self._upright)
        picture: NDArray[np.uint8] = self._stored[int(self._numbers[number])]
        return picture

    def __getitem__(self, picks: Picks) -> tuple[Tensor, Tensor]:
        crops = np.empty((len(picks.numbers), self.crop, self.crop, 3), np.uint8)
        images = torch.from_numpy(crops)  # the same memory
        for place, (number, top, left, mirrored) in enumerate(
            zip(picks.numbers, picks.tops, picks.lefts, picks.mirrored, strict=True)
        ):
            crops[place] = self._picture(number)[top : top + self.crop, left : left + self.crop]
            if mirrored:
                images[place] = images[place].flip(1)  # five times as fast as numpy's [:, ::-1]
        return resized(images.permute(0, 3, 1, 2), self.seen), self.labels[torch.from_numpy(picks.numbers)]

    def loader(self, batch: int, device: str = "cpu") -> Loader[Picks]:
        """A loader of batches of so many images, for a network on a device, "cpu" or "cuda".

        Packed images need no helping process where the network is computed by the same processors.
        """
        on_gpu = device == "cuda"
        packed = not isinstance(self._stored, Names)
        wanted = 0 if packed and not on_gpu else workers(ENOUGH_FOR_A_GPU if packed else None)
        return Loader(self, with_room(wanted, batch * 3 * self.seen**2), pinned=on_gpu)

    def batches(self, plan: Sequence[Picks]) -> Iterator[tuple[Tensor, Tensor]]:
        """The batches of a plan, in its order: uint8 (batch, 3, crop, crop) and int64 labels (batch,)."""
        loader = self.loader(max((len(picks.numbers) for picks in plan), default=1))
        return ((images.contiguous(), labels) for images, labels in loader.batches(plan))


def _at_side(images: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
    """Packed images (n, s, s, 3) at another side, in memory; as they are stored if it is theirs."""
    if images.shape[1] == side:
        return images
    images = np.require(images, requirements="W")  # torch warns of memory that is mapped read-only
    return resized(torch.from_numpy(images).permute(0, 3, 1, 2), side).permute(0, 2, 3, 1).numpy()


def resized(images: Tensor, side: int) -> Tensor:
    """Images (n, 3, s, s), uint8 or float, at another side, antialiased bilinear; the same tensor if it is theirs."""
    if images.shape[-1] == side:
        return images
    pieces = images.split(4096)  # bounds the memory of the intermediate result
    return torch.cat(
        [
            functional.interpolate(piece, size=(side, side), mode="bilinear", antialias=True, align_corners=False)
            for piece in pieces
        ]
    )
