"""Images to validate on, split off the training images: by them a recipe is chosen, never by test images."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from study.data import prepared
from study.data.collection import Listed, Packed
from study.data.prepared import PreparedSet
from study.settings import paths
from study.settings.errors import InvalidData
from study.settings.parameters.data import Photographs, Source
from study.sources import photographs


def read_data(scale: str, dataset: str, source: Source, fraction: float, seed: int) -> PreparedSet:
    """A prepared data set as the search sees it: its training images, a share of which stands in the place of the test
    images, which are not read.

    Where images overlap (patches of photographs) both come from other parts of the training region; elsewhere they are
    drawn from each class. Raises InvalidData as study.data.prepared.read does, and for a class too small to be split.
    """
    folder = paths.prepared(scale, dataset)
    manifest = prepared.read_manifest(folder)
    train: Packed | Listed
    validation: Packed | Listed
    if isinstance(source, Photographs):
        cut = photographs.within_training(source.train_per_class, fraction, source.resize, source.reduce, seed)
        train, validation = cut.train, cut.test
    else:
        images = prepared.read_split(folder, dataset, manifest, "train")
        validated = drawn(images.labels, fraction, seed)
        train, validation = _only(images, ~validated), _only(images, validated)
    return prepared.of_manifest(dataset, manifest, train, validation, "validation", fraction, seed)


def drawn(labels: NDArray[np.int64], fraction: float, seed: int) -> NDArray[np.bool_]:
    """(images,): which images are validated on, the rounded share of each class, one at least, drawn at random.

    `labels` is (images,). Raises InvalidData for a class of fewer than two images.
    """
    validated = np.zeros(len(labels), dtype=bool)
    for label in np.unique(labels):
        (numbers,) = np.nonzero(labels == label)
        if len(numbers) < 2:
            raise InvalidData(f"class {label}: {len(numbers)} training image; a validation split needs two at least")
        count = min(max(round(len(numbers) * fraction), 1), len(numbers) - 1)
        validated[np.random.default_rng([seed, label]).permutation(numbers)[:count]] = True
    return validated


def _only(images: Packed | Listed, chosen: NDArray[np.bool_]) -> Packed | Listed:
    labels = images.labels[chosen]
    if isinstance(images, Packed):
        return Packed(images.images[chosen], labels)
    return replace(images, paths=tuple(images.paths[number] for number in np.flatnonzero(chosen)), labels=labels)
