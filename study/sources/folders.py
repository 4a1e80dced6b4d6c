"""Real images in class folders: found, checked, decoded, packed. Their root lies outside of the project."""

import hashlib
import os
import re
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import numpy as np
from PIL import Image
from tqdm import tqdm

from study.data.collection import SPLITS, Collection, Listed, Packed
from study.data.pictures import UNDECODABLE, decoded, load_picture
from study.settings.errors import InvalidData
from study.settings.provenance import cores

EXTENSIONS = ("jpg", "jpeg", "png", "bmp", "webp", "ppm", "tif", "tiff")
WNID = re.compile(r"n\d{8}")
BLOCK = 256  # images given to a thread at once
Result = TypeVar("Result")
NAMED = 5  # faults named in a message; the rest is counted

FLAT_VALIDATION = (
    "ImageNet's validation archive is flat: move each image into val/<wnid>/ by the labels of the development kit; "
    'torchvision.datasets.ImageNet(root, split="val") does so from the two official archives'
)


def _entries(folder: Path, *, folders: bool) -> list[str]:
    """Sorted names of the folders, or of the other things, in a folder; hidden ones are left out."""
    with os.scandir(folder) as entries:
        return sorted(e.name for e in entries if not e.name.startswith(".") and e.is_dir() == folders)


def _is_picture(name: str) -> bool:
    return Path(name).suffix.lower().removeprefix(".") in EXTENSIONS


def _pictures(root: Path, folder: str, classes: Sequence[str]) -> list[list[str]]:
    """The images of each class, relative to the root, sorted by name. Raises InvalidData for a class without any."""
    pictures = []
    for name in classes:
        relative = f"{folder}/{name}" if folder else name
        files = _entries(root / relative, folders=False)
        pictures.append([f"{relative}/{file}" for file in files if _is_picture(file)])
        if not pictures[-1]:
            raise InvalidData(
                f"{root / relative}: no image among its {len(files)} files; put some there "
                f"({', '.join(EXTENSIONS)}) or remove the folder"
            )
    return pictures


def _listed(pictures: Sequence[Sequence[str]]) -> Listed:
    labels = np.repeat(np.arange(len(pictures)), [len(of_class) for of_class in pictures])
    return Listed(tuple(path for of_class in pictures for path in of_class), labels)


def _classes(folder: Path, wanted: int | None) -> list[str]:
    """The class folders, sorted by name. Raises InvalidData if there are fewer than two or not as many as wanted."""
    names = _entries(folder, folders=True)
    if len(names) < 2:
        raise InvalidData(f"{folder}: {len(names)} class folders; needs two or more, one for each class")
    if wanted is not None and len(names) != wanted:
        raise InvalidData(f"{folder}: {len(names)} class folders, but classes is {wanted}; change one of them")
    return names


def _need_root(root: Path) -> None:
    if not root.is_dir():
        raise InvalidData(f"{root}: no such folder; put the images there or name the folder where they are")


def _need_same_classes(root: Path, classes: Sequence[str], testing: str) -> None:
    """Raises InvalidData if train/ and the test folder differ in their classes."""
    found = _entries(root / testing, folders=True)
    missing, extra = sorted(set(classes) - set(found)), sorted(set(found) - set(classes))
    for names, fault in ((missing, "lacks"), (extra, "has, beyond those of train/,")):
        if names:
            first = ", ".join(names[:NAMED])
            raise InvalidData(
                f"{root / testing}: {fault} {len(names)} classes: {first}{', ...' if len(names) > NAMED else ''}; "
                f"train/ and {testing}/ must hold the same classes"
            )


def _split_folders(root: Path, testing: str, classes: int | None) -> Collection[Listed]:
    """Training images under train/, test images under `testing`, one folder for each class."""
    names = _classes(root / "train", classes)
    _need_same_classes(root, names, testing)
    train, test = (_listed(_pictures(root, folder, names)) for folder in ("train", testing))
    return Collection(tuple(names), train, test, root)


def test_count(count: int, fraction: float) -> int:
    """How many of `count` >= 2 images of a class are for testing: the rounded share, one at least on each side."""
    return min(max(round(count * fraction), 1), count - 1)


def _stratified(root: Path, classes: int | None, test_fraction: float, seed: int) -> Collection[Listed]:
    """Class folders directly under the root, each split at random, keyed by (seed, class number)."""
    names = _classes(root, classes)
    train, test = [], []
    for number, (name, pictures) in enumerate(zip(names, _pictures(root, "", names), strict=True)):
        if len(pictures) < 2:
            raise InvalidData(f"{root / name}: 1 image; needs two or more, one for training and one for testing")
        order = np.random.default_rng([seed, number]).permutation(len(pictures))
        tested = set(order[: test_count(len(pictures), test_fraction)].tolist())
        test.append([picture for place, picture in enumerate(pictures) if place in tested])
        train.append([picture for place, picture in enumerate(pictures) if place not in tested])
    return Collection(tuple(names), _listed(train), _listed(test), root)


