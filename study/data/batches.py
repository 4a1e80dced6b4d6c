"""From images to batches: which images, which crops, in which order. All randomness is in the plan.

A plan is drawn for a whole epoch from (seed, epoch) alone, so an interrupted training goes on at any batch, and the
number of loading processes changes nothing.
"""

import copy
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional
from torch.utils.data import DataLoader, Dataset

from study.data.collection import Collection, Listed, Packed
from study.data.pictures import load_picture
from study.settings import signals
from study.settings.provenance import cores


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
    """One split at a given side, cropped as a plan says: `pictures[picks]` is uint8 (batch, 3, crop, crop) and labels.

    A network that works on the resized image sees the same crops as all others, made smaller by `divisor` afterwards:
    then it is (batch, 3, crop/divisor, crop/divisor). Packed images are resized once, in memory; listed ones are
    decoded when they are asked for, in `workers` processes, so that a set of any size fits.
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
        self.pictures: Packed | Listed = collection.split(split)
        self.side = side
        self.crop = crop
        self.divisor = divisor
        self.labels = torch.from_numpy(np.ascontiguousarray(self.pictures.labels, dtype=np.int64))
        if isinstance(self.pictures, Packed):
            self.workers = 0
            self._resized = resized(torch.from_numpy(self.pictures.images).permute(0, 3, 1, 2), side)
        else:
            self.workers = cores()
            self._root, self._aspect, self._upright = collection.root, aspect, upright

    def __len__(self) -> int:
        return len(self.labels)

    def only(self, numbers: NDArray[np.int64]) -> "Pictures":
        """The images of these numbers, in this order, as images of their own; a number may come up again."""
        chosen = copy.copy(self)
        chosen.labels = self.labels[torch.from_numpy(numbers)]
        if isinstance(self.pictures, Packed):
            chosen._resized = self._resized[torch.from_numpy(numbers)]
        else:
            chosen.pictures = Listed(tuple(self.pictures.paths[number] for number in numbers), chosen.labels.numpy())
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

    def _picture(self, number: int) -> Tensor:
        if isinstance(self.pictures, Packed):
            return self._resized[number]
        picture = load_picture(self._root / self.pictures.paths[number], self.side, self._aspect, self._upright)
        return torch.from_numpy(picture).permute(2, 0, 1)

    def __getitem__(self, picks: Picks) -> tuple[Tensor, Tensor]:
        crops = []
        for number, top, left, mirrored in zip(picks.numbers, picks.tops, picks.lefts, picks.mirrored, strict=True):
            crop = self._picture(number)[:, top : top + self.crop, left : left + self.crop]
            crops.append(crop.flip(2) if mirrored else crop)
        return resized(torch.stack(crops), self.seen), self.labels[torch.from_numpy(picks.numbers)]

    def batches(self, plan: Sequence[Picks]) -> DataLoader[tuple[Tensor, Tensor]]:
        """The batches of a plan, in its order: uint8 (batch, 3, crop, crop) and int64 labels (batch,)."""
        # Else the loader draws from the global generator, and an interruption changes what dropout draws.
        generator = torch.Generator().manual_seed(0)
        return DataLoader(
            self,
            sampler=plan,
            batch_size=None,
            num_workers=self.workers,
            generator=generator,
            worker_init_fn=signals.pass_over,
        )


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
