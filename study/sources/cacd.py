"""The Cross-Age Celebrity Dataset (Chen et al., ECCV 2014) from its own folder and MATLAB metadata.

The paper uses a hand-checked subset: 56,138 images of 500 identities, 44,798 of them, drawn at random, for training
(Sec. CACD face identification). Its list was not published. The declared substitute: the identities with the best rank
in the metadata, all of their images, and a seeded random split with the paper's share. People's names are not kept.
"""

import os
from pathlib import Path
from typing import Any
from unicodedata import normalize

import numpy as np
from numpy.typing import NDArray
from scipy.io import loadmat

from study.data.collection import Collection, Listed
from study.settings.arrays import said
from study.settings.errors import InvalidData
from study.sources.listing import shown

PAPER_TRAIN_FRACTION = 44_798 / 56_138
PICTURES = "CACD2000"
METADATA = ("celebrity2000_meta.mat", "celebrity2000.mat")  # the first has no image features and is small
PEOPLE = ("celebrityData", ("identity", "rank"))
IMAGES = ("celebrityImageData", ("identity", "name"))
LARGEST = 2**53  # above it not every whole number is a float


def training_size(count: int, fraction: float) -> int:
    """The share of `count` images for training, rounded: the paper's 44,798 for its 56,138."""
    return round(fraction * count)


def _load(path: Path) -> dict[str, Any]:
    """The variables of a MATLAB file. Raises InvalidData if it is of version 7.3 or unreadable."""
    try:
        return loadmat(path, squeeze_me=True, variable_names=[PEOPLE[0], IMAGES[0]])
    except NotImplementedError:
        raise InvalidData(
            f"{path}: MATLAB 7.3 (HDF5) file; put {METADATA[0]} there, or save it again in MATLAB with '-v7'"
        ) from None
    except Exception as error:  # scipy raises errors of a dozen kinds for a damaged file
        raise InvalidData(f"{path}: not a readable MATLAB file ({said(error)}); fetch it again") from None


def _fields(path: Path, variables: dict[str, Any], struct: str, names: tuple[str, ...]) -> list[NDArray[Any]]:
    """Fields of a 1 x 1 struct, each (n,). Raises InvalidData if one is missing."""
    fields = getattr(variables.get(struct), "dtype", np.dtype([])).names or ()
    for name in names:
        if name not in fields:
            raise InvalidData(f"{path}: no {struct}.{name}; needs the metadata as CACD publishes it")
    if variables[struct].size != 1:
        raise InvalidData(f"{path}: {struct} is no 1 x 1 struct; needs the metadata as CACD publishes it")
    return [np.atleast_1d(variables[struct][name].item()) for name in names]


def _numbers(path: Path, what: str, values: NDArray[Any]) -> list[int]:
    """A field of whole numbers. Raises InvalidData for one that holds anything else."""
    try:
        exact = values.astype(np.float64)
    except (TypeError, ValueError):
        exact = np.array([np.nan])
    if exact.ndim != 1 or not np.all(np.abs(exact) < LARGEST) or np.any(exact % 1):
        raise InvalidData(f"{path}: {what} is no column of whole numbers; needs the metadata as CACD publishes it")
    return [int(number) for number in exact]


def _metadata(root: Path) -> tuple[dict[int, int], dict[int, list[str]]]:
    """Rank, and names of images, by identity number."""
    path = next((root / name for name in METADATA if (root / name).is_file()), None)
    if path is None:
        raise InvalidData(f"{root}: neither {METADATA[0]} nor {METADATA[1]}; put the file beside {PICTURES}/")
    variables = _load(path)
    people, ranks = (
        _numbers(path, f"{PEOPLE[0]}.{name}", values)
        for name, values in zip(PEOPLE[1], _fields(path, variables, *PEOPLE), strict=True)
    )
    identities, names = _fields(path, variables, *IMAGES)
    owners = _numbers(path, f"{IMAGES[0]}.{IMAGES[1][0]}", identities)
    for struct, (one, other), counts in (
        (PEOPLE[0], PEOPLE[1], (len(people), len(ranks))),
        (IMAGES[0], IMAGES[1], (len(owners), len(names))),
    ):
        if counts[0] != counts[1]:
            raise InvalidData(f"{path}: {struct} has {counts[0]} of {one} and {counts[1]} of {other}; fetch it again")
    pictures: dict[int, list[str]] = {identity: [] for identity in people}
    for owner, name in zip(owners, names, strict=True):
        if owner not in pictures:
            raise InvalidData(f"{path}: {shown(str(name))} belongs to identity {owner}, which {PEOPLE[0]} lacks")
        pictures[owner].append(str(name))
    return dict(zip(people, ranks, strict=True)), pictures


