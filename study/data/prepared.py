"""A data set made ready by the pipeline: a folder with its manifest, checked whenever it is opened."""

import csv
import hashlib
import io
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter, ValidationError
from typing_extensions import TypedDict  # on Python 3.11 pydantic reads no other

from study.data.batches import Pictures
from study.data.collection import SPLITS, Collection, Listed, Packed
from study.settings import paths
from study.settings.arrays import DAMAGED, said
from study.settings.errors import InvalidData
from study.settings.faults import one_line


class Summary(TypedDict):
    """What a manifest says about one split."""

    images: int
    per_class: list[int]
    form: str  # "packed" or "listed"
    sha256: str


class Manifest(TypedDict):
    """What tells a prepared data set from others; sides in pixels."""

    source: str
    side: int
    crop: int
    aspect: str
    upright: bool  # images that come as files are turned as their EXIF data say
    classes: list[str]
    splits: dict[str, Summary]
    listing_sha256: str | None
    median_side: int | None  # of the files' shorter sides, in pixels, where images come as files
    tested_as_trained: int | None  # test images that are equal to a training image, there


def _digest(split: Packed | Listed) -> str:
    digest = hashlib.sha256()
    if isinstance(split, Packed):
        digest.update(repr(split.images.shape).encode())
        digest.update(np.ascontiguousarray(split.images).data)
    else:
        digest.update("\n".join(split.paths).encode())
    digest.update(np.ascontiguousarray(split.labels, dtype=np.int64).data)
    return digest.hexdigest()


def _summary(split: Packed | Listed, classes: int) -> Summary:
    return {
        "images": len(split),
        "per_class": np.bincount(split.labels, minlength=classes).tolist(),
        "form": "packed" if isinstance(split, Packed) else "listed",
        "sha256": _digest(split),
    }


@dataclass(frozen=True)
class PreparedSet:
    """A data set as training and measuring use it: its images, sides in pixels, and what tells it from others."""

    collection: Collection[Packed | Listed]
    source: str
    side: int
    crop: int
    aspect: str
    upright: bool
    digest: str

    def pictures(self, split: str, divisor: int = 1) -> Pictures:
        """A split, its crops smaller by a whole divisor for networks that see a resized image."""
        return Pictures(self.collection, split, self.side, self.crop, self.aspect, divisor, self.upright)


@contextmanager
def unfinished(folder: Path) -> Iterator[Path]:
    """A folder beside that of a data set, for images that are too many for memory; behind the block it is gone."""
    beside = folder.with_name(f"{folder.name}.part")
    shutil.rmtree(beside, ignore_errors=True)
    try:
        yield beside
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _put(images: NDArray[np.uint8], file: Path) -> None:
    """Images as a .npy file, whole or not at all: a training may have the one before it mapped into memory.

    Those that are mapped from a file already are moved with it.
    """
    if isinstance(images, np.memmap) and images.filename is not None:
        os.replace(images.filename, file)
        return
    written = file.with_name(f"next_{file.name}")
    np.save(written, images)
    os.replace(written, file)


