"""ImageNet's validation images (ILSVRC2012) alone, in the layouts in which people have them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.io import loadmat

from study.data.collection import Collection, Listed
from study.settings.errors import InvalidData
from study.sources import listing
from study.sources.folders import WNID
from study.sources.listing import Passed, shown

FOLDERS = ("val", "ILSVRC2012_img_val")  # below the folder that is named, the first that is there
IMAGE = re.compile(r"ILSVRC2012_val_(\d{8})\.JPEG", re.IGNORECASE)
# What names the class of each image, looked for beside the images, above them, and in the development kit.
TRUTHS = ("ILSVRC2012_validation_ground_truth.txt", "val.txt")
KITS = ("ILSVRC2012_devkit_t12/data", "ILSVRC2012_devkit_t12", "data")
META = "meta.mat"  # of the development kit, beside its ground truth
CLASS_LISTS = ("synsets.txt", "synset_words.txt", "LOC_synset_mapping.txt")  # a WordNet id begins each line
LARGEST = 16 * 2**20  # bytes of such a file
NAMED = 3


@dataclass(frozen=True)
class Validation:
    """The images with their classes as the test split of a collection, whose training split is empty; how they lay."""

    collection: Collection[Listed]
    layout: str


def validation(root: Path, truth: Path | None = None) -> Validation:
    """The images in `root`, or in its val/, in folders named by WordNet ids or in one folder with a file of classes.

    That file is `truth`, or the one that is found beside them: a line an image, in the order of the images' names, or
    the name before it. A line is a WordNet id; a number from 0, of the classes sorted by their WordNet ids; or a number
    from 1 of the development kit, whose meta.mat then lies beside it. Raises InvalidData, in one line, for other
    layouts, for what could be read in two ways, and for images without a class.
    """
    if not root.is_dir():
        raise InvalidData(f"{shown(root)}: no such folder; name the folder of ImageNet's validation images")
    folder = next((root / name for name in FOLDERS if (root / name).is_dir()), root)
    there = listing.entries(folder)
    classes = [entry.name for entry in there if entry.is_dir() and WNID.fullmatch(entry.name)]
    images = [entry.name for entry in there if not entry.is_dir() and IMAGE.fullmatch(entry.name)]
    if classes and images:
        raise InvalidData(
            f"{shown(folder)}: {len(classes)} class folders and {len(images)} images beside them; leave one of the two"
        )
    if images:
        return _flat(folder, images, truth or _found_truth(root, folder))
    if classes:
        if truth is not None:
            raise InvalidData(f"{shown(truth)}: the images lie in class folders, which a file of classes cannot change")
        return _class_folders(folder, classes, [entry.name for entry in there if entry.is_dir()])
    raise InvalidData(
        f"{shown(folder)}: neither class folders (n and eight digits) nor images called ILSVRC2012_val_00000001.JPEG"
    )


def _class_folders(folder: Path, classes: Sequence[str], there: Sequence[str]) -> Validation:
    odd = sorted(set(there) - set(classes))
    if odd:
        raise InvalidData(f"{shown(folder / odd[0])}: not a WordNet id (n and eight digits); rename or remove it")
    passed = Passed(folder)
    by_class = [listing.images(folder, name, passed) for name in classes]
    for name, images in zip(classes, by_class, strict=True):
        if not images:
            raise InvalidData(f"{shown(folder / name)}: no image; put some there or remove the folder")
    passed.say()
    labels = np.repeat(np.arange(len(classes)), [len(images) for images in by_class])
    return _validation(folder, classes, [path for images in by_class for path in images], labels, "class folders")


def _flat(folder: Path, images: Sequence[str], truth: Path) -> Validation:
    lines = _lines(truth)
    words = [line.split() for line in lines]
    if all(len(line) == 2 for line in words):
        named = dict(words)
        without = sorted(set(images) ^ named.keys())
        if len(named) < len(words) or without:
            first = without[0] if without else "a name"
            raise InvalidData(f"{shown(truth)}: {shown(first)} is not once there and once among the images")
        values = [named[name] for name in images]
    else:
        _need_all(folder, images, len(lines), truth)
        values = lines
    classes, labels, how = _of_values(values, truth)
    return _validation(folder, classes, images, labels, f"one folder, with {truth.name} ({how})")


def _validation(
    folder: Path, classes: Sequence[str], images: Sequence[str], labels: Sequence[int] | np.ndarray, layout: str
) -> Validation:
    if len(classes) < 2:
        raise InvalidData(f"{shown(folder)}: images of {len(classes)} class; needs two or more")
    empty = Listed((), np.empty(0, dtype=np.int64))
    test = Listed(tuple(images), np.asarray(labels, dtype=np.int64))
    return Validation(Collection(tuple(classes), empty, test, folder), layout)


def _need_all(folder: Path, images: Sequence[str], lines: int, truth: Path) -> None:
    """Raises InvalidData unless the images are numbered from 1 without a gap, and as many as the lines."""
    numbers = [int(name.split(".")[0].rpartition("_")[2]) for name in images]
    if len(images) != lines:
        raise InvalidData(
            f"{shown(folder)}: {len(images)} images, and {lines} lines in {shown(truth)}; both are needed"
        )
    if numbers != list(range(1, lines + 1)):
        lacking = sorted(set(range(1, lines + 1)) - set(numbers))
        raise InvalidData(
            f"{shown(folder)}: images are not numbered from 1 to {lines}: {lacking[0] if lacking else 'one'} is wrong; "
            "lines without names belong to images by their numbers"
        )


def _found_truth(root: Path, folder: Path) -> Path:
    """The file of classes beside the images. Raises InvalidData for none, and for several."""
    places = dict.fromkeys([folder, root, *(root / kit for kit in KITS), *(folder.parent / kit for kit in KITS)])
    found = [place / name for place in places for name in TRUTHS if (place / name).is_file()]
    different = list({file.resolve(): file for file in found}.values())
    if len(different) == 1:
        return different[0]
    if different:
        names = " and ".join(shown(file) for file in different[:NAMED])
        raise InvalidData(f"{shown(folder)}: {names}: several files of classes; name one with --truth")
    raise InvalidData(
        f"{shown(folder)}: images without class folders, and no {' or '.join(TRUTHS)} beside them; name it with --truth"
    )


def _lines(file: Path) -> list[str]:
    """The lines of a text that are not empty. Raises InvalidData for what is no text or is too large."""
    try:
        if file.stat().st_size > LARGEST:
            raise InvalidData(
                f"{shown(file)}: {file.stat().st_size} bytes; a file of classes has a few hundred thousand"
            )
        lines = [line.strip() for line in file.read_text(encoding="utf-8").splitlines()]
    except (OSError, ValueError) as error:
        raise InvalidData(f"{shown(file)}: not a readable text ({error})") from None
    kept = [line for line in lines if line]
    if not kept:
        raise InvalidData(f"{shown(file)}: empty; needs a line for each image")
    return kept


def _is_number(value: str) -> bool:
    """Whether this may be the number of a class: up to six digits."""
    return value.isascii() and value.isdigit() and len(value) < 7


def _of_values(values: Sequence[str], truth: Path) -> tuple[Sequence[str], list[int], str]:
    """Classes, the label of each image, and how its line was read. Raises InvalidData for lines of two kinds, and for
    numbers that may be of the development kit or not."""
    if all(WNID.fullmatch(value) for value in values):
        classes = sorted(set(values))
        places = {name: place for place, name in enumerate(classes)}
        return classes, [places[value] for value in values], "WordNet ids"
    odd = next((value for value in values if not _is_number(value)), None)
    if odd is not None:
        raise InvalidData(f"{shown(truth)}: {odd[:40]!a}: neither all WordNet ids nor all numbers of classes")
    numbers = [int(value) for value in values]
    if min(numbers) > 0:
        return _of_kit(numbers, truth)
    file = next((truth.parent / name for name in CLASS_LISTS if (truth.parent / name).is_file()), None)
    if file is None:
        return [str(one) for one in range(max(numbers) + 1)], numbers, "numbers from 0, whose WordNet ids are not known"
    classes = [line.split()[0] for line in _lines(file)]
    if classes != sorted(set(classes)) or not all(map(WNID.fullmatch, classes)) or len(classes) <= max(numbers):
        raise InvalidData(
            f"{shown(file)}: not {max(numbers) + 1} or more WordNet ids, sorted, one at each line's start"
        )
    return classes, numbers, f"numbers from 0, WordNet ids in {file.name}"


def _of_kit(numbers: Sequence[int], truth: Path) -> tuple[Sequence[str], list[int], str]:
    """Numbers from 1, by the development kit's own table of classes."""
    file = truth.parent / META
    if not file.is_file():
        raise InvalidData(
            f"{shown(truth)}: numbers from {min(numbers)}: those of the development kit need its {META} beside the "
            "file, and those of sorted classes begin with 0"
        )
    try:
        synsets = loadmat(file, squeeze_me=True, variable_names=["synsets"])["synsets"]
        rows = zip(synsets["ILSVRC2012_ID"], synsets["WNID"], synsets["num_children"], strict=True)
        names = {int(number): str(wnid) for number, wnid, children in rows if int(children) == 0}
    except Exception as error:  # scipy raises errors of a dozen kinds for a damaged file
        raise InvalidData(f"{shown(file)}: not the development kit's table of classes ({error})") from None
    unknown = sorted(set(numbers) - names.keys())
    if unknown or not all(map(WNID.fullmatch, names.values())):
        raise InvalidData(f"{shown(truth)}: {unknown[:NAMED]}: numbers that are no class in {shown(file)}")
    classes = sorted(set(names.values()))
    places = {name: place for place, name in enumerate(classes)}
    return classes, [places[names[number]] for number in numbers], f"the development kit's numbers, {META}"
