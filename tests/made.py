"""Results made in a test: which images every row got wrong."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from study.judging.measured import Key, Measured, errors
from study.judging.results import CLEAN, Results

SEEDS = (0, 1, 2)
CLASSES = 10
IMAGES = 1000

# A row's error in percent: of every seed, or of each by its number.
Wrong = float | Mapping[int, float] | Mapping[int, NDArray[np.integer]]


def missed(percent: float, images: int = IMAGES, best: int = 0, worst: int = CLASSES - 1) -> NDArray[np.uint16]:
    """(images,) ranks of the true class: the first images, so many percent of all, are wrong by either error."""
    return np.where(np.arange(images) < percent / 100 * images, worst, best).astype(np.uint16)


def by_seed(wrong: Wrong, seeds: Sequence[int], images: int, worst: int) -> dict[int, NDArray[np.uint16]]:
    """Ranks by seed number."""
    shares = wrong if isinstance(wrong, Mapping) else dict.fromkeys(seeds, wrong)
    return {
        seed: its.astype(np.uint16) if isinstance(its, np.ndarray) else missed(its, images, worst=worst)
        for seed, its in shares.items()
    }


def results(
    rows: Mapping[str, Wrong],
    noise: Mapping[str, Mapping[str, Wrong]] | None = None,
    *,
    dataset: str = "objects",
    backbone: str = "vgg16",
    seeds: Sequence[int] = SEEDS,
    classes: int = CLASSES,
    images: int = IMAGES,
    units: Sequence[int] | None = None,
    failed: Mapping[str, Mapping[int, str]] | None = None,
    **more: Any,
) -> Results:
    """Results of one data set and backbone; every image is a unit of its own unless units are given."""
    conditions = {CLEAN: rows, **(noise or {})}
    return Results(
        dataset=dataset,
        backbone=backbone,
        source=more.pop("source", "photographs"),
        classes=classes,
        seeds=tuple(seeds),
        labels=np.arange(images) % classes,
        units=np.arange(images) if units is None else np.array(units),
        ranks={
            condition: {row: by_seed(wrong, seeds, images, classes - 1) for row, wrong in its.items()}
            for condition, its in conditions.items()
        },
        failed=failed or {},
        **more,
    )


def places(*found: Results) -> dict[tuple[str, str], Results]:
    """By data set and backbone."""
    return {(one.dataset, one.backbone): one for one in found}


def measured(
    *found: Results, scale: str = "desk", deviations: Sequence[str] = ("network.width",)
) -> dict[Key, Measured]:
    """Their errors and accuracies."""
    return errors(scale, places(*found), deviations)
