"""Real images in class folders, and how they are split. Their root lies outside of the project."""

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from unicodedata import normalize

import numpy as np

from study.data.collection import Collection, Listed
from study.settings.errors import InvalidData
from study.sources import listing
from study.sources.listing import Passed, shown

WNID = re.compile(r"n\d{8}")
NAMED = 5  # faults named in a message; the rest is counted
TRAINING, TESTING = ("train",), ("val", "valid", "validation", "test")  # names of the splits, in whatever case
ANNOTATIONS = "val_annotations.txt"  # of Tiny ImageNet: an image and its class in each line

FLAT_VALIDATION = (
    "ImageNet's validation archive is flat: move each image into val/<wnid>/ by the labels of the development kit; "
    'torchvision.datasets.ImageNet(root, split="val") does so from the two official archives'
)


def _pictures(root: Path, folder: str, classes: Mapping[str, str], passed: Passed) -> list[list[str]]:
    """The images of each class, relative to the root, at any depth. Raises InvalidData for a class without any."""
    pictures = []
    for name in classes.values():
        relative = f"{folder}/{name}" if folder else name
        found = listing.images(root, relative, passed)
        if not found:
            count = sum(1 for _ in listing.files(root, relative))
            raise InvalidData(
                f"{shown(root / relative)}: no image among its {count} files; put some there or remove the folder"
            )
        pictures.append(found)
    return pictures


def _listed(pictures: Sequence[Sequence[str]]) -> Listed:
    labels = np.repeat(np.arange(len(pictures)), [len(of_class) for of_class in pictures])
    return Listed(tuple(path for of_class in pictures for path in of_class), labels)


def _classes(folder: Path, wanted: int | None) -> dict[str, str]:
    """The class folders as they are named on disk, by name, sorted. Raises InvalidData if there are fewer than two or
    not as many as wanted."""
    names = listing.by_name(folder)
    if len(names) < 2:
        raise InvalidData(f"{shown(folder)}: {len(names)} class folders; needs two or more, one for each class")
    if wanted is not None and len(names) != wanted:
        raise InvalidData(f"{shown(folder)}: {len(names)} class folders, but classes is {wanted}; change one of them")
    return names


def _need_root(root: Path) -> None:
    if not root.is_dir():
        raise InvalidData(f"{shown(root)}: no such folder; put the images there or name the folder where they are")


def _need_same_classes(where: Path, training: Iterable[str], testing: Iterable[str]) -> None:
    """Raises InvalidData if both folders differ in their classes."""
    missing, extra = sorted(set(training) - set(testing)), sorted(set(testing) - set(training))
    for names, fault in ((missing, "lacks"), (extra, "has, beyond those of the training folder,")):
        if names:
            first = ", ".join(map(shown, names[:NAMED]))
            raise InvalidData(
                f"{shown(where)}: {fault} {len(names)} classes: {first}{', ...' if len(names) > NAMED else ''}; "
                "both must hold the same classes"
            )


def _annotated(root: Path, testing: str, classes: Mapping[str, str], passed: Passed) -> list[list[str]]:
    """The test images of each class where a file names their classes, as in Tiny ImageNet. Raises InvalidData for a
    line that is no image and class, for an image without one, and for classes other than those of the training folder.
    """
    file = root / testing / ANNOTATIONS
    found = {Path(path).name: path for path in listing.images(root, testing, passed)}
    by_class: dict[str, list[str]] = {name: [] for name in classes}
    try:
        lines = [line.split("\t") for line in file.read_text(encoding="utf-8").splitlines() if line]
        named = {fields[0]: normalize("NFC", fields[1]) for fields in lines}
    except (OSError, ValueError, IndexError):
        raise InvalidData(f"{shown(file)}: not a line for each image with its name and class, parted by tabs") from None
    _need_same_classes(file, classes, named.values())
    without = sorted(found.keys() ^ named.keys())
    if without:
        raise InvalidData(
            f"{shown(root / testing)}: {shown(without[0])} is not both in {ANNOTATIONS} and among the images"
        )
    for name in sorted(found):
        by_class[named[name]].append(found[name])
    return list(by_class.values())


