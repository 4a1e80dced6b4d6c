"""The network of a run: its size, and the one that a training left."""

from dataclasses import replace
from typing import Any

from torch import nn

from study.data.prepared import PreparedSet
from study.models import plans
from study.models.build import backbone_of, build
from study.models.shape import Shape
from study.settings import paths
from study.settings.methods import METHODS
from study.settings.parameters.training import Network
from study.training.run import part, read_outcome, read_weights


def shape_of(data: PreparedSet, network: Network, channel_norm: bool, word: str = "") -> Shape:
    """The network's size from the data and the settings, with the dropout of a row that is to be trained.

    A row that goes on from another one's weights has that one's dropout.
    """
    return Shape(
        data.crop,
        len(data.collection.classes),
        network.width,
        network.batch_norm,
        network.dropout_of(first(word) if word else word),
        network.initialisation,
        channel_norm,
    )


def first(word: str) -> str:
    """The row whose new network a row's training goes on from in the end: itself, if it starts from no other."""
    while METHODS[word].starts_from:
        word = METHODS[word].starts_from
    return word


def filters(backbone: str, shape: Shape) -> tuple[int, ...]:
    """Filters of the layers that pruning may narrow, unpruned."""
    return backbone_of(backbone).filters(shape.width)


def trained_network(
    scale: str, dataset: str, backbone: str, word: str, seed: int, size: Shape
) -> tuple[dict[str, Any], nn.Module | None]:
    """What a training came to ("outcome", "reason", "settings"), and its network, or None if it left no weights.

    A row that is a part of another one has that one's outcome, and its weights as far as it goes. A pruned network has
    the layers of the plan in its folder. Raises InvalidData if the folder holds no training.
    """
    row = METHODS[word]
    folder = paths.classifier(scale, dataset, backbone, row.part_of or word, seed)
    weights = read_weights(folder)
    if weights is None:
        return read_outcome(folder), None
    network = build(backbone, word, replace(size, plan=plans.read(folder)))
    weights = part(weights, "classifier")
    if row.part_of:
        weights = {name: weights[name] for name in network.state_dict()}
    network.load_state_dict(weights)
    return read_outcome(folder), network
