"""What the training and measuring stages have in common: their pictures, shapes and recipes, made from settings."""

from study import config, paths
from study.data import prepared
from study.data.batches import Pictures
from study.data.prepared import PreparedSet
from study.errors import InvalidParameter
from study.methods import TRAINED, input_divisor
from study.models.build import Shape
from study.training.loop import Recipe
from study.training.schedule import Plateau, Steps


def read_data(scale: str, dataset: str) -> PreparedSet:
    """A prepared data set, checked against its manifest."""
    return prepared.read(paths.prepared(scale, dataset), dataset)


def pictures(data: PreparedSet, split: str, method: str) -> Pictures:
    """A split as a method sees it: half the side for those that work on the resized image."""
    return data.pictures(split, divisor=input_divisor(method))


def shape(data: PreparedSet, network: config.Network, channel_norm: bool) -> Shape:
    """The network's size from the data and the settings."""
    return Shape(data.crop, len(data.collection.classes), network.width, network.batch_norm, channel_norm)


def recipe(training: config.Training, learning_rate: float, sgd: config.SGD, watched: str) -> Recipe:
    """Optimiser and schedule from the settings."""
    drops = training.drops
    schedule = (
        Plateau(drops.patience, drops.improvement, drops.times)
        if isinstance(drops, config.Plateau)
        else Steps(tuple(drops))
    )
    return Recipe(learning_rate, sgd.momentum, sgd.weight_decay, training.batch, training.epochs, schedule, watched)


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