def _split_folders(root: Path, training: str, testing: str, classes: int | None, passed: Passed) -> Collection[Listed]:
    """Training images under one folder, test images under another, one folder in each for each class."""
    names = _classes(root / training, classes)
    train = _pictures(root, training, names, passed)
    if (root / testing / ANNOTATIONS).is_file():
        test = _annotated(root, testing, names, passed)
    else:
        tested = listing.by_name(root / testing)
        _need_same_classes(root / testing, names, tested)
        test = _pictures(root, testing, tested, passed)
    return Collection(tuple(names), _listed(train), _listed(test), root)


def test_count(count: int, fraction: float) -> int:
    """How many of `count` >= 2 images of a class are for testing: the rounded share, one at least on each side."""
    return min(max(round(count * fraction), 1), count - 1)


def _stratified(root: Path, classes: int | None, test_fraction: float, seed: int, passed: Passed) -> Collection[Listed]:
    """Class folders directly under the root, each split at random, keyed by (seed, class number)."""
    names = _classes(root, classes)
    train, test = [], []
    for number, (name, pictures) in enumerate(zip(names.values(), _pictures(root, "", names, passed), strict=True)):
        if len(pictures) < 2:
            raise InvalidData(f"{shown(root / name)}: 1 image; needs two or more, one for training and one for testing")
        order = np.random.default_rng([seed, number]).permutation(len(pictures))
        tested = set(order[: test_count(len(pictures), test_fraction)].tolist())
        test.append([picture for place, picture in enumerate(pictures) if place in tested])
        train.append([picture for place, picture in enumerate(pictures) if place not in tested])
    return Collection(tuple(names), _listed(train), _listed(test), root)


def _named(folders: Sequence[str], root: Path, names: Sequence[str]) -> str | None:
    """The folder of a split by the first of its names that is there. Raises InvalidData for two of one name."""
    for name in names:
        found = [folder for folder in folders if folder.lower() == name]
        if len(found) > 1:
            raise InvalidData(f"{shown(root)}: both {found[0]}/ and {found[1]}/; keep one of them")
        if found:
            return found[0]
    return None


def class_folders(root: Path, *, classes: int | None, test_fraction: float, seed: int) -> Collection[Listed]:
    """Images in `train/<class>/` and `val/<class>/` (or `test/<class>/`), else in `<class>/`, split per class.

    Images are known by content, and lie in a class's folder at any depth; classes and images are sorted by name. In
    the place of class folders val/ may have a file of annotations, as Tiny ImageNet does. What is passed over is
    printed, hidden files aside. Where there is no train/, `test_fraction` of each class is drawn for testing. Raises
    InvalidData for a missing root, a missing, surplus or empty class, a number of classes other than `classes`, and as
    `study.sources.listing.entries` does.
    """
    _need_root(root)
    passed = Passed(root)
    folders = list(listing.by_name(root).values())
    training, testing = _named(folders, root, TRAINING), _named(folders, root, TESTING)
    if training and testing:
        passed.folders = [folder for folder in folders if folder not in (training, testing)]
        found = _split_folders(root, training, testing, classes, passed)
    elif training:
        raise InvalidData(
            f"{shown(root)}: has {training}/ but neither val/ nor test/; add one, or put the classes in {shown(root)}"
        )
    elif testing:
        raise InvalidData(f"{shown(root)}: has {testing}/ but no train/; add it, or put the classes in {shown(root)}")
    else:
        found = _stratified(root, classes, test_fraction, seed, passed)
    passed.say()
    return found


def imagenet(root: Path, *, classes: int | None) -> Collection[Listed]:
    """ImageNet (ILSVRC2012) in `train/<wnid>/` and `val/<wnid>/`. Raises InvalidData as `class_folders` does."""
    _need_root(root)
    for folder in ("train", "val"):
        if not (root / folder).is_dir():
            raise InvalidData(f"{shown(root / folder)}: no such folder; ImageNet lies in train/<wnid>/ and val/<wnid>/")
        there = listing.entries(root / folder)
        loose = sum(Path(entry.name).suffix.lower() in (".jpeg", ".jpg") for entry in there if not entry.is_dir())
        if folder == "val" and loose:
            raise InvalidData(f"{shown(root / folder)}: {loose} images outside of class folders; {FLAT_VALIDATION}")
        odd = [entry.name for entry in there if entry.is_dir() and not WNID.fullmatch(entry.name)]
        if odd:
            raise InvalidData(
                f"{shown(root / folder / odd[0])}: not a WordNet id (n and eight digits); rename or remove it"
            )
    passed = Passed(root)
    found = _split_folders(root, "train", "val", classes, passed)
    passed.say()
    return found