def _found(root: Path, names: list[str]) -> list[str]:
    """The images as they are named on disk, where accents may be composed in another way than in the metadata."""
    with os.scandir(root / PICTURES) as entries:
        on_disk = {normalize("NFC", entry.name): entry.name for entry in entries}
    wanted = [normalize("NFC", name) for name in names]
    missing = [name for name in wanted if name not in on_disk]
    if missing:
        raise InvalidData(
            f"{root / PICTURES}: {len(missing)} of {len(wanted)} images in the metadata are missing, the first is "
            f"{shown(missing[0])}; unpack the archive again, keeping file names in UTF-8"
        )
    return [f"{PICTURES}/{on_disk[name]}" for name in wanted]


def split_at_random(labels: NDArray[np.int64], size: int, seed: int) -> NDArray[np.bool_]:
    """Which images are for training: `size` of them, drawn over all images whatever the identity.

    `labels` and the result are (n,). An identity that is absent on one side then trades its first drawn image
    against one of an identity with several there. Every identity must have two images, and each side room for one of
    each.
    """
    order = np.random.default_rng(seed).permutation(len(labels))
    training = np.zeros(len(labels), dtype=bool)
    training[order[:size]] = True
    identities = labels.max() + 1
    for side in (True, False):
        for identity in np.setdiff1d(np.arange(identities), labels[training == side]):
            several = np.bincount(labels[training == side], minlength=identities) > 1
            own = order[labels[order] == identity][0]
            other = order[(training[order] == side) & several[labels[order]]][0]
            training[[own, other]] = side, not side
    return training


def cacd(root: Path, *, identities: int, train_fraction: float, seed: int) -> Collection[Listed]:
    """The `identities` people with the smallest rank, ties by identity number; class names are identity numbers.

    Expects `CACD2000/*.jpg` and celebrity2000_meta.mat (or celebrity2000.mat) under the root. Raises InvalidData if
    one of these, an image or an identity is missing, or if a split cannot have every identity on both sides.
    """
    for folder in (root, root / PICTURES):
        if not folder.is_dir():
            raise InvalidData(f"{folder}: no such folder; CACD is {PICTURES}/ beside {METADATA[0]}")
    ranks, pictures = _metadata(root)
    if identities > len(ranks):
        raise InvalidData(f"{root}: identities is {identities}, the metadata has {len(ranks)}; use at most that many")
    chosen = sorted(sorted(ranks, key=lambda identity: (ranks[identity], identity))[:identities])
    poor = [identity for identity in chosen if len(pictures[identity]) < 2]
    if poor:
        raise InvalidData(f"{root}: identity {poor[0]} has fewer than 2 images, too few for both splits; use fewer")
    listing = _found(root, [name for identity in chosen for name in sorted(pictures[identity])])
    labels = np.repeat(np.arange(identities), [len(pictures[identity]) for identity in chosen])
    size = training_size(len(labels), train_fraction)
    if not identities <= size <= len(labels) - identities:
        raise InvalidData(
            f"{root}: {size} of {len(labels)} images for training cannot hold {identities} identities on both sides; "
            "use another train_fraction or fewer identities"
        )
    training = split_at_random(labels, size, seed)

    def listed(part: NDArray[np.bool_]) -> Listed:
        return Listed(tuple(listing[number] for number in np.flatnonzero(part)), labels[part])

    return Collection(tuple(map(str, chosen)), listed(training), listed(~training), root)
