"""A labelled collection of pictures, in memory or listed on disk."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

SPLITS = ("train", "test")


@dataclass(frozen=True)
class Packed:
    """Pictures held as one array: uint8, (images, side, side, 3), RGB; `labels` int64, (images,)."""

    images: np.ndarray
    labels: np.ndarray

    def __len__(self) -> int:
        return len(self.labels)


@dataclass(frozen=True)
class Listed:
    """Pictures left where they are: paths relative to the collection's root; `labels` int64, (images,)."""

    paths: tuple[str, ...]
    labels: np.ndarray

    def __len__(self) -> int:
        return len(self.labels)


@dataclass(frozen=True)
class Collection:
    """Two splits over the same classes. `root` is the folder that listed paths are relative to."""

    classes: tuple[str, ...]
    train: Packed | Listed
    test: Packed | Listed
    root: Path | None = None
