"""The data that errors were measured on: classes, counts, what guessing gives, and the error of every class."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from study.judging.results import Metric, Results
from study.settings.methods import METHODS, label
from study.settings.protocol import protocol
from study.settings.records import Place

EMBEDDED = ("photographs", "rendered_faces")  # sources inside the package; others are the user's own folders
ROWS = ("full", "half", "wavelet_cnn", "wae_cnn")  # whose error is shown class by class


@dataclass(frozen=True)
class OfClass:
    """One class: its name, which is a number where results are stored, its test images, and by the label of a row its
    error in percent, a mean over the seeds that are there."""

    name: str
    test_images: int
    error_percent: dict[str, float]


@dataclass(frozen=True)
class Described:
    """The data of one place.

    `train_images` is None where it was not recorded, and so are the counts of training images in the smallest and in
    the largest class, which are known where the prepared data are. `smallest` and `largest` are counts of test images
    in a class. Errors by guessing and by always naming the most frequent classes are in percent, by metric. `error` is
    the one of the classes. `not_better_than_majority` are the rows whose mean error is not below that of naming the
    most frequent class. `listing` is the digest of the files of a folder outside of the project, and
    `tested_as_trained` how many test images are equal to a training image there; None of other data.
    """

    dataset: str
    backbone: str
    source: str
    own: bool
    train_images: int | None
    train_per_class: tuple[int, int] | None
    test_images: int
    units: int
    unit: str
    smallest: int
    largest: int
    chance_percent: dict[str, float]
    majority_percent: dict[str, float]
    error: Metric
    classes: tuple[OfClass, ...]
    not_better_than_majority: tuple[str, ...]
    listing: str | None = None
    tested_as_trained: int | None = None

    @property
    def imbalance(self) -> float:
        """The largest class over the smallest, by test images."""
        return self.largest / max(1, self.smallest)


@dataclass(frozen=True)
class Data:
    """The data of every place of a scale."""

    scale: str
    places: tuple[Described, ...]


def described(results: Mapping[Place, Results], scale: str) -> Data:
    """What is known of the data without looking at a name: those may be people's."""
    return Data(scale, tuple(_described(its) for its in results.values()))


def _described(results: Results) -> Described:
    counts = np.bincount(results.labels, minlength=results.classes)
    rows = [row for row in ROWS if row in results.rows and row in METHODS and results.wrong(row, results.first)]
    by_row = {row: _of_classes(results, row) for row in rows}
    labels = {row: label(row, results.backbone) for row in rows}
    majority = results.majority_error_percent(results.first)
    return Described(
        results.dataset,
        results.backbone,
        results.source,
        results.source not in EMBEDDED,
        results.data.get("train_images"),
        None,
        len(results.labels),
        len(set(results.units.tolist())),
        protocol().units.get(results.source, "image"),
        int(counts.min()),
        int(counts.max()),
        {metric: results.chance_error_percent(metric) for metric in results.metrics},
        {metric: results.majority_error_percent(metric) for metric in results.metrics},
        results.first,
        tuple(
            OfClass(
                f"class {number}",
                int(count),
                {labels[row]: float(by_row[row][number]) for row in rows} if count else {},
            )
            for number, count in enumerate(counts)
        ),
        tuple(labels[row] for row in rows if _error(results, row) >= majority),
        results.data.get("listing_sha256"),
        results.data.get("tested_as_trained"),
    )


def _of_classes(results: Results, row: str) -> np.ndarray:
    """The error of a row in percent by class, the mean over its seeds."""
    wrong = np.mean(list(results.wrong(row, results.first).values()), axis=0)
    images = np.bincount(results.labels, minlength=results.classes)
    total = np.bincount(results.labels, weights=wrong, minlength=results.classes)
    found: np.ndarray = 100 * total / np.maximum(images, 1)
    return found


def _error(results: Results, row: str) -> float:
    return 100 * float(np.mean(list(results.wrong(row, results.first).values())))


def named(one: Described, manifest: Mapping[str, Any]) -> Described:
    """The same with the names of the classes and the counts of training images, as the prepared data on this machine
    have them; unchanged if those are not the classes of the results."""
    names = list(manifest.get("classes", []))
    if len(names) != len(one.classes):
        return one
    per_class = manifest.get("splits", {}).get("train", {}).get("per_class", [])
    if per_class:
        one = replace(one, train_images=sum(per_class), train_per_class=(min(per_class), max(per_class)))
    return replace(one, classes=tuple(replace(of, name=name) for of, name in zip(one.classes, names, strict=True)))
