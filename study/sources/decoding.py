"""Every image of a listed collection decoded: checked, compared with the others, packed."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeVar

import numpy as np
from numpy.lib.format import open_memmap
from numpy.typing import NDArray
from PIL import Image

from study.data.collection import SPLITS, Collection, Listed, Packed
from study.data.pictures import FORMATS, UNDECODABLE, decoded, load_picture
from study.settings.bars import progress_bar
from study.settings.errors import InvalidData
from study.settings.provenance import cores
from study.sources.listing import shown

BLOCK = 256  # images given to a thread at once
NAMED = 5  # faults named in a message; the rest is counted
Result = TypeVar("Result")


def _in_threads(work: Callable[[str], Result], paths: Sequence[str], doing: str) -> Iterator[Result]:
    """work(path) for each path, in order, on all processors, with a progress bar."""
    blocks = [paths[start : start + BLOCK] for start in range(0, len(paths), BLOCK)]
    with ThreadPoolExecutor(cores()) as threads, progress_bar(total=len(paths), desc=doing, unit="image") as bar:
        for results in threads.map(lambda block: [work(path) for path in block], blocks):
            bar.update(len(results))
            yield from results


@dataclass(frozen=True)
class Looked:
    """What a look at every image of a collection found: the median of their shorter sides in pixels, and how many test
    images are equal, pixel by pixel, to a training image."""

    median_side: int
    tested_as_trained: int


def _side_and_digest(path: Path) -> tuple[int, bytes]:
    """The shorter side of an image in pixels and a digest of its pixels; 0 for one that cannot be decoded."""
    try:
        with Image.open(path, formats=FORMATS) as image:
            image.verify()
        pixels = decoded(path)
    except (*UNDECODABLE, InvalidData):
        return 0, b""
    return min(pixels.size), hashlib.blake2b(f"{pixels.size}".encode() + pixels.tobytes(), digest_size=16).digest()


def check_pictures(collection: Collection[Listed], equal_images: Literal["refused", "allowed"]) -> Looked:
    """Decode every listed image and look for equal ones.

    Raises InvalidData with the number of broken ones and the first five. Images that are equal and lie in both splits,
    or in several classes, are printed with their number, or raise InvalidData where they are `refused`.
    """
    paths = [path for split in SPLITS for path in collection.split(split).paths]
    found = list(_in_threads(lambda path: _side_and_digest(collection.root / path), paths, "check"))
    broken = [path for path, (side, _) in zip(paths, found, strict=True) if side == 0]
    if broken:
        first = ", ".join(map(shown, broken[:NAMED]))
        raise InvalidData(
            f"{shown(collection.root)}: {len(broken)} of {len(paths)} images cannot be decoded to 8 bits a channel: "
            f"{first}{', ...' if len(broken) > NAMED else ''}; replace or remove them"
        )
    labels = np.concatenate([collection.split(split).labels for split in SPLITS])
    equal = _equal(paths, labels, len(collection.train), [digest for _, digest in found])
    if equal.pairs:
        said = f"{shown(collection.root)}: {equal.described()}"
        if equal.wrong and equal_images == "refused":
            raise InvalidData(f"{said}; remove them, or allow them: equal_images: allowed in params.yaml")
        print(said, flush=True)
    return Looked(round(float(np.median([side for side, _ in found]))), equal.tested_as_trained)


@dataclass(frozen=True)
class Equal:
    """Images that are equal, pixel by pixel, to one before them: pairs of paths, and how many of the later ones are
    test images that are trained on, and have several classes."""

    pairs: list[tuple[str, str]]
    tested_as_trained: int
    of_several_classes: int
    wrong: bool

    def described(self) -> str:
        """How many, and the first ones."""
        first = ", ".join(f"{shown(one)} = {shown(other)}" for one, other in self.pairs[:NAMED])
        return (
            f"{len(self.pairs)} images occur once more, {self.tested_as_trained} of them to train and to test with, "
            f"{self.of_several_classes} in several classes: {first}{', ...' if len(self.pairs) > NAMED else ''}"
        )


def _equal(paths: Sequence[str], labels: NDArray[np.int64], trained: int, digests: Sequence[bytes]) -> Equal:
    """Equal images by their digests; the first `trained` are training images. Pairs that are wrong come first."""
    first: dict[bytes, int] = {}
    wrong: list[tuple[str, str]] = []
    right: list[tuple[str, str]] = []
    both = several = 0
    for number, digest in enumerate(digests):
        one = first.setdefault(digest, number)
        if one == number:
            continue
        leaks, disagrees = one < trained <= number, labels[one] != labels[number]
        both, several = both + leaks, several + disagrees
        (wrong if leaks or disagrees else right).append((paths[one], paths[number]))
    return Equal([*wrong, *right], both, several, bool(wrong))


def pack(collection: Collection[Listed], side: int, aspect: str, upright: bool, folder: Path) -> Collection[Packed]:
    """The listed images, as `load_picture` gives them: (n, side, side, 3) for each split, mapped from a file in a
    folder, which is made."""
    folder.mkdir(parents=True, exist_ok=True)

    def packed(name: str) -> Packed:
        split = collection.split(name)
        images = open_memmap(folder / f"{name}.npy", "w+", np.uint8, (len(split), side, side, 3))
        pictures = _in_threads(
            lambda path: load_picture(collection.root / path, side, aspect, upright), split.paths, "pack"
        )
        for number, picture in enumerate(pictures):
            images[number] = picture
        images.flush()
        return Packed(images, split.labels)

    return Collection(collection.classes, packed("train"), packed("test"), collection.root)