def class_folders(root: Path, *, classes: int | None, test_fraction: float, seed: int) -> Collection[Listed]:
    """Images in `train/<class>/` and `val/<class>/` (or `test/<class>/`), else in `<class>/`, split per class.

    Classes and images are sorted by name. Hidden files and files that are no images are passed over. Where there
    is no train/, `test_fraction` of each class is drawn for testing. Raises InvalidData for a missing root, a missing,
    surplus or empty class, or a number of classes other than `classes`.
    """
    _need_root(root)
    testing = [name for name in ("val", "test") if (root / name).is_dir()]
    if (root / "train").is_dir():
        if not testing:
            raise InvalidData(f"{root}: has train/ but neither val/ nor test/; add one, or put the classes in {root}")
        return _split_folders(root, testing[0], classes)
    if testing:
        raise InvalidData(f"{root}: has {testing[0]}/ but no train/; add it, or put the classes in {root}")
    return _stratified(root, classes, test_fraction, seed)


def imagenet(root: Path, *, classes: int | None) -> Collection[Listed]:
    """ImageNet (ILSVRC2012) in `train/<wnid>/` and `val/<wnid>/`. Raises InvalidData as `class_folders` does."""
    _need_root(root)
    for folder in ("train", "val"):
        if not (root / folder).is_dir():
            raise InvalidData(f"{root / folder}: no such folder; ImageNet lies in train/<wnid>/ and val/<wnid>/")
        names = _entries(root / folder, folders=True)
        loose = sum(map(_is_picture, _entries(root / folder, folders=False)))
        if folder == "val" and loose:
            raise InvalidData(f"{root / folder}: {loose} images outside of class folders; {FLAT_VALIDATION}")
        odd = [name for name in names if not WNID.fullmatch(name)]
        if odd:
            raise InvalidData(f"{root / folder / odd[0]}: not a WordNet id (n and eight digits); rename or remove it")
    return _split_folders(root, "val", classes)


def _in_threads(work: Callable[[str], Result], paths: Sequence[str], doing: str) -> Iterator[Result]:
    """work(path) for each path, in order, on all processors, with a progress bar."""
    blocks = [paths[start : start + BLOCK] for start in range(0, len(paths), BLOCK)]
    with ThreadPoolExecutor(cores()) as threads, tqdm(total=len(paths), desc=doing, unit="image") as bar:
        for results in threads.map(lambda block: [work(path) for path in block], blocks):
            bar.update(len(results))
            yield from results


def _shorter_side(path: Path) -> int:
    """The shorter side of an image in pixels; 0 for one that cannot be decoded."""
    try:
        with Image.open(path) as image:
            image.verify()
        return min(decoded(path).size)
    except (*UNDECODABLE, InvalidData):
        return 0


def check_pictures(collection: Collection[Listed]) -> int:
    """Decode every listed image; returns the median of their shorter sides, in pixels.

    Raises InvalidData with the number of broken ones and the first five.
    """
    paths = [path for split in SPLITS for path in collection.split(split).paths]
    sides = list(_in_threads(lambda path: _shorter_side(collection.root / path), paths, "check"))
    broken = [path for path, side in zip(paths, sides, strict=True) if side == 0]
    if broken:
        first = ", ".join(broken[:NAMED])
        raise InvalidData(
            f"{collection.root}: {len(broken)} of {len(paths)} images cannot be decoded to 8 bits a channel: {first}"
            f"{', ...' if len(broken) > NAMED else ''}; replace or remove them"
        )
    return round(float(np.median(sides)))


def pack(collection: Collection[Listed], side: int, aspect: str) -> Collection[Packed]:
    """The listed images in memory, as `load_picture` gives them: (n, side, side, 3) for each split."""

    def packed(split: Listed) -> Packed:
        images = np.empty((len(split), side, side, 3), np.uint8)
        pictures = _in_threads(lambda path: load_picture(collection.root / path, side, aspect), split.paths, "pack")
        for number, picture in enumerate(pictures):
            images[number] = picture
        return Packed(images, split.labels)

    return Collection(collection.classes, packed(collection.train), packed(collection.test), collection.root)


def listing_digest(collection: Collection[Listed]) -> str:
    """SHA-256 over the split, relative path, size in bytes and label of every listed image: cheap, reads no pixels.

    Raises InvalidData for an image that is gone.
    """
    digest = hashlib.sha256()
    for name in SPLITS:
        split = collection.split(name)
        for path, label in zip(split.paths, split.labels.tolist(), strict=True):
            try:
                size = (collection.root / path).stat().st_size
            except FileNotFoundError:
                raise InvalidData(f"{collection.root / path}: no such file; put it back or prepare again") from None
            digest.update(f"{name}\t{path}\t{size}\t{label}\n".encode())
    return digest.hexdigest()