def write(
    folder: Path,
    collection: Collection[Packed | Listed],
    *,
    source: str,
    side: int,
    crop: int,
    aspect: str,
    upright: bool,
    listing: str | None,
    median_side: int | None = None,
    tested_as_trained: int | None = None,
) -> Manifest:
    """Write the images (or their list) and the manifest; returns the manifest. Images that are mapped from a file on
    the same disk are moved here with it.

    `listing` is the digest of the files' names and sizes where the images stay outside. Nothing in the folder
    depends on the machine, on the place of an outside folder or on the time.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name in SPLITS:
        split = collection.split(name)
        if isinstance(split, Packed):
            _put(split.images, folder / f"{name}_images.npy")
            np.save(folder / f"{name}_labels.npy", split.labels.astype(np.int64))
        else:
            lines = io.StringIO()
            csv.writer(lines, lineterminator="\n").writerows(zip(split.paths, split.labels.tolist(), strict=True))
            paths.write_text(folder / f"{name}.csv", lines.getvalue())
    manifest: Manifest = {
        "source": source,
        "side": side,
        "crop": crop,
        "aspect": aspect,
        "upright": upright,
        "classes": list(collection.classes),
        "splits": {name: _summary(collection.split(name), len(collection.classes)) for name in SPLITS},
        "listing_sha256": listing,
        "median_side": median_side,
        "tested_as_trained": tested_as_trained,
    }
    paths.write_json(folder / "manifest.json", manifest)
    return manifest


def facts(manifest: Manifest) -> dict[str, object]:
    """What tells a data set's origin, fit for a result: counts, classes by a digest of their names, sides of the files.

    No name of a class or an image: those may be people's.
    """
    return {
        "classes": len(manifest["classes"]),
        "classes_sha256": hashlib.sha256("\n".join(sorted(manifest["classes"])).encode()).hexdigest(),
        **{f"{name}_images": split["images"] for name, split in manifest["splits"].items()},
        "test_images_per_class": sorted(set(manifest["splits"]["test"]["per_class"])),
        "median_side": manifest["median_side"],
        "tested_as_trained": manifest["tested_as_trained"],
        "listing_sha256": manifest["listing_sha256"],
    }


def read_manifest(folder: Path) -> Manifest:
    """The manifest. Raises InvalidData if it is missing, or is not one."""
    file = folder / "manifest.json"
    try:
        return TypeAdapter(Manifest).validate_python(paths.read_json(file))
    except FileNotFoundError:
        raise InvalidData(f"{file}: no such file; make it again with: dvc repro -f prepare") from None
    except ValidationError as error:
        problem = one_line(error.errors()[0])
        raise InvalidData(f"{file}: {problem}; make it again with: dvc repro -f prepare") from None


def _read_split(folder: Path, name: str, form: str) -> Packed | Listed:
    if form == "packed":
        # Mapped: every process on the machine reads the same pages, and a set may be larger than the memory.
        images = np.load(folder / f"{name}_images.npy", mmap_mode="r")
        return Packed(images, np.load(folder / f"{name}_labels.npy"))
    with open(folder / f"{name}.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    return Listed(tuple(path for path, _ in rows), np.array([int(label) for _, label in rows], dtype=np.int64))


def read(folder: Path, dataset: str) -> PreparedSet:
    """The prepared data set, equal to its manifest to the last bit; images left outside are looked for there.

    Raises InvalidData, naming the file, if anything is missing or differs from the manifest.
    """
    manifest = read_manifest(folder)
    train, test = (read_split(folder, dataset, manifest, name) for name in SPLITS)
    return of_manifest(dataset, manifest, train, test)


def read_split(folder: Path, dataset: str, manifest: Manifest, name: str) -> Packed | Listed:
    """One split, the others left unread, checked as in `read`."""
    summary = manifest["splits"][name]
    try:
        split = _read_split(folder, name, summary["form"])
        found: Mapping[str, object] = _summary(split, len(manifest["classes"]))
    except (*DAMAGED, csv.Error) as error:
        raise InvalidData(f"{folder}: {name} split: {said(error)}; make it again with: dvc repro -f prepare") from None
    for key, expected in summary.items():
        if found[key] != expected:
            raise InvalidData(
                f"{folder}: {name} split: {key} is {found[key]}, the manifest says {expected}; "
                "make it again with: dvc repro -f prepare"
            )
    root = _outside(dataset, manifest)
    if isinstance(split, Listed) and not (root / split.paths[0]).is_file():
        variable = f"STUDY_{str(paths.outside_name(dataset, manifest['source'])).upper()}"
        raise InvalidData(f"{root / split.paths[0]}: not there; set {variable} to where the images lie")
    return split


def of_manifest(
    dataset: str, manifest: Manifest, train: Packed | Listed, test: Packed | Listed, *more: object
) -> PreparedSet:
    """Two splits with what the manifest says of them. `more` tells them apart from its own; it is fit for JSON."""
    described = json.dumps([manifest, *more] if more else manifest, sort_keys=True)
    return PreparedSet(
        Collection(tuple(manifest["classes"]), train, test, _outside(dataset, manifest)),
        manifest["source"],
        manifest["side"],
        manifest["crop"],
        manifest["aspect"],
        manifest["upright"],
        hashlib.sha256(described.encode()).hexdigest()[:16],
    )


def _outside(dataset: str, manifest: Manifest) -> Path:
    """The place of images that stay outside; of others the project itself."""
    name = paths.outside_name(dataset, manifest["source"])
    return paths.outside(name) if name else Path()
