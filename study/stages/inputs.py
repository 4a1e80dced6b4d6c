"""What the training and measuring stages have in common: their pictures, shapes and recipes, made from settings."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
from torch import nn

from study.data import prepared
from study.data.batches import Pictures
from study.data.prepared import PreparedSet
from study.models import plans
from study.models.build import Shape, build
from study.settings import config, parameters, paths
from study.settings.errors import InvalidParameter
from study.settings.methods import PART_OF, TRAINED, input_divisor
from study.settings.provenance import Record
from study.training.loop import Objective, Recipe
from study.training.run import part, read_outcome, read_weights, train
from study.training.schedule import Plateau, Steps

WATCHED = "top1_error_percent"  # what a classifier's schedule looks at


def read_data(scale: str, dataset: str) -> PreparedSet:
    """A prepared data set, checked against its manifest."""
    return prepared.read(paths.prepared(scale, dataset), dataset)


def pictures(data: PreparedSet, split: str, method: str) -> Pictures:
    """A split as a method sees it: half the side for those that work on the resized image."""
    return data.pictures(split, divisor=input_divisor(method))


def shape(data: PreparedSet, network: parameters.Network, channel_norm: bool) -> Shape:
    """The network's size from the data and the settings."""
    return Shape(data.crop, len(data.collection.classes), network.width, network.batch_norm, channel_norm)


def trained_network(
    scale: str, dataset: str, backbone: str, method: str, seed: int, size: Shape
) -> tuple[dict, nn.Module | None]:
    """What a training came to ("outcome", "reason", "settings"), and its network, or None if it left no weights.

    A row that is a part of another one has that one's outcome, and its weights as far as it goes. A pruned network has
    the layers of the plan in its folder.
    """
    folder = paths.classifier(scale, dataset, backbone, PART_OF.get(method, method), seed)
    weights = read_weights(folder)
    if weights is None:
        return read_outcome(folder), None
    network = build(backbone, method, replace(size, plan=plans.read(folder)))
    weights = part(weights, "classifier")
    if method in PART_OF:
        weights = {name: weights[name] for name in network.state_dict()}
    network.load_state_dict(weights)
    return read_outcome(folder), network


def recipe(training: parameters.Training, learning_rate: float, sgd: parameters.SGD, watched: str) -> Recipe:
    """Optimiser and schedule from the settings."""
    drops = training.drops
    schedule = (
        Plateau(drops.patience, drops.improvement, drops.times)
        if isinstance(drops, parameters.Plateau)
        else Steps(tuple(drops))
    )
    return Recipe(learning_rate, sgd.momentum, sgd.weight_decay, training.batch, training.epochs, schedule, watched)


def train_classifier(
    folder: Path,
    make: Callable[[], tuple[nn.Module, Objective]],
    data: PreparedSet,
    method: str,
    training: parameters.Training,
    learning_rate: float,
    *,
    seed: int,
    settings: config.Settings,
    record: Record,
) -> None:
    """Train what `make` returns on a method's training pictures, as study.training.run.train does."""
    train(
        folder,
        make,
        pictures(data, "train", method),
        recipe(training, learning_rate, settings.sgd, WATCHED),
        seed=seed,
        precision=settings.precision,
        settings={"method": method, **settings.as_dict()},
        data_digest=data.digest,
        record=record,
    )


def brief_recipe(training: parameters.ShortTraining, sgd: parameters.SGD) -> Recipe:
    """Optimiser of a fine-tuning by a number of updates, at one rate."""
    return Recipe(training.learning_rate, sgd.momentum, sgd.weight_decay, training.batch, 1, Steps(()), WATCHED)


def check_place(dataset: str, backbone: str) -> None:
    """Raises InvalidParameter, naming what is known, for a data set and backbone that the study does not pair."""
    if (dataset, backbone) not in TRAINED:
        known = ", ".join("-".join(pair) for pair in TRAINED)
        raise InvalidParameter(f"dataset and backbone: must be one of {known}, got {dataset}-{backbone}")


def check_method(dataset: str, backbone: str, method: str) -> None:
    """Raises InvalidParameter, naming what is known, for a method that the study does not train there."""
    check_place(dataset, backbone)
    if method not in TRAINED[dataset, backbone]:
        known = ", ".join(TRAINED[dataset, backbone])
        raise InvalidParameter(f"method: must be one of {known}, got {method!r}")


def by_picture(columns: dict[str, np.ndarray]) -> list[dict]:
    """Columns of equal length as a row a picture."""
    values = zip(*(column.tolist() for column in columns.values()), strict=True)
    return [dict(zip(columns, row, strict=True)) for row in values]
