"""A labelled collection of images, in memory or listed on disk."""

from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeGuard, TypeVar

import numpy as np
from numpy.typing import NDArray

SPLITS = ("train", "test")


@dataclass(frozen=True)
class Packed:
    """Images held as one array, in memory or mapped into it from a file: uint8, (images, side, side, 3), RGB; `labels`
    int64, (images,)."""

    images: NDArray[np.uint8]
    labels: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.labels)


@dataclass(frozen=True)
class Listed:
    """Images left where they are: paths relative to the collection's root; `labels` int64, (images,)."""

    paths: tuple[str, ...]
    labels: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.labels)


Split = TypeVar("Split", bound=Packed | Listed, covariant=True)


@dataclass(frozen=True)
class Collection(Generic[Split]):
    """Two splits over the same classes. `root` is the folder that listed paths are relative to."""

    classes: tuple[str, ...]
    train: Split
    test: Split
    root: Path = Path()

    def split(self, name: str) -> Split:
        """The split of a name in SPLITS."""
        return {"train": self.train, "test": self.test}[name]


def is_listed(collection: Collection[Packed | Listed]) -> TypeGuard[Collection[Listed]]:
    """Whether the images were left where they are."""
    return isinstance(collection.train, Listed)
